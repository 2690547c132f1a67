/** TensorFlow's own kernels by way of tfjs-node: `node` on the processor, `cuda` on an NVIDIA GPU. Node only. */
import type { Backend } from '../core/port/backend.js'
import { optionalPackage } from './optional.js'
import type { Device, Lookup, TfjsTensor } from './tfjs.js'
import { fromTfjs } from './tfjs.js'
import { Unavailable } from './unavailable.js'

/** What of tfjs-node is used. Our own words, so that its typings stay out of ours. */
interface TfjsNode {
  readonly getKernel: Lookup
  readonly setBackend: (name: string) => Promise<boolean>
  readonly findBackend: (name: string) => (Device & Native) | null
  readonly version: Readonly<Record<string, string>>
}

interface Native {
  readonly isUsingGpuDevice: boolean
  readonly binding: { readonly TF_Version: string }
}

/** tfjs-node 4.22 uses two helpers that Node 23 removed. */
const restoreNodeUtil = (): void => {
  const util = process.getBuiltinModule('node:util') as unknown as Record<string, unknown>
  util['isNullOrUndefined'] ??= (x: unknown) => x === null || x === undefined
  util['isArray'] ??= (x: unknown) => Array.isArray(x)
}

/** Starts tfjs-node. @throws Unavailable with the reason: not installed, does not load, no GPU */
const native = async (label: 'node' | 'cuda', name: string): Promise<Backend<TfjsTensor>> => {
  if (typeof process !== 'undefined' && typeof process.getBuiltinModule === 'function') restoreNodeUtil()
  const tf = optionalPackage(name) as TfjsNode
  await tf.setBackend('tensorflow')
  const device = tf.findBackend('tensorflow')
  if (!device) throw new Unavailable(`${name} did not start`, 'Install it anew')
  const { TF_Version } = device.binding
  if (label === 'cuda' && !device.isUsingGpuDevice) {
    throw new Unavailable(
      `TensorFlow ${TF_Version} finds no GPU that it can use`,
      'See nvidia-smi for the driver, and that its CUDA fits the build; on the processor: --backend node'
    )
  }
  const about = `${name.replace('@tensorflow/', '')} ${tf.version['tfjs-node'] ?? ''}, TensorFlow ${TF_Version} on ${device.isUsingGpuDevice ? 'a GPU' : 'the processor'}`
  return fromTfjs(label, about, 'tensorflow', device, tf.getKernel)
}

/** TensorFlow on the processor. */
export const node = (): Promise<Backend<TfjsTensor>> => native('node', '@tensorflow/tfjs-node')

/** TensorFlow on an NVIDIA GPU; never on the processor in its place. */
export const cuda = (): Promise<Backend<TfjsTensor>> => {
  if (typeof process !== 'undefined') {
    process.env['NVIDIA_TF32_OVERRIDE'] ??= '0' // products of whole Float32 numbers, not of their first 10 bits
    process.env['TF_FORCE_GPU_ALLOW_GROWTH'] ??= 'true' // not all of the GPU's memory for the first who comes
  }
  return native('cuda', '@tensorflow/tfjs-node-gpu')
}
