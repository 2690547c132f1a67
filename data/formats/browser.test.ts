/** Readers where Node's own globals are missing, as in a page: bundled, and run in a context of nothing but the language. */
import { Script, createContext } from 'node:vm'
import { build } from 'esbuild'
import { expect, test } from 'vitest'

test('CSV, JSON and archives are read without Buffer, process and require', async () => {
  const entry = `
    export { readCsv } from './csv.js'
    export { readJson } from './jsonl.js'
    export { readNpz, writeNpz } from './npy.js'
    export { textOf } from './text.js'`
  const { outputFiles } = await build({
    stdin: { contents: entry, resolveDir: import.meta.dirname, loader: 'ts' },
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'made',
    platform: 'browser',
    treeShaking: false,
    logLevel: 'error'
  })
  const context = createContext({ TextDecoder, TextEncoder, self: {} })
  new Script(outputFiles[0]?.text ?? '').runInContext(context)
  const run = (code: string): unknown => new Script(`JSON.stringify(${code})`).runInContext(context)
  expect(run('typeof Buffer + typeof process + typeof require')).toBe('"undefinedundefinedundefined"')
  expect(run(`made.readCsv('a;b\\n1;"x"\\n', 'f').right.columns.map(c => c.text)`)).toBe('[["1"],["x"]]')
  expect(run(`made.readJson('[{"a":1}]', 'f').right.columns.map(c => c.text)`)).toBe('[["1"]]')
  expect(run(`made.textOf(Uint8Array.of(97, 98), 'f').right`)).toBe('"ab"')
  const archive = `made.writeNpz({ X: { shape: [2], data: Float32Array.of(1, 2) } })`
  expect(run(`Array.from(made.readNpz(${archive}, 'f').right.get('X').data)`)).toBe('[1,2]')
})
