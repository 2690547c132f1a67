/** What of tfjs-core is used, however it was found: our own words, so that its typings stay out of ours. */
import { optionalPackage } from './optional.js'
import type { Device, Lookup } from './tfjs.js'
import { Unavailable } from './unavailable.js'

/** tfjs-core, once one of its backends has registered itself there. */
export interface TfjsCore {
  readonly getKernel: Lookup
  readonly version_core: string
  readonly env: () => {
    readonly set: (flag: string, value: boolean) => void
    readonly getAsync: (flag: string) => Promise<unknown>
  }
  readonly getBackend: () => string | undefined
  readonly setBackend: (name: string) => Promise<boolean>
  readonly findBackend: (name: string) => unknown
}

/** Whether this is Node. */
export const inNode = (): boolean => typeof process !== 'undefined' && typeof process.getBuiltinModule === 'function'

/** tfjs-core with a backend's package: the one given, or in Node those installed. @throws Unavailable */
export const tfjsCore = (backendPackage: string, given: TfjsCore | undefined): TfjsCore => {
  if (given) return given
  if (!inNode())
    throw new Unavailable(
      'a page hands tfjs-core over',
      `Import @tensorflow/tfjs-core and ${backendPackage} in the page, and give { tf }`
    )
  const tf = optionalPackage('@tensorflow/tfjs-core')
  optionalPackage(backendPackage)
  return tf as TfjsCore
}

/** Starts a backend of tfjs without leaving it as tfjs's current one. */
export const started = async (tf: TfjsCore, name: string): Promise<Device> => {
  const before = tf.getBackend()
  if (!(await tf.setBackend(name)))
    throw new Unavailable(`tfjs-backend-${name} did not start`, 'Update it, or the driver')
  const device = tf.findBackend(name) as Device
  if (before !== undefined && before !== '' && before !== name) await tf.setBackend(before)
  return device
}
