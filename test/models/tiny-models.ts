/** Tiny ONNX models for tests, written out by hand: an enlarging by nearest neighbours, and everything that is wrong. */
import { create, toBinary } from '@bufbuild/protobuf';
import { DataType, floatTensor, intAttribute, node, textAttribute, valueInfo } from '../../src/models/graph.js';
import { GraphProtoSchema, ModelProtoSchema } from '../../src/models/onnx_pb.js';
import type { NodeProto, TensorProto, TensorProto_DataType } from '../../src/models/onnx_pb.js';

type Dims = readonly (number | string)[];

export interface ModelWish {
  readonly factor?: number;
  readonly opset?: number;
  readonly inputs?: readonly { readonly name: string; readonly type: TensorProto_DataType; readonly dims: Dims }[];
  readonly outputs?: readonly string[];
  readonly outputDims?: Dims;
  /** What is multiplied onto the picture at the end. */
  readonly gain?: number;
  /** Takes red for blue and blue for red. */
  readonly exchanged?: boolean;
  readonly half?: boolean;
  /** Widens the picture's columns beyond the factor. */
  readonly stretch?: number;
  /** Fails on pictures whose width is no multiple of this. */
  readonly multipleOf?: number;
}

export const PICTURE_DIMS: Dims = [1, 3, 'h', 'w'];

/** Weights from every channel to every channel. */
const KEPT = [1, 0, 0, 0, 1, 0, 0, 0, 1];
const EXCHANGED = [0, 0, 1, 0, 1, 0, 1, 0, 0];

/** A model that repeats every pixel `factor` times both ways. */
export function nearestModel(wish: ModelWish = {}): Uint8Array {
  const { factor = 4, opset = 13, gain = 1, half = false, outputs = ['out'], stretch = 1, multipleOf = 1 } = wish;
  const type = half ? DataType.FLOAT16 : DataType.FLOAT;
  const inputs = wish.inputs ?? [{ name: 'in', type, dims: PICTURE_DIMS }];
  const initializer: TensorProto[] = [
    floatTensor('scales', new Float32Array([1, 1, factor, factor * stretch]), [4]),
    floatTensor('gain', new Float32Array([gain])),
    floatTensor('channels', new Float32Array(wish.exchanged ? EXCHANGED : KEPT), [3, 3, 1, 1]),
  ];
  const to = (elemType: number) => [intAttribute('to', elemType)];
  const nodes: NodeProto[] = [
    node('Cast', ['in'], 'wide', to(DataType.FLOAT)),
    node('SpaceToDepth', ['wide'], 'blocks', [intAttribute('blocksize', multipleOf)]),
    node('DepthToSpace', ['blocks'], 'even', [intAttribute('blocksize', multipleOf)]),
    node('Resize', ['even', '', 'scales'], 'large', [
      ...[textAttribute('mode', 'nearest'), textAttribute('nearest_mode', 'floor')],
      textAttribute('coordinate_transformation_mode', 'asymmetric'),
    ]),
    node('Conv', ['large', 'channels'], 'coloured'),
    node('Mul', ['coloured', 'gain'], 'bright'),
    ...outputs.map((name) => node('Cast', ['bright'], name, to(type))),
  ];
  const graph = create(GraphProtoSchema, {
    name: 'nearest',
    node: nodes,
    initializer,
    input: inputs.map((input) => valueInfo(input.name, input.type, input.dims)),
    output: outputs.map((name) => valueInfo(name, type, wish.outputDims ?? [1, 3, 'H', 'W'])),
  });
  const opsetImport = [{ domain: '', version: BigInt(opset) }];
  return toBinary(ModelProtoSchema, create(ModelProtoSchema, { irVersion: 7n, opsetImport, graph }));
}
