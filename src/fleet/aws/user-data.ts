/** A machine's first lines: it ends itself when nobody gets it ready. Pure; nothing in it but numbers. */
import type { MachineSystem } from '../../domain/aws.js';

export interface SelfEnd {
  /** Seconds from any boot until the machine ends itself, unless the agent moves that. */
  readonly bootSeconds: number;
  /** When it ends in any case: milliseconds since the epoch. */
  readonly deadline: number;
}

/** Name of the task, or of the units, that the user data makes: the agent may look for them, and never removes them. */
export const SELF_END_NAME = 'taaf-end';

/** EC2's limit on user data, before it is base64. */
const MOST_BYTES = 16_384;

/**
 * Plain `cmd` and `sh`: PowerShell takes seconds to start, and a machine that loses its user data half-way must have its timer already.
 * A reboot forgets a pending shutdown, so a task sets it again at every boot; the deadline is a task of its own that no agent touches.
 */
export function userData(system: MachineSystem, end: SelfEnd): string {
  const text = system === 'windows' ? windows(end) : linux(end);
  if (Buffer.byteLength(text) > MOST_BYTES) throw new RangeError('the user data are larger than 16 KB');
  return text;
}

/** EC2Launch runs it once, as administrator. Windows takes dates in the image's own way (English) and zone (UTC). */
function windows({ bootSeconds, deadline }: SelfEnd): string {
  const task = `schtasks /create /f /ru SYSTEM`;
  const { month, day, year, time } = parts(deadline);
  return [
    '<script>',
    `shutdown /s /f /t ${bootSeconds}`,
    `${task} /tn ${SELF_END_NAME}-boot /sc onstart /tr "shutdown /s /f /t ${bootSeconds}"`,
    `${task} /tn ${SELF_END_NAME}-deadline /sc once /sd ${month}/${day}/${year} /st ${time} /tr "shutdown /s /f /t 0"`,
    '</script>',
    '',
  ].join('\r\n');
}

/** `-h` powers off where systemd is, and EC2 ends a machine that powers off. A timer that was missed while the machine rebooted fires at once. */
function linux({ bootSeconds, deadline }: SelfEnd): string {
  const minutes = Math.max(1, Math.floor(bootSeconds / 60));
  const { month, day, year, time, second } = parts(deadline);
  const unit = (name: string, lines: readonly string[]): string =>
    `printf '%s\\n' ${lines.map((line) => `'${line}'`).join(' ')} > /etc/systemd/system/${SELF_END_NAME}-${name}`;
  return [
    '#!/bin/sh',
    `shutdown -h +${minutes}`,
    unit('boot.service', [
      '[Service]',
      'Type=oneshot',
      `ExecStart=/sbin/shutdown -h +${minutes}`,
      '[Install]',
      'WantedBy=multi-user.target',
    ]),
    unit('deadline.service', ['[Service]', 'Type=oneshot', 'ExecStart=/sbin/shutdown -h now']),
    unit('deadline.timer', [
      '[Timer]',
      `OnCalendar=${year}-${month}-${day} ${time}:${second} UTC`,
      'Persistent=true',
      '[Install]',
      'WantedBy=timers.target',
    ]),
    'systemctl daemon-reload',
    `systemctl enable ${SELF_END_NAME}-boot.service`,
    `systemctl enable --now ${SELF_END_NAME}-deadline.timer`,
    '',
  ].join('\n');
}

function parts(at: number): Record<'year' | 'month' | 'day' | 'time' | 'second', string> {
  const [, year = '', month = '', day = '', time = '', second = ''] =
    /^(\d{4})-(\d\d)-(\d\d)T(\d\d:\d\d):(\d\d)/.exec(new Date(at).toISOString()) ?? [];
  return { year, month, day, time, second };
}
