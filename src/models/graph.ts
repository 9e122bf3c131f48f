/** Small words for building ONNX graphs: tensors, attributes, nodes. */
import { create } from '@bufbuild/protobuf';
import {
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  NodeProtoSchema,
  TensorProto_DataType,
  TensorProtoSchema,
  TensorShapeProto_DimensionSchema,
  TypeProtoSchema,
  ValueInfoProtoSchema,
} from './onnx_pb.js';
import type { Weights } from './ncnn.js';
import type { AttributeProto, NodeProto, TensorProto, TensorShapeProto_Dimension, ValueInfoProto } from './onnx_pb.js';

export const DataType = TensorProto_DataType;

/** The numbers' bytes as ONNX stores them: little endian, as are all platforms that ONNX Runtime runs on. */
const bytesOf = (floats: Float32Array): Uint8Array =>
  new Uint8Array(floats.buffer, floats.byteOffset, floats.byteLength);

/** A constant tensor of 32-bit floats; without `dims` it is a scalar of one value. */
export const floatTensor = (name: string, values: Float32Array, dims: readonly number[] = []): TensorProto =>
  create(TensorProtoSchema, {
    name,
    dataType: DataType.FLOAT,
    dims: dims.map(BigInt),
    rawData: bytesOf(values),
  });

/** A constant tensor of stored weights. */
export const weightTensor = (name: string, { bits, bytes }: Weights, dims: readonly number[]): TensorProto =>
  create(TensorProtoSchema, {
    name,
    dataType: bits === 16 ? DataType.FLOAT16 : DataType.FLOAT,
    dims: dims.map(BigInt),
    rawData: bytes,
  });

export const intAttribute = (name: string, value: number): AttributeProto =>
  create(AttributeProtoSchema, { name, type: AttributeProto_AttributeType.INT, i: BigInt(value) });

export const intsAttribute = (name: string, values: readonly number[]): AttributeProto =>
  create(AttributeProtoSchema, { name, type: AttributeProto_AttributeType.INTS, ints: values.map(BigInt) });

export const floatAttribute = (name: string, value: number): AttributeProto =>
  create(AttributeProtoSchema, { name, type: AttributeProto_AttributeType.FLOAT, f: value });

export const textAttribute = (name: string, value: string): AttributeProto =>
  create(AttributeProtoSchema, {
    name,
    type: AttributeProto_AttributeType.STRING,
    s: new TextEncoder().encode(value),
  });

/** A node with one output, named after it. */
export const node = (
  opType: string,
  input: readonly string[],
  output: string,
  attribute: readonly AttributeProto[] = [],
): NodeProto =>
  create(NodeProtoSchema, { opType, name: output, input: [...input], output: [output], attribute: [...attribute] });

const dimension = (dim: number | string): TensorShapeProto_Dimension =>
  create(TensorShapeProto_DimensionSchema, {
    value: typeof dim === 'number' ? { case: 'dimValue', value: BigInt(dim) } : { case: 'dimParam', value: dim },
  });

/** A graph's input or output; a dimension is a number, or a name where any number will do. */
export const valueInfo = (
  name: string,
  elemType: TensorProto_DataType,
  dims: readonly (number | string)[],
): ValueInfoProto =>
  create(ValueInfoProtoSchema, {
    name,
    type: create(TypeProtoSchema, {
      value: {
        case: 'tensorType',
        value: {
          elemType,
          shape: {
            dim: dims.map(dimension),
          },
        },
      },
    }),
  });
