/** The timers in the user data of a machine that runs nothing: when it would end itself. */
import type { System } from '../ec2/types.js';
import { linuxShutdown, windowsShutdown } from './shutdown.js';

export interface DeadMan {
  /** Seconds after the first boot until it ends itself; absent: it never does. */
  readonly first: number | undefined;
  /** Seconds after every boot, by a task or a unit. */
  readonly everyBoot: number | undefined;
  /** When a task ends it in any case: milliseconds since 1970, the image's clock being UTC. */
  readonly deadline: number | undefined;
}

/** @returns undefined when the image would run nothing of it */
export const readDeadMan = (system: System, userData: string): DeadMan | undefined =>
  system === 'windows' ? windows(userData) : linux(userData);

function windows(text: string): DeadMan | undefined {
  const script =
    /<script>([\s\S]*?)<\/script>/.exec(text)?.[1] ?? /<powershell>([\s\S]*?)<\/powershell>/.exec(text)?.[1];
  if (script === undefined) return undefined;
  const lines = script.split(/\r?\n/).map((line) => line.trim());
  const tasks = lines.filter((line) => /^schtasks(\.exe)? /i.test(line) && /\/create\b/i.test(line));
  const onStart = tasks.find((line) => /\/sc\s+onstart\b/i.test(line));
  return {
    first: first(lines.map(windowsShutdown)),
    everyBoot: onStart === undefined ? undefined : taskSeconds(onStart),
    deadline: first(tasks.map(onceAt)),
  };
}

const taskSeconds = (line: string): number | undefined => windowsShutdown(/\/tr\s+"([^"]+)"/i.exec(line)?.[1] ?? '');

function onceAt(line: string): number | undefined {
  if (!/\/sc\s+once\b/i.test(line) || taskSeconds(line) === undefined) return undefined;
  const [, month, day, year] = /\/sd\s+(\d\d)\/(\d\d)\/(\d{4})\b/i.exec(line) ?? [];
  const [, time] = /\/st\s+(\d\d:\d\d)\b/i.exec(line) ?? [];
  return moment(`${year ?? ''}-${month ?? ''}-${day ?? ''}T${time ?? ''}:00Z`);
}

function linux(text: string): DeadMan | undefined {
  if (!text.startsWith('#!')) return undefined;
  const seconds = (argv: string | undefined) => {
    const wish = argv === undefined ? undefined : linuxShutdown(argv.split(/\s+/));
    return wish?.kind === 'arm' ? wish.seconds : undefined;
  };
  const lines = text.split('\n');
  const calendar = /OnCalendar=(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) UTC/.exec(text);
  return {
    first: first(lines.map((line) => seconds(/^shutdown (.+)$/.exec(line)?.[1]))),
    everyBoot: seconds(/ExecStart=\S*shutdown (-h \+\d+)/.exec(text)?.[1]),
    deadline: calendar === null ? undefined : moment(`${String(calendar[1])}T${String(calendar[2])}Z`),
  };
}

const first = (values: readonly (number | undefined)[]): number | undefined =>
  values.find((value) => value !== undefined);

function moment(iso: string): number | undefined {
  const time = Date.parse(iso);
  return Number.isNaN(time) ? undefined : time;
}
