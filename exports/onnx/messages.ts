/**
 * The messages of ONNX that its export needs, by their numbers in `onnx/onnx.proto3` (https://github.com/onnx/onnx): each a
 * function that gives its bytes.
 */
import {
  bytesField,
  float32Bytes,
  float64Bytes,
  floatField,
  int64Bytes,
  message,
  textField,
  wholeField,
  wholesField
} from './protobuf.js'

/** Kinds of entries, by their numbers in `TensorProto.DataType`. */
export const elementTypes = { float: 1, int64: 7, string: 8, double: 11 } as const
/** One of them. */
export type ElementType = keyof typeof elementTypes

/** A constant of a graph: numbers in rows, or strings. */
export type Tensor =
  | {
      readonly type: 'float' | 'double' | 'int64'
      readonly shape: readonly number[]
      readonly values: readonly number[]
    }
  | { readonly type: 'string'; readonly shape: readonly number[]; readonly values: readonly string[] }

const contentOf = (tensor: Tensor): readonly Uint8Array[] => {
  switch (tensor.type) {
    case 'string':
      return tensor.values.map(value => textField(6, value))
    case 'float':
      return [bytesField(9, float32Bytes(tensor.values))]
    case 'double':
      return [bytesField(9, float64Bytes(tensor.values))]
    case 'int64':
      return [bytesField(9, int64Bytes(tensor.values))]
  }
}

/** A `TensorProto`. */
export const tensorProto = (name: string, tensor: Tensor): Uint8Array =>
  message(
    wholesField(1, tensor.shape),
    wholeField(2, elementTypes[tensor.type]),
    ...contentOf(tensor),
    textField(8, name)
  )

/** What a node is told beside its inputs; whole numbers are not negative. */
export type Attribute =
  | { readonly int: number }
  | { readonly float: number }
  | { readonly ints: readonly number[] }
  | { readonly floats: readonly number[] }
  | { readonly strings: readonly string[] }

/** An `AttributeProto`. */
const attributeProto = (name: string, attribute: Attribute): Uint8Array => {
  const made = (kind: number, ...value: readonly Uint8Array[]): Uint8Array =>
    message(textField(1, name), ...value, wholeField(20, kind))
  if ('int' in attribute) return made(2, wholeField(3, attribute.int))
  if ('float' in attribute) return made(1, floatField(2, attribute.float))
  if ('ints' in attribute) return made(7, wholesField(8, attribute.ints))
  if ('floats' in attribute) return made(6, bytesField(7, float32Bytes(attribute.floats)))
  return made(8, ...attribute.strings.map(value => textField(9, value)))
}

/** An operator applied to values: their names, what comes out, what it is told. */
export interface GraphNode {
  readonly operator: string
  /** `ai.onnx.ml`; left out: `ai.onnx`. */
  readonly domain?: string | undefined
  readonly inputs: readonly string[]
  readonly output: string
  readonly attributes: Readonly<Record<string, Attribute>>
}

/** A `NodeProto`. */
export const nodeProto = ({ operator, domain, inputs, output, attributes }: GraphNode): Uint8Array =>
  message(
    ...inputs.map(input => textField(1, input)),
    textField(2, output),
    textField(4, operator),
    ...Object.entries(attributes).map(([name, attribute]) => bytesField(5, attributeProto(name, attribute))),
    ...(domain === undefined ? [] : [textField(7, domain)])
  )

/** What goes into a graph or comes out of it: a row for each row asked about. */
export interface Port {
  readonly name: string
  readonly type: ElementType
  /** Numbers of a row; left out: one without a dimension of its own. */
  readonly width?: number | undefined
  /** What it holds, for people. */
  readonly about: string
}

/** The name of the dimension that is as long as somebody asks about rows. */
const ROWS = 'rows'

/** A `ValueInfoProto`. */
export const valueInfoProto = ({ name, type, width, about }: Port): Uint8Array => {
  const rows = bytesField(1, textField(2, ROWS))
  const columns = width === undefined ? [] : [bytesField(1, wholeField(1, width))]
  const tensor = message(wholeField(1, elementTypes[type]), bytesField(2, message(rows, ...columns)))
  return message(textField(1, name), bytesField(2, bytesField(1, tensor)), textField(3, about))
}

/** A graph's parts, as bytes. */
export interface GraphParts {
  readonly nodes: readonly Uint8Array[]
  readonly constants: readonly Uint8Array[]
  readonly inputs: readonly Uint8Array[]
  readonly outputs: readonly Uint8Array[]
}

/** A graph with what is said of it. */
export interface OnnxModel extends GraphParts {
  readonly name: string
  readonly producer: string
  readonly about: string
  readonly metadata: Readonly<Record<string, string>>
}

/** Versions: of the format, and of the operators by domain, of the same year (onnx 1.12, docs/Versioning.md). */
const [IR_VERSION, OPSET, ML_OPSET] = [8, 17, 3] as const

const opsetProto = (domain: string, version: number): Uint8Array =>
  message(textField(1, domain), wholeField(2, version))

/** A `ModelProto`. */
export const modelProto = ({ nodes, constants, inputs, outputs, ...m }: OnnxModel): Uint8Array => {
  const graph = message(
    ...nodes.map(node => bytesField(1, node)),
    textField(2, m.name),
    ...constants.map(tensor => bytesField(5, tensor)),
    ...inputs.map(input => bytesField(11, input)),
    ...outputs.map(output => bytesField(12, output))
  )
  return message(
    wholeField(1, IR_VERSION),
    textField(2, m.producer),
    textField(6, m.about),
    bytesField(7, graph),
    bytesField(8, opsetProto('', OPSET)),
    bytesField(8, opsetProto('ai.onnx.ml', ML_OPSET)),
    ...Object.entries(m.metadata).map(([key, value]) => bytesField(14, message(textField(1, key), textField(2, value))))
  )
}
