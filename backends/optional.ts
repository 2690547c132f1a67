/** Packages that are loaded only when asked for, and what is said where they are missing. Node only. */
import { Unavailable } from './unavailable.js'

/** A folder whose node_modules hold optional packages, if not beside this one. */
const elsewhere = (): string | undefined => process.env['SAGP_MODULES']

/** The versions that this release was tested with. */
export const versions: Readonly<Record<string, string>> = {
  '@tensorflow/tfjs-core': '4.22.0',
  '@tensorflow/tfjs-backend-wasm': '4.22.0',
  '@tensorflow/tfjs-node': '4.22.0',
  '@tensorflow/tfjs-node-gpu': '4.22.0',
  '@tensorflow/tfjs-backend-webgpu': '4.22.0',
  webgpu: '0.6.2'
}

/** What a package wants beside it, so that one command installs all. */
const beside: Readonly<Record<string, readonly string[]>> = {
  '@tensorflow/tfjs-core': ['@tensorflow/tfjs-backend-wasm'],
  '@tensorflow/tfjs-backend-wasm': ['@tensorflow/tfjs-core'],
  '@tensorflow/tfjs-backend-webgpu': ['@tensorflow/tfjs-core', 'webgpu']
}

const requireFrom = (): NodeJS.Require => {
  if (typeof process === 'undefined' || typeof process.getBuiltinModule !== 'function')
    throw new Unavailable('it runs in Node only', 'Use simd or webgpu in a browser')
  const folder = elsewhere()
  return process
    .getBuiltinModule('node:module')
    .createRequire(folder === undefined ? import.meta.url : `${folder}/-.js`)
}

const firstLine = (error: unknown): string => ((error as Error).message.split('\n')[0] ?? '').slice(0, 200)

/** Turns the ways in which loading a package fails into words. */
const attempt = <A>(name: string, load: () => A): A => {
  const install = `npm install ${[name, ...(beside[name] ?? [])].map(each => `${each}@${versions[each] ?? 'latest'}`).join(' ')}`
  try {
    return load()
  } catch (error) {
    if (error instanceof Unavailable) throw error
    const { code } = error as NodeJS.ErrnoException
    const absent = code === 'MODULE_NOT_FOUND' && (error as Error).message.includes(`'${name}'`)
    throw absent
      ? new Unavailable(`the package ${name} is not installed`, `Install it: ${install}`)
      : new Unavailable(
          `${name} is there but does not load: ${firstLine(error)}`,
          `Build its addon: npm rebuild ${name} --build-addon-from-source; or install it anew: ${install}`
        )
  }
}

/** Loads a CommonJS package. @throws Unavailable with the line that installs it */
export const optionalPackage = (name: string): unknown => attempt(name, (): unknown => requireFrom()(name))

/** Loads an ES module package. @throws Unavailable with the line that installs it */
export const optionalModule = async (name: string): Promise<unknown> => {
  const path = attempt(name, () => requireFrom().resolve(name))
  const { pathToFileURL } = process.getBuiltinModule('node:url')
  try {
    return (await import(/* @vite-ignore */ /* webpackIgnore: true */ pathToFileURL(path).href)) as unknown
  } catch (error) {
    return attempt(name, () => {
      throw error
    })
  }
}
