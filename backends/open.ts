/** Backends by name. */
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Backend } from '../core/port/backend.js'
import type { Failure } from '../core/port/failure.js'
import { entryOf, mustKnow } from '../core/port/checks.js'
import { failure, FailureError } from '../core/port/failure.js'
import type { Cell } from './memory.js'
import { simd } from './simd.js'
import { Unavailable } from './unavailable.js'

/** A tensor of whichever backend was opened. */
export type Tensor = Cell<unknown>

/** Names of the backends. */
export const backendNames = ['simd', 'wasm', 'node', 'cuda', 'webgpu', 'reference'] as const
/** The name of a backend. */
export type BackendName = (typeof backendNames)[number]

/** What each backend is. */
export const descriptions: Readonly<Record<BackendName, string>> = {
  simd: 'own kernels in WebAssembly SIMD, Float32; the default',
  wasm: 'tfjs-backend-wasm, Float32, WebAssembly SIMD on one thread',
  node: 'tfjs-node, Float32: TensorFlow on the processor',
  cuda: 'tfjs-node-gpu, Float32: TensorFlow on an NVIDIA GPU',
  webgpu: 'tfjs-backend-webgpu, Float32, on any GPU; in Node with Dawn',
  reference: 'plain TypeScript, Float64; slow, for checking'
}

/** What a backend may be told. */
export interface OpenOptions {
  /** Threads of simd, which alone has them; 1 if left out. */
  readonly threads?: number
}

// all but the default are loaded when asked for: a page does not carry what it does not use
const makers: Readonly<Record<BackendName, (options: OpenOptions) => Promise<unknown>>> = {
  simd,
  wasm: async () => (await import('./wasm.js')).wasm(),
  node: async () => (await import('./native.js')).node(),
  cuda: async () => (await import('./native.js')).cuda(),
  webgpu: async () => (await import('./webgpu.js')).webgpu(),
  reference: async () => (await import('./reference.js')).reference()
}

/** Opens a backend by name. */
export const open = (name: BackendName, options: OpenOptions = {}): TE.TaskEither<Failure, Backend<Tensor>> =>
  TE.tryCatch(
    async () => {
      mustKnow('backend', ['threads'], options)
      if (name !== 'simd' && (options.threads ?? 1) > 1) throw new Error('it has one thread; simd may have more')
      return (await entryOf('backend', makers, name)(options)) as Backend<Tensor>
    },
    error =>
      error instanceof FailureError
        ? error.failure
        : failure(
            'backend',
            `backend ${name}`,
            (error as Error).message.replace(/\.$/, ''),
            error instanceof Unavailable ? error.cure : 'See sagp backends for those usable here'
          )
  )

/** Opens a backend by name.
 * @throws FailureError (rejects) if it cannot be used here, with what is missing
 */
export const openBackend = async (name: BackendName, options: OpenOptions = {}): Promise<Backend<Tensor>> => {
  const opened = await open(name, options)()
  if (opened._tag === 'Left') throw new FailureError(opened.left)
  return opened.right
}
