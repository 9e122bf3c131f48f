/** User data of a Windows machine: nothing is run, but its dead-man is understood. */
import { windowsShutdown } from './shutdown.js';

export interface WindowsUserData {
  /** Seconds after the first boot until it ends itself; absent: it never does. */
  readonly first: number | undefined;
  /** Seconds after every boot, by a task. */
  readonly everyBoot: number | undefined;
  /** When a task ends it in any case: milliseconds since 1970, the image's clock being UTC. */
  readonly deadline: number | undefined;
}

/** @returns undefined when EC2Launch would run nothing: no `<script>` or `<powershell>` around it */
export function readWindowsUserData(text: string): WindowsUserData | undefined {
  const script =
    /<script>([\s\S]*?)<\/script>/.exec(text)?.[1] ?? /<powershell>([\s\S]*?)<\/powershell>/.exec(text)?.[1];
  if (script === undefined) return undefined;
  const lines = script.split(/\r?\n/).map((line) => line.trim());
  const tasks = lines.filter((line) => /^schtasks(\.exe)? /i.test(line) && /\/create\b/i.test(line));
  const onStart = tasks.find((line) => /\/sc\s+onstart\b/i.test(line));
  return {
    first: lines.map(windowsShutdown).find((seconds) => seconds !== undefined),
    everyBoot: onStart === undefined ? undefined : taskSeconds(onStart),
    deadline: tasks.map(onceAt).find((time) => time !== undefined),
  };
}

const taskSeconds = (line: string): number | undefined => windowsShutdown(/\/tr\s+"([^"]+)"/i.exec(line)?.[1] ?? '');

function onceAt(line: string): number | undefined {
  if (!/\/sc\s+once\b/i.test(line) || taskSeconds(line) === undefined) return undefined;
  const [, month, day, year] = /\/sd\s+(\d\d)\/(\d\d)\/(\d{4})\b/i.exec(line) ?? [];
  const [, time] = /\/st\s+(\d\d:\d\d)\b/i.exec(line) ?? [];
  const moment = Date.parse(`${year ?? ''}-${month ?? ''}-${day ?? ''}T${time ?? ''}:00Z`);
  return Number.isNaN(moment) ? undefined : moment;
}
