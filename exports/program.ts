/**
 * What a trained network computes, and nothing else: the one intermediate that every export is made of. Living, effective
 * synapses as sums in order; what a sum is multiplied by and added to; which numbers stand before and after it. With
 * x_i = (value_i - offset_i) factor_i, inputs, hidden neurons and outputs numbered in this order, and act the activation:
 *
 *     s_j = bias_j + sum over synapses i -> j of weight_ij m_i,   m_i the message of i after the step before (M 7, 8)
 *     m_j = act(scale_jl s_j + shift_jl) of a hidden neuron after step l = 1 .. L - 1, 0 before the first
 *     z_j = s_j of an output in step L; with output loops z_j of step l = s_j + act(z_j of step l - 1) (S 11)
 *
 * An input's message is x_i in every step; where inputs are not clamped it is act of the message before from step 2 on (S 3).
 */
import type { Activation } from '../core/port/activation.js'
import type { TargetKind } from '../core/port/objective.js'
import type { Encoding } from '../data/codes.js'

/** A number that the network is given: (value - offset) * factor is what its synapses carry. */
export interface ProgramInput {
  readonly name: string
  readonly offset: number
  readonly factor: number
}

/** What is done to a sum before its activation. */
export interface Affine {
  readonly scale: number
  readonly shift: number
}

/** A hidden neuron. */
export interface ProgramNeuron {
  /** Its birth number. */
  readonly id: number
  readonly bias: number
  /** For each of the steps 1 .. L - 1, where BatchNorm could not be folded into weights and bias; left out elsewhere. */
  readonly norms?: readonly Affine[] | undefined
}

/** An output: a class, a label, or a number. */
export interface ProgramOutput {
  readonly name: string
  readonly bias: number
  /** Of a number: the answer is offset + z / factor, or offset where factor is 0; 0 and 1 for classes and labels. */
  readonly offset: number
  readonly factor: number
}

/** A synapse by numbers: inputs first, then hidden neurons, then outputs. */
export interface ProgramSynapse {
  readonly from: number
  readonly to: number
  readonly weight: number
}

/** How the rows of a table become inputs. */
export interface ProgramTable {
  /** Columns in the order of their inputs. */
  readonly encoding: Encoding
  /** Cells that mean missing, beside the usual marks. */
  readonly missing: readonly string[]
}

/** A network in use, without whatever training needed. Weights and biases are Float32 numbers. */
export interface Program {
  /** L, from 1. */
  readonly steps: number
  readonly activation: Activation
  readonly clampedInputs: boolean
  readonly outputLoops: boolean
  readonly kind: TargetKind
  /** The column of the classes, or the columns of labels or numbers. */
  readonly targets: readonly string[]
  /** Probability from which a label, or the second of two classes, counts as given; left out: 0.5, or the likelier class. */
  readonly threshold?: number | undefined
  /** All that the network is given, those that it never uses too. */
  readonly inputs: readonly ProgramInput[]
  readonly hidden: readonly ProgramNeuron[]
  readonly outputs: readonly ProgramOutput[]
  /** By receiver, those of one by sender: the order in which they are summed. */
  readonly synapses: readonly ProgramSynapse[]
  /** Left out where rows are given as numbers. */
  readonly table?: ProgramTable | undefined
}

/** Numbers of the inputs that have a synapse, ascending. */
export const usedInputs = ({ inputs, synapses }: Pick<Program, 'inputs' | 'synapses'>): readonly number[] =>
  [...new Set(synapses.flatMap(({ from }) => (from < inputs.length ? [from] : [])))].sort((a, b) => a - b)

/** Synapses by receiver, those of one receiver by sender. */
export const inOrder = (synapses: readonly ProgramSynapse[]): readonly ProgramSynapse[] =>
  [...synapses].sort((a, b) => a.to - b.to || a.from - b.from)
