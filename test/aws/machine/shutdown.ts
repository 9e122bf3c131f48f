/** The words of `shutdown`, on both systems. */

export type ShutdownWish =
  { readonly kind: 'arm'; readonly seconds: number; readonly reboot: boolean } | { readonly kind: 'cancel' };

/**
 * Arguments of systemd's `shutdown`: `-h +30`, `-P now`, `-r +1`, `-c`.
 * @returns undefined for what it does not understand; `-H` halts without powering off, which EC2 does not take for a shutdown
 */
export function linuxShutdown(argv: readonly string[]): ShutdownWish | undefined {
  const options = argv.filter((word) => word.startsWith('-'));
  const [time = '+1'] = argv.filter((word) => !word.startsWith('-'));
  if (options.some((word) => !['-h', '-P', '-r', '-c', '--poweroff', '--reboot', '--no-wall'].includes(word)))
    return undefined;
  if (options.includes('-c')) return { kind: 'cancel' };
  const minutes = time === 'now' ? 0 : Number(/^\+?(\d+)$/.exec(time)?.[1]);
  if (!Number.isInteger(minutes)) return undefined;
  return {
    kind: 'arm',
    seconds: minutes * 60,
    reboot: options.includes('-r') || options.includes('--reboot'),
  };
}

/** Seconds of a Windows `shutdown /s … /t N`; undefined when the line is none. */
export function windowsShutdown(line: string): number | undefined {
  const words = line.trim().toLowerCase().split(/\s+/);
  if (!/^shutdown(\.exe)?$/.test(words[0] ?? '') || !words.includes('/s')) return undefined;
  const at = words.indexOf('/t');
  // Windows waits half a minute unless told.
  const seconds = at === -1 ? 30 : Number(words[at + 1]);
  return Number.isInteger(seconds) && seconds >= 0 && seconds <= 315_360_000 ? seconds : undefined;
}
