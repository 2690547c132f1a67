/** Features in a graph of ONNX: columns side by side, and which inputs of a program they are. */
import type { Code } from '../../data/codes.js'
import type { Graph } from './graph.js'
import { elementTypes } from './messages.js'

/** Features, `[N, inputs.length]`, and the number of the program's input that each of them is. */
export interface Features {
  readonly value: string
  readonly inputs: readonly number[]
}

/** A column's code, the number of its first feature, and the places of those of its features that are used. */
export interface Used<C extends Code> {
  readonly code: C
  readonly first: number
  readonly places: readonly number[]
}

/** A value as Float64. */
export const doubles = (graph: Graph, value: string): string =>
  graph.node('Cast', [value], { to: { int: elementTypes.double } })

/** Columns `[N, width]` side by side. */
export const beside = (graph: Graph, values: readonly string[]): string =>
  values.length === 1 ? (values[0] as string) : graph.node('Concat', values, { axis: { int: 1 } })

/** Those of `width` columns that are wanted, in ascending order. */
export const columnsOf = (graph: Graph, value: string, wanted: readonly number[], width: number): string => {
  if (wanted.length === width) return value
  const indices = graph.constant('columns', { type: 'int64', shape: [wanted.length], values: wanted })
  return graph.node('Gather', [value, indices], { axis: { int: 1 } })
}
