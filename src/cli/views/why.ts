/** Why an episode failed, waits or goes on: kind, evidence, what happens by itself and when, what the human does. */
import { failureKinds, type FailureFact } from '../../domain/failures.js';
import type { Look } from '../context.js';
import { framesDone, framesOf, type EpisodeStatus } from '../season-status.js';
import { count, moment, percent } from './figures.js';
import { proofFacts } from './proof.js';
import { printable, wrap } from './text.js';

export function whyView(episode: EpisodeStatus, look: Look): string {
  const facts: (readonly [string, string])[] = [
    ['Phase', `${episode.phase}${episode.attempt > 1 ? `, run ${episode.attempt}` : ''}`],
    ...failureFacts(episode),
    ...stateFacts(episode),
  ];
  return [
    look.paint('bold', printable(episode.stem)),
    ...facts.flatMap(([label, text]) => wrap(`  ${label}: ${printable(text)}`, look.columns, '    ')),
  ].join('\n');
}

function failureFacts(episode: EpisodeStatus): (readonly [string, string])[] {
  const failure = episode.failure ?? episode.retrying?.failure;
  if (failure === undefined) return [];
  return [
    ['What', failure.what],
    ...(failure.evidence === undefined ? [] : [['Why', failure.evidence] as const]),
    ['Kind', failure.kind],
    ['Happens next', happensNext(episode, failure)],
    ['You', failure.next ?? failureKinds[failure.kind].next],
  ];
}

function happensNext(episode: EpisodeStatus, failure: FailureFact): string {
  const { retrying } = episode;
  if (retrying && episode.failure === undefined) {
    const when = retrying.nextAt === undefined ? 'now' : `at ${moment(retrying.nextAt)}`;
    return `attempt ${retrying.attempt} of ${retrying.what}, ${when}, by itself`;
  }
  return failureKinds[failure.kind].retry === 'soon'
    ? 'it is tried again by itself'
    : 'nothing by itself: everything is kept until `taaf retry`';
}

function stateFacts(episode: EpisodeStatus): (readonly [string, string])[] {
  if (episode.delivery) return [['Result', episode.delivery.output], ...proofFacts(episode.delivery)];
  const { progress } = episode;
  if (episode.failure ?? episode.retrying) return [];
  if (progress === undefined) return [['Happens next', waitsFor[episode.phase]]];
  const machines = progress.machines.length > 0 ? ` on ${progress.machines.join(', ')}` : '';
  const whole = framesOf(episode);
  const share = percent(framesDone(episode), whole);
  return [['Rendered', `${share}, ${progress.frames} of ${count(whole, 'frame')}${machines}`]];
}

const waitsFor: Readonly<Record<EpisodeStatus['phase'], string>> = {
  queued: 'it starts when an episode before it is finished',
  uploading: 'the source is put into the store',
  waiting: 'it waits for a free machine',
  rendering: 'machines render its segments',
  assembling: 'its segments are joined and checked',
  done: 'nothing: it is done',
  failed: 'nothing by itself: run `taaf retry`',
  cancelled: 'nothing: it was cancelled',
};
