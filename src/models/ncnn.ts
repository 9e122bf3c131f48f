/** Reads ncnn's two files: `.param`, the graph as lines of text, and `.bin`, the weights of its layers in the same order. */
import { Failure } from '../domain/failures.js';

export interface NcnnLayer {
  readonly type: string;
  readonly name: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Numbers by ncnn's parameter id; an array's id is what stands behind -233. */
  readonly numbers: ReadonlyMap<number, number>;
  readonly arrays: ReadonlyMap<number, readonly number[]>;
}

export interface Weights {
  readonly bits: 16 | 32;
  /** Little-endian floats of that width. */
  readonly bytes: Uint8Array;
}

const PARAM_MAGIC = '7767517';
/** Stands before weights that are stored as 16-bit floats. */
const FLOAT16_TAG = 0x01306b47;
const FIRST_ARRAY = -23_300;

const broken = (what: string): Failure =>
  new Failure('unsupported', 'The ncnn model cannot be converted', { evidence: what });

/** @throws Failure `unsupported` when the text is not an ncnn graph */
export function parseParam(text: string): readonly NcnnLayer[] {
  const [magic, , ...lines] = text.split('\n').map((line) => line.trim());
  if (magic !== PARAM_MAGIC) throw broken(`the graph begins with ${magic}, not ${PARAM_MAGIC}`);
  return lines.filter((line) => line !== '').map(layerOf);
}

function layerOf(line: string): NcnnLayer {
  const [type = '', name = '', inputCount, outputCount, ...rest] = line.split(/\s+/);
  const [ins, outs] = [Number(inputCount), Number(outputCount)];
  const pairs = rest.slice(ins + outs).map((pair) => pair.split('=') as [string, string]);
  const isArray = ([id]: [string, string]): boolean => Number(id) <= FIRST_ARRAY;
  return {
    type,
    name,
    inputs: rest.slice(0, ins),
    outputs: rest.slice(ins, ins + outs),
    numbers: new Map(pairs.filter((pair) => !isArray(pair)).map(([id, value]) => [Number(id), Number(value)])),
    arrays: new Map(pairs.filter(isArray).map(([id, value]) => [FIRST_ARRAY - Number(id), listOf(value)])),
  };
}

/** `2,0.5,1` is an array of two. */
const listOf = (value: string): number[] => value.split(',').slice(1).map(Number);

/** Takes weights from a `.bin` one after the other. */
export class WeightReader {
  private offset = 0;
  private readonly bin: Uint8Array;

  constructor(bin: Uint8Array) {
    this.bin = bin;
  }

  /** Weights behind a tag that tells their width. */
  tagged(count: number): Weights {
    const tag = new DataView(this.take(4).buffer).getUint32(0, true);
    if (tag === 0) return this.plain(count);
    if (tag !== FLOAT16_TAG) throw broken(`weights of a kind that is not known: 0x${tag.toString(16)}`);
    const bytes = this.take(count * 2);
    this.offset += (4 - (this.offset % 4)) % 4;
    return { bits: 16, bytes };
  }

  /** 32-bit floats without a tag. */
  plain(count: number): Weights {
    return { bits: 32, bytes: this.take(count * 4) };
  }

  /** @throws Failure `unsupported` unless everything was taken: a graph and weights that do not belong together */
  end(): void {
    if (this.offset !== this.bin.length)
      throw broken(`${this.bin.length - this.offset} bytes of weights are left over`);
  }

  private take(bytes: number): Uint8Array<ArrayBuffer> {
    const end = this.offset + bytes;
    if (end > this.bin.length) throw broken(`the weights end ${end - this.bin.length} bytes early`);
    const part = new Uint8Array(this.bin.subarray(this.offset, end));
    this.offset = end;
    return part;
  }
}
