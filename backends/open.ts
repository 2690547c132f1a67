/** Backends by name. */
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Backend } from '../core/backend.js'
import type { Failure } from '../core/failure.js'
import { failure } from '../core/failure.js'
import type { Cell } from './memory.js'
import { reference } from './reference.js'
import { wasm } from './wasm.js'

/** A tensor of whichever backend was opened. */
export type Tensor = Cell<unknown>

/** Names of the backends. */
export const backendNames = ['wasm', 'reference'] as const
/** The name of a backend. */
export type BackendName = (typeof backendNames)[number]

/** What each backend is. */
export const descriptions: Readonly<Record<BackendName, string>> = {
  wasm: 'tfjs-backend-wasm, Float32, WebAssembly SIMD on one thread; the default',
  reference: 'plain TypeScript, Float64; slow, for checking'
}

const makers: Readonly<Record<BackendName, () => Promise<Backend<never>>>> = {
  wasm: async () => (await wasm()) as unknown as Backend<never>,
  reference: () => Promise.resolve(reference() as unknown as Backend<never>)
}

/** Opens a backend by name. */
export const open = (name: BackendName): TE.TaskEither<Failure, Backend<Tensor>> =>
  TE.tryCatch(
    async () => (await makers[name]()) as unknown as Backend<Tensor>,
    error =>
      failure(
        'backend',
        `backend ${name}`,
        (error as Error).message.replace(/\.$/, ''),
        'See sagp backends for those usable here'
      )
  )
