/** Bytes of the library as a browser would load it, without tfjs. */
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

/** Bytes of a bundle. */
export interface BundleSize {
  readonly what: string
  readonly minified: number
  readonly gzipped: number
}

const wanted: Readonly<Record<string, string>> = {
  'engine and simd':
    'export { simd, train, engine, evaluate, paperRule, defaults, initialState, snapshot, restore } from "./index.js"',
  'engine, simd and estimators':
    'export { fitClassifier, fitRegressor, fitLabeller, simd, train, engine, evaluate, paperRule, defaults, initialState, snapshot, restore } from "./index.js"',
  'everything, Digits and the CSV parser too': 'export * from "./index.js"'
}

/** Bundles parts of the library, tfjs left out; empty where esbuild is not installed. */
export const bundleSizes = async (): Promise<readonly BundleSize[]> => {
  const esbuild = await import('esbuild').catch(() => undefined)
  if (!esbuild) return []
  const resolveDir = dirname(fileURLToPath(new URL('../index.js', import.meta.url)))
  const sizes: BundleSize[] = []
  for (const [what, contents] of Object.entries(wanted)) {
    const { outputFiles } = await esbuild.build({
      stdin: { contents, resolveDir },
      absWorkingDir: resolveDir,
      bundle: true,
      minify: true,
      write: false,
      format: 'esm',
      platform: 'browser',
      splitting: true, // what is loaded on demand stands apart
      outdir: 'out',
      external: ['@tensorflow/*'],
      alias: { 'fp-ts/lib': 'fp-ts/es6' },
      logLevel: 'silent'
    })
    const main = outputFiles.find(file => file.path.endsWith('stdin.js'))?.contents ?? new Uint8Array(0)
    sizes.push({ what, minified: main.length, gzipped: gzipSync(main, { level: 9 }).length })
  }
  return sizes
}
