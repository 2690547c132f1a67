/**
 * Ownership of tensors, written once for all backends: counted owners, scopes that tidy up, and an error that says so
 * when somebody reads what was freed. A cell that is forgotten while owned is freed by the
 * garbage collector once some more have been made.
 */
import { refuse } from '../core/port/failure.js'
import type { Shape } from '../core/port/ndarray.js'

// refusals stand apart, so that what asks for data is small enough to be inlined everywhere
const released = (shape: Shape): never =>
  refuse(
    `A tensor of shape [${shape}]`,
    'it was read after it had been released',
    "A frame's state is valid until the next frame is pulled: take frame.keep(), or snapshot(backend, state), of what must outlive it"
  )
const foreign = (shape: Shape): never =>
  refuse(
    `A tensor of shape [${shape}]`,
    'it is of another backend',
    'Bring it over: to.constant(await from.download(tensor))'
  )

/** A tensor: its shape and what the backend stores for it. */
export class Cell<D> {
  readonly shape: Shape
  /** Owners left; 0 means freed. */
  owners = 1
  /** Whether the garbage collector has been told of it. */
  registered = false
  /** Whether it outlives the scope that is being tidied up. */
  kept = false
  /** The memory it lives in. */
  readonly home: object
  readonly #data: D

  constructor(shape: Shape, data: D, home: object) {
    this.shape = shape
    this.home = home
    this.#data = data
  }

  /** What the backend stored. @throws when the cell has been freed */
  get data(): D {
    if (this.owners > 0) return this.#data
    return released(this.shape)
  }
}

/** Cells that are held until the garbage collector is told of them. */
const RECENT = 64

/** The bookkeeping of one backend. */
export interface Memory<D> {
  readonly make: (shape: Shape, data: D) => Cell<D>
  /** What was stored for a cell of this memory. @throws for one of another backend, whose numbers would mean nothing here */
  readonly dataOf: (cell: Cell<D>) => D
  readonly scope: <A>(f: () => A, kept: (a: A) => readonly Cell<D>[]) => A
  readonly retain: (cells: readonly Cell<D>[]) => void
  readonly release: (cells: readonly Cell<D>[]) => void
  readonly liveTensors: () => number
}

/** A fresh bookkeeping; `free` gives a cell's data back to the device. */
export const memory = <D>(free: (data: D) => void): Memory<D> => {
  const home = {}
  let living = 0
  const scopes: Cell<D>[][] = []
  const discard = (data: D): void => {
    living -= 1
    free(data)
  }
  const forgotten = new FinalizationRegistry<D>(discard)
  // most cells are given up soon: only those that outlive some others are worth the garbage collector's while
  const recent: Cell<D>[] = []
  const register = (): void => {
    for (const cell of recent) {
      if (cell.owners === 0 || cell.registered) continue
      cell.registered = true
      forgotten.register(cell, cell.data, cell)
    }
    recent.length = 0
  }
  const adopt = (cell: Cell<D>): void => {
    const scope = scopes.at(-1)
    if (scope) scope.push(cell)
    else if (recent.push(cell) === RECENT) register()
  }
  const dataOf = (cell: Cell<D>): D => {
    if (cell.home === home) return cell.data
    return foreign(cell.shape)
  }
  const release = (cell: Cell<D>): void => {
    const data = dataOf(cell) // throws on a second release
    cell.owners -= 1
    if (cell.owners > 0) return
    if (cell.registered) forgotten.unregister(cell)
    discard(data)
  }
  return {
    make: (shape, data) => {
      const cell = new Cell(shape, data, home)
      living += 1
      adopt(cell)
      return cell
    },
    dataOf,
    scope: (f, kept) => {
      scopes.push([])
      let saved: readonly Cell<D>[] = []
      try {
        const result = f()
        saved = kept(result)
        return result
      } finally {
        for (const cell of saved) cell.kept = true
        for (const cell of scopes.pop() as Cell<D>[]) {
          if (cell.owners === 0) continue
          if (cell.kept) adopt(cell)
          else release(cell)
        }
        for (const cell of saved) cell.kept = false
      }
    },
    retain: cells => {
      for (const cell of cells) if (dataOf(cell) !== undefined) cell.owners += 1
    },
    release: cells => cells.forEach(release),
    liveTensors: () => living
  }
}
