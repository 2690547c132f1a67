/** Generated programs, as nobody need ever have trained them: all activations, loops, norms apart, units of inputs. */
import * as fc from 'fast-check'
import type { Activation } from '../core/port/activation.js'
import { activationNames } from '../core/port/activation.js'
import { range } from '../core/port/ndarray.js'
import { address, uniform } from '../core/port/random.js'
import type { Program, ProgramSynapse } from '../exports/program.js'
import { inOrder } from '../exports/program.js'

const PURPOSE = 3000 // far from those of the engine and of generated data

/** What is drawn of a program, and fixed if a law needs it so. */
export interface ProgramCase {
  readonly seed: number
  readonly inputs: number
  readonly hidden: number
  readonly outputs: number
  readonly steps: number
  readonly activation: Activation
  readonly clampedInputs: boolean
  readonly outputLoops: boolean
  readonly norms: boolean
  /** Share of all synapses that there might be, loops of a neuron to itself among them. */
  readonly density: number
}

/** A program, and two rows that it may be given, in the inputs' own units. */
export interface GeneratedProgram {
  readonly program: Program
  readonly rows: readonly [Float64Array, Float64Array]
}

const built = ({ seed, density, norms, ...c }: ProgramCase): GeneratedProgram => {
  const draws = (kind: number, n: number): Float32Array =>
    uniform(address(seed, 0, PURPOSE + kind), range(1), range(n), 1)
  const [senders, receivers] = [c.inputs + c.hidden, c.hidden + c.outputs]
  const [open, weights] = [draws(0, senders * receivers), draws(1, senders * receivers)]
  const [biases, scales, shifts] = [draws(2, receivers), draws(3, c.hidden * 8), draws(4, c.hidden * 8)]
  const [units, first, second] = [draws(5, c.inputs), draws(6, c.inputs), draws(7, c.inputs)]
  const inputs = range(c.inputs).map(i => {
    const u = units[i] as number
    return { name: `x${i}`, offset: Math.round(100 * u), factor: u > 0.8 ? 0 : u < 0 ? 1 : 0.25 }
  })
  const row = (x: Float32Array): Float64Array =>
    Float64Array.from(inputs, ({ offset, factor }, i) => offset + (2 * (x[i] as number)) / (factor || 1))
  const synapses = range(senders * receivers).flatMap((k): readonly ProgramSynapse[] => {
    const from = Math.floor(k / receivers)
    const is = (open[k] as number) < 2 * density - 1
    return is ? [{ from, to: c.inputs + (k % receivers), weight: 2 * (weights[k] as number) }] : []
  })
  const affine = (j: number): { readonly scale: number; readonly shift: number } => ({
    scale: 1 + (scales[j] as number),
    shift: shifts[j] as number
  })
  return {
    program: {
      ...{ steps: c.steps, activation: c.activation, clampedInputs: c.clampedInputs, outputLoops: c.outputLoops },
      kind: 'classes',
      targets: ['y'],
      inputs,
      hidden: range(c.hidden).map(j => ({
        id: 2 * j,
        bias: biases[j] as number,
        ...(norms && c.steps > 1 ? { norms: range(c.steps - 1).map(step => affine(8 * j + step)) } : {})
      })),
      outputs: range(c.outputs).map(j => ({
        name: `y${j}`,
        bias: biases[c.hidden + j] as number,
        offset: 0,
        factor: 1
      })),
      synapses: inOrder(synapses)
    },
    rows: [row(first), row(second)]
  }
}

/** Programs of up to 4 inputs, 5 hidden neurons, 3 outputs and 4 steps, with some of that fixed. */
export const programCases = (fixed: Partial<ProgramCase> = {}): fc.Arbitrary<GeneratedProgram> =>
  fc
    .record({
      seed: fc.nat(),
      inputs: fc.integer({ min: 1, max: 4 }),
      hidden: fc.integer({ min: 0, max: 5 }),
      outputs: fc.integer({ min: 1, max: 3 }),
      steps: fc.integer({ min: 1, max: 4 }),
      activation: fc.constantFrom(...activationNames),
      clampedInputs: fc.boolean(),
      outputLoops: fc.boolean(),
      norms: fc.boolean(),
      density: fc.constantFrom(0.3, 0.6, 0.9)
    })
    .map(drawn => built({ ...drawn, ...fixed }))
