/** The examples of the docstrings and of the README are run. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { compileFunction } from 'node:vm'
import { describe, expect, test } from 'vitest'
import * as library from './index.js'

const rooms = [
  'core',
  'backends',
  'rules',
  'data',
  'codecs',
  'reports',
  'models',
  'properties',
  'storage',
  'estimators',
  'experiments',
  'reproduction'
]
const files = rooms
  .filter(room => existsSync(room))
  .flatMap(room =>
    readdirSync(room, { recursive: true, encoding: 'utf8' })
      .filter(name => name.endsWith('.ts') && !name.endsWith('.test.ts') && !name.includes('assembly'))
      .map(name => join(room, name))
  )

/** What examples may use besides their own file: whatever a room shows. */
const all = Promise.all(
  ['core', 'backends', 'rules', 'data', 'codecs', 'reports', 'estimators'].map(
    async room => (await import(`./${room}/index.ts`)) as Readonly<Record<string, unknown>>
  )
).then(rooms => Object.assign({}, ...rooms) as Readonly<Record<string, unknown>>)

interface Example {
  readonly file: string
  readonly code: string
  readonly result: string
}

/** `@example` lines of a file: statements, then `expression // => value`. */
const examplesOf = (file: string): readonly Example[] =>
  [...readFileSync(file, 'utf8').matchAll(/@example ([\s\S]*?)(?=\n \*\/|\*\/|\n \* @)/g)].map(([, raw = '']) => {
    const lines = raw.split('\n').map(line => line.replace(/^\s*\* ?/, ''))
    const [last = '', result = ''] = (lines.at(-1) ?? '').split(' // => ')
    return { file, code: [...lines.slice(0, -1), `return (${last.trim()})`].join('\n'), result: result.trim() }
  })

const run = (code: string, names: Readonly<Record<string, unknown>>): Promise<unknown> =>
  (
    compileFunction(`return (async () => {${code}\n})()`, Object.keys(names)) as (
      ...args: readonly unknown[]
    ) => Promise<unknown>
  )(...Object.values(names))

const examples = files.flatMap(examplesOf)

test('there are examples, each with its result', () => {
  expect(examples.length).toBeGreaterThan(25)
  for (const { file, result } of examples) expect(result, file).not.toBe('')
})

describe.each(examples)('$file: $code', ({ file, code, result }) => {
  test('gives what it says', async () => {
    const module = (await import(`./${file}`)) as Readonly<Record<string, unknown>>
    const names = { ...(await all), ...module }
    expect(await run(code, names)).toEqual(await run(`return (${result})`, names))
  })
})

test("the README's library example runs as it stands", async () => {
  const [, code = ''] = /```ts\n([\s\S]*?)```/.exec(readFileSync('README.md', 'utf8')) ?? []
  expect(code.trim().split('\n').length).toBeLessThanOrEqual(10)
  const said: unknown[] = []
  const body = code.replace(/^import .*$/gm, '')
  await run(body, { ...library, console: { log: (...words: readonly unknown[]) => said.push(words) } })
  expect(said.length).toBeGreaterThan(0)
})
