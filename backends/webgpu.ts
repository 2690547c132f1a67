/** tfjs-backend-webgpu: GPUs of all makers, in browsers, and in Node with Dawn (the package webgpu). */
import type { Backend } from '../core/port/backend.js'
import type { Programs } from './dropout.js'
import { factorsOn } from './dropout.js'
import { optionalModule } from './optional.js'
import type { TfjsCore } from './tfjs-core.js'
import { inNode, started, tfjsCore } from './tfjs-core.js'
import type { TfjsTensor } from './tfjs.js'
import { fromTfjs } from './tfjs.js'
import { Unavailable } from './unavailable.js'

/** How the WebGPU backend starts. */
export interface WebgpuOptions {
  /** In browsers: tfjs-core, after the page has imported tfjs-backend-webgpu. In Node both are found by themselves. */
  readonly tf?: TfjsCore
}

interface Adapter {
  readonly info?: { readonly vendor?: string; readonly description?: string }
}

/** The package webgpu. */
interface Dawn {
  readonly create: (options: readonly string[]) => Gpu
  readonly globals: object
}

interface Gpu {
  readonly requestAdapter: () => Promise<Adapter | null>
}

const present = (): Gpu | undefined => (globalThis.navigator as { readonly gpu?: Gpu } | undefined)?.gpu

/** Dawn, put where browsers have it. SAGP_WEBGPU may hold its options, such as backend=vulkan. */
const dawn = async (): Promise<Gpu> => {
  const { create, globals } = (await optionalModule('webgpu')) as Dawn
  Object.assign(globalThis, globals)
  const gpu = create((process.env['SAGP_WEBGPU'] ?? '').split(',').filter(option => option !== ''))
  const holder = (globalThis as { navigator?: object }).navigator
  if (holder) Object.defineProperty(holder, 'gpu', { value: gpu, configurable: true })
  else Object.defineProperty(globalThis, 'navigator', { value: { gpu }, configurable: true })
  return gpu
}

/** Starts tfjs's WebGPU backend. @throws Unavailable with the reason */
export const webgpu = async ({ tf: given }: WebgpuOptions = {}): Promise<Backend<TfjsTensor>> => {
  if (!inNode() && !given) tfjsCore('@tensorflow/tfjs-backend-webgpu', given) // says what a page has to hand over
  const gpu = present() ?? (inNode() ? await dawn() : undefined)
  const adapter = await gpu?.requestAdapter()
  if (!adapter) throw new Unavailable('no GPU adapter is found', 'Use a browser or a driver that has WebGPU')
  const tf = tfjsCore('@tensorflow/tfjs-backend-webgpu', given)
  tf.env().set('WEBGPU_CPU_FORWARD', false) // small tensors too stay on the device, where the others are
  const device = (await started(tf, 'webgpu')) as Programs
  const { vendor = '', description = '' } = adapter.info ?? {}
  const about = `tfjs-backend-webgpu ${tf.version_core} on ${vendor} ${description}`.trim()
  return fromTfjs('webgpu', about, 'webgpu', device, tf.getKernel, factorsOn(device))
}
