import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sha256Of } from '../../src/disk/hash.js';
import { builtinModels, fileOfModel, findModel } from '../../src/models/catalog.js';
import { temporaryFolder } from '../helpers/folder.js';

const assets = fileURLToPath(new URL('../../assets/models', import.meta.url));

describe('findModel', () => {
  it('finds the model that TAAF brings along, as the read-me says it is', async () => {
    const name = 'realesr-animevideov3-x4';
    expect(await findModel(name, ['/nowhere', assets])).toEqual({
      name,
      path: join(assets, `${name}.onnx`),
      sha256: '5e6d92edf031311644e8820e28412ea2955ce456900142c7c565bcf0da033a79',
      factor: 4,
    });
  });

  it('takes the first folder that has a built-in model', async () => {
    const [first, second] = [await temporaryFolder(), await temporaryFolder()];
    for (const folder of [first, second]) await writeFile(join(folder, fileOfModel('realesrgan-x4plus')), folder);
    expect(await findModel('realesrgan-x4plus', ['/nowhere', second, first])).toMatchObject({
      sha256: sha256Of(second),
    });
  });

  it('finds any other model by its path', async () => {
    const path = join(await temporaryFolder(), 'my model.onnx');
    await writeFile(path, 'x');
    expect(await findModel(path, [])).toEqual({ name: 'my model', path, sha256: sha256Of('x') });
  });

  it('tells a model that is not installed from one that does not exist', async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'folder.onnx'));
    await expect(findModel('realesrgan-x4plus', [folder])).rejects.toMatchObject({ kind: 'tool-missing' });
    await expect(findModel('realesrgan-x5', [folder])).rejects.toMatchObject({
      kind: 'unsupported',
      evidence: 'built-in models: realesr-animevideov3-x4, realesrgan-x4plus',
    });
    await expect(findModel(join(folder, 'folder.onnx'), [])).rejects.toMatchObject({ kind: 'unsupported' });
  });
});

it('names licence and author of every built-in model', () => {
  for (const { licence, author } of builtinModels) expect(`${licence}${author}`).not.toBe('');
});
