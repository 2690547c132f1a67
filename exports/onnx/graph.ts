/** A graph of ONNX in the making: values by their names, each of which is there once. */
import type { Attribute, GraphNode, GraphParts, Port, Tensor } from './messages.js'
import { nodeProto, tensorProto, valueInfoProto } from './messages.js'

/** Adds to a graph; what is given and taken are names of values. */
export interface Graph {
  /** An input of the graph, called as asked if that name is free: a name that is text in UTF-8, not empty, and its own. */
  readonly input: (port: Port) => string
  /** A constant; its name is a wish. */
  readonly constant: (name: string, tensor: Tensor) => string
  /** What an operator of ai.onnx makes of some values. */
  readonly node: (operator: string, inputs: readonly string[], attributes?: GraphNode['attributes']) => string
  /** What LabelEncoder of ai.onnx.ml makes of strings. */
  readonly encoded: (input: string, attributes: Readonly<Record<string, Attribute>>) => string
  /** The same as `node`, as an output of the graph under exactly this name. */
  readonly output: (
    port: Port,
    operator: string,
    inputs: readonly string[],
    attributes?: GraphNode['attributes']
  ) => string
  /** Whether a value depends on what goes in: if not, it has one row. */
  readonly varies: (value: string) => boolean
  readonly parts: () => GraphParts
}

/** A name that runtimes can hand out and take back: halves of surrogate pairs are no UTF-8, and C's strings end at NUL. */
const sound = (name: string): string => name.replace(/[\p{Surrogate}\0]/gu, '\ufffd')

/** An empty graph whose outputs are to have these names, in this order. */
export const graphWith = (outputNames: readonly string[]): Graph => {
  const taken = new Set<string>(outputNames)
  const last = new Map<string, number>()
  const nodes: Uint8Array[] = []
  const constants: Uint8Array[] = []
  const inputs: Uint8Array[] = []
  const outputs = new Map<string, Uint8Array>()
  const varying = new Set<string>()
  const free = (wanted: string): string => {
    let [name, k] = [wanted, last.get(wanted) ?? 1]
    while (taken.has(name)) name = `${wanted}_${++k}`
    last.set(wanted, k)
    taken.add(name)
    return name
  }
  const put = (node: GraphNode): string => {
    nodes.push(nodeProto(node))
    if (node.inputs.some(input => varying.has(input))) varying.add(node.output)
    return node.output
  }
  const node: Graph['node'] = (operator, from, attributes = {}) =>
    put({ operator, inputs: from, output: free(operator), attributes })
  return {
    node,
    input: port => {
      const name = free(sound(port.name) || 'column')
      inputs.push(valueInfoProto({ ...port, name }))
      varying.add(name)
      return name
    },
    constant: (wanted, tensor) => {
      const name = free(wanted)
      constants.push(tensorProto(name, tensor))
      return name
    },
    encoded: (input, attributes) => {
      const operator = 'LabelEncoder'
      return put({ operator, domain: 'ai.onnx.ml', inputs: [input], output: free(operator), attributes })
    },
    output: (port, operator, from, attributes = {}) => {
      outputs.set(port.name, valueInfoProto(port))
      return put({ operator, inputs: from, output: port.name, attributes })
    },
    varies: value => varying.has(value),
    parts: () => ({ nodes, constants, inputs, outputs: outputNames.flatMap(name => outputs.get(name) ?? []) })
  }
}
