/** Whole runs without the command line: conducted, interrupted, gone on with, used. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import * as E from 'fp-ts/lib/Either.js'
import { settle } from '../codecs/attempt.js'
import { explain } from '../core/port/failure.js'
import { range } from '../core/port/ndarray.js'
import type { ConductedRun } from './conduct.js'
import { conduct } from './conduct.js'
import { evaluateRun } from './evaluate-run.js'
import { folderStatus } from './folder-status.js'
import { openRun } from './open-run.js'
import type { Choices, Plan } from './plan.js'
import { plan } from './plan.js'
import { predictFile } from './predict-file.js'
import { paths } from './run-folder.js'
import type { Run } from './run.js'
import { begin, reopen } from './run.js'
import type { RunObserver } from './train-run.js'

const home = mkdtempSync(join(tmpdir(), 'sagp-conduct-'))
afterAll(() => rmSync(home, { recursive: true, force: true }))

/** Three classes with every fifth row mislabelled: the validation loss rises early. */
const rows = range(48).map(
  i => [(i % 3) + 0.9 * Math.sin(i), Math.cos(5 * i), i % 5 === 0 ? (i + 1) % 3 : i % 3] as const
)
const table = ['a,b,kind', ...rows.map(([a, b, kind]) => [a, b, ['red', 'green', 'blue'][kind]].join())]
const data = join(home, 'colours.csv')
writeFileSync(data, table.join('\n'))
const noisy = { initialLogit: 0, gamma2: 0.02, dropout: 0.1, weightDecay: 0.0001 }
const hyperparameters = { epochs: 20, growthPatience: 1, maxHidden: 6, learningRate: 0.5, ...noisy }
const planned = async (seed: number = 1): Promise<Plan> => settle(await plan({ data, seed, hyperparameters })())
const inHome = (name: string): string => join(home, name)

/** Interrupts a run after some epochs, and notes what it is told. */
const interrupting = (epochs: number, log: (number | 'ended')[]): RunObserver => ({
  epoch: line => void log.push(line.epoch),
  interrupted: () => log.length >= epochs,
  ended: () => void log.push('ended')
})

describe('a conducted run', () => {
  test('of 20 epochs is trained, evaluated and written down', async () => {
    const { run, result, evaluation } = settle(await conduct(begin(await planned(), inHome('whole')))())
    expect([result.why, result.state.clock.epoch, result.trajectory.length]).toEqual(['epochs', 20, 20])
    expect(JSON.parse(readFileSync(paths(run.folder).summary, 'utf8'))).toEqual(evaluation.summary)
    expect(readFileSync(paths(run.folder).report, 'utf8')).toContain(evaluation.summary.digest)
    expect(evaluation.summary.births).toBeGreaterThan(0)
  })

  test('interrupted and resumed has the digest of the undisturbed one', async () => {
    const log: (number | 'ended')[] = []
    const opened: Run[] = []
    const observe = (run: Run): RunObserver => {
      opened.push(run)
      return interrupting(7, log)
    }
    const half = settle(await conduct(begin(await planned(), inHome('halves')), observe)())
    expect(log).toEqual([1, 2, 3, 4, 5, 6, 7, 'ended'])
    expect(opened).toEqual([half.run])
    expect(half.evaluation.summary).toMatchObject({ ended: 'interrupted', epochs: 7 })
    expect(half.evaluation.summary.best.epoch).toBeLessThan(7)
    const rest = settle(await conduct(reopen(inHome('halves')))())
    const whole = settle(await evaluateRun(inHome('whole'))())
    expect(rest.evaluation.summary.digest).toBe(whole.evaluation.summary.digest)
    expect(rest.evaluation.summary.best).toEqual(whole.evaluation.summary.best)
    expect(rest.result.trajectory.map(line => line.epoch)).toEqual(range(20).map(i => i + 1))
  })

  test('of SGD and another rule, interrupted and resumed, has the digest of the undisturbed one', async () => {
    const chosen = { data, optimiser: { name: 'sgd' }, rule: { name: 'stalled', epochs: 2 } } as const
    const slow = settle(await plan({ ...chosen, hyperparameters: { ...hyperparameters, growthPatience: 1000 } })())
    const whole = settle(await conduct(begin(slow, inHome('sgd')))())
    const half = settle(await conduct(begin(slow, inHome('sgd-halves')), () => interrupting(7, []))())
    expect(half.result.why).toBe('interrupted')
    const rest = settle(await conduct(reopen(inHome('sgd-halves')))())
    expect(rest.evaluation.summary.digest).toBe(whole.evaluation.summary.digest)
    expect(rest.result.state.moments.weights).toHaveLength(1)
    expect(whole.evaluation.summary.births).toBeGreaterThan(0) // none of them the paper's
    const report = readFileSync(paths(inHome('sgd')).report, 'utf8')
    for (const said of ['stalled, epochs 2', 'sgd, momentum 0.9']) expect(report).toContain(said)
    // with the optimiser of another run it is refused
    const config = JSON.parse(readFileSync(paths(inHome('sgd')).config, 'utf8')) as object
    expect(config).toMatchObject({ ...chosen, model: { name: 'sagp' }, optimiser: { name: 'sgd', momentum: 0.9 } })
    writeFileSync(paths(inHome('sgd')).config, JSON.stringify({ ...config, optimiser: { name: 'adam' } }))
    const refused = { left: { kind: 'file', what: 'it is of another run, or of other settings' } }
    expect(await reopen(inHome('sgd'))()).toMatchObject(refused)
  })

  test.each<[string, Choices, readonly (readonly number[])[]]>([
    [
      'of a contest with a life in it',
      {
        stages: ['thin', 'life', 'thin', 'thin'].map(name => ({ name: name as 'life', epochs: 6 })),
        hyperparameters: { ...noisy, growthPatience: 1, maxHidden: 6, learningRate: 0.05 }
      },
      [[8], [9, 12], [15, 20]]
    ],
    [
      'with a score to keep',
      { targetF1: 1, hyperparameters: { epochs: 40, learningRate: 0.01 } },
      [[36], [37], [38], [39]] // all of them of the last stage
    ]
  ])('%s has the same network of each stage, wherever it was interrupted', async (name, chosen, stops) => {
    const own = { data, preset: 'paper', ...chosen } as const
    const whole = settle(await conduct(begin(settle(await plan(own)()), inHome(name)))())
    expect(whole.result.state.clock.epoch).toBeGreaterThan(Math.max(...stops.flat()))
    for (const [i, epochs] of stops.entries()) {
      const folder = inHome(`${name} ${i}`)
      for (const epoch of epochs) {
        let at = 0
        const until: RunObserver = { epoch: line => void (at = line.epoch), interrupted: () => at === epoch }
        const { result } = settle(await conduct(openRun(settle(await plan(own)()), folder), () => until)())
        expect(result.why).toBe('interrupted')
      }
      expect(settle(await conduct(reopen(folder))()).stages).toEqual(whole.stages)
    }
  })

  test('of a contest tells the validation loss of the network of each stage, without price or temperature', async () => {
    const folder = inHome('of a contest with a life in it')
    const { stages } = JSON.parse(readFileSync(paths(folder).path, 'utf8')) as Pick<ConductedRun, 'stages'>
    expect(stages).toHaveLength(4)
    for (const { epoch, loss } of stages) {
      const { evaluation } = settle(await evaluateRun(folder, { epoch })())
      expect(loss).toBeCloseTo(evaluation.used.validation?.evaluation.logLoss ?? NaN, 5)
    }
    const page = readFileSync(paths(folder).report, 'utf8')
    expect(page).toContain('<th>validation loss</th>')
    expect(page).toContain('of a stage of thin and of what lives between two its last')
  })

  test('under the rule none has all its neurons from the start', async () => {
    const still = settle(await plan({ data, rule: { name: 'none' }, stages: [], hyperparameters })())
    expect(still.experiment.hyperparameters.initialHidden).toBe(6)
    const { result } = settle(await conduct(begin(still, inHome('still')))())
    expect(result.trajectory.map(({ living, births, deaths }) => [living, births, deaths])).toEqual(
      range(20).map(() => [6, 0, 0])
    )
  })

  test('that cannot be opened is a failure, and nobody looks on', async () => {
    const observed: Run[] = []
    const conducted = await conduct(reopen(inHome('nowhere')), run => {
      observed.push(run)
      return {}
    })()
    expect(conducted).toMatchObject({ left: { kind: 'file', where: join(inHome('nowhere'), 'config.json') } })
    expect(observed).toEqual([])
  })
})

describe('a planned run is opened', () => {
  test('anew in a folder of nothing, from where it is in its own, and not in that of another', async () => {
    const [one, two] = [await planned(1), await planned(2)]
    expect(await folderStatus(inHome('shared'), one.experiment)()).toMatchObject({ right: 'empty' })
    settle(await conduct(openRun(one, inHome('shared')), () => interrupting(3, []))())
    expect(await folderStatus(inHome('shared'), one.experiment)()).toMatchObject({ right: 'unfinished' })
    expect(await openRun(two, inHome('shared'))()).toMatchObject({ left: { what: 'it holds another run' } })
    const on = settle(await openRun(one, inHome('shared'))())
    expect([on.state.clock.epoch, on.past.length]).toEqual([3, 3])
    expect(on.remarks[0]).toContain('holds the same run, unfinished: going on')
    expect(await openRun(two, inHome('shared'), {}, true)()).toMatchObject({
      left: { what: expect.stringContaining('works there since') as string }
    })
    await on.lock?.release()
    const over = settle(await openRun(two, inHome('shared'), {}, true)())
    expect([over.state.clock.epoch, over.experiment.seed]).toEqual([0, 2])
    await over.lock?.release()
  })

  test('never over checkpoints that it cannot read, unasked', async () => {
    const chosen = await planned()
    settle(await conduct(openRun(chosen, inHome('unreadable')), () => interrupting(3, []))())
    const { checkpoints } = paths(inHome('unreadable'))
    const held = readdirSync(checkpoints)
    expect(held.length).toBeGreaterThan(0)
    for (const name of held) writeFileSync(join(checkpoints, name), '{"format":"sagp","version":1}\n')
    const opened = await openRun(chosen, inHome('unreadable'))()
    expect(E.isLeft(opened) && explain(opened.left)).toMatch(/sagp 0\.3\.0 or older.*npx sagp@0\.3\.0.*--fresh/)
    expect(readdirSync(checkpoints)).toEqual(held)
    expect(settle(await openRun(chosen, inHome('unreadable'), {}, true)()).state.clock.epoch).toBe(0)
  })

  test('never among files that are no run, asked to start over or not', async () => {
    const foreign = mkdtempSync(join(home, 'foreign-'))
    writeFileSync(join(foreign, 'thesis.txt'), 'mine')
    for (const fresh of [false, true]) {
      const opened = await openRun(await planned(), foreign, {}, fresh)()
      expect(opened).toMatchObject({ left: { kind: 'usage', what: 'it holds files that are no run' } })
    }
    expect(existsSync(join(foreign, 'config.json'))).toBe(false)
  })
})

test('a run answers the rows of a file in one line, by any of its networks', async () => {
  const trained = settle(await plan({ data, stages: [], hyperparameters })())
  settle(await conduct(begin(trained, inHome('answering')))())
  writeFileSync(inHome('new.csv'), 'b,a\n0.5,0\n0.5,1\n')
  const last = settle(await predictFile(inHome('answering'), inHome('new.csv'), { use: 'last' })())
  expect(last.predictions.header).toEqual(['kind', 'p(blue)', 'p(green)', 'p(red)'])
  expect([last.predictions.rows.length, last.epoch, last.score]).toEqual([2, 20, undefined])
  const labelled = settle(await predictFile(inHome('answering'), data, { use: 'last' })())
  expect(labelled.score?.metrics['f1Micro']).toBeGreaterThan(0.5)
  const first = settle(await predictFile(inHome('answering'), data, { epoch: 0 })())
  expect(first.epoch).toBe(0)
  expect(first.predictions.rows).not.toEqual(labelled.predictions.rows)
})
