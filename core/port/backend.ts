/** The one port between the engine and the hardware. Types only: nothing here runs. */
import type { Kernels } from './kernels.js'
import type { NdArray } from './ndarray.js'
import type { Ops } from './ops.js'

/** A place where tensors live: arithmetic, what can be fused of it, and memory. */
export interface Backend<T> extends Ops<T> {
  readonly name: string
  /** What computes, in which version, on what; for people. */
  readonly about: string
  /** Of the arithmetic, and of the arrays that `download` gives. */
  readonly precision: 'float32' | 'float64'
  readonly kernels: Kernels<T>
  /**
   * How many rows of a batch go through a layer together, where rows are independent and each holds so many numbers: as
   * many as fit the processor's cache; fewer where products go by lists, which then take less memory in the same time. Left
   * out, all at once.
   */
  readonly microBatchRows?: (numbersPerRow: number, byLists: boolean) => number
  /** Runs `f`, then frees what it made, except those that `kept` lists. */
  readonly scope: <A>(f: () => A, kept: (a: A) => readonly T[]) => A
  /** One more owner for each tensor: it takes one more `release` to free it. */
  readonly retain: (tensors: readonly T[]) => void
  /** Gives up ownership; whatever has no owner left is freed. */
  readonly release: (tensors: readonly T[]) => void
  readonly download: (a: T) => Promise<NdArray>
  /** Ends what runs for the backend (threads); nothing can be computed afterwards. Left out where nothing does. */
  readonly close?: () => void
  /** Living tensors, for the laws about leaks. */
  readonly liveTensors: () => number
}
