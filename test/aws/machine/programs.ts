/** Programs that lie first on a machine's PATH, in place of those that would act on this computer: each asks the double, as init would be asked. */
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const NAMES = ['shutdown', 'poweroff', 'reboot', 'systemctl'];

const ask = `const [id, url] = process.env.TAAF_DOUBLE_ASK.split(' ');
const [program, ...argv] = process.argv.slice(2);
const response = await fetch(\`\${url}/_double/machine\`, { method: 'POST', body: JSON.stringify({ id, program, argv }) });
const { error, code = 1, output = '' } = await response.json();
if (output) console.log(output);
if (error) console.error(\`\${program}: \${error}\`);
process.exitCode = code;
`;

/** @param folder the machine's `bin` */
export async function writePrograms(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, '.ask.mjs'), ask);
  for (const name of NAMES) {
    const file = join(folder, name);
    await writeFile(file, `#!/bin/sh\nexec '${process.execPath}' '${join(folder, '.ask.mjs')}' ${name} "$@"\n`);
    await chmod(file, 0o755);
  }
}
