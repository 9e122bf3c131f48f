import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { convertNcnn, onnxOf } from '../../src/models/convert.js';
import { openSession } from '../../src/models/session.js';
import { temporaryFolder } from '../helpers/folder.js';

/** The tag that says: 16-bit floats. */
const HALF = Buffer.from([0x47, 0x6b, 0x30, 0x01]);
const FULL = Buffer.alloc(4);

const halves: Readonly<Record<number, number>> = { 0: 0, 1: 0x3c00, 0.5: 0x3800, [-1]: 0xbc00 };
const half = (values: readonly number[]): Buffer => {
  const bytes = Buffer.from(Uint16Array.from(values, (value) => halves[value] ?? NaN).buffer);
  return Buffer.concat([HALF, bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
};
const floats = (values: readonly number[]): Buffer => Buffer.from(Float32Array.from(values).buffer);

/** 3x3 weights of 3 → 3 channels whose middles are the given matrix. */
const pointwise = (matrix: readonly (readonly number[])[]): number[] =>
  matrix.flatMap((row) => row.flatMap((value) => [0, 0, 0, 0, value, 0, 0, 0, 0]));

const IDENTITY = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
];
const HALVED = IDENTITY.map((row) => row.map((value) => value / 2));
const NEGATED = IDENTITY.map((row) => row.map((value) => -value));

const graph = (...layers: readonly string[]): string => ['7767517', '9 9', ...layers, ''].join('\n');
const CONV = '0=3 1=3 4=1 5=1 6=81';

/** The first pixel of what the graph makes of a frame of one colour. */
async function firstPixel(param: string, bin: Buffer, colour: readonly number[]) {
  const session = await openSession({ model: onnxOf(param, bin), threads: 1, backends: ['cpu'] });
  try {
    const frame = Uint16Array.from({ length: 16 * 16 * 3 }, (_, at) => colour[at % 3] ?? 0);
    const picture = new Uint16Array((await session.upscale(frame.buffer, 16, 16)).buffer);
    return { pixel: [...picture.subarray(0, 3)], factor: session.factor };
  } finally {
    await session.close();
  }
}

describe('converting ncnn models', () => {
  it('reads 16-bit weights, 32-bit biases, residual sums and nearest enlarging', async () => {
    const param = graph(
      'Input in 0 1 data',
      'Split split 1 2 data a b',
      `Convolution conv 1 1 a c ${CONV}`,
      'Eltwise sum 2 1 c b d 0=1 -23301=2,2.000000e-01,5.000000e-01',
      'Interp up 1 1 d out 0=1 1=2.000000e+00 2=2.000000e+00',
    );
    const bin = Buffer.concat([half(pointwise(IDENTITY)), floats([0.1, 0, 0])]);
    // 0.2 (x + bias) + 0.5 x
    const { pixel, factor } = await firstPixel(param, bin, [30_000, 40_000, 50_000]);
    expect(pixel).toEqual([21_000 + Math.round(0.02 * 65_535), 28_000, 35_000]);
    expect(factor).toBe(2);
  });

  it('reads 32-bit weights, activations inside a convolution, and added pictures', async () => {
    const param = graph(
      'Input in 0 1 data',
      'Split split 1 2 data a b',
      `Convolution conv 1 1 a c ${CONV} 9=2 -23310=1,2.500000e-01`,
      'BinaryOp add 2 1 c b out',
    );
    const bin = Buffer.concat([FULL, floats(pointwise(NEGATED)), floats([0, 0, 1])]);
    // x − x/4; in blue, where 1 − x is above 0, it is added as it is
    const { pixel } = await firstPixel(param, bin, [20_000, 40_000, 30_000]);
    expect(pixel).toEqual([15_000, 30_000, 65_535]);
  });

  it('puts channels together and shuffles them into pixels', async () => {
    const param = graph(
      'Input in 0 1 data',
      'Split split 1 4 data a b c d',
      'Concat all 4 1 a b c d e',
      'PReLU slope 1 1 e f 0=12',
      'PixelShuffle shuffle 1 1 f out 0=2',
    );
    const { pixel, factor } = await firstPixel(param, floats(Array<number>(12).fill(0.1)), [300, 300, 300]);
    expect(pixel).toEqual([300, 300, 300]);
    expect(factor).toBe(2);
  });

  it('writes the file as a whole', async () => {
    const folder = await temporaryFolder();
    const [param, bin, out] = ['m.param', 'm.bin', 'm.onnx'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    await writeFile(param, graph('Input in 0 1 data', `Convolution conv 1 1 data out ${CONV}`));
    const weights = Buffer.concat([half(pointwise(HALVED)), floats([0, 0, 0])]);
    await writeFile(bin, weights);
    await convertNcnn(param, bin, out);
    expect((await readFile(out)).equals(onnxOf(await readFile(param, 'utf8'), weights))).toBe(true);
  });

  it.each([
    ['another format', '42\n1 1\n', Buffer.alloc(0), /begins with 42/],
    [
      'a layer it does not know',
      graph('Input in 0 1 data', 'Deconvolution d 1 1 data out 0=3'),
      Buffer.alloc(0),
      /Deconvolution with 0=3/,
    ],
    [
      'smooth enlarging',
      graph('Input in 0 1 data', 'Interp up 1 1 data out 0=2 1=2 2=2'),
      Buffer.alloc(0),
      /Interp with 0=2/,
    ],
    [
      'too few weights',
      graph('Input in 0 1 data', `Convolution c 1 1 data out ${CONV}`),
      half([0, 1]),
      /158 bytes early/,
    ],
    ['weights left over', graph('Input in 0 1 data'), Buffer.alloc(12), /12 bytes of weights are left over/],
    [
      'quantized weights',
      graph('Input in 0 1 data', `Convolution c 1 1 data out ${CONV}`),
      Buffer.from([8, 0, 0, 0]),
      /0x8/,
    ],
  ] as const)('refuses %s', (_, param, bin, evidence) => {
    expect(() => onnxOf(param, bin)).toThrow(
      expect.objectContaining({ kind: 'unsupported', evidence: expect.stringMatching(evidence) as string }),
    );
  });
});
