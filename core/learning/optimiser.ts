/**
 * Optimisers for a network whose shape changes. An update treats each entry alone, so entries may be born and die at any
 * time; what an optimiser remembers of a parameter are matrices of its shape.
 */
import type { Kind, Named, Trained } from '../network/model.js'
import { mapNamed, namesOf, valuesOf } from '../network/model.js'
import type { Compute } from '../network/compute.js'
import type { Backend } from '../port/backend.js'
import { refuse } from '../port/failure.js'
import type { NdArray } from '../port/ndarray.js'

/** What an update takes: where to compute, by which choices, with which optimiser. */
export interface Learner<T> extends Compute<T> {
  readonly optimiser: Optimiser
}

/** A parameter with the optimiser's memory of it, all of one shape. */
export interface Slot<T> {
  readonly value: T
  readonly memory: readonly T[]
}

/** What an update of a parameter is told besides the gradient. */
export interface UpdateRule<T> {
  readonly rate: number
  /** Times the value, it joins the gradient. */
  readonly decay: number
  /** What `corrections` made for the age of the entries. */
  readonly corrections: readonly T[]
}

/** An update in which nothing but decay moves the entries; `age` counts it. */
export interface DecayUpdate {
  readonly rate: number
  readonly decay: number
  readonly age: number
}

/** An optimiser as a value; what it remembers starts at 0. */
export interface Optimiser {
  /** By which an experiment names it. */
  readonly name: string
  /** Matrices that it keeps for each parameter. */
  readonly memory: number
  /** Place among them of the running mean of squared gradients, if it keeps one. */
  readonly squares?: number
  /** What updates need to know of the number of updates that entries have lived, this one included. [1, 1], or one entry each. */
  readonly corrections: <T>(backend: Backend<T>, age: number | NdArray) => readonly T[]
  /** One update of each entry. */
  readonly update: <T>(backend: Backend<T>, slot: Slot<T>, gradient: T, rule: UpdateRule<T>) => Slot<T>
  /** Updates with no gradient but decay's, one after the other. */
  readonly decayOnly: <T>(backend: Backend<T>, slot: Slot<T>, updates: readonly DecayUpdate[]) => Slot<T>
}

/** Refuses a memory that an optimiser has not made: as many matrices of each parameter as it keeps.
 * @throws FailureError
 */
export const checkMemory = (
  { optimiser }: Pick<Learner<unknown>, 'optimiser'>,
  { model, moments }: Trained<unknown, Kind>
): void => {
  for (const name of namesOf(model.parameters)) {
    const length = moments[name]?.length ?? 0
    if (length === optimiser.memory) continue
    refuse(
      'state',
      `its optimiser kept ${length} matrices for ${name}, ${optimiser.name} keeps ${optimiser.memory}`,
      'Begin with initialState of this engine, or go on with the optimiser that the state was trained with'
    )
  }
}

/** Scales a gradient so that its global norm is at most `limit`; 0 leaves it as it is. */
export const clip = <T, N extends string>(b: Backend<T>, gradient: Named<N, T>, limit: number): Named<N, T> => {
  if (limit === 0) return gradient
  const squares = valuesOf(gradient).map(g => b.kernels.total(b.mul(g, g)))
  const norm = b.affine(b.sqrt(squares.reduce((x, y) => b.add(x, y))), 1 / limit, 0)
  const excess = b.affine(b.relu(b.affine(norm, 1, -1)), 1, 1) // max(norm / limit, 1)
  return mapNamed(gradient, g => b.div(g, excess))
}

/** The corrections of entries by age, made once for each number that is asked for. */
export const correctionsOnce = <T>(b: Backend<T>, optimiser: Optimiser): ((age: number | NdArray) => readonly T[]) => {
  const found = new Map<number, readonly T[]>()
  return age => {
    if (typeof age !== 'number') return optimiser.corrections(b, age)
    const corrections = found.get(age) ?? optimiser.corrections(b, age)
    found.set(age, corrections)
    return corrections
  }
}
