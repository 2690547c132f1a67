/** tfjs-backend-wasm: SIMD on one thread, the same bits on every machine. */
import type { Backend } from '../core/port/backend.js'
import type { TfjsCore } from './tfjs-core.js'
import { started, tfjsCore } from './tfjs-core.js'
import type { TfjsTensor } from './tfjs.js'
import { fromTfjs } from './tfjs.js'
import { Unavailable } from './unavailable.js'

/** How tfjs's WASM backend starts. */
export interface WasmOptions {
  /** In browsers: tfjs-core, after the page has imported tfjs-backend-wasm and set its paths. In Node both are found by themselves. */
  readonly tf?: TfjsCore
}

/**
 * Starts tfjs's WASM backend. Pinned to SIMD without threads: the binaries differ in their bits.
 * @throws Unavailable when its packages or the JavaScript engine's WebAssembly SIMD are missing
 */
export const wasm = async ({ tf: given }: WasmOptions = {}): Promise<Backend<TfjsTensor>> => {
  const tf = tfjsCore('@tensorflow/tfjs-backend-wasm', given)
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false)
  if ((await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT')) !== true)
    throw new Unavailable('this JavaScript engine lacks WebAssembly SIMD', 'Use reference')
  const device = await started(tf, 'wasm')
  return fromTfjs('wasm', `tfjs-backend-wasm ${tf.version_core} on the processor`, 'wasm', device, tf.getKernel)
}
