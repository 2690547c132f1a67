/** The sums of a program in operators of ai.onnx: its synapses as dense matrices from block to block, its steps one by one. */
import { range } from '../../core/port/ndarray.js'
import type { Activation } from '../../core/port/activation.js'
import type { Features } from './features.js'
import type { Graph } from './graph.js'
import type { Affine, Program, ProgramSynapse } from '../program.js'

/** A row of numbers of neurons, Float32. */
const row = <N>(graph: Graph, name: string, neurons: readonly N[], of: (neuron: N) => number): string =>
  graph.constant(name, { type: 'float', shape: [1, neurons.length], values: neurons.map(of) })

/** An activation of a value, as core/port/activation.ts has it. */
const activatedIn = (graph: Graph, activation: Activation, x: string): string => {
  const number = (value: number): string => graph.constant('number', { type: 'float', shape: [1], values: [value] })
  switch (activation) {
    case 'identity':
      return x
    case 'relu':
      return graph.node('Relu', [x])
    case 'tanh':
      return graph.node('Tanh', [x])
    case 'sigmoid':
      return graph.node('Sigmoid', [x])
    case 'swish':
      return graph.node('Mul', [x, graph.node('Sigmoid', [x])])
    case 'gelu': {
      const c = Math.sqrt(2 / Math.PI)
      const square = graph.node('Mul', [x, x])
      const factor = graph.node('Add', [graph.node('Mul', [square, number(0.044715 * c)]), number(c)])
      const t = graph.node('Tanh', [graph.node('Mul', [x, factor])])
      return graph.node('Mul', [x, graph.node('Add', [graph.node('Mul', [t, number(0.5)]), number(0.5)])])
    }
  }
}

/** Makes a value once for each key. */
const kept = <K, V>(make: (key: K) => V): ((key: K) => V) => {
  const made = new Map<K, V>()
  return key => {
    const value = made.has(key) ? (made.get(key) as V) : make(key)
    made.set(key, value)
    return value
  }
}

/** From a block to a block. */
type Way = `${'input' | 'hidden'}_to_${'hidden' | 'output'}`

const none: Affine = { scale: 1, shift: 0 }

/**
 * Outputs z, Float32: `[N, outputs]`, or `[1, outputs]` where they do not depend on what is given. `features` are what the
 * synapses of inputs carry; left out where no input has a synapse.
 */
export const outputsIn = (graph: Graph, program: Program, features: Features | undefined): string => {
  const { hidden, outputs, synapses, steps, activation, clampedInputs, outputLoops } = program
  const [firstHidden, firstOutput] = [program.inputs.length, program.inputs.length + hidden.length]
  const columns = new Map(features?.inputs.map((input, k) => [input, k]))
  /** Synapses from a block to a block. */
  const between = kept((way: Way): readonly ProgramSynapse[] =>
    synapses.filter(
      s => s.from < firstHidden === way.startsWith('input') && s.to < firstOutput === way.endsWith('hidden')
    )
  )
  /** The same as a matrix. */
  const weights = kept((way: Way): string => {
    const [fromInputs, toHidden] = [way.startsWith('input'), way.endsWith('hidden')]
    const rows = fromInputs ? columns.size : hidden.length
    const [first, width] = toHidden ? [firstHidden, hidden.length] : [firstOutput, outputs.length]
    const values = range(rows * width).map(() => 0)
    for (const s of between(way)) {
      const sender = fromInputs ? (columns.get(s.from) as number) : s.from - firstHidden
      values[sender * width + s.to - first] = s.weight
    }
    return graph.constant(way, { type: 'float', shape: [rows, width], values })
  })
  const act = (x: string): string => activatedIn(graph, activation, x)
  /** A sum and what a message brings it, if there is one and a way for it. */
  const plus = (sum: string, message: string | undefined, way: Way): string =>
    message === undefined || between(way).length === 0
      ? sum
      : graph.node('Add', [graph.node('MatMul', [message, weights(way)]), sum])

  /** Messages of the inputs in a step; biases and what inputs bring, of each block. */
  const inputsIn = kept((step: number): string | undefined =>
    step === 1 || features === undefined ? features?.value : act(inputsIn(step - 1) as string)
  )
  const given = (step: number): number => (clampedInputs ? 1 : step)
  const biased = (name: string, neurons: readonly { readonly bias: number }[], way: Way) => {
    const bias = kept(() => row(graph, name, neurons, n => n.bias))
    return kept((step: number) => plus(bias(name), inputsIn(step), way))
  }
  const hiddenBase = biased('hidden_bias', hidden, 'input_to_hidden')
  const outputBase = biased('output_bias', outputs, 'input_to_output')

  /** Sums of the hidden neurons under their norms of a step. */
  const normalised = (sum: string, step: number): string => {
    if (hidden.every(({ norms }) => norms === undefined)) return sum
    const norms = hidden.map(neuron => neuron.norms?.[step - 1] ?? none)
    const scaled = graph.node('Mul', [sum, row(graph, `scale_${step}`, norms, n => n.scale)])
    return graph.node('Add', [scaled, row(graph, `shift_${step}`, norms, n => n.shift)])
  }
  /** Messages of the hidden neurons after a step; what they were before is asked for only where it arrives. */
  const hiddenAfter = kept((step: number): string | undefined => {
    if (step === 0 || hidden.length === 0) return undefined
    const before = between('hidden_to_hidden').length === 0 ? undefined : hiddenAfter(step - 1)
    return act(normalised(plus(hiddenBase(given(step)), before, 'hidden_to_hidden'), step))
  })
  const outputsAfter = (step: number): string => {
    const messages = between('hidden_to_output').length === 0 ? undefined : hiddenAfter(step - 1)
    const sum = plus(outputBase(given(step)), messages, 'hidden_to_output')
    return outputLoops && step > 1 ? graph.node('Add', [sum, act(outputsAfter(step - 1))]) : sum
  }
  return outputsAfter(steps)
}
