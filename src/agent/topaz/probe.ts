/** What the install can do, asked from itself: a model's definition, the options of its filters. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../../domain/failures.js';
import { colourOfBuild } from '../../engines/topaz-colour.js';
import type { TopazMachine } from '../../engines/topaz-filter.js';
import { readTopazModel, type TopazModel } from '../../engines/topaz-model.js';
import { filterHelpArgv, filterOptions, neededOptions } from '../../engines/topaz-options.js';
import { run } from '../../process/run.js';
import type { TopazInstall } from './install.js';

export interface Probed {
  readonly machine: TopazMachine;
  readonly model: TopazModel;
}

/** @throws Failure `configure-failed` when the model or Topaz's filter is missing, `unsupported` when they cannot be used */
export async function probeTopaz(install: TopazInstall, name: string, signal: AbortSignal): Promise<Probed> {
  const model = readTopazModel(name, await definitionOf(install, name));
  const help = async (filter: string): Promise<string> =>
    (
      await run([install.ffmpeg, ...filterHelpArgv(filter)], {
        signal,
        cwd: install.folder,
        failure: { kind: 'configure-failed', what: 'Topaz’s ffmpeg does not run' },
      })
    ).stdout;
  const options = filterOptions(await help('tvai_up'));
  const missing = neededOptions.filter((option) => !options.has(option));
  if (options.size === 0) {
    throw new Failure('configure-failed', 'The ffmpeg of the install folder is not Topaz’s: it has no filter tvai_up', {
      evidence: install.ffmpeg,
    });
  }
  if (missing.length > 0) {
    throw new Failure('unsupported', 'This version of Topaz lacks options that TAAF needs', {
      evidence: `tvai_up has no ${missing.join(', no ')}`,
    });
  }
  return { model, machine: { options, colour: colourOfBuild(await help('zscale'), await help('scale')) } };
}

async function definitionOf({ models }: TopazInstall, name: string): Promise<unknown> {
  const file = join(models, `${name}.json`);
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw new Failure('configure-failed', `Topaz has no readable definition of the model ${name} on this machine`, {
      evidence: file,
      cause: error,
    });
  }
}
