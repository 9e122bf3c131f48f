/** The unit of a segment: restored frames → upscaled and encoded → checked → in the store → receipt. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256OfFile } from '../disk/hash.js';
import { Failure } from '../domain/failures.js';
import { averageRate } from '../domain/frames.js';
import { keys, segmentOfUnit } from '../domain/ids.js';
import type { ManifestSegment, Receipt } from '../domain/job.js';
import type { SegmentTask } from '../engines/engine.js';
import { checkSegment } from '../media/check-segment.js';
import { failpoint } from '../process/failpoint.js';
import { createRecord, voidRecord } from '../store/records.js';
import { countingEdition } from '../store/work.js';
import { provePicture } from './prove-picture.js';
import type { Renderer } from './render.js';
import type { UnitContext } from './unit.js';

export async function segmentUnit(context: UnitContext, renderer: Renderer): Promise<void> {
  const { store, work, scratch, settings, signal, report, alive } = context;
  const { job, unit, epoch, board } = work;
  const manifest = board.records.manifest?.record;
  const segment = segmentOfUnit(unit);
  const restored = manifest?.segments[segment];
  if (!manifest || !restored) throw new Failure('bug', `${unit} of ${job.episode} is in no manifest`);

  const started = performance.now();
  const input = join(scratch, 'restored.mkv');
  const output = join(scratch, 'segment.mkv');
  await fetchRestored(context, restored, input);
  const task: SegmentTask = {
    job,
    segment,
    frames: restored.frames,
    width: manifest.width,
    height: manifest.height,
    pixelFormat: manifest.pixelFormat,
    input,
    output,
    frameRate: averageRate(manifest.steps),
    threads: settings.threads,
    ...(manifest.topaz ? { parameters: manifest.topaz.parameters } : {}),
  };
  const engine = await renderer.render(task, { signal, alive, onFrames: (frames) => report(frames, restored.frames) });
  const { parameterSets } = await checkSegment(
    settings.tools,
    output,
    { frames: restored.frames, ...job.target },
    signal,
  );
  refuseForeignParameters(context, parameterSets);
  const proof = await provePicture(context, task, manifest);

  const sha256 = await sha256OfFile(output, undefined, signal);
  const { size: bytes } = await stat(output);
  const key = keys.segment(job.recipe, segment, settings.machine, epoch);
  await store.put(key, { file: output, move: true }, { signal });
  const receipt: Receipt = {
    version: 1,
    machine: settings.machine,
    epoch,
    segment,
    key,
    sha256,
    bytes,
    frames: restored.frames,
    seconds: (performance.now() - started) / 1000,
    parameterSets,
    restoredSha256: restored.sha256,
    engine,
    proof,
  };
  failpoint('segment');
  await giveReceipt(context, receipt);
}

/** A restored segment that is not what the manifest says voids the manifest: the episode is restored again. */
async function fetchRestored(
  { store, work, signal }: UnitContext,
  restored: ManifestSegment,
  to: string,
): Promise<void> {
  const { job, board } = work;
  const object = await store.get(restored.key);
  // An object of another size is another object, and may be larger than the disk.
  if (object?.bytes === restored.bytes) {
    await object.save(to, { signal });
    if ((await sha256OfFile(to, undefined, signal)) === restored.sha256) return;
  }
  const { manifest } = board.records;
  if (manifest) await voidRecord(store, job.recipe, manifest.key, 'a restored segment is damaged');
  throw new Failure('verify-failed', `A restored segment of ${job.episode} is damaged; the episode is restored again`, {
    evidence: restored.key,
  });
}

/** The first receipt fixes the encoder's parameter sets: others could not be joined. */
function refuseForeignParameters({ work, settings }: UnitContext, parameterSets: string): void {
  const first = [...work.board.records.receipts.values()].map(({ record }) => record).find(Boolean);
  if (!first || first.parameterSets === parameterSets) return;
  throw new Failure('verify-failed', `${settings.machine} encodes with other parameter sets than ${first.machine}`, {
    evidence: `${parameterSets.slice(0, 12)}… instead of ${first.parameterSets.slice(0, 12)}…`,
  });
}

/** The first receipt of an edition counts. One that was made from another restoring is voided, so that ours can count. */
async function giveReceipt({ store, work }: UnitContext, receipt: Receipt): Promise<void> {
  const { job, unit, board } = work;
  const old = board.records.receipts.get(unit);
  if (old) await voidRecord(store, job.recipe, old.key, 'made from frames that the manifest no longer names');
  const base = keys.work(job.recipe);
  const voids = await store.list(`${base}void/receipts/${unit}/`);
  const edition = countingEdition(`receipts/${unit}`, new Set(voids.map(({ key }) => key.slice(base.length))));
  await createRecord(store, keys.receipt(job.recipe, receipt.segment, edition), receipt);
}
