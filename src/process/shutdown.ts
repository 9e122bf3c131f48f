/** Sets the time at which this computer turns itself off. */
import { run, type RunOptions } from './run.js';

/**
 * Replaces a pending shutdown, if there is one. Windows refuses a second one, so the first is taken back in the same command, which lives on
 * if we die between the two.
 * @throws Failure `permission` when the system refuses, `cancelled` when it does not answer
 */
export async function shutdownIn(seconds: number, platform: NodeJS.Platform = process.platform): Promise<void> {
  await run(shutdownArgv(seconds, platform), options());
}

export function shutdownArgv(seconds: number, platform: NodeJS.Platform): string[] {
  if (platform === 'win32')
    return ['cmd.exe', '/d', '/c', `shutdown /a & shutdown /s /f /t ${Math.max(1, Math.ceil(seconds))}`];
  // systemd counts in minutes, and replaces what is pending.
  return ['shutdown', '-h', `+${Math.max(1, Math.ceil(seconds / 60))}`];
}

/** Longer than any system takes that answers at all. */
const ANSWER_MS = 30_000;

const options = (): RunOptions => ({
  outlivesUs: true,
  signal: AbortSignal.timeout(ANSWER_MS),
  failure: { kind: 'permission', what: 'The system does not let TAAF set the time at which it turns itself off' },
});
