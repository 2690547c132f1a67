/** The commands of docs/tables.md and docs/runs.md, run one after the other: they print what stands there. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { folder, sagpHere } from './cli/spawn.js'

const dir = folder()

/** Indented blocks of a page, without the indentation. */
const blocksOf = (page: string): readonly string[] =>
  [...readFileSync(page, 'utf8').matchAll(/(?:^ {4}.*\n|^\n(?= {4}))+/gm)].map(([block]) =>
    block.replace(/^ {4}/gm, '').replace(/^\n+|\n+$/g, '')
  )
const [tables, runs] = [blocksOf('docs/tables.md'), blocksOf('docs/runs.md')]
const after = (blocks: readonly string[], begins: string): string =>
  blocks[1 + blocks.findIndex(block => block.startsWith(begins))] ?? ''

/** What a command prints on standard output. */
const printed = async (...args: readonly string[]): Promise<string> => {
  const { code, out, err } = await sagpHere(dir, args)
  expect({ code, err: code === 0 ? '' : err }).toEqual({ code: 0, err: '' })
  return out.trimEnd()
}

test('a table is made as the page makes it, and taken for what the page says', async () => {
  const made = tables.find(block => block.startsWith('node -e')) ?? ''
  execFileSync('bash', ['-c', made.replace(/\nnpx sagp.*$/, '')], { cwd: dir })
  expect(await printed('data', 'show', 'flats.csv')).toBe(after(tables, 'node -e'))
})

test('its run is as good, and answers, as the page says', async () => {
  await printed('train', 'flats.csv', '--epochs', '300', '--out', 'run', '--quiet')
  expect(await printed('evaluate', 'run')).toBe(after(runs, 'npx sagp evaluate run'))
  const answers = await printed('predict', 'run', 'flats.csv', '--keep', 'id,city', '--quiet')
  expect(answers.split('\n').slice(0, 4).join('\n')).toBe(after(runs, 'npx sagp predict run'))
  expect(await printed('runs', '.')).toBe(runs.find(block => block.startsWith('run  data')))
})

test('its folds are as good as the page says', async () => {
  const out = await printed('train', 'flats.csv', '--epochs', '100', '--folds', '3', '--out', 'cv', '--quiet')
  expect(out.split('\n\n')[0]).toBe(after(runs, 'npx sagp train flats.csv --epochs 100').trimEnd())
})
