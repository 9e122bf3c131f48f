/** What an exit code of Topaz's ffmpeg says where no line does. Pure. */
import type { FailureKind } from '../domain/failures.js';

/** The code as a signed number: Windows gives 32 bits without a sign (4294967274 is -22), elsewhere only the low byte is left (234). */
export function signedExit(code: number): number {
  if (code > 0x7fff_ffff) return code - 0x1_0000_0000;
  return code > 0x7f && code <= 0xff ? code - 0x100 : code;
}

interface ExitFact {
  readonly kind: FailureKind;
  readonly what: string;
}

/** ffmpeg's codes are errno with a minus; ENOSPC, EINVAL and ENOMEM have the same number on Windows. */
const facts: ReadonlyMap<number, ExitFact> = new Map([
  [-22, { kind: 'unsupported', what: 'Topaz refused its options' }],
  [-28, { kind: 'disk-full', what: 'The disk is full' }],
  [-12, { kind: 'out-of-gpu-memory', what: 'Topaz has too little memory' }],
  // NTSTATUS: STATUS_ACCESS_VIOLATION, STATUS_DLL_NOT_FOUND, STATUS_ENTRYPOINT_NOT_FOUND, STATUS_DLL_INIT_FAILED.
  [0xc000_0005 - 0x1_0000_0000, { kind: 'engine-crashed', what: 'Topaz crashed (access violation)' }],
  [0xc000_0135 - 0x1_0000_0000, { kind: 'configure-failed', what: 'Topaz lacks a DLL' }],
  [0xc000_0139 - 0x1_0000_0000, { kind: 'configure-failed', what: 'Topaz found a DLL of another version' }],
  [0xc000_0142 - 0x1_0000_0000, { kind: 'configure-failed', what: 'A DLL of Topaz did not start' }],
]);

export const topazExit = (code: number): ExitFact | undefined => facts.get(signedExit(code));
