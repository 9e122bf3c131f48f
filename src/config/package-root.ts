/** The folder of TAAF's own package, in a checkout and in a bundle: where `assets/` and `dist/` lie. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Failure } from '../domain/failures.js';

/** The nearest folder above this module that has `assets/requirements`. */
export function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'assets', 'requirements'))) {
    const parent = dirname(folder);
    if (parent === folder) {
      throw new Failure('tool-missing', 'The files of the TAAF package are incomplete: there is no assets folder', {
        next: 'Install the package again',
      });
    }
    folder = parent;
  }
  return folder;
}
