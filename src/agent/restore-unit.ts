/** The unit `restore`: source → lossless restored segments in the store → the manifest. */
import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256OfFile } from '../disk/hash.js';
import { Failure } from '../domain/failures.js';
import { averageRate } from '../domain/frames.js';
import { keys } from '../domain/ids.js';
import type { Manifest, ManifestSegment } from '../domain/job.js';
import type { RestoredTask } from '../engines/engine.js';
import { restore, type RestoredPicture } from '../media/restore.js';
import { canProveFrames, proveFrames } from '../proofs/frames.js';
import { failpoint } from '../process/failpoint.js';
import { createRecord } from '../store/records.js';
import { countingEdition } from '../store/work.js';
import type { Renderer } from './render.js';
import type { UnitContext } from './unit.js';

export async function restoreUnit(context: UnitContext, renderer: Renderer): Promise<void> {
  const { store, work, scratch, settings, signal, report, alive } = context;
  const { job, epoch } = work;
  await renderer.ready(job, signal);
  const source = join(scratch, 'source');
  const object = await store.get(job.source.key);
  if (!object)
    throw new Failure('bad-source', `The source of ${job.episode} is not in the store`, { evidence: job.source.key });
  await object.save(source, { signal });
  const sha256 = await sha256OfFile(source, undefined, signal);
  if (sha256 !== job.source.sha256) {
    throw new Failure('bad-source', `The source of ${job.episode} has changed since it was submitted`, {
      evidence: `SHA-256 ${sha256.slice(0, 12)}… instead of ${job.source.sha256.slice(0, 12)}…`,
    });
  }
  const folder = join(scratch, 'restored');
  await mkdir(folder, { recursive: true });
  const picture = await restore(settings.tools, {
    job,
    source,
    folder,
    signal,
    onProgress: (frames) => report(frames, 0),
  });
  const files = picture.segments.map(({ file }) => file);
  const proof = canProveFrames(job)
    ? { proof: await proveFrames(settings.tools, { job, source, picture, segments: files, folder, signal, alive }) }
    : {};

  const topaz = await renderer.estimate(tasksOf(context, picture), { signal, alive });

  const segments: ManifestSegment[] = [];
  for (const [index, { file, first, frames }] of picture.segments.entries()) {
    const key = keys.restored(job.recipe, index, settings.machine, epoch);
    const hash = await sha256OfFile(file, undefined, signal);
    const { size: bytes } = await stat(file);
    await store.put(key, { file, move: true }, { signal });
    segments.push({ key, sha256: hash, bytes, first, frames });
  }
  failpoint('restore');
  const { frames, width, height, pixelFormat, steps, startTicks } = picture;
  const manifest: Manifest = {
    version: 1,
    machine: settings.machine,
    epoch,
    frames,
    width,
    height,
    pixelFormat,
    steps,
    startTicks,
    ...(topaz ? { topaz } : {}),
    segments,
    ...proof,
  };
  // Another restorer may have been first: then its manifest counts, and ours is never looked at.
  await createRecord(store, keys.manifest(job.recipe, await edition(context)), manifest);
}

/** The restored segments as tasks, as whoever renders them will see them. */
const tasksOf = ({ work: { job }, settings: { threads } }: UnitContext, picture: RestoredPicture): RestoredTask[] =>
  picture.segments.map(({ file, frames }, segment) => {
    const { width, height, pixelFormat, steps } = picture;
    const shape = { frames, width, height, pixelFormat, frameRate: averageRate(steps), threads };
    return { job, segment, ...shape, input: file };
  });

async function edition({ store, work: { job } }: UnitContext): Promise<number> {
  const base = keys.work(job.recipe);
  const voids = await store.list(`${base}void/manifest/`);
  return countingEdition('manifest', new Set(voids.map(({ key }) => key.slice(base.length))));
}
