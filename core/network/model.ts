/**
 * A model's values, apart from any training: plain facts, and matrices by name. `A` is a tensor or a host copy, so that a
 * snapshot, a restored copy and a checkpoint are one shape for every model.
 */

/** What a kind of model consists of: its facts, and the names of its matrices. */
export interface Kind {
  /** Plain data, as JSON has it. */
  readonly facts: unknown
  /** What the gradient reaches. */
  readonly parameters: string
  /** What it does not: wiring, running statistics. */
  readonly buffers: string
}

/** Matrices by name. */
export type Named<N extends string, A> = Readonly<Record<N, A>>

/** The values of a model. */
export interface Model<A, K extends Kind> {
  readonly facts: K['facts']
  readonly parameters: Named<K['parameters'], A>
  readonly buffers: Named<K['buffers'], A>
}

/** What an optimiser remembers of each parameter: as many matrices of its shape as it wants. */
export type Moments<A, K extends Kind> = Named<K['parameters'], readonly A[]>

/** A model under an optimiser: what birth and death reshape together. */
export interface Trained<A, K extends Kind> {
  readonly model: Model<A, K>
  readonly moments: Moments<A, K>
}

/** The names of a record, in its own order. */
export const namesOf = <N extends string>(record: Named<N, unknown>): readonly N[] => Object.keys(record) as N[]

/** Applies `f` to each entry of a record.
 * @example mapNamed({ a: 1, b: 2 }, n => 10 * n) // => { a: 10, b: 20 }
 */
export const mapNamed = <N extends string, A, B>(record: Named<N, A>, f: (a: A, name: N) => B): Named<N, B> => {
  const out: Partial<Record<N, B>> = {}
  for (const name of namesOf(record)) out[name] = f(record[name], name)
  return out as Named<N, B>
}

/** The values of a record, in its own order. */
export const valuesOf = <A>(record: Named<string, A>): readonly A[] => Object.values(record)
