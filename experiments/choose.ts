/** How fast backends are here, and which one is the fastest for a problem. Node only. */
import * as E from 'fp-ts/lib/Either.js'
import type { BackendName, Tensor } from '../backends/open.js'
import { backendNames, open } from '../backends/open.js'
import type { Backend } from '../core/backend.js'
import type { Failure } from '../core/failure.js'
import { tabulate } from '../core/ndarray.js'

/** The size of a problem: rows that go through the network together, inputs, receivers of their synapses. */
export interface ProblemSize {
  readonly rows: number
  readonly inputs: number
  readonly receivers: number
}

/** Milliseconds of measuring. */
const SPAN = 150

/** Billions of additions and multiplications a second in products of a size, one read of the result each included. */
export const speedOf = async <T>(b: Backend<T>, { rows, inputs, receivers }: ProblemSize): Promise<number> => {
  const fill = (i: number, j: number): number => Math.sin(i + 2 * j)
  const [x, w] = [b.constant(tabulate([rows, inputs], fill)), b.constant(tabulate([inputs, receivers], fill))]
  const once = async (): Promise<void> => {
    const sum = b.scope(
      () => b.sumRows(b.sumColumns(b.matMul(x, w))),
      t => [t]
    )
    await b.download(sum)
    b.release([sum])
  }
  await once()
  const start = performance.now()
  let [count, now] = [0, start]
  for (; now - start < SPAN; now = performance.now()) {
    await once()
    count += 1
  }
  b.release([x, w])
  return (2 * rows * inputs * receivers * count) / (now - start) / 1e6
}

/** A backend as it is here. */
export interface Candidate {
  readonly name: BackendName
  /** Why it cannot be used here. */
  readonly why?: Failure
  /** What it computes on. */
  readonly about?: string
  readonly gflops?: number
}

const MOST_ROWS = 2048

/** All backends, usable or not, with their speed for a problem; those that are plain loops are not kept waiting for. */
export const candidates = async (size: ProblemSize): Promise<readonly Candidate[]> => {
  const found: Candidate[] = []
  const bounded = { ...size, rows: Math.min(size.rows, MOST_ROWS) }
  for (const name of backendNames) {
    const opened = await open(name)()
    if (E.isLeft(opened)) {
      found.push({ name, why: opened.left })
      continue
    }
    const b: Backend<Tensor> & { readonly about?: string } = opened.right
    const gflops = await speedOf(b, bounded)
    found.push({ name, about: b.about ?? 'this processor', gflops })
  }
  return found
}

/** The name of the fastest; the reference is for checking only. */
export const fastest = (all: readonly Candidate[]): BackendName =>
  all
    .filter(c => c.name !== 'reference' && c.gflops !== undefined)
    .reduce<Candidate>((best, c) => ((c.gflops ?? 0) > (best.gflops ?? 0) ? c : best), { name: 'simd' }).name
