/** Which of a run's networks is used: the best by default, never another one unsaid. */
import { copyFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { settle } from '../codecs/attempt.js'
import { explain } from '../core/port/failure.js'
import { range } from '../core/port/ndarray.js'
import { conduct } from './conduct.js'
import type { EvaluatedRun } from './evaluate-run.js'
import { evaluateRun } from './evaluate-run.js'
import { loadNetwork, storedModel } from './load-model.js'
import { plan } from './plan.js'
import { predictFile } from './predict-file.js'
import { paths } from './run-folder.js'
import { begin } from './run.js'
import type { RunObserver } from './train-run.js'

const home = mkdtempSync(join(tmpdir(), 'sagp-used-'))
afterAll(() => rmSync(home, { recursive: true, force: true }))

/** Three classes with every fifth row mislabelled: the validation loss rises early. */
const table = [
  'a,b,part,kind',
  ...range(48).map(i => {
    const kind = ['red', 'green', 'blue'][i % 5 === 0 ? (i + 1) % 3 : i % 3]
    return [(i % 3) + 0.9 * Math.sin(i), Math.cos(5 * i), i % 4 === 0 ? 'test' : 'train', kind].join()
  })
]
const data = join(home, 'colours.csv')
const [run, unwatched] = [join(home, 'run'), join(home, 'unwatched')]
const noisy = { initialLogit: 0, gamma2: 0.02, dropout: 0.1, weightDecay: 0.0001 }
const hyperparameters = { epochs: 20, growthPatience: 1, maxHidden: 6, learningRate: 0.5, ...noisy }
let trained: EvaluatedRun
let best = 0

beforeAll(async () => {
  writeFileSync(data, table.join('\n'))
  trained = settle(await conduct(begin(settle(await plan({ data, stages: [], hyperparameters })()), run))())
  const losses = trained.result.trajectory.map(({ losses: { validation = NaN } }) => validation)
  best = 1 + losses.indexOf(Math.min(...losses))
  settle(await conduct(begin(settle(await plan({ data, split: 'part', stages: [], hyperparameters })()), unwatched))())
})

const epochOf = async (folder: string, choice?: Parameters<typeof loadNetwork>[1]) => {
  const { state, used, which } = settle(await loadNetwork(folder, choice)())
  return [state.clock.epoch, used, which]
}

test('the network of the lowest validation loss is used, or the last, or that of an epoch, and each says so', async () => {
  expect(best).toBeLessThan(20)
  expect(await epochOf(run)).toEqual([best, 'best', `epoch ${best}, the lowest validation loss`])
  expect(await epochOf(run, { use: 'last' })).toEqual([20, 'last', 'epoch 20, the last'])
  expect(await epochOf(run, { epoch: 20 })).toEqual([20, undefined, 'epoch 20, as asked'])
  expect(settle(await storedModel(run)()).state.clock.epoch).toBe(best)
  expect(settle(await predictFile(run, data)())).toMatchObject({ epoch: best, used: 'best' })
  expect(trained.which).toBe(`epoch ${best}, the lowest validation loss`)
  expect(trained.evaluation.summary).toMatchObject({ used: 'best', best: { epoch: best }, last: { epoch: 20 } })
  expect(trained.evaluation.used.state.clock.epoch).toBe(best)
  expect(JSON.parse(readFileSync(paths(run).summary, 'utf8'))).toMatchObject({ used: 'best', target: ['kind'] })
})

test('rows may come as bytes, and are answered as those of a file', async () => {
  const named = settle(await predictFile(run, data)())
  const came = settle(await predictFile(run, '-', { input: readFileSync(data) })())
  expect(came.predictions).toEqual(named.predictions)
  expect(await predictFile(run, '-', { input: new TextEncoder().encode('x,y\n1,2') })()).toMatchObject({
    left: {
      where: 'standard input',
      what: expect.stringContaining('columns that the model needs are missing') as string
    }
  })
})

test('beside a training that saves every epoch, the best network so far is found each time', async () => {
  const folder = join(home, 'living')
  const settings = { ...hyperparameters, epochs: 30, learningRate: 0.1 }
  let [begun, over] = [false, false]
  const observe = (): RunObserver => {
    begun = true
    return {}
  }
  const opening = begin(settle(await plan({ data, stages: [], hyperparameters: settings })()), folder)
  const training = conduct(opening, observe, { checkpointSeconds: 0 })().finally(() => (over = true))
  const epochs: number[] = []
  while (!over) {
    if (!begun) await new Promise(resolve => setImmediate(resolve))
    else epochs.push(settle(await loadNetwork(folder)()).state.clock.epoch)
  }
  const { evaluation } = settle(await training)
  expect(epochs.length).toBeGreaterThan(1)
  expect(epochs).toEqual([...epochs].sort((a, b) => a - b))
  expect(settle(await loadNetwork(folder)()).state.clock.epoch).toBe(evaluation.summary.best.epoch)
})

test('without validation rows the last is used, and it is said why', async () => {
  const which = 'epoch 20, the last (there are no validation rows)'
  expect(await epochOf(unwatched)).toEqual([20, 'last', which])
  expect((await epochOf(unwatched, { use: 'best' }))[2]).toMatch(/^epoch \d+, the lowest training loss$/)
  const { evaluation } = settle(await evaluateRun(unwatched)())
  expect(evaluation.summary).toMatchObject({ used: 'last', last: { validation: {} } })
  expect(evaluation.used.validation).toBeUndefined()
  expect(evaluation.used.test?.z.shape).toEqual([12, 3])
})

test('of a stage with cuts it is the lowest since the last, and that is said', async () => {
  const stages = [
    { name: 'life', epochs: 8 },
    { name: 'prune', epochs: 12, synapses: 2, over: 6, every: 2 }
  ] as const
  const { epochs: _, ...own } = hyperparameters
  const cut = join(home, 'cut')
  const choices = { data, stages, hyperparameters: { ...own, learningRate: 0.05 } }
  const { result } = settle(await conduct(begin(settle(await plan(choices)()), cut))())
  const lossOf = ({ losses }: (typeof result.trajectory)[number]): number => losses.validation ?? NaN
  const [before, since] = [result.trajectory.slice(8, 14), result.trajectory.slice(14)]
  const lowest = since.reduce((low, line) => (lossOf(line) < lossOf(low) ? line : low))
  expect(Math.min(...before.map(lossOf))).toBeLessThan(lossOf(lowest))
  expect(await epochOf(cut)).toEqual([
    lowest.epoch,
    'best',
    `epoch ${lowest.epoch}, the lowest validation loss of its stage since its last cut`
  ])
  expect(readFileSync(paths(cut).report, 'utf8')).toContain('that of its lowest validation loss since its last cut')
})

test('an evaluation says of a part what its own outputs tell', async () => {
  const { evaluation } = settle(await evaluateRun(run)())
  const { summary, used } = evaluation
  expect(used).toBe(evaluation.best)
  const { z, evaluation: told } = used.test!
  expect(told.metrics).toEqual(summary.best.test)
  expect(told.confusion?.flat().reduce((sum, n) => sum + n, 0)).toBe(z.shape[0])
  expect(told.perClass?.reduce((sum, { support }) => sum + support, 0)).toBe(z.shape[0])
  expect(told.calibration?.reduce((sum, { rows }) => sum + rows, 0)).toBe(z.shape[0])
  const last = settle(await evaluateRun(run, { use: 'last' })())
  expect(last.evaluation.used).toBe(last.evaluation.last)
  expect(last.evaluation.summary).toEqual({ ...summary, used: 'last', warnings: expect.any(Array) as unknown })
  const named = settle(await evaluateRun(run, { epoch: best })())
  expect(named.evaluation.summary).toMatchObject({ used: 'last', last: { epoch: best } })
})

test('an epoch and --use contradict each other', async () => {
  expect(await loadNetwork(run, { epoch: 20, use: 'best' })()).toMatchObject({
    left: { kind: 'usage', what: 'an epoch is named, and --use best as well', cure: 'Give one of the two' }
  })
})

test.each([
  ['damaged', (file: string) => writeFileSync(file, 'no network')],
  ['missing', (file: string) => rmSync(file)]
])('a %s best network is refused with the way out, and none takes its place unsaid', async (name, harm) => {
  const folder = join(home, name)
  cpSync(run, folder, { recursive: true })
  harm(join(paths(folder).checkpoints, `${String(best).padStart(6, '0')}.sagp`))
  for (const refused of [await loadNetwork(folder)(), await evaluateRun(folder)(), await predictFile(folder, data)()]) {
    if (!('left' in refused)) throw new Error('it was used')
    expect(refused.left.kind).toBe('file')
    expect(explain(refused.left)).toMatch(/\(it is that of the best network\)\. Take the last one with --use last\.$/)
  }
  expect(await epochOf(folder, { use: 'last' })).toEqual([20, 'last', 'epoch 20, the last'])
  const last = settle(await evaluateRun(folder, { use: 'last' })())
  expect(last.run.remarks).toEqual([
    `the best network (epoch ${best}) cannot be read: that of epoch 0 stands in for it`
  ])
})

test('where no trained network can be read, the one before any training is not taken for it', async () => {
  const folder = join(home, 'lost')
  cpSync(run, folder, { recursive: true })
  for (const epoch of [best, 20])
    writeFileSync(join(paths(folder).checkpoints, `${String(epoch).padStart(6, '0')}.sagp`), 'no network')
  for (const refused of [await loadNetwork(folder)(), await predictFile(folder, data, { use: 'last' })()])
    expect(refused).toMatchObject({
      left: {
        kind: 'file',
        where: expect.stringContaining('000020.sagp') as string,
        what: expect.stringMatching(/; no network after any training can be read$/) as string
      }
    })
  expect(await epochOf(folder, { epoch: 0 })).toEqual([0, undefined, 'epoch 0, as asked'])
})

test('a damaged last network is told, and the newest that can be read stands in for it', async () => {
  const folder = join(home, 'torn')
  cpSync(run, folder, { recursive: true })
  const at = (epoch: number): string => join(paths(folder).checkpoints, `${String(epoch).padStart(6, '0')}.sagp`)
  copyFileSync(at(best), at(20))
  const { state, remarks } = settle(await loadNetwork(folder, { use: 'last' })())
  expect(state.clock.epoch).toBe(best)
  expect(remarks).toEqual([
    expect.stringMatching(`000020.sagp: it holds epoch ${best}; epoch ${best} is the newest that can be read`) as string
  ])
})
