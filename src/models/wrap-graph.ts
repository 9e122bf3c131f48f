/**
 * Puts the conversion between video frames and tensors into a model's own graph: packed RGB frames of 16 bits in and out, so that no
 * JavaScript loop touches a pixel and the backend does it at its own speed.
 */
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { Failure } from '../domain/failures.js';
import { DataType, floatTensor, intAttribute, intsAttribute, node, valueInfo } from './graph.js';
import { GraphProtoSchema, ModelProtoSchema, TensorProto_DataLocation } from './onnx_pb.js';
import type { GraphProto, ModelProto, NodeProto, ValueInfoProto } from './onnx_pb.js';

/** Names of the wrapped graph's one input (uint16 [1, height, width, 3]) and one output (the same, larger). */
export const FRAME = 'taaf/frame';
export const PICTURE = 'taaf/picture';

/** First version of the ONNX operators whose `Clip` takes its limits as inputs (2019). */
const OLDEST_OPSET = 11n;
const FULL = 65_535;
const FLOATS: ReadonlySet<number> = new Set([DataType.FLOAT, DataType.FLOAT16]);

interface Port {
  readonly name: string;
  /** Of ONNX's element types. */
  readonly type: number;
}

/**
 * The model with 16-bit frames in and out.
 * @param bytes an ONNX file: one input and one output of floats, [1, 3, height, width], RGB from 0 to 1
 * @throws Failure `unsupported` that says what was found and what is wanted
 */
export function wrapGraph(bytes: Uint8Array): Uint8Array {
  const model = parsed(bytes);
  const graph = model.graph ?? create(GraphProtoSchema);
  requireSingleFile(graph);
  const opset = model.opsetImport.find(({ domain }) => domain === '' || domain === 'ai.onnx')?.version ?? 0n;
  if (opset < OLDEST_OPSET) throw unsuited(`operators of version ${opset}`, `version ${OLDEST_OPSET} or newer`);
  const { input, output } = portsOf(graph);
  graph.node = [...before(input), ...graph.node, ...after(output)];
  graph.input = graph.input.filter(({ name }) => name !== input.name);
  graph.input.unshift(valueInfo(FRAME, DataType.UINT16, [1, 'height', 'width', 3]));
  graph.output = [valueInfo(PICTURE, DataType.UINT16, [1, 'height out', 'width out', 3])];
  graph.initializer.push(...constants());
  return toBinary(ModelProtoSchema, model);
}

/** The failure of a model that TAAF cannot drive. */
export const unsuited = (found: string, wanted: string, cause?: unknown): Failure =>
  new Failure('unsupported', 'The model is not an upscaler that TAAF can use', {
    evidence: `found: ${found}; wanted: ${wanted}`,
    next: 'Choose another model: an ONNX file with one input and one output of [1, 3, height, width], RGB from 0 to 1',
    cause,
  });

function parsed(bytes: Uint8Array): ModelProto {
  try {
    return fromBinary(ModelProtoSchema, bytes);
  } catch (error) {
    throw unsuited('a file that is not ONNX', 'an ONNX model', error);
  }
}

function requireSingleFile(graph: GraphProto): void {
  const outside = graph.initializer.find(({ dataLocation }) => dataLocation === TensorProto_DataLocation.EXTERNAL);
  if (outside) throw unsuited(`weights in a file beside the model (${outside.name})`, 'all in one file');
}

function portsOf(graph: GraphProto): { readonly input: Port; readonly output: Port } {
  const constant = new Set(graph.initializer.map(({ name }) => name));
  const [input, ...moreInputs] = graph.input.filter(({ name }) => !constant.has(name));
  const [output, ...moreOutputs] = graph.output;
  if (!input || !output || moreInputs.length > 0 || moreOutputs.length > 0) {
    const inputs = input ? 1 + moreInputs.length : 0;
    throw unsuited(`${inputs} inputs and ${graph.output.length} outputs`, 'one input and one output');
  }
  return { input: port(input, 'input'), output: port(output, 'output') };
}

function port(info: ValueInfoProto, role: 'input' | 'output'): Port {
  const type = info.type?.value.case === 'tensorType' ? info.type.value.value : undefined;
  const dims = type?.shape?.dim.map(({ value }) => (value.case === 'dimValue' ? Number(value.value) : undefined));
  const elemType = type?.elemType ?? 0;
  const shape = dims ? `[${dims.map((dim) => dim ?? '?').join(', ')}]` : 'of no known shape';
  const found = `${role} "${info.name}" ${typeName(elemType)} ${shape}`;
  if (!FLOATS.has(elemType)) throw unsuited(found, 'float or float16');
  // Some exporters leave the output's shape out: it is seen when the model runs.
  if (role === 'input' || dims) requireShape(dims ?? [], found);
  return { name: info.name, type: elemType };
}

const names: Readonly<Record<number, string>> = DataType;
const typeName = (type: number): string => (names[type] ?? `type ${type}`).toLowerCase();

function requireShape(dims: readonly (number | undefined)[], found: string): void {
  const [batch, channels, height, width] = dims;
  const fits = dims.length === 4 && (batch ?? 1) === 1 && (channels ?? 3) === 3;
  if (!fits) throw unsuited(found, '[1, 3, height, width]');
  if (height !== undefined || width !== undefined) throw unsuited(found, 'any height and width');
}

const constants = () => [
  floatTensor('taaf/scale in', new Float32Array([1 / FULL])),
  floatTensor('taaf/zero', new Float32Array([0])),
  floatTensor('taaf/one', new Float32Array([1])),
  floatTensor('taaf/scale out', new Float32Array([FULL])),
  floatTensor('taaf/half', new Float32Array([0.5])),
];

const cast = (input: string, output: string, to: number): NodeProto =>
  node('Cast', [input], output, [intAttribute('to', to)]);

/** Frame → the model's input. All but the first cast works on floats, which every backend has kernels for. */
const before = ({ name, type }: Port): NodeProto[] => [
  cast(FRAME, 'taaf/float in', DataType.FLOAT),
  node('Transpose', ['taaf/float in'], 'taaf/planes in', [intsAttribute('perm', [0, 3, 1, 2])]),
  node('Mul', ['taaf/planes in', 'taaf/scale in'], 'taaf/unit in'),
  cast('taaf/unit in', name, type),
];

/** The model's output → picture. The cast to integers cuts off, so adding a half rounds. */
const after = ({ name }: Port): NodeProto[] => [
  cast(name, 'taaf/unit out', DataType.FLOAT),
  node('Clip', ['taaf/unit out', 'taaf/zero', 'taaf/one'], 'taaf/clipped'),
  node('Mul', ['taaf/clipped', 'taaf/scale out'], 'taaf/scaled'),
  node('Add', ['taaf/scaled', 'taaf/half'], 'taaf/rounded'),
  node('Transpose', ['taaf/rounded'], 'taaf/packed', [intsAttribute('perm', [0, 2, 3, 1])]),
  cast('taaf/packed', PICTURE, DataType.UINT16),
];
