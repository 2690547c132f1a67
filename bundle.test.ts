/** The library bundles for browsers, without anything of Node, and works when only that bundle is there. */
import type { BuildOptions, Metafile } from 'esbuild'
import { build } from 'esbuild'
import { gzipSync } from 'node:zlib'
import { createContext, runInContext } from 'node:vm'
import { expect, test } from 'vitest'
import { meanings } from './core/network/meanings.js'
import { version } from './version.js'

/** A program as a bundle for browsers: its text, and which files went into it. */
const bundled = async (
  contents: string,
  more: BuildOptions
): Promise<{ readonly text: string; readonly metafile: Metafile }> => {
  const { outputFiles, metafile } = await build({
    stdin: { contents, resolveDir: process.cwd() },
    bundle: true,
    write: false,
    metafile: true,
    outdir: 'out', // nothing is written there
    platform: 'browser',
    logLevel: 'silent',
    ...more
  })
  return { text: outputFiles?.find(file => file.path.endsWith('stdin.js'))?.text ?? '', metafile: metafile as Metafile }
}

/** What browsers have, and the library asks for. */
const inBrowsers = [
  ...['TextEncoder', 'TextDecoder', 'atob', 'crypto', 'FinalizationRegistry', 'WebAssembly', 'console', 'performance'],
  ...['setTimeout', 'clearTimeout', 'MessageChannel', 'DecompressionStream']
] as const

/** Runs a bundle where there is what browsers have and nothing of Node; gives what its `answer` answers. */
const answerIn = (text: string): Promise<unknown> => {
  const page: Record<string, unknown> = Object.fromEntries(
    inBrowsers.map(name => [name, (globalThis as unknown as Readonly<Record<string, unknown>>)[name]])
  )
  page['self'] = page
  runInContext(text, createContext(page))
  return (page['answer'] as () => Promise<unknown>)()
}

test('the bundle for browsers holds nothing of Node and learns', async () => {
  const { text, metafile } = await bundled(
    `import { digits, fitClassifier, version } from './dist/index.js'
     globalThis.answer = async () => {
       const { x } = digits()
       const rows = Array.from({ length: 30 }, (_, i) => Array.from(x.data.subarray(i * 64, i * 64 + 64)))
       const kinds = rows.map((_, i) => (i % 10 < 5 ? 'low' : 'high'))
       const heard = []
       const model = await fitClassifier(rows, kinds, { epochs: 4, maxHidden: 4, onEpoch: ({ epoch }) => heard.push(epoch) })
       return [version, heard.at(-1), (await model.predict(rows.slice(0, 2))).length]
     }`,
    { minify: true, format: 'iife' }
  )
  const used = Object.keys(metafile.inputs)
  expect(used.filter(name => /((experiments|storage|cli)\/|tf-backend-wasm\.node)/.test(name))).toEqual([])
  // what only help and reports show
  expect(used.filter(name => name.includes('meanings'))).toEqual([])
  expect(text).toContain('growthPatience')
  for (const meaning of Object.values(meanings)) expect(text).not.toContain(meaning.slice(0, 20))
  expect(await answerIn(text)).toEqual([version, 4, 2])
})

test('a bundle of everything that browsers may load, nothing shaken off, reads tables and needs no Buffer', async () => {
  const rooms = ['core', 'backends', 'rules', 'data', 'codecs', 'models', 'reports', 'estimators']
  const { text } = await bundled(
    `import * as sagp from './dist/index.js'
     ${rooms.map(room => `import * as ${room} from './dist/${room}/index.js'`).join('\n')}
     globalThis.all = [sagp, ${rooms.join(', ')}]
     globalThis.answer = async () => data.readCsv('a,b\\n1,x\\n2,y\\n', 'the page').right.columns.map(({ name, text }) => [name, ...text])`,
    { format: 'iife', treeShaking: false }
  )
  expect(await answerIn(text)).toEqual([
    ['a', '1', '2'],
    ['b', 'x', 'y']
  ])
})

test.each([
  ['the engine with simd', 34_500, 'simd, train, engine, evaluate, paperRule, defaults, initialState, snapshot'],
  [
    'fitClassifier and its brothers too',
    52_500,
    'fitClassifier, fitRegressor, fitLabeller, simd, train, engine, evaluate'
  ]
])('%s: a page loads at most %i bytes, gzipped', async (_, most, names) => {
  const { text } = await bundled(`export { ${names} } from './dist/index.js'`, {
    minify: true,
    format: 'esm',
    splitting: true, // what is loaded on demand stands apart
    alias: { 'fp-ts/lib': 'fp-ts/es6' }
  })
  const bytes = gzipSync(text, { level: 9 }).length
  expect(bytes).toBeLessThanOrEqual(most)
  expect(bytes).toBeGreaterThan(10_000)
})
