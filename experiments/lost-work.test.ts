/** What a run has come to is never lost, and never mixed with another's: folders in any state that a crash or a person may leave. */
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { settle } from '../codecs/attempt.js'
import { digest, encodeCheckpoint } from '../codecs/checkpoint.js'
import { perceptronCodec } from '../codecs/model-codec.js'
import type { State } from '../core/learning/state.js'
import { mapTensors } from '../core/learning/state.js'
import { explain, failure } from '../core/port/failure.js'
import type { NdArray } from '../core/port/ndarray.js'
import { range } from '../core/port/ndarray.js'
import { newestIntact, readCheckpoint, removeCheckpoints, writeCheckpoint } from './checkpoints.js'
import { conduct } from './conduct.js'
import { evaluateRun } from './evaluate-run.js'
import { openRun } from './open-run.js'
import type { Plan } from './plan.js'
import { plan } from './plan.js'
import { predictFile } from './predict-file.js'
import { paths, readSettings } from './run-folder.js'
import { beginAside } from './run-start.js'
import { begin, reopen } from './run.js'

const home = mkdtempSync(join(tmpdir(), 'sagp-lost-work-'))
afterAll(() => rmSync(home, { recursive: true, force: true }))
const data = join(home, 'colours.csv')
const lines = range(48).map(i => `${(i % 3) + Math.sin(i)},${Math.cos(5 * i)},${['red', 'green', 'blue'][i % 3]}`)
const noisy = { initialLogit: 0, gamma2: 0.02, dropout: 0.1, weightDecay: 0.0001 }
const hyperparameters = { epochs: 20, growthPatience: 1, maxHidden: 6, ...noisy }
const planned = async (seed: number = 1): Promise<Plan> =>
  settle(await plan({ data, seed, stages: [], hyperparameters })())

let made = 0
/** A copy of the run of 20 epochs that is made once. */
const copied = (): string => {
  const folder = join(home, `copy-${made++}`)
  cpSync(join(home, 'whole'), folder, { recursive: true })
  return folder
}
const newestFile = (folder: string): string =>
  join(paths(folder).checkpoints, readdirSync(paths(folder).checkpoints).sort().at(-1) as string)
const said = (opened: E.Either<Parameters<typeof explain>[0], unknown>): string =>
  E.isLeft(opened) ? explain(opened.left) : 'no failure'

let ended = ''
beforeAll(async () => {
  writeFileSync(data, ['a,b,colour', ...lines].join('\n'))
  ended = settle(await conduct(begin(await planned(), join(home, 'whole')))()).evaluation.summary.digest
})

describe('training what is trained already', () => {
  test('opens the finished run as it ended, trains nothing and says so', async () => {
    const folder = copied()
    const before = readdirSync(paths(folder).checkpoints)
    const { run, result, evaluation } = settle(await conduct(openRun(await planned(), folder))())
    expect(run.remarks[0]).toBe(
      `${folder} holds the same run, finished: there is nothing left to train (--fresh starts over)`
    )
    expect([result.why, evaluation.summary.digest, result.trajectory.length]).toEqual(['epochs', ended, 20])
    expect(readdirSync(paths(folder).checkpoints)).toEqual(before)
    expect(existsSync(paths(folder).lock)).toBe(false)
  })

  test('says by what the finished run was ended', async () => {
    const folder = join(home, 'patient')
    const patient = settle(
      await plan({ data, hyperparameters: { ...hyperparameters, learningRate: 2, stopPatience: 2 } })()
    )
    const first = settle(await conduct(openRun(patient, folder))())
    expect(first.result.why).toBe('patience')
    expect(settle(await conduct(openRun(patient, folder))()).evaluation.summary).toEqual(first.evaluation.summary)
  })
})

describe('starting over', () => {
  test('leaves the old run alone until the new one has its first checkpoint', async () => {
    const folder = copied()
    const full = failure('file', folder, 'the disk is full', 'Make room')
    const begun = beginAside(folder, aside => {
      writeFileSync(paths(aside).config, 'half')
      return TE.left(full)
    })
    expect(await begun()).toEqual(E.left(full))
    const { evaluation } = settle(await conduct(openRun(await planned(), folder))())
    expect(evaluation.summary.digest).toBe(ended)
    expect(readdirSync(folder).sort()).toEqual(readdirSync(join(home, 'whole')).sort())
  })

  test.each(range(9))(
    'is finished by whoever opens the folder next, if a crash comes after %i steps of the swap',
    async died => {
      const folder = copied()
      const other = join(home, `other-${made++}`)
      const fresh = settle(await begin(await planned(2), other)())
      await fresh.lock?.release()
      const { beginning, report, summary, trajectory, checkpoints, input, data: card } = paths(folder)
      writeFileSync(input, 'old')
      writeFileSync(paths(other).input, 'new')
      renameSync(other, beginning)
      const steps = [
        ...[trajectory, summary, report, input].map(old => () => rmSync(old)),
        () => rmSync(checkpoints, { recursive: true }),
        ...[card, input, checkpoints].map(part => () => renameSync(part.replace(folder, beginning), part))
      ]
      steps.slice(0, died).forEach(step => step())
      const opened = settle(await reopen(folder)())
      await opened.lock?.release()
      expect([opened.experiment.seed, opened.state.clock.epoch, opened.past]).toEqual([2, 0, []])
      expect(readdirSync(folder).sort()).toEqual(['checkpoints', 'config.json', 'data.json', 'input'])
      expect(readFileSync(input, 'utf8')).toBe('new')
    }
  )

  test('is not what a folder gets whose checkpoints cannot be listed', async () => {
    const folder = copied()
    const { checkpoints } = paths(folder)
    renameSync(checkpoints, `${folder}/kept`)
    writeFileSync(checkpoints, 'not a folder')
    expect(said(await openRun(await planned(), folder)())).toMatch(/checkpoints: ENOTDIR/)
    expect(readdirSync(`${folder}/kept`).length).toBeGreaterThan(0)
  })
})

describe('a checkpoint behind a sound digest', () => {
  type Change = (state: State<NdArray>) => State<NdArray>
  const clock =
    (change: (clock: State<NdArray>['clock']) => object): Change =>
    s => ({ ...s, clock: { ...s.clock, ...change(s.clock) } })
  const matrix =
    (name: string, value: number): Change =>
    s =>
      mapTensors(s, ({ shape, data }, path) => ({ shape, data: path === name ? data.map(() => value) : data }))
  test.each<readonly [string, Change, string]>([
    ['of another seed', clock(() => ({ seed: 2 })), 'it is of seed 2, the run of seed 1'],
    ['of weights that are no numbers', matrix('parameters.weights', NaN), 'holds a number that is not finite'],
    ['of an infinite mean', matrix('moments.weights.0', Infinity), 'holds a number that is not finite'],
    ['of a negative mean of squares', matrix('moments.weights.1', -1), 'a mean of squares is below 0'],
    [
      'of a best epoch to come',
      clock(c => ({ progress: { ...c.progress, bestEpoch: 21 } })),
      'its counts do not add up'
    ],
    ['of fewer updates than epochs', clock(() => ({ updates: 3 })), 'its counts do not add up'],
    [
      'of neurons that are not there',
      clock(c => ({ progress: { ...c.progress, topology: [9, 1, 1] } })),
      'its counts do not add up'
    ]
  ])('%s is not taken, the one before is, by resume and by predict', async (_, change, what) => {
    const folder = copied()
    const { identity } = settle(await readSettings(folder)())
    const state = settle(await readCheckpoint(folder, 20)())
    writeFileSync(newestFile(folder), await encodeCheckpoint(perceptronCodec, change(state), identity))
    const { found, damaged } = settle(await newestIntact(folder)())
    expect(found.clock.epoch).toBeLessThan(20)
    expect(damaged.map(explain).join()).toContain(what)
    const { run, evaluation } = settle(await conduct(reopen(folder))())
    expect(run.remarks.join()).toMatch(/000020\.sagp: .*going on from epoch \d+/)
    expect(evaluation.summary.digest).toBe(ended)
    writeFileSync(newestFile(folder), await encodeCheckpoint(perceptronCodec, change(state), identity))
    expect(settle(await predictFile(folder, data)()).epoch).toBeLessThan(20)
  })

  test('of the same seed under other settings is not taken', async () => {
    const [folder, other] = [copied(), join(home, 'faster')]
    const faster = settle(await plan({ data, hyperparameters: { ...hyperparameters, learningRate: 0.5 } })())
    settle(await conduct(begin(faster, other))())
    cpSync(newestFile(other), newestFile(folder))
    expect(said(await readCheckpoint(folder, 20)())).toContain('it is of another run, or of other settings')
  })

  test('of a run before checkpoints named theirs is taken', async () => {
    const folder = copied()
    const state = settle(await readCheckpoint(folder, 20)())
    writeFileSync(newestFile(folder), await encodeCheckpoint(perceptronCodec, state))
    expect(await digest(settle(await readCheckpoint(folder, 20)()))).toBe(ended)
  })
})

describe('a trajectory', () => {
  const log = (folder: string): string => paths(folder).trajectory
  const cut = (folder: string): readonly string[] => readFileSync(log(folder), 'utf8').trim().split('\n')
  const gap = /trajectory\.jsonl: 1 of 20 epochs are missing or damaged, the first of them 5;/
  test.each<readonly [string, (lines: readonly string[]) => readonly string[], RegExp | undefined, number]>([
    ['with a damaged line', ls => ls.map((l, i) => (i === 4 ? l.slice(0, 9) : l)), gap, 19],
    ['with a lost line', ls => ls.filter((_, i) => i !== 4), gap, 19],
    ['with a line of nothing', ls => ls.map((l, i) => (i === 4 ? '' : l)), gap, 19],
    ['with lines twice', ls => [...ls.slice(0, 12), ...ls.slice(7)], undefined, 20],
    ['that is ahead', ls => [...ls, '{"epoch":21'], undefined, 20],
    ['that is gone', () => [], /20 of 20 epochs are missing or damaged, the first of them 1;/, 0]
  ])('%s stops nobody: what can be read of it is kept', async (_, harm, remark, kept) => {
    const folder = copied()
    writeFileSync(log(folder), harm(cut(folder)).join('\n'))
    const { run, evaluation, result } = settle(await conduct(reopen(folder))())
    expect(evaluation.summary.digest).toBe(ended)
    expect(result.trajectory.length).toBe(kept)
    if (remark) expect(run.remarks.join('\n')).toMatch(remark)
    else expect(run.remarks.join('\n')).not.toContain('trajectory')
  })
})

test('a run whose split column has changed does not go on: rows of the test might be learned from', async () => {
  const file = join(home, 'split.csv')
  const write = (partOf: (i: number) => number): void =>
    writeFileSync(
      file,
      [
        'a,b,part,colour',
        ...lines.map((l, i) => l.replace(/,(\w+)$/, `,${['train', 'validation', 'test'][partOf(i)]},$1`))
      ].join('\n')
    )
  write(i => i % 3)
  const divided = settle(await plan({ data: file, split: 'part', hyperparameters })())
  settle(await conduct(begin(divided, join(home, 'divided')))())
  write(i => (i + 1) % 3)
  const why = 'its training rows are not those that the run was begun with. Put the old data back'
  expect(said(await reopen(join(home, 'divided'))())).toContain(why)
  expect(said(await evaluateRun(join(home, 'divided'))())).toContain(why)
})

test('a data card that could not be read again is refused before anything is trained', async () => {
  const chosen = await planned()
  const { dataset } = chosen.loaded
  const outputs = ['x'.repeat(100_001), ...dataset.task.outputs.slice(1)]
  const loaded = { ...chosen.loaded, dataset: { ...dataset, task: { ...dataset.task, outputs } } }
  const folder = join(home, `long-${made++}`)
  mkdirSync(folder)
  const opened = await begin({ ...chosen, loaded }, folder)()
  expect(said(opened)).toMatch(/task\.outputs\.0 must be a text of at most 100000 characters.*Shorten it in the data/)
  expect(said(opened).length).toBeLessThan(500)
  expect(readdirSync(folder)).toEqual([])
  await begin({ ...chosen, loaded }, join(folder, 'new'))()
  expect(readdirSync(folder), 'a folder made for nothing').toEqual([])
})

test('readers under whom checkpoints are replaced read on, from the newest', async () => {
  const folder = join(home, 'busy')
  const long = settle(await plan({ data, stages: [], hyperparameters: { ...hyperparameters, epochs: 2000 } })())
  const { state, identity } = settle(await begin(long, folder)())
  const writer = { epoch: 0 }
  const readers = range(4).map(async () => {
    for (let seen = 0; writer.epoch < 150;) {
      const written = writer.epoch
      const { found, damaged } = settle(await newestIntact(folder)())
      expect([damaged, found.clock.epoch >= Math.max(seen, written)]).toEqual([[], true])
      seen = found.clock.epoch
    }
  })
  for (let epoch = 1; epoch <= 150; epoch++) {
    const clock = { ...state.clock, epoch, updates: epoch }
    settle(await writeCheckpoint(folder, { ...state, clock }, identity)())
    writer.epoch = epoch
    if (epoch > 1) settle(await removeCheckpoints(folder, [epoch - 1])()) // that of epoch 0 stays
  }
  await Promise.all(readers)
})
