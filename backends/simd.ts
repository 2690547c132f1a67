/** Own kernels in WebAssembly SIMD on own memory: the default in Node and in browsers. */
import { mustFit, mustKnow } from '../core/port/checks.js'
import type { Backend } from '../core/port/backend.js'
import type { Shape } from '../core/port/ndarray.js'
import { sizeOf } from '../core/port/ndarray.js'
import { version } from '../version.js'
import { memory } from './memory.js'
import { withScatter } from './scatter.js'
import { binary } from './simd/binary.js'
import { fused } from './simd/kernels.js'
import type { Usage } from './simd/runtime.js'
import type { Block } from './simd/block.js'
import { codeOf, runtime } from './simd/runtime.js'
import type { SimdTensor, Tensors } from './simd/ops.js'
import { arithmetic } from './simd/ops.js'
import { places } from './simd/places.js'
import { product } from './simd/product.js'

export type { SimdTensor } from './simd/ops.js'
export type { Usage } from './simd/runtime.js'

/** How the simd backend runs. */
export interface SimdOptions {
  /** Threads, the caller's included: 1 unless given. The bits of a result do not depend on it. In a browser more than one needs a page that is cross-origin isolated. */
  readonly threads?: number
  /**
   * Lets products use the processor's fused multiplication and addition: faster, but the bits differ between kinds of
   * processors, and not every JavaScript engine has it (Node from 22 on).
   */
  readonly relaxed?: boolean
}

/** The simd backend, with what it can tell of its memory. */
export interface Simd extends Backend<SimdTensor> {
  /** Bytes of its tensors now, at most so far, and of its memory. */
  readonly usage: () => Usage
  /** Ends its threads; nothing can be computed afterwards. */
  readonly close: () => void
}

/** As many threads as can be asked for. */
export const MOST_THREADS = 64

/**
 * Numbers of a micro-batch. Some megabytes: an epoch's intermediate results stay in a third-level cache, and their memory
 * bounded, however long the batch. Part of the definition of this backend's bits, because it sets the order of sums.
 */
const CACHED = 1_400_000
/** The same where products go by lists, of whole panels. */
const CACHED_BY_LISTS = 450_000

/**
 * Starts the backend. Strict SIMD gives the same bits on every machine.
 * @throws when the JavaScript engine lacks WebAssembly SIMD, or what an option asks for
 */
export const simd = async (options: SimdOptions = {}): Promise<Simd> => {
  mustKnow('backend simd', ['threads', 'relaxed'], options)
  const { threads = 1, relaxed = false } = options
  mustFit('backend simd', 'threads', { whole: [1, MOST_THREADS] }, threads)
  mustFit('backend simd', 'relaxed', { default: false }, relaxed)
  const code = relaxed ? (await import('./simd/relaxed.js')).relaxed : binary
  if (relaxed && !WebAssembly.validate(await codeOf(code, false))) {
    throw new Error(
      'This JavaScript engine lacks relaxed SIMD: leave relaxed out, or use Node 22 or newer ' +
        '(Node 20 with --experimental-wasm-relaxed-simd).'
    )
  }
  const started = await runtime({ threads, code })
  const { make, dataOf, ...ownership } = memory<Block>(started.give)
  const m: Tensors = { ...started, ...places(started, make, dataOf) }
  const made = (shape: Shape, view?: Block): SimdTensor => make(shape, view ?? m.take(4 * sizeOf(shape)))
  const linear = product(m, made)
  const ops = withScatter(arithmetic(m, made, linear), ownership.scope)
  return {
    ...ops,
    ...ownership,
    name: 'simd',
    about: `sagp ${version} on the processor, ${threads === 1 ? '1 thread' : `${threads} threads`}${relaxed ? ', relaxed' : ''}`,
    precision: 'float32',
    microBatchRows: (numbersPerRow, byLists) =>
      byLists
        ? Math.max(32, 16 * Math.floor(CACHED_BY_LISTS / numbersPerRow / 16))
        : Math.max(32, Math.floor(CACHED / numbersPerRow)),
    kernels: fused(m, made, ops, linear),
    download: a => Promise.resolve({ shape: a.shape, data: m.read(m.blockOf(a), sizeOf(a.shape)) }),
    usage: m.usage,
    close: m.close
  }
}
