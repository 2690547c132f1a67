/** The pages of docs/ name files, functions, tests, laws and hyperparameters; all of them exist. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { describe, expect, test } from 'vitest'
import { defaults } from './core/network/hyperparameters.js'
import { range } from './core/port/ndarray.js'
import { examples } from './examples/run.js'

const pages = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync('docs')
    .filter(name => name.endsWith('.md'))
    .map(name => `docs/${name}`),
  ...readdirSync('.')
    .map(folder => `${folder}/README.md`)
    .filter(name => !name.startsWith('docs') && existsSync(name))
]
const read = (file: string): string => readFileSync(file, 'utf8')
const code = /```[\s\S]*?```/g

/** Links of a page: what stands in the brackets, and where it leads, from the root. */
const linksOf = (page: string): readonly (readonly [text: string, file: string])[] =>
  [
    ...read(page)
      .replace(code, '')
      .matchAll(/\[([^\]]*)\]\(([^)#\s]+)(?:#[^)]*)?\)/g)
  ]
    .filter(([, , target = '']) => !/^[a-z]+:/.test(target))
    .map(([, text = '', target = '']) => [text, normalize(join(dirname(page), target))] as const)

const exported = (file: string, name: string): boolean =>
  new RegExp(`^export (const|(async )?function\\*?|interface|type) ${name}\\b`, 'm').test(read(file))

const quoted = (file: string, title: string): boolean =>
  ["'", '"', '`'].some(q => read(file).includes(`test(${q}${title}${q}`))

/** All sources of some rooms. */
const sourcesOf = (...rooms: readonly string[]): string =>
  rooms
    .flatMap(room => readdirSync(room, { recursive: true, encoding: 'utf8' }).map(name => `${room}/${name}`))
    .filter(name => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map(read)
    .join('\n')

/** Test files and the contract, in which laws are run. */
const runners = ['contract.ts', 'laws.ts', ...readdirSync('properties').filter(name => name.endsWith('.test.ts'))]
  .map(name => read(`properties/${name}`))
  .concat(read('models/models.test.ts'))
  .join('\n')

describe.each(pages)('%s', page => {
  test('leads to files that exist', () => {
    for (const [, file] of linksOf(page)) expect(existsSync(file), file).toBe(true)
  })
  test('names functions that their files export, and tests that their files have', () => {
    for (const [text, file] of linksOf(page)) {
      const name = /^`(\w+)`$/.exec(text)?.[1]
      if (name && file.endsWith('.ts')) expect(exported(file, name), `${name} in ${file}`).toBe(true)
      const title = /^"(.*)"$/.exec(text)?.[1]
      if (title !== undefined) expect(quoted(file, title), `"${title}" in ${file}`).toBe(true)
    }
  })
})

test('docs/how-to.md lists every example', () => {
  const linked = linksOf('docs/how-to.md').map(([, file]) => file)
  for (const name of Object.keys(examples)) expect(linked).toContain(`examples/${name}.ts`)
})

test('the picture of an epoch names functions of the engine', () => {
  const names = [...read('docs/pictures/epoch.svg').matchAll(/class="code">([^<]*)</g)].flatMap(
    ([, text = '']) => text.match(/\w+/g) ?? []
  )
  expect(names).toContain('takeCensus')
  const sources = sourcesOf('core', 'rules')
  for (const name of names) expect(sources, name).toMatch(new RegExp(`\\b${name}\\b`))
})

describe('docs/paper.md', () => {
  const page = read('docs/paper.md')
  const rows = page
    .split('\n')
    .filter(line => line.startsWith('|') && !/^\| *(-|paper )/.test(line))
    .map(line =>
      line
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map(cell => cell.trim())
    )

  /** What the first column names under a word: `M 2-5` is M 2, 3, 4 and 5. */
  const named = (word: string): readonly number[] => {
    const found = rows.flatMap(([label = '']) => {
      const [, first, last = first] = new RegExp(`^${word} (\\d+)(?:-(\\d+))?$`).exec(label) ?? []
      return first === undefined ? [] : range(Number(last) - Number(first) + 1).map(i => i + Number(first))
    })
    return [...new Set(found)].sort((a, b) => a - b)
  }

  test('has every equation and every line of both algorithms', () => {
    const upTo = (first: number, last: number): readonly number[] => range(last - first + 1).map(i => i + first)
    expect(named('M')).toEqual(upTo(2, 14))
    expect(named('S')).toEqual(upTo(1, 11))
    expect(named('line')).toEqual(upTo(1, 22))
    expect(named('test')).toEqual(upTo(1, 10))
  })

  test('says of each where it is computed and what holds it: tests, or laws that are run', () => {
    for (const [label, , where = '', held = ''] of rows) {
      expect(where, label).toMatch(/\[`\w+`\]\(/)
      expect(held, label).toMatch(/\[(`\w+`|".*?")\]\(/)
      for (const [, law = '', file = ''] of held.matchAll(/\[`(\w+)`\]\(([^)]*)\)/g)) {
        expect(file, label).toMatch(/^\.\.\/properties\//)
        expect(runners, law).toContain(`${law}(`)
      }
    }
  })

  test('names readings by hyperparameters, with their defaults', () => {
    const readings = page.split('\n').filter(line => line.startsWith('- `'))
    expect(readings.length).toBeGreaterThan(12)
    for (const line of readings) {
      const pairs = [...line.matchAll(/`(\w+)` = `([^`]+)`/g)]
      expect(pairs.length, line).toBeGreaterThan(0)
      for (const [, name = '', value = ''] of pairs) {
        const actual = (defaults as unknown as Readonly<Record<string, unknown>>)[name]
        expect(typeof actual === 'string' ? `'${actual}'` : String(actual), name).toBe(value)
      }
    }
  })
})
