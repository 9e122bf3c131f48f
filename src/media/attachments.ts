/** What attached files (fonts, covers) hold: they have no packets that could be compared. */
import { z } from 'zod';
import type { Tools } from '../domain/tools.js';
import { fileUrl, sourceOptions } from './ffmpeg.js';
import { run } from '../process/run.js';

const answer = z.object({ streams: z.array(z.object({ extradata_hash: z.string().optional() })).default([]) });

/**
 * SHA-256 of every attached file, in order.
 * @throws Failure `verify-failed` when the headers cannot be read
 */
export async function attachmentHashes(
  tools: Pick<Tools, 'ffprobe'>,
  file: string,
  signal?: AbortSignal,
): Promise<string[]> {
  const facts = ['-select_streams', 't', '-show_entries', 'stream=extradata_hash', '-show_data_hash', 'sha256'];
  const { stdout } = await run(
    [tools.ffprobe, '-v', 'error', ...sourceOptions, ...facts, '-of', 'json', fileUrl(file)],
    {
      ...(signal ? { signal } : {}),
      failure: { kind: 'verify-failed', what: `The attached files of ${file} cannot be read` },
    },
  );
  return answer.parse(JSON.parse(stdout)).streams.map(({ extradata_hash: hash }) => hash ?? 'empty');
}
