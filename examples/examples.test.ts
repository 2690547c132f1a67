/** Every how-to of this folder runs, and gives what it says; the published laws judge what one may write oneself. */
import * as fc from 'fast-check'
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test, vi } from 'vitest'
import { reference } from '../backends/reference.js'
import { range, uniform } from '../core/index.js'
import type { NdArray } from '../core/index.js'
import {
  decayOnlyIsUpdates,
  layerIsDerivative,
  optimiserIsEntrywise,
  populationIsBounded,
  ruleIsFunction
} from '../properties/index.js'
import { holds } from '../properties/laws.js'
import * as cancel from './cancel.js'
import * as counting from './counting.js'
import * as oneRowFast from './one-row-fast.js'
import * as ownData from './own-data.js'
import * as ownLayer from './own-layer.js'
import * as ownOptimiser from './own-optimiser.js'
import * as ownRule from './own-rule.js'
import { examples, run } from './run.js'
import * as saveAndLoad from './save-and-load.js'
import * as tenLines from './ten-lines.js'
import * as warmStart from './warm-start.js'
import * as whichInputsMatter from './which-inputs-matter.js'
import type * as Worker from './worker.js'

const b = reference()

test('each file is an example that can be run by its name, or helps one', async () => {
  const helpers = ['run.ts', 'ring.ts', 'training-thread.ts']
  const files = readdirSync('examples').filter(name => /(?<!\.test)\.ts$/.test(name) && !helpers.includes(name))
  expect(files.sort()).toEqual(
    Object.keys(examples)
      .map(name => `${name}.ts`)
      .sort()
  )
  for (const load of Object.values(examples)) expect((await load()).example).toBeTypeOf('function')
  await expect(run('own-rul')).rejects.toThrow("There is no example 'own-rul'. Name one of ten-lines, own-rule")
})

test.each([
  [['own-rul'], "example: There is no example 'own-rul'. Name one of ten-lines, "],
  [['toString'], "example: There is no example 'toString'. Name one of ten-lines, "],
  [[], 'example: No example is named. Name one of ten-lines, ']
])('npm run example %j: one line that lists the names, and exit code 2', (args, said) => {
  const file = fileURLToPath(new URL('../dist/examples/run.js', import.meta.url))
  const { status, stdout, stderr } = spawnSync(process.execPath, [file, ...args], { encoding: 'utf8' })
  expect({ status, stdout, lines: stderr.trimEnd().split('\n').length }).toEqual({ status: 2, stdout: '', lines: 1 })
  expect(stderr).toContain(said)
})

test("the README's ten lines are those of an example, and name most digits rightly", async () => {
  const [, code = ''] = /```ts\n([\s\S]*?)```/.exec(readFileSync('README.md', 'utf8')) ?? []
  const lines = code.split('\n').filter(line => line !== '')
  expect(lines[0]).toBe("import { digits, fitClassifier } from 'sagp'")
  expect(readFileSync('examples/ten-lines.ts', 'utf8')).toContain(
    lines
      .slice(1)
      .map(line => `  ${line}\n`)
      .join('')
  )
  const log = vi.spyOn(console, 'log').mockImplementation(() => {})
  const { accuracy } = await tenLines.example().finally(() => log.mockRestore())
  expect(accuracy).toBeGreaterThan(0.8)
})

test('a backend around another one counts what a training multiplies', async () => {
  const { flops, living } = await counting.example()
  expect(living).toBeGreaterThan(0)
  // forward and backward from 2 inputs to 2 outputs alone: two products of 240 rows an epoch
  expect(flops).toBeGreaterThan(100 * 2 * 2 * 240 * 2 * 2)
})

describe('a rule of life of your own', () => {
  test('is a function, under which the population is bounded', async () => {
    await holds(ruleIsFunction(ownRule.replaceWeakest(4, 3)))
    await holds(
      populationIsBounded(b, () => ownRule.replaceWeakest(3, 2)),
      20
    )
  })
  test('replaces neurons without exceeding its size, until as many were born as may be', async () => {
    const { born, died, most } = await ownRule.example()
    expect({ born, most }).toEqual({ born: 20, most: 6 })
    expect(died).toBeGreaterThanOrEqual(14)
  })
})

describe('a layer of your own', () => {
  const drawn = (seed: number, kind: number, shape: readonly [number, number]): NdArray => ({
    shape,
    data: Float64Array.from(uniform([seed, kind], range(shape[0]), range(shape[1]), 2))
  })
  test('is the derivative of its forward pass', () =>
    holds(
      layerIsDerivative(
        b,
        fc
          .record({ rows: fc.integer({ min: 1, max: 5 }), width: fc.integer({ min: 1, max: 5 }), seed: fc.nat(1e6) })
          .map(({ rows, width, seed }) => () => {
            const layer = ownLayer.squares({ backend: b }, 'squares')
            const model = { ...layer.initial(seed, width, width), parameters: { centres: drawn(seed, 1, [1, width]) } }
            return Promise.resolve({
              layer,
              model,
              x: drawn(seed, 2, [rows, width]),
              at: { seed, epoch: 0, updates: 0 }
            })
          })
      )
    ))
  test('spares the network behind it every hidden neuron', async () => {
    const { accuracy, living } = await ownLayer.example()
    expect(living).toBe(0)
    expect(accuracy).toBeGreaterThan(0.9)
  })
})

describe('an optimiser of your own', () => {
  test('treats each entry alone, and decays as many updates would', async () => {
    await holds(optimiserIsEntrywise(b, ownOptimiser.lion()))
    await holds(decayOnlyIsUpdates(b, ownOptimiser.lion()))
  })
  test('trains a network that grows', async () => {
    const { accuracy, living } = await ownOptimiser.example()
    expect(living).toBeGreaterThan(0)
    expect(accuracy).toBeGreaterThan(0.85)
  })
})

test('a table is understood, and what cannot be guessed is refused until a reading says it', () => {
  expect(() => ownData.understood(ownData.sales, {})).toThrow(
    `sales.csv: column day: "01/01/2024" is a date, but not as ISO 8601 has it. Say --date 'day=DD/MM/YYYY'`
  )
})

test('rows from anywhere become features; a stream is asked batch by batch', async () => {
  const { profile, features, asked, losses } = await ownData.example()
  expect(profile).toEqual([
    'order (left out): id, whole numbers, different in every row',
    'day (feature): date, DD/MM/YYYY, with weekday',
    'price (feature): numbers, 5.5 to 13.5, in €, decimal commas',
    'gift (feature): yes/no, "yes", "no"',
    'region (left out): constant, always "north"',
    'returned (target): yes/no, 2 classes: no, yes'
  ])
  expect(features).toEqual(['colour=green', 'colour=red', 'colour=yellow', 'weight', 'weight is missing'])
  expect(asked).toEqual([64, 64, 64, 48])
  for (const each of losses) expect(each.at(-1)).toBeLessThan(0.9 * each[0]!)
  expect(Array.from(ownData.pointsOf([3, 0]).data)).toHaveLength(4)
})

test('a warm start goes on with the neurons and the scaling of a model', async () => {
  const { epochs, accuracy } = await warmStart.example()
  // each fit gives the best of its epochs, and goes on from there
  expect(epochs[0]).toBeLessThanOrEqual(60)
  expect(epochs[1]).toBeGreaterThan(epochs[0])
  expect(epochs[1]).toBeLessThanOrEqual(epochs[0] + 300)
  expect(accuracy[1]).toBeGreaterThan(accuracy[0])
})

test('an aborted fit gives what has been learned', async () => {
  const { epochs, loss } = await cancel.example(0.5)
  expect(loss).toBeLessThanOrEqual(0.5)
  expect(epochs).toBeLessThan(5000)
})

test('a worker tells its epochs and gives a model', async () => {
  const file = new URL('../dist/examples/worker.js', import.meta.url).href // its thread has to be built
  const { example } = (await import(file)) as typeof Worker
  const { heard, answers } = await example()
  expect(heard).toEqual(range(heard.length).map(i => 10 * (i + 1)))
  expect(heard.length).toBeGreaterThan(3) // it ends by itself when nothing is to be gained
  expect(answers).toEqual(['inside', 'outside'])
})

test('a model that was saved and loaded answers as before', async () => {
  const { bytes, before, after } = await saveAndLoad.example()
  expect(bytes).toBeGreaterThan(1000)
  expect(before).toEqual(['inside', 'inside', 'outside', 'outside'])
  expect(after).toEqual(before)
})

test('single rows get the answers of all rows', async () => {
  expect(await oneRowFast.example()).toMatchObject({ same: true })
})

test('half of the inputs of noise have no effective synapse, the two that matter lead', async () => {
  const { importance, ranking, accuracy } = await whichInputsMatter.example()
  expect(ranking.slice(0, 2).toSorted()).toEqual([2, 5])
  expect(importance.filter(count => count === 0).length).toBeGreaterThan(2)
  expect(accuracy).toBeGreaterThan(0.95)
})
