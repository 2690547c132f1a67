/** tfjs-backend-webgpu: GPUs of all makers, in browsers, and in Node with Dawn (the package webgpu). */
import type { Backend } from '../core/port/backend.js'
import type { Programs } from './dropout.js'
import { factorsOn } from './dropout.js'
import { optionalModule, optionalPackage } from './optional.js'
import type { Lookup, TfjsTensor } from './tfjs.js'
import { fromTfjs } from './tfjs.js'
import { Unavailable } from './unavailable.js'

/** What of tfjs-core is used, once tfjs-backend-webgpu has registered itself there. */
export interface TfjsCore {
  readonly getKernel: Lookup
  readonly version_core: string
  readonly env: () => { readonly set: (flag: string, value: boolean) => void }
  readonly getBackend: () => string
  readonly setBackend: (name: string) => Promise<boolean>
  readonly findBackend: (name: string) => unknown
}

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
const inNode = async (): Promise<Gpu> => {
  const { create, globals } = (await optionalModule('webgpu')) as Dawn
  Object.assign(globalThis, globals)
  const gpu = create((process.env['SAGP_WEBGPU'] ?? '').split(',').filter(option => option !== ''))
  const holder = (globalThis as { navigator?: object }).navigator
  if (holder) Object.defineProperty(holder, 'gpu', { value: gpu, configurable: true })
  else Object.defineProperty(globalThis, 'navigator', { value: { gpu }, configurable: true })
  return gpu
}

const inNodeTf = (): TfjsCore => {
  optionalPackage('@tensorflow/tfjs-backend-webgpu')
  return optionalPackage('@tensorflow/tfjs-core') as TfjsCore
}

/** Starts tfjs's WebGPU backend. @throws Unavailable with the reason */
export const webgpu = async ({ tf: given }: WebgpuOptions = {}): Promise<Backend<TfjsTensor>> => {
  const browser = typeof process === 'undefined' || typeof process.getBuiltinModule !== 'function'
  if (browser && !given)
    throw new Unavailable(
      'it needs tfjs in a browser',
      'Import @tensorflow/tfjs-backend-webgpu, and give webgpu({ tf })'
    )
  const gpu = present() ?? (browser ? undefined : await inNode())
  const adapter = await gpu?.requestAdapter()
  if (!adapter) throw new Unavailable('no GPU adapter is found', 'Use a browser or a driver that has WebGPU')
  const tf = given ?? inNodeTf()
  const before = tf.getBackend() as string | undefined
  tf.env().set('WEBGPU_CPU_FORWARD', false) // small tensors too stay on the device, where the others are
  if (!(await tf.setBackend('webgpu'))) throw new Unavailable('tfjs-backend-webgpu did not start', 'Update the driver')
  const device = tf.findBackend('webgpu') as Programs
  if (before !== undefined && before !== 'webgpu') await tf.setBackend(before)
  const { vendor = '', description = '' } = adapter.info ?? {}
  const about = `tfjs-backend-webgpu ${tf.version_core} on ${vendor} ${description}`.trim()
  return fromTfjs('webgpu', about, 'webgpu', device, tf.getKernel, factorsOn(device))
}
