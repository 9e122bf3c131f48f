/** The SSM document, run as SSM's agent runs it: a script file with the values in its environment. */
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { agentDocument, NOT_CONFIGURED } from '../../../src/fleet/aws/ssm/document.js';
import { temporaryFolder } from '../../helpers/folder.js';

const script = agentDocument().mainSteps[0]?.inputs.runCommand.join('\n') ?? '';

async function machine(control?: string): Promise<(text: string, env?: Record<string, string>) => Promise<unknown>> {
  const root = await temporaryFolder();
  await mkdir(root, { recursive: true });
  if (control !== undefined) await writeFile(join(root, 'control.sh'), control);
  return async (text, env = {}) => {
    const file = join(root, '_script.sh');
    await writeFile(file, text);
    await chmod(file, 0o700);
    const { exitCode, stdout } = await execa('sh', ['-c', file], { env: { ...env, TAAF_ROOT: root }, reject: false });
    return [exitCode, stdout];
  };
}

describe('the document’s script for Linux', () => {
  it('hands the values to the machine’s own script, as arguments', async () => {
    const run = await machine('echo "$# $1 $2"');
    expect(await run(script, { SSM_action: 'start', SSM_machine: 'e01-00000000-l1' })).toEqual([
      0,
      '2 start e01-00000000-l1',
    ]);
  });

  it('takes them from its own text where an old agent has written them there', async () => {
    const run = await machine('echo "$1 $2"');
    const text = script.replace('{{ action }}', 'stop').replace('{{ machine }}', 'e02-00000000-l3');
    expect(await run(text)).toEqual([0, 'stop e02-00000000-l3']);
  });

  it('prints what differs after every boot, configured or not', async () => {
    const run = await machine();
    expect(await run(script, { SSM_action: 'boot', SSM_machine: 'm' })).toEqual([
      0,
      (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim(),
    ]);
  });

  it('says with a code of its own that the machine is not configured; stopping such a one is done already', async () => {
    const run = await machine();
    expect(await run(script, { SSM_action: 'start', SSM_machine: 'm' })).toEqual([NOT_CONFIGURED, '']);
    expect(await run(script, { SSM_action: 'stop', SSM_machine: 'm' })).toEqual([0, '']);
  });
});

describe('the document', () => {
  it('lets only ids through, and each value as a variable', () => {
    const { parameters } = agentDocument();
    for (const { allowedPattern, interpolationType } of Object.values(parameters)) {
      expect(interpolationType).toBe('ENV_VAR');
      for (const bad of ['a b', '$(id)', "x'; id; '", '{{ssm:x}}', 'A', '', 'start\nid'])
        expect(bad).not.toMatch(new RegExp(allowedPattern));
    }
  });

  it('names every value in its scripts by the name it has as a parameter', () => {
    const { parameters, mainSteps } = agentDocument();
    for (const { inputs } of mainSteps)
      for (const name of Object.keys(parameters)) {
        expect(inputs.runCommand.join('\n')).toContain(`SSM_${name}`);
        expect(inputs.runCommand.join('\n')).toContain(`{{ ${name} }}`);
      }
  });
});
