/** A look inside runs: ranked as the report ranks, by the names of columns, with the data and without. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { settle } from '../codecs/attempt.js'
import { range } from '../core/port/ndarray.js'
import { writeJson } from '../exports/json/json.js'
import { conduct } from './conduct.js'
import type { EvaluatedRun } from './evaluate-run.js'
import { evaluateRun } from './evaluate-run.js'
import { findingsOf } from './findings.js'
import { importNetwork } from './imported.js'
import { inspectNetwork, pathsOfNetwork } from './inspect-run.js'
import type { OpenNetwork } from './open-network.js'
import { openNetwork } from './open-network.js'
import { plan } from './plan.js'
import { predictFile } from './predict-file.js'
import { begin } from './run.js'
import { whyRow } from './why-row.js'

const home = mkdtempSync(join(tmpdir(), 'sagp-inspect-'))
afterAll(() => rmSync(home, { recursive: true, force: true }))
const noise = (i: number, k: number): number => Math.sin(i * 12.9898 + k * 78.233)

/** The colour and x decide; `constructor` is a column like any other. */
const line = (i: number): string => {
  const colour = ['red', 'green', 'blue', 'constructor'][i % 4] as string
  const x = noise(i, 1)
  const kind = (colour === 'red' ? 1 : -0.5) + x > 0 ? 'yes' : 'no'
  return [colour, i === 3 ? '' : x.toFixed(3), noise(i, 2).toFixed(3), kind].join()
}
const rows = ['colour,x,constructor,ok', ...range(120).map(line)]
const data = join(home, 'made.csv')
const [run, imported] = [join(home, 'run'), join(home, 'imported')]
let trained: EvaluatedRun
let opened: OpenNetwork

beforeAll(async () => {
  writeFileSync(data, rows.join('\n'))
  const lively = { epochs: 60, growthPatience: 1, maxHidden: 6, learningRate: 0.1, initialLogit: 0, gamma2: 0.005 }
  const choices = { data, preset: 'paper' as const, hyperparameters: lively }
  trained = settle(await conduct(begin(settle(await plan(choices)()), run))())
  opened = settle(await openNetwork(run)())
})

test('inputs are the columns, ranked by what the report says that the score loses', async () => {
  const found = settle(await inspectNetwork(opened)())
  const { importance } = await findingsOf(trained.run, trained.evaluation.used.state)
  expect(found.remarks).toEqual([])
  expect(found.inputs.map(({ name }) => name).toSorted()).toEqual(['colour', 'constructor', 'x'])
  for (const { name, drop } of found.inputs)
    expect(drop).toEqual(importance.inputs.find(input => input.name === name)?.drop)
  const drops = found.inputs.map(({ drop }) => drop!.mean)
  expect(drops).toEqual(drops.toSorted((a, b) => b - a))
  expect(found.permutation).toMatchObject({ metric: 'f1Micro', part: importance.part, repeats: 5 })
  expect(found.inputs.reduce((s, { share }) => s + share, 0)).toBeCloseTo(1, 12)
  expect(settle(await inspectNetwork(opened)())).toEqual(found)
})

test('paths go by names: a column stands for all of its words, and what is not there is refused with a hint', () => {
  const paths = pathsOfNetwork(opened, { from: 'colour', to: 'yes', most: 4 })
  expect(paths.length).toBeGreaterThan(0)
  for (const { neurons, weights, product } of paths) {
    expect(neurons[0]).toMatch(/^colour=/)
    expect(neurons.at(-1)).toBe('yes')
    expect(weights).toHaveLength(neurons.length - 1)
    expect(weights.reduceRight((p, w) => w * p, 1)).toBe(product)
  }
  const sizes = paths.map(({ product }) => Math.abs(product))
  expect(sizes).toEqual(sizes.toSorted((a, b) => b - a))
  expect(pathsOfNetwork(opened, { from: 'colour=red', most: 3 }).every(p => p.neurons[0] === 'colour=red')).toBe(true)
  expect(() => pathsOfNetwork(opened, { from: 'color', most: 1 })).toThrow(/no input color. Did you mean colour/)
  expect(() => pathsOfNetwork(opened, { to: 'yess', most: 1 })).toThrow(/no output yess. Did you mean yes/)
})

test('a row has its cells beside its contributions, which lead from the training rows to its answer', async () => {
  const { header, rows: answers } = settle(await predictFile(run, data)()).predictions
  for (const row of [1, 4, 77]) {
    const why = settle(await whyRow(opened, data, { row })())
    expect(why.answer[0]).toEqual({ name: header[0], value: answers[row - 1]![0] })
    expect(Number(why.answer[1]!.value)).toBeCloseTo(Number(answers[row - 1]![1]), 5)
    expect(why.baseline).toBe(`the mean of the ${trained.run.dataset.split.training.length} training rows`)
    expect(why.outputs.map(({ output }) => output)).toEqual([answers[row - 1]![0]])
    const { z, from, sum, reached, contributions } = why.outputs[0]!
    expect(reached).toBe(true)
    expect(Math.abs(sum - (z - from))).toBeLessThanOrEqual(1e-3 * Math.max(1, Math.abs(z - from)))
    const [colour, x, other] = rows[row]!.split(',')
    const cells = Object.fromEntries(contributions.map(({ name, cell }) => [name, cell]))
    expect(Object.entries(cells).toSorted()).toEqual([
      ['colour', colour],
      ['constructor', other],
      ['x', x]
    ])
    expect(why.remarks.map(remark => remark.startsWith('column x: 1 missing'))).toEqual(row === 4 ? [true] : [])
  }
})

test('another class may be asked for; rows and classes that are not there are refused', async () => {
  const [no] = settle(await whyRow(opened, data, { row: 1, output: 'no' })()).outputs
  expect(no?.output).toBe('no')
  expect(await whyRow(opened, data, { row: 121 })()).toMatchObject({
    left: { where: '--row', cure: 'Give one of 1 .. 120' }
  })
  expect(await whyRow(opened, data, { row: 1, output: 'na' })()).toMatchObject({ left: { where: '--class' } })
})

test('without the data inputs are ranked by paths, and rows are held against the stored means; both are said', async () => {
  writeFileSync(data, rows.slice(0, 50).join('\n'))
  try {
    const found = settle(await inspectNetwork(opened)())
    expect(found.permutation).toBeUndefined()
    expect(found.inputs.map(({ share }) => share)).toEqual(
      found.inputs.map(({ share }) => share).toSorted((a, b) => b - a)
    )
    expect(found.remarks[0]).toMatch(
      /^ranked by paths alone, without the data: .*not those that the run was begun with/
    )
    const why = settle(await whyRow(opened, data, { row: 1 })())
    expect(why.baseline).toMatch(/^the stored means/)
    expect(why.remarks[0]).toMatch(/^without the training rows: /)
  } finally {
    writeFileSync(data, rows.join('\n'))
  }
})

test('an imported network is looked into as well, but for its data', async () => {
  const [document] = writeJson(opened.program, { name: 'made' })
  const { content } = document!
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content
  settle(await importNetwork(bytes, 'made.json', imported)())
  const other = settle(await openNetwork(imported)())
  const found = settle(await inspectNetwork(other)())
  expect(found.remarks[0]).toMatch(/an imported network comes without them$/)
  const { inputs, paths } = settle(await inspectNetwork(opened)())
  expect(found.paths).toBeCloseTo(paths, 5)
  expect(found.inputs.map(({ name }) => name).toSorted()).toEqual(inputs.map(({ name }) => name).toSorted())
  expect(settle(await whyRow(other, data, { row: 2 })()).outputs[0]?.z).toBeCloseTo(
    settle(await whyRow(opened, data, { row: 2 })()).outputs[0]?.z ?? NaN,
    4
  )
})

test('a network of an earlier epoch is looked into by its own synapses', async () => {
  const first = settle(await openNetwork(run, { epoch: 0 })())
  expect(first.which).toBe('epoch 0, as asked')
  const { evaluation } = settle(await evaluateRun(run, { epoch: 0 })())
  expect(settle(await inspectNetwork(first)()).permutation?.score).toBeCloseTo(
    evaluation.used.validation!.evaluation.metrics['f1Micro']!,
    9
  )
})
