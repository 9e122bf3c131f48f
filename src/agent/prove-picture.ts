/** Proves the picture of a rendered segment against the restored one, and puts a still of whatever looks wrong into the store. */
import { join } from 'node:path';
import { keys } from '../domain/ids.js';
import type { Manifest } from '../domain/job.js';
import { timecode, type Alarm, type PictureProof } from '../domain/proof.js';
import type { SegmentTask } from '../engines/engine.js';
import { resultSeconds } from '../media/clock.js';
import { wrongs, type Wrong } from '../proofs/alarms.js';
import { compare } from '../proofs/compare.js';
import { alarmOf, pictureProof, refuseMark, refuseWrong, type Position } from '../proofs/picture-proof.js';
import { saveStill } from '../proofs/still.js';
import type { UnitContext } from './unit.js';

/** @throws Failure `verify-failed` when the picture is wrong beyond doubt, and nobody accepts it, `licence` for a watermark of Topaz; stills are in the store then */
export async function provePicture(context: UnitContext, task: SegmentTask, manifest: Manifest): Promise<PictureProof> {
  const { settings, signal, alive } = context;
  const { accepted } = context.work.board.records;
  const compared = await compare(settings.tools, task, { signal, onFrame: alive });
  const at: Position = {
    first: manifest.segments[task.segment]?.first ?? 0,
    timeOf: (frame) => resultSeconds(task.job.info, manifest, frame),
  };
  const wrong = wrongs(compared, task.job.profile.upscale.engine);
  const alarms: Alarm[] = [];
  for (const each of wrong) alarms.push(alarmOf(each, at, await keepStill(context, task, each, at), accepted));
  const where = `segment ${task.segment} of ${task.job.episode}`;
  if (task.job.profile.upscale.engine === 'topaz' && !accepted.has('mark')) refuseMark(wrong, where);
  refuseWrong(wrong, accepted, at, where);
  return pictureProof(compared, at, alarms);
}

/** The still's name tells time and kind: at home it is found by them. */
async function keepStill(
  { store, work, scratch, settings, signal }: UnitContext,
  task: SegmentTask,
  { kind, worst }: Wrong,
  at: Position,
): Promise<string> {
  const time = timecode(at.timeOf(at.first + worst)).replace(/[:.]/g, '-');
  const file = join(scratch, 'still.png');
  await saveStill(settings.tools, task, worst, file, signal);
  const key = keys.still(work.job.recipe, task.segment, settings.machine, work.epoch, `${time}-${kind}.png`);
  await store.put(key, { file, move: true }, { signal });
  return key;
}
