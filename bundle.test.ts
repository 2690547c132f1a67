/** The library bundles for browsers, without anything of Node, and works when only that bundle is there. */
import { build } from 'esbuild'
import { createContext, runInContext } from 'node:vm'
import { expect, test } from 'vitest'
import { meanings } from './core/network/meanings.js'
import { version } from './version.js'

test('the bundle for browsers holds nothing of Node and learns', async () => {
  const { outputFiles, metafile } = await build({
    stdin: {
      contents: `
        import { digits, fitClassifier, version } from './dist/index.js'
        globalThis.answer = async () => {
          const { x } = digits()
          const rows = Array.from({ length: 30 }, (_, i) => Array.from(x.data.subarray(i * 64, i * 64 + 64)))
          const kinds = rows.map((_, i) => (i % 10 < 5 ? 'low' : 'high'))
          const model = await fitClassifier(rows, kinds, { epochs: 4, maxHidden: 4 })
          return [version, model.stored.state.clock.epoch, (await model.predict(rows.slice(0, 2))).length]
        }`,
      resolveDir: process.cwd()
    },
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    format: 'iife',
    platform: 'browser',
    logLevel: 'silent'
  })
  const used = Object.keys(metafile.inputs)
  expect(used.filter(name => /((experiments|storage|cli)\/|tf-backend-wasm\.node)/.test(name))).toEqual([])
  // what only help and reports show
  expect(used.filter(name => name.includes('meanings'))).toEqual([])
  const text = outputFiles[0]!.text
  expect(text).toContain('growthPatience')
  for (const meaning of Object.values(meanings)) expect(text).not.toContain(meaning.slice(0, 20))
  const { TextEncoder, TextDecoder, atob, crypto, FinalizationRegistry, WebAssembly, setTimeout, console } = globalThis
  const { performance, MessageChannel, DecompressionStream } = globalThis
  const page: Record<string, unknown> = {
    TextEncoder,
    TextDecoder,
    atob,
    crypto,
    FinalizationRegistry,
    WebAssembly,
    setTimeout,
    console,
    performance,
    MessageChannel,
    DecompressionStream
  }
  page['self'] = page
  runInContext(text, createContext(page))
  expect(await (page['answer'] as () => Promise<unknown>)()).toEqual([version, 4, 2])
})
