/**
 * The licence guard's reading: a tiny run tells within about a second whether the sign-in is good, long before the engine is built.
 * An unlicensed Topaz renders a watermark and exits 0, so whatever is not known to be good is bad. Pure.
 */
import { topazFinding } from './topaz-lines.js';
import type { TopazModel } from './topaz-model.js';
import { upscaleFilter, type TopazMachine } from './topaz-filter.js';

/** `debug`: the library behind the filter talks only above `info` (TopazLabs/FFmpeg, ff_tvai_handleLogging). A picture of one frame gives nothing. */
export function licenceProbeArgv(machine: TopazMachine, model: TopazModel): readonly string[] {
  const filter = upscaleFilter(machine, { model: model.name, scale: model.scales[0] ?? 1, vram: 1, download: true });
  return [
    ...['-nostdin', '-hide_banner', '-loglevel', 'debug', '-f', 'lavfi', '-i', 'testsrc=size=64x64:rate=2:duration=1'],
    ...['-vf', filter, '-f', 'null', '-'],
  ];
}

export type Verdict = 'good' | 'bad';

/** Lines that are good by themselves (jojje/vai-docker), and a pair that newer builds print instead (read in a public test of such a log). */
const GOOD = /successfully authenticated for user/i;
const GOOD_PAIR = [/relogin valid/i, /auth check watermark:(\s+0)+\s*$/i] as const;

/** Reads the probe's lines in their order; the first verdict counts. */
export function licenceReader(): (line: string) => Verdict | undefined {
  const seen = new Set<RegExp>();
  return (line) => {
    if (topazFinding(line)?.kind === 'licence') return 'bad';
    for (const part of GOOD_PAIR) if (part.test(line)) seen.add(part);
    return GOOD.test(line) || seen.size === GOOD_PAIR.length ? 'good' : undefined;
  };
}
