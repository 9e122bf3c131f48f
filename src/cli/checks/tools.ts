/** Checks of the programs that TAAF runs. */
import { checkTools as check } from '../../toolchain/check.js';
import type { Finding } from '../views/doctor.js';
import type { Check } from './check.js';

export const checkTools: Check = async ({ context, paths, settings }) => {
  const findings = await check(paths, settings.config.tools, context.env);
  return findings.map(({ name, found, wanted, ok, fix }): Finding => ({
    name,
    // Without the ONNX runtime every profile but the model ones works.
    state: ok ? 'ok' : name === 'onnxruntime' ? 'note' : 'bad',
    found: ok ? (found ?? 'there') : `${found ?? 'not there'}; wanted: ${wanted}`,
    ...(fix === undefined ? {} : { fix }),
  }));
};
