/** tfjs-backend-wasm: SIMD on one thread, the same bits on every machine. */
import type { Backend } from '../core/port/backend.js'
import type { TfjsTensor } from './tfjs.js'
import { fromTfjs } from './tfjs.js'

/** Where the browser finds tfjs's .wasm files, if not beside the script; Node needs nothing. */
export interface WasmOptions {
  readonly path?: string
}

/**
 * Starts tfjs's WASM backend. Pinned to SIMD without threads: the binaries differ in their bits.
 * @throws when the JavaScript engine lacks WebAssembly SIMD
 */
export const wasm = async ({ path }: WasmOptions = {}): Promise<Backend<TfjsTensor>> => {
  const { env, findBackend, getBackend, getKernel, setBackend } = await import('@tensorflow/tfjs-core')
  const wasmBackend = await import('@tensorflow/tfjs-backend-wasm')
  const before = getBackend()
  if (path !== undefined) wasmBackend.setWasmPaths(path)
  env().set('WASM_HAS_MULTITHREAD_SUPPORT', false)
  if (!(await env().getAsync('WASM_HAS_SIMD_SUPPORT'))) {
    throw new Error('The wasm backend needs WebAssembly SIMD, which this JavaScript engine lacks; use reference.')
  }
  if (!(await setBackend('wasm'))) throw new Error('tfjs-backend-wasm did not start.')
  const device = findBackend('wasm')
  if (before && before !== 'wasm') await setBackend(before)
  const about = `tfjs-backend-wasm ${wasmBackend.version_wasm} on the processor`
  return fromTfjs('wasm', about, 'wasm', device, getKernel)
}
