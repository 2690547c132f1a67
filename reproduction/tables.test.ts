/** The tables as a whole: learned as `sagp train` learns, gone on with, exported. */
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { afterAll, describe, expect, test } from 'vitest'
import { settle } from '../codecs/attempt.js'
import { digest } from '../codecs/checkpoint.js'
import { explain } from '../core/port/failure.js'
import { range } from '../core/port/ndarray.js'
import { conduct } from '../experiments/conduct.js'
import { plan } from '../experiments/plan.js'
import { begin } from '../experiments/run.js'
import { fit } from './fit.js'
import { readResults } from './result.js'
import type { TablesOptions } from './tables.js'
import { exportTables, makeTables } from './tables.js'

const home = mkdtempSync(join(tmpdir(), 'sagp-tables-'))
afterAll(() => rmSync(home, { recursive: true, force: true }))

const folder = join(home, 'csv')
mkdirSync(folder)
const rows = range(60).map(i => [Math.sin(i), Math.cos(3 * i), ['low', 'high'][Number(Math.sin(i) > 0)]] as const)
writeFileSync(join(folder, 'waves.csv'), ['a,b,kind', ...rows.map(row => row.join())].join('\n'))
writeFileSync(join(folder, 'lines.csv'), ['a,b,y', ...rows.map(([a, b]) => [a, b, 2 * a - b].join())].join('\n'))

const choices = { preset: 'swift', hyperparameters: { epochs: 12, maxHidden: 4 } } as const
const options = (name: string): TablesOptions => ({
  ...{ folder, choices, splits: 2, only: ['waves', 'lines'], out: join(home, name), command: 'npm run tables' },
  rivals: join(home, 'none.json')
})

describe('a fit', () => {
  test('uses the very network that sagp train uses, and tells the same of it', async () => {
    const fierce = { epochs: 40, maxHidden: 4, learningRate: 0.3 } // the best network is not the last one
    const planned = settle(await plan({ data: join(folder, 'lines.csv'), seed: 2, hyperparameters: fierce })())
    const { fit: made, state } = settle(await fit(planned)())
    const { evaluation, result } = settle(await conduct(begin(planned, join(home, 'run')))())
    const { best, ended, epochs } = evaluation.summary
    expect(await digest(state)).toBe(await digest(result.best))
    expect(made).toMatchObject({
      ...{ ended, epochs, used: best.epoch, test: best.test['r2'], validation: best.validation['r2'] },
      ...{ effectiveSynapses: best.topology.effectiveSynapses, living: best.topology.living }
    })
    expect(made.used).toBeLessThan(epochs)
    expect(made.validationLoss).toBe(result.trajectory[made.used - 1]?.losses.validation)
  })
})

describe('tables', () => {
  test('are learned once: what is finished is not done again, what was torn off is', async () => {
    const asked = options('once')
    const told: string[] = []
    const first = settle(await makeTables(asked, line => told.push(line))())
    const file = join(asked.out, 'tables.jsonl')
    const before = readFileSync(file, 'utf8')
    expect(before.trim().split('\n')).toHaveLength(6) // two tables, two seeds, and the regression of 100 epochs
    expect(told).toHaveLength(7) // there are no rivals, too
    expect(first.tables.tables.map(({ table, seeds }) => [table, seeds])).toEqual([
      ['lines', [1, 2]],
      ['waves', [1, 2]]
    ])
    expect(first.short.tables.map(({ table, epochs }) => [table, epochs > 12 && epochs <= 100])).toEqual([
      ['lines', true]
    ])

    const again = settle(await makeTables(asked, line => told.push(line))())
    expect([told.length, again]).toEqual([8, first])

    const lines = before.split('\n')
    writeFileSync(file, lines.slice(0, -2).join('\n') + '\n' + (lines.at(-2) ?? '').slice(0, 40))
    const mended = settle(await makeTables(asked, line => told.push(line))())
    expect(told.slice(8).map(line => line.split(':')[0])).toEqual(['no rivals', 'waves, seed 2'])
    const timeless = (text: string): string => text.replace(/"seconds": ?[\d.]+/g, '')
    expect(timeless(readFileSync(file, 'utf8'))).toBe(timeless(before))
    expect(timeless(JSON.stringify(mended))).toBe(timeless(JSON.stringify(first)))
    expect(readFileSync(join(asked.out, 'tables.md'), 'utf8')).toContain('| lines | y | 2 | 60 | 2 | numbers |')
  })

  test('of other settings are other results', async () => {
    const asked = { ...options('other'), only: ['waves'], splits: 1 }
    settle(await makeTables(asked)())
    const other = { ...choices, hyperparameters: { epochs: 11, maxHidden: 4 } }
    const { tables } = settle(await makeTables({ ...asked, choices: other })())
    expect(tables.tables.map(({ epochs }) => epochs)).toEqual([11])
    const kept = settle(await readResults(join(asked.out, 'tables.jsonl'))())
    expect(kept.map(({ epochs }) => epochs)).toEqual([12, 11])
  })

  test('are compared with rivals on the same matrices', async () => {
    const asked = { ...options('rivals'), only: ['waves'], splits: 1, rivals: join(home, 'rivals.json') }
    settle(await exportTables(asked, join(home, 'matrices'))())
    const header = JSON.parse(readFileSync(join(home, 'matrices', 'waves.1.json'), 'utf8')) as {
      readonly matrices: string
      readonly rows: readonly number[]
    }
    const score = { setting: 1, validation: 0.5, test: 0.5 }
    const unit = { table: 'waves', seed: 1, linear: score, mlp: { ...score, weights: 300 }, seconds: 1 }
    const write = (matrices: string): void =>
      writeFileSync(asked.rivals, JSON.stringify({ made: {}, results: [{ ...unit, matrices }] }))
    write(header.matrices)
    const [found] = settle(await makeTables(asked)()).tables.tables
    expect(found?.rivals?.gap.mean).toBe((found?.score.mean ?? NaN) - 0.5)
    write('f'.repeat(64))
    const refused = await makeTables(asked)()
    expect(E.isLeft(refused) && explain(refused.left)).toContain('they learned from other matrices')
  })

  test('are exported as the network sees them', async () => {
    const to = join(home, 'matrices')
    settle(await exportTables({ folder, choices, only: ['lines'], splits: 1 }, to)())
    const bytes = readFileSync(join(to, 'lines.1.f64'))
    const data = range(bytes.length / 8).map(i => bytes.readDoubleLE(8 * i))
    const { dataset: d } = settle(await plan({ data: join(folder, 'lines.csv'), seed: 1, ...choices })()).loaded
    const [n] = [d.training.rows.length]
    expect(data).toHaveLength(60 * 3)
    expect(data.slice(0, 2 * n)).toEqual(Array.from(d.training.inputs().data))
    const truth = d.training.rows.map(row => 2 * (rows[row]?.[0] ?? NaN) - (rows[row]?.[1] ?? NaN))
    data.slice(2 * n, 3 * n).forEach((y, i) => expect(y).toBeCloseTo(truth[i] ?? NaN, 12))
  })

  test('that are not there are told in a sentence', async () => {
    const said = async (more: Partial<TablesOptions>): Promise<string> => {
      const made = await makeTables({ ...options('nothing'), ...more })()
      return E.isLeft(made) ? explain(made.left) : ''
    }
    const nowhere = join(home, 'nowhere')
    expect(await said({ folder: nowhere })).toBe(
      `${nowhere}: there is no such folder of tables. Unpack the CSV files there, or name another folder.`
    )
    expect(await said({ folder: home })).toBe(`${home}: it holds no .csv file. Name the folder of the tables.`)
    expect(await said({ only: ['wave'] })).toBe('--only: there is no table wave. Did you mean waves.')
  })

  test('a line that is no result is told by its number', async () => {
    const file = join(home, 'odd.jsonl')
    appendFileSync(file, '{}\n')
    const read = await readResults(file)()
    expect(E.isLeft(read) && explain(read.left)).toContain(`${file}, line 1: table is missing`)
  })
})
