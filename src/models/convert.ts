/** Converts ncnn super-resolution graphs to ONNX: the layers that Real-ESRGAN's networks are made of. */
import { readFile } from 'node:fs/promises';
import { create, toBinary } from '@bufbuild/protobuf';
import { writeDurably } from '../disk/durable.js';
import { Failure } from '../domain/failures.js';
import {
  DataType,
  floatAttribute,
  floatTensor,
  intAttribute,
  intsAttribute,
  node,
  textAttribute,
  valueInfo,
  weightTensor,
} from './graph.js';
import { parseParam, WeightReader } from './ncnn.js';
import type { NcnnLayer, Weights } from './ncnn.js';
import { GraphProtoSchema, ModelProtoSchema } from './onnx_pb.js';
import type { NodeProto, TensorProto } from './onnx_pb.js';

const OPSET = 13n;
/** The intermediate representation that came with these operators (2020). */
const IR_VERSION = 7n;

/** Nodes and constants in the making. */
interface Draft {
  readonly nodes: NodeProto[];
  readonly constants: TensorProto[];
  readonly weights: WeightReader;
}

/**
 * Converts a model and writes it as a whole or not at all. Takes seconds and three times the weights' size in memory.
 * @throws Failure `unsupported` naming the layer that it does not know
 */
export async function convertNcnn(paramFile: string, binFile: string, outFile: string): Promise<void> {
  const [param, bin] = await Promise.all([readFile(paramFile, 'utf8'), readFile(binFile)]);
  await writeDurably(outFile, onnxOf(param, bin));
}

/** The bytes of the ONNX model of an ncnn graph and its weights. */
export function onnxOf(param: string, bin: Uint8Array): Uint8Array {
  const layers = parseParam(param);
  const draft: Draft = { nodes: [], constants: [], weights: new WeightReader(bin) };
  for (const layer of layers) convertersOf(layer)(layer, draft);
  draft.weights.end();
  const graph = create(GraphProtoSchema, {
    name: 'ncnn',
    node: draft.nodes,
    initializer: draft.constants,
    input: [valueInfo(layers[0]?.outputs[0] ?? '', DataType.FLOAT, [1, 3, 'height', 'width'])],
    output: [valueInfo(layers.at(-1)?.outputs[0] ?? '', DataType.FLOAT, [1, 3, 'height out', 'width out'])],
  });
  const opsetImport = [{ domain: '', version: OPSET }];
  return toBinary(ModelProtoSchema, create(ModelProtoSchema, { irVersion: IR_VERSION, opsetImport, graph }));
}

type Converter = (layer: NcnnLayer, draft: Draft) => void;

const only = (names: readonly string[]): string => names[0] ?? '';
const number = (layer: NcnnLayer, id: number, absent: number): number => layer.numbers.get(id) ?? absent;

const unknown = (layer: NcnnLayer): Failure =>
  new Failure('unsupported', 'The ncnn model cannot be converted', {
    evidence: `layer ${layer.name} is a ${layer.type} with ${[...layer.numbers].map((pair) => pair.join('=')).join(' ')}`,
  });

function convertersOf(layer: NcnnLayer): Converter {
  const convert = converters[layer.type];
  if (!convert) throw unknown(layer);
  return convert;
}

const converters: Readonly<Record<string, Converter>> = {
  Input: () => undefined,
  Split: ({ inputs, outputs }, { nodes }) => {
    for (const output of outputs) nodes.push(node('Identity', inputs, output));
  },
  // ncnn has no batch dimension: its axis 0 are the channels.
  Concat: (layer, { nodes }) => {
    nodes.push(node('Concat', layer.inputs, only(layer.outputs), [intAttribute('axis', number(layer, 0, 0) + 1)]));
  },
  Convolution: convolution,
  ReLU: (layer, { nodes }) => {
    nodes.push(leaky(only(layer.inputs), only(layer.outputs), number(layer, 0, 0)));
  },
  PReLU: (layer, { nodes, constants, weights }) => {
    const channels = number(layer, 0, 1);
    constants.push(weightTensor(`${layer.name} slope`, weights.plain(channels), [channels, 1, 1]));
    nodes.push(node('PRelu', [only(layer.inputs), `${layer.name} slope`], only(layer.outputs)));
  },
  BinaryOp: (layer, { nodes }) => {
    const ADD = 0;
    if (number(layer, 0, ADD) !== ADD || layer.inputs.length !== 2) throw unknown(layer);
    nodes.push(node('Add', layer.inputs, only(layer.outputs)));
  },
  Eltwise: weightedSum,
  Interp: nearest,
  PixelShuffle: (layer, { nodes }) => {
    const attributes = [intAttribute('blocksize', number(layer, 0, 1)), textAttribute('mode', 'CRD')];
    nodes.push(node('DepthToSpace', layer.inputs, only(layer.outputs), attributes));
  },
};

const leaky = (input: string, output: string, slope: number): NodeProto =>
  node('LeakyRelu', [input], output, [floatAttribute('alpha', slope)]);

function convolution(layer: NcnnLayer, draft: Draft): void {
  const channels = number(layer, 0, 0);
  const width = number(layer, 1, 0);
  const height = number(layer, 11, width);
  const pad = number(layer, 4, 0);
  const count = number(layer, 6, 0);
  const plain = [number(layer, 2, 1), number(layer, 3, 1), number(layer, 5, 0)].every((value) => value === 1);
  if (!plain || pad < 0) throw unknown(layer);
  const weight = constant(draft, `${layer.name} weight`, draft.weights.tagged(count), [
    ...[channels, count / (channels * width * height), height, width],
  ]);
  const bias = constant(draft, `${layer.name} bias`, draft.weights.plain(channels), [channels]);
  const activation = number(layer, 9, 0);
  const output = only(layer.outputs);
  const sum = activation === 0 ? output : `${output} before activation`;
  draft.nodes.push(
    node('Conv', [only(layer.inputs), weight, bias], sum, [intsAttribute('pads', [pad, pad, pad, pad])]),
  );
  if (activation === 0) return;
  const [NONE_BELOW_ZERO, LEAKY] = [1, 2];
  if (activation !== NONE_BELOW_ZERO && activation !== LEAKY) throw unknown(layer);
  draft.nodes.push(leaky(sum, output, activation === LEAKY ? (layer.arrays.get(10)?.[0] ?? 0) : 0));
}

/** Adds a constant. 16-bit weights stay as they are in the file, half as large; the runtime widens them once, while it loads. */
function constant({ nodes, constants }: Draft, name: string, weights: Weights, dims: readonly number[]): string {
  if (weights.bits === 32) {
    constants.push(weightTensor(name, weights, dims));
    return name;
  }
  constants.push(weightTensor(`${name} 16`, weights, dims));
  nodes.push(node('Cast', [`${name} 16`], name, [intAttribute('to', DataType.FLOAT)]));
  return name;
}

/** a·x + b·y */
function weightedSum(layer: NcnnLayer, { nodes, constants }: Draft): void {
  const SUM = 1;
  const factors = layer.arrays.get(1);
  if (number(layer, 0, 0) !== SUM || factors?.length !== layer.inputs.length) throw unknown(layer);
  const terms = layer.inputs.map((input, index) => {
    const name = `${layer.name} factor ${index}`;
    constants.push(floatTensor(name, new Float32Array([factors[index] ?? 1])));
    nodes.push(node('Mul', [input, name], `${layer.name} term ${index}`));
    return `${layer.name} term ${index}`;
  });
  nodes.push(node('Sum', terms, only(layer.outputs)));
}

/** Enlarging by whole factors, each pixel repeated. */
function nearest(layer: NcnnLayer, { nodes, constants }: Draft): void {
  const NEAREST = 1;
  if (number(layer, 0, 0) !== NEAREST) throw unknown(layer);
  const name = `${layer.name} scales`;
  constants.push(floatTensor(name, new Float32Array([1, 1, number(layer, 1, 1), number(layer, 2, 1)]), [4]));
  nodes.push(
    node('Resize', [only(layer.inputs), '', name], only(layer.outputs), [
      textAttribute('mode', 'nearest'),
      textAttribute('coordinate_transformation_mode', 'asymmetric'),
      textAttribute('nearest_mode', 'floor'),
    ]),
  );
}
