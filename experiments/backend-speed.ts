/** How fast backends are here, and which one is the fastest for a problem. Node only. */
import * as E from 'fp-ts/lib/Either.js'
import type { BackendName } from '../backends/open.js'
import { backendNames, open } from '../backends/open.js'
import type { Backend } from '../core/port/backend.js'
import type { Failure } from '../core/port/failure.js'
import { engine } from '../core/life/engine.js'
import type { Hyperparameters } from '../core/network/hyperparameters.js'
import { defaults } from '../core/network/hyperparameters.js'
import { range, tabulate } from '../core/port/ndarray.js'
import { initialStateOn } from '../core/learning/initial-state.js'
import { train } from '../core/life/train.js'
import { none } from '../rules/index.js'

/** A problem, as far as the time of its updates depends on it. */
export interface Problem {
  /** Rows that go through the network together. */
  readonly rows: number
  readonly inputs: number
  readonly outputs: number
  readonly hyperparameters: Hyperparameters
}

/** Milliseconds of measuring. */
const SPAN = 150
/** Calls before that, in which engines compile what they run. */
const WARMING = 3

/** Milliseconds of one call. */
const timed = async (call: () => Promise<unknown>): Promise<number> => {
  for (let i = 0; i < WARMING; i++) await call()
  const start = performance.now()
  let [count, now] = [0, start]
  for (; now - start < SPAN; now = performance.now()) {
    await call()
    count += 1
  }
  return (now - start) / count
}

const filler = (i: number, j: number): number => Math.sin(i + 2 * j)

/** Billions of additions and multiplications a second in products of a problem's size, one read of the result each included. */
export const speedOf = async <T>(
  b: Backend<T>,
  { rows, inputs, outputs, hyperparameters }: Problem
): Promise<number> => {
  const receivers = outputs + hyperparameters.maxHidden
  const [x, w] = [b.constant(tabulate([rows, inputs], filler)), b.constant(tabulate([inputs, receivers], filler))]
  const milliseconds = await timed(async () => {
    const sum = b.scope(
      () => b.sumRows(b.sumColumns(b.matMul(x, w))),
      t => [t]
    )
    await b.download(sum)
    b.release([sum])
  })
  b.release([x, w])
  return (2 * rows * inputs * receivers) / milliseconds / 1e6
}

/** Milliseconds of an update of a network that has grown to its full size, all that an epoch does included. */
export const updateOf = async <T>(
  b: Backend<T>,
  { rows, inputs, outputs, hyperparameters }: Problem
): Promise<number> => {
  const { steps, maxHidden, batchNorm, dropout } = hyperparameters
  const h = {
    ...defaults,
    steps,
    maxHidden,
    batchNorm,
    dropout,
    initialHidden: maxHidden,
    epochs: 1e9 // as many as there can be: the time ends it
  }
  const e = engine(b, h, none)
  const training = {
    x: b.constant(tabulate([rows, inputs], filler)),
    y: b.constant(tabulate([rows, outputs], (i, j) => (i % outputs === j ? 1 : 0))),
    weights: range(rows).map(() => 1)
  }
  const frames = train(e, { training }, initialStateOn(e, inputs, outputs, 1))
  const milliseconds = await timed(() => frames.next())
  await frames.return()
  b.release([training.x, training.y])
  return milliseconds
}

/** A backend as it is here. */
export interface Candidate {
  readonly name: BackendName
  /** Why it cannot be used here. */
  readonly why?: Failure
  /** What computes, in which version, on what. */
  readonly about?: string
  readonly gflops?: number
  /** Milliseconds of an update. */
  readonly update?: number
}

const MOST_ROWS = 2048

/** All backends, usable or not, with their speed for a problem; nobody waits for updates of the reference, which is for checking only. */
export const candidates = async (problem: Problem): Promise<readonly Candidate[]> => {
  const found: Candidate[] = []
  const bounded = { ...problem, rows: Math.min(problem.rows, MOST_ROWS) }
  for (const name of backendNames) {
    const opened = await open(name)()
    if (E.isLeft(opened)) {
      found.push({ name, why: opened.left })
      continue
    }
    const { about } = opened.right
    const gflops = await speedOf(opened.right, bounded)
    found.push({
      name,
      about,
      gflops,
      ...(name === 'reference' ? {} : { update: await updateOf(opened.right, bounded) })
    })
  }
  return found
}

/** The name of the fastest at updates. */
export const fastest = (all: readonly Candidate[]): BackendName =>
  all.reduce<Candidate>((best, c) => ((c.update ?? Infinity) < (best.update ?? Infinity) ? c : best), { name: 'simd' })
    .name
