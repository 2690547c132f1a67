/** A program as a model of ONNX (https://onnx.ai): raw columns in, answers out, for any number of rows at once. */
import { columnsOf, doubles } from './features.js'
import { answerNames, answersIn } from './answers.js'
import type { Features } from './features.js'
import type { Graph } from './graph.js'
import { graphWith } from './graph.js'
import { elementTypes, modelProto } from './messages.js'
import { outputsIn } from './network.js'
import type { ColumnPort } from './table.js'
import { tableFeatures } from './table.js'
import { withFoldedInputs } from '../make-program.js'
import type { Program, ProgramInput } from '../program.js'
import { usedInputs } from '../program.js'
import type { ExportedFile, WriterOptions } from '../writer.js'
import { identifierOf } from '../writer.js'

/** Deviations from 0 up to which numbers in Float32 are off by less than a millionth of a deviation. */
const FAR = 16

/** What goes in where rows are given as numbers: one matrix, Float64 only where Float32 would not tell rows apart. */
const rowFeatures = (
  graph: Graph,
  { inputs }: Program,
  used: readonly number[]
): { readonly ports: readonly ColumnPort[]; readonly features?: Features } => {
  const far = used.some(i => Math.abs((inputs[i] as ProgramInput).offset * (inputs[i] as ProgramInput).factor) > FAR)
  const type = far ? 'double' : 'float'
  const holds = `${inputs.length} numbers a row`
  const input = graph.input({ name: 'inputs', type, width: inputs.length, about: holds })
  const ports: readonly ColumnPort[] = [{ input, type, holds }]
  if (used.length === 0) return { ports }
  return { ports, features: { value: columnsOf(graph, input, used, inputs.length), inputs: used } }
}

/** What synapses carry, in Float32: (value - offset) * factor of each feature of a type, computed in Float64. */
const standardised = (
  graph: Graph,
  program: Program,
  { value, inputs }: Features,
  type: 'float' | 'double'
): Features => {
  const own = inputs.map(i => program.inputs[i] as ProgramInput)
  const single = (of: string): string => graph.node('Cast', [of], { to: { int: elementTypes.float } })
  if (own.every(({ offset, factor }) => offset === 0 && factor === 1))
    return { value: type === 'float' ? value : single(value), inputs }
  const row = (name: 'offset' | 'factor'): string =>
    graph.constant(name, { type: 'double', shape: [1, own.length], values: own.map(input => input[name]) })
  const centred = graph.node('Sub', [type === 'float' ? doubles(graph, value) : value, row('offset')])
  return { value: single(graph.node('Mul', [centred, row('factor')])), inputs }
}

/** A matrix of one row, once for each row of what goes in. */
const repeated = (graph: Graph, value: string, width: number, like: string): string => {
  const rows = graph.node('Shape', [like], { end: { int: 1 } })
  const columns = graph.constant('width', { type: 'int64', shape: [1], values: [width] })
  return graph.node('Expand', [value, graph.node('Concat', [rows, columns], { axis: { int: 0 } })])
}

/** What a model says of itself, for programs: names as JSON, so that none is lost. */
const metadataOf = (program: Program, ports: readonly ColumnPort[]): Readonly<Record<string, string>> => {
  const { kind, targets, outputs, inputs, table, threshold } = program
  return {
    kind,
    targets: JSON.stringify(targets),
    outputs: JSON.stringify(outputs.map(({ name }) => name)),
    inputs: JSON.stringify(table ? ports : inputs.map(({ name }) => name)),
    ...(threshold === undefined ? {} : { threshold: String(threshold) })
  }
}

/** What a model says of itself, for people. */
const aboutOf = ({ kind, targets, table }: Program): string => {
  const goes = table ? 'Columns of a table go in, each [rows, 1]' : 'Rows of numbers go in'
  const comes = {
    classes: 'the class of each row and the probability of each',
    labels: 'labels and their probabilities',
    numbers: 'numbers in their own units'
  }
  return `${goes}; out come ${comes[kind]}: ${targets.join(', ')}. See metadata_props.`
}

/** What goes into a graph, and the features that it makes of that. */
const featuresIn = (graph: Graph, program: Program, used: readonly number[]): ReturnType<typeof rowFeatures> =>
  program.table ? tableFeatures(graph, program.table, used) : rowFeatures(graph, program, used)

/** What goes into a program's model of ONNX: input by input its name, the column, the type, what it holds. */
export const onnxInputs = (program: Program): readonly ColumnPort[] =>
  featuresIn(graphWith(answerNames[program.kind]), withFoldedInputs(program), usedInputs(program)).ports

/**
 * NAME.onnx: operators of ai.onnx 17 and ai.onnx.ml 3. Rows without a table go in as `inputs` `[rows, inputs]`; of a table's
 * columns those that are used, each under its own name as `[rows, 1]`: numbers and dates (days since 1970) as Float64, NaN
 * where missing, words and yes or no as strings. Out come `label` and `probabilities`, `labels` and `probabilities`, or
 * `values`. Names are made UTF-8 and unique; as they were they stand in metadata_props.
 */
export const writeOnnx = (program: Program, options: WriterOptions): readonly ExportedFile[] => {
  const graph = graphWith(answerNames[program.kind])
  const name = identifierOf(options.name)
  const used = usedInputs(program)
  const { ports, features } = featuresIn(graph, program, used)
  const [port] = ports
  const type = port?.type === 'float' ? 'float' : 'double'
  const z = outputsIn(graph, program, features && standardised(graph, program, features, type))
  answersIn(graph, program, graph.varies(z) || !port ? z : repeated(graph, z, program.outputs.length, port.input))
  const about = aboutOf(program)
  const metadata = metadataOf(program, ports)
  const content = modelProto({ ...graph.parts(), name, producer: 'sagp', about, metadata })
  return [{ name: `${name}.onnx`, content }]
}
