import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { DataType } from '../../src/models/graph.js';
import { openSession, type ModelSession, type SessionOptions } from '../../src/models/session.js';
import { nearestModel, PICTURE_DIMS, type ModelWish } from './tiny-models.js';

async function open(model: Uint8Array, more: Partial<SessionOptions> = {}): Promise<ModelSession> {
  const session = await openSession({ model, threads: 1, backends: ['cpu'], ...more });
  onTestFinished(() => session.close());
  return session;
}

/** Packed RGB whose every value says where it stands. */
const frameOf = (width: number, height: number): Uint16Array<ArrayBuffer> =>
  Uint16Array.from({ length: width * height * 3 }, (_, at) => (at * 7919) % 65_536);

const upscaled = async (session: ModelSession, frame: Uint16Array<ArrayBuffer>, width: number, height: number) =>
  new Uint16Array((await session.upscale(frame.slice().buffer, width, height)).buffer);

describe('an open session', () => {
  it.each([1, 2, 3, 4])('finds the factor ×%i of a model by running it', async (factor) => {
    expect((await open(nearestModel({ factor }))).factor).toBe(factor);
  });

  it('gives every value of a frame back exactly, in its place', async () => {
    const session = await open(nearestModel({ factor: 2 }));
    const [width, height] = [40, 30];
    const frame = frameOf(width, height);
    const picture = await upscaled(session, frame, width, height);
    const wanted = Uint16Array.from({ length: picture.length }, (_, at) => {
      const [channel, column, row] = [at % 3, Math.floor(at / 3) % (2 * width), Math.floor(at / 3 / (2 * width))];
      return frame[(Math.floor(row / 2) * width + Math.floor(column / 2)) * 3 + channel] ?? -1;
    });
    expect(picture).toEqual(wanted);
  });

  it('rounds, and cuts off what lies outside of 0 to 1', async () => {
    const session = await open(nearestModel({ factor: 1, gain: 1.25 }));
    const picture = await upscaled(session, Uint16Array.of(1, 3, 10_001, 52_428, 52_429, 65_535), 2, 1);
    expect([...picture]).toEqual([1, 4, 12_501, 65_535, 65_535, 65_535]);
  });

  it('drives models of 16-bit floats', async () => {
    const session = await open(nearestModel({ factor: 2, half: true }));
    const picture = await upscaled(session, new Uint16Array(12).fill(32_768), 2, 2);
    expect([...new Set(picture)].map((value) => Math.abs(value - 32_768) < 32)).toEqual([true]);
  });

  it('answers queued frames in their order', async () => {
    const session = await open(nearestModel({ factor: 1 }));
    const greys = [10, 20, 30, 40];
    const pictures = await Promise.all(greys.map((grey) => upscaled(session, new Uint16Array(3).fill(grey), 1, 1)));
    expect(pictures.map(([red]) => red)).toEqual(greys);
  });

  it('takes frames without a copy: the giver’s memory is empty afterwards', async () => {
    const session = await open(nearestModel({ factor: 1 }));
    const frame = frameOf(8, 8).buffer;
    await session.upscale(frame, 8, 8);
    expect(frame.byteLength).toBe(0);
  });

  it('names ONNX Runtime’s own error for a frame that fails, and closed for one that comes too late', async () => {
    const session = await open(nearestModel({ multipleOf: 16 }));
    await expect(session.upscale(frameOf(15, 15).buffer, 15, 15)).rejects.toMatchObject({
      kind: 'engine-crashed',
      evidence: expect.stringContaining('SpaceToDepth') as string,
    });
    await session.close();
    await expect(session.upscale(frameOf(16, 16).buffer, 16, 16)).rejects.toMatchObject({ kind: 'engine-crashed' });
  });
});

describe('a model that does not fit', () => {
  const float = (dims: ModelWish['outputDims'] = PICTURE_DIMS) => [{ name: 'in', type: DataType.FLOAT, dims }];
  const two = { name: 'noise', type: DataType.FLOAT, dims: [1] };

  it.each<[string, Uint8Array, RegExp]>([
    ['no ONNX', new TextEncoder().encode('no model'), /not ONNX/],
    ['two inputs', nearestModel({ inputs: [...float(), two] }), /2 inputs and 1 outputs/],
    ['two outputs', nearestModel({ outputs: ['a', 'b'] }), /1 inputs and 2 outputs/],
    [
      'one channel',
      nearestModel({ inputs: float([1, 1, 'h', 'w']) }),
      /\[1, 1, \?, \?\]; wanted: \[1, 3, height, width\]/,
    ],
    ['three dimensions', nearestModel({ inputs: float([3, 'h', 'w']) }), /\[3, \?, \?\]/],
    [
      'channels last',
      nearestModel({ inputs: float([1, 'h', 'w', 3]), outputDims: [1, 'h', 'w', 3] }),
      /\[1, \?, \?, 3\]; wanted: any height/,
    ],
    ['one size only', nearestModel({ inputs: float([1, 3, 64, 64]) }), /64, 64\]; wanted: any height and width/],
    ['integers', nearestModel({ inputs: [{ name: 'in', type: DataType.UINT8, dims: PICTURE_DIMS }] }), /uint8/],
    ['old operators', nearestModel({ opset: 9 }), /version 9; wanted: version 11/],
    ['a factor and a half', nearestModel({ factor: 1.5 }), /64x32 became 96x48/],
    ['another factor each way', nearestModel({ stretch: 2 }), /64x32 became 512x128/],
    ['0 to 255', nearestModel({ gain: 255 }), /grey of 0.5 became 1.00/],
  ])('is refused with what was found and what is wanted: %s', async (_, model, evidence) => {
    await expect(open(model)).rejects.toMatchObject({
      kind: 'unsupported',
      evidence: expect.stringMatching(evidence) as string,
    });
  });

  it('is refused when no backend of the wish list is there', async () => {
    await expect(open(nearestModel(), { backends: ['coreml', 'dml'] })).rejects.toMatchObject({ kind: 'unsupported' });
  });
});

it('says that ONNX Runtime is missing', async () => {
  await expect(open(nearestModel(), { runtimeFolder: '/nowhere' })).rejects.toMatchObject({ kind: 'tool-missing' });
});

describe('the model that TAAF brings along', () => {
  let model: Uint8Array;
  beforeAll(async () => {
    model = await readFile(new URL('../../assets/models/realesr-animevideov3-x4.onnx', import.meta.url));
  });

  it('enlarges four times and keeps the colours of a smooth picture', async () => {
    const session = await open(model);
    const [width, height] = [24, 16];
    const frame = Uint16Array.from(
      { length: width * height * 3 },
      (_, at) => 20_000 + 300 * (Math.floor(at / 3) % width) + 5_000 * (at % 3),
    );
    const picture = await upscaled(session, frame, width, height);
    expect(session.factor).toBe(4);
    expect(picture).toHaveLength(16 * frame.length);
    const mean = (values: Uint16Array, channel: number) =>
      values.reduce((sum, value, at) => (at % 3 === channel ? sum + value : sum), 0) / (values.length / 3);
    for (const channel of [0, 1, 2])
      expect(Math.abs(mean(picture, channel) - mean(frame, channel))).toBeLessThan(1_000);
  });
});
