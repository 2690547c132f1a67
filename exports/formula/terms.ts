/** A program as equations: what has to be computed, step by step, and nothing that no output needs. */
import { range } from '../../core/port/ndarray.js'
import type { Affine, Program } from '../program.js'

/** What a term stands for: a given number, an input as synapses carry it, or what a unit sums or says after a step. */
export type Symbol =
  | { readonly of: 'value'; readonly input: number }
  | { readonly of: 'input'; readonly input: number; readonly step: number }
  | { readonly of: 'sum' | 'message'; readonly neuron: number; readonly step: number }
  | { readonly of: 'output'; readonly output: number; readonly step: number }

/** A weight times what a unit says. */
export interface Term {
  readonly weight: number
  readonly symbol: Symbol
}

/** An equation: what stands left, and what is on the right. */
export type Equation =
  /** (value - offset) * factor. */
  | {
      readonly left: Symbol
      readonly is: 'scaled'
      readonly value: Symbol
      readonly offset: number
      readonly factor: number
    }
  /** A constant and terms, then scaled and shifted if there is a norm; with output loops act of an output is added. */
  | {
      readonly left: Symbol
      readonly is: 'sum'
      readonly constant: number
      readonly terms: readonly Term[]
      readonly norm?: Affine
      readonly loop?: Symbol
    }
  /** act of something. */
  | { readonly left: Symbol; readonly is: 'activated'; readonly of: Symbol }

const isPlain = ({ inputs }: Program, i: number): boolean => inputs[i]?.offset === 0 && inputs[i].factor === 1

/** An input as synapses carry it in a step: the given number itself where nothing is done to it. */
const inputIn = (p: Program, input: number, step: number): Symbol =>
  step === 1 && isPlain(p, input) ? { of: 'value', input } : { of: 'input', input, step }

/** What a synapse carries in a step; nothing from a hidden neuron in the first. */
const sent = (p: Program, from: number, step: number): Symbol | undefined => {
  if (from < p.inputs.length) return inputIn(p, from, p.clampedInputs ? 1 : step)
  return step === 1 ? undefined : { of: 'message', neuron: from - p.inputs.length, step: step - 1 }
}

const termsTo = (p: Program, to: number, step: number): readonly Term[] =>
  p.synapses.flatMap(s => {
    const symbol = s.to === to ? sent(p, s.from, step) : undefined
    return symbol ? [{ weight: s.weight, symbol }] : []
  })

/** How a symbol follows from others. */
const equationOf = (p: Program, left: Symbol): readonly Equation[] => {
  switch (left.of) {
    case 'value':
      return []
    case 'input': {
      const { offset, factor } = p.inputs[left.input] as Program['inputs'][number]
      if (left.step > 1) return [{ left, is: 'activated', of: inputIn(p, left.input, left.step - 1) }]
      return [{ left, is: 'scaled', value: { of: 'value', input: left.input }, offset, factor }]
    }
    case 'message':
      return [{ left, is: 'activated', of: { ...left, of: 'sum' } }]
    case 'sum': {
      const { bias, norms } = p.hidden[left.neuron] as Program['hidden'][number]
      const norm = norms?.[left.step - 1]
      const terms = termsTo(p, p.inputs.length + left.neuron, left.step)
      return [{ left, is: 'sum', constant: bias, terms, ...(norm ? { norm } : {}) }]
    }
    case 'output': {
      const { bias } = p.outputs[left.output] as Program['outputs'][number]
      const terms = termsTo(p, p.inputs.length + p.hidden.length + left.output, left.step)
      const looped = p.outputLoops && left.step > 1
      return [{ left, is: 'sum', constant: bias, terms, ...(looped ? { loop: { ...left, step: left.step - 1 } } : {}) }]
    }
  }
}

const needs = (equation: Equation): readonly Symbol[] => {
  switch (equation.is) {
    case 'scaled':
      return [equation.value]
    case 'activated':
      return [equation.of]
    case 'sum':
      return [...equation.terms.map(({ symbol }) => symbol), ...(equation.loop ? [equation.loop] : [])]
  }
}

/** The equations of a program, each after those that it needs; the last ones are its outputs. */
export const equationsOf = (p: Program): readonly Equation[] => {
  const done = new Map<string, readonly Equation[]>()
  const visit = (symbol: Symbol): void => {
    const key = Object.values(symbol).join()
    if (done.has(key)) return
    const own = equationOf(p, symbol)
    own.flatMap(needs).forEach(visit)
    done.set(key, own)
  }
  range(p.outputs.length).forEach(output => {
    visit({ of: 'output', output, step: p.steps })
  })
  return [...done.values()].flat()
}
