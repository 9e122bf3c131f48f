/** `taaf approve`: the pilot, or the samples, are good; the rest may be paid for. */
import { rm } from 'node:fs/promises';
import type { SamplesOf } from '../../seasons/registry.js';
import type { ExitCode } from '../command.js';
import type { Context } from '../context.js';
import { withSession } from '../session.js';
import { submit } from './submit.js';

export async function approve(
  { season }: { readonly season: string | undefined },
  context: Context,
): Promise<ExitCode> {
  let samples: { readonly of: SamplesOf; readonly folder: string } | undefined;
  const code = await withSession(context, async (session) => {
    const { id, open } = session.season(season);
    const { samplesOf, folder } = session.remembered(id).record;
    if (samplesOf !== undefined && !open) {
      samples = { of: samplesOf, folder };
      return 0;
    }
    await session.client().approve(id);
    context.result({ season: id, state: 'running' }, () => `${id} goes on with all its episodes.`);
    return 0;
  });
  if (samples === undefined) return code;
  await rm(samples.folder, { recursive: true, force: true });
  const { folder, profile, out, episodes, width, fleet, awsProfile, awsRegion } = samples.of;
  const asked = { folder, profile, out, episodes, width, fleet, awsProfile, awsRegion };
  return submit({ ...asked, sample: undefined, pilot: false, dryRun: false, watch: false, yes: true }, context);
}
