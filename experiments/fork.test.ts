/** A fork goes on from a moment of a run: unchanged it ends as that run, changed it is a run like any other. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { afterAll, describe, expect, test } from 'vitest'
import { settle } from '../codecs/attempt.js'
import { digest } from '../codecs/checkpoint.js'
import { entries } from '../core/learning/state.js'
import { explain } from '../core/port/failure.js'
import { range } from '../core/port/ndarray.js'
import { checkpointEpochs, newestIntact, readCheckpoint } from './checkpoints.js'
import { compareRuns } from './compare-runs.js'
import type { ConductedRun } from './conduct.js'
import { conduct } from './conduct.js'
import { evaluateRun } from './evaluate-run.js'
import { folderStatus } from './folder-status.js'
import { planFork } from './fork.js'
import { loadNetwork } from './load-model.js'
import { openRun } from './open-run.js'
import type { Choices } from './plan.js'
import { plan } from './plan.js'
import { stateAt } from './rebuild.js'
import { paths, readConfig, readTrajectory } from './run-folder.js'
import type { RunName } from './run-name.js'
import { begin, reopen } from './run.js'
import type { StageNetworks } from './stage-networks.js'
import { stageNetworks } from './stage-networks.js'
import type { RunObserver } from './train-run.js'

const home = mkdtempSync(join(tmpdir(), 'sagp-fork-'))
afterAll(() => rmSync(home, { recursive: true, force: true }))
const data = join(home, 'colours.csv')
const rows = range(48).map(i => `${(i % 3) + 0.9 * Math.sin(i)},${Math.cos(5 * i)},${['red', 'green', 'blue'][i % 3]}`)
writeFileSync(data, ['a,b,colour', ...rows].join('\n'))

const lively = {
  ...{ growthPatience: 1, maxHidden: 12, beta: 0.9, gamma1: 0.5, gamma2: 0.02, initialLogit: 0 },
  ...{ dropout: 0.1, learningRate: 0.05 }
}
const plain: Choices = { data, preset: 'paper', hyperparameters: { ...lively, epochs: 30 } }
const staged: Choices = {
  ...{ data, preset: 'paper', hyperparameters: lively },
  stages: [
    { name: 'life', epochs: 12 },
    { name: 'consolidate', epochs: 6 },
    { name: 'prune', epochs: 12, synapses: 5, over: 6, every: 2 }
  ]
}
/** Its first network with synapses is that of its second stage, which is no candidate. */
const contest: Choices = {
  ...staged,
  stages: [
    { name: 'thin', epochs: 6, share: 1 },
    { name: 'life', epochs: 8 },
    { name: 'thin', epochs: 6, share: 1 },
    { name: 'thin', epochs: 6 }
  ]
}
const policy = { checkpointSeconds: Infinity }
const stopAt = (epoch: number): (() => RunObserver) => {
  let at = 0
  return () => ({ epoch: line => void (at = line.epoch), interrupted: () => at === epoch })
}
const whole = async (choices: Choices, name: string): Promise<string> => {
  const folder = join(home, name)
  settle(await conduct(begin(settle(await plan(choices)()), folder), undefined, policy)())
  return folder
}
const lastDigest = async (folder: string): Promise<string> => digest(settle(await newestIntact(folder)()).found)

const fork = async (
  name: RunName,
  choices: Choices,
  to: string,
  observe?: () => RunObserver
): Promise<ConductedRun> => {
  const planned = settle(await planFork(name, choices)())
  return settle(await conduct(openRun(planned, join(home, to)), observe, policy)())
}
const refusal = async (name: RunName, choices: Choices): Promise<string> => {
  const made = await planFork(name, choices)()
  return E.isLeft(made) ? explain(made.left).replace(home, '') : 'nothing refused'
}
const stagesOf = async (folder: string): Promise<readonly StageNetworks[]> =>
  settle(await stageNetworks(folder, settle(await readConfig(folder)()), Infinity)())
const withoutTime = (folder: string): unknown =>
  readFileSync(paths(folder).trajectory, 'utf8')
    .trim()
    .split('\n')
    .map(line => line.replace(/,"ms":.*/, ''))

describe.each<[string, Choices, readonly number[]]>([
  ['a life', plain, [0, 7, 29]],
  ['stages', staged, [5, 12, 15, 22]],
  ['a contest', contest, [3, 9, 15]],
  [
    'the way down to a score',
    { ...plain, preset: 'swift', targetF1: 0.6, hyperparameters: { ...lively, epochs: 40 } },
    [12, 26]
  ],
  [
    'a rival',
    { ...plain, model: { name: 'dense' }, sparse: 'gmp', targetSynapses: 5, hyperparameters: { epochs: 20 } },
    [9]
  ],
  [
    'mini-batches under a cosine',
    { ...plain, hyperparameters: { ...lively, epochs: 30, batchSize: 7, schedule: 'cosine', stopPatience: 25 } },
    [11]
  ]
])('%s', (name, choices, epochs) => {
  test('forked unchanged has the digest, the best networks and the trajectory of its run', async () => {
    const parent = await whole(choices, name)
    const ended = settle(await newestIntact(parent)()).found.clock
    for (const epoch of epochs) {
      expect(epoch).toBeLessThan(ended.epoch)
      const { run, result } = await fork({ folder: parent, epoch }, {}, `${name} ${epoch}`)
      expect(await digest(result.state)).toBe(await lastDigest(parent))
      expect(await digest(result.best)).toBe(
        await digest(settle(await readCheckpoint(parent, ended.progress.bestEpoch)()))
      )
      expect(withoutTime(run.folder)).toEqual(withoutTime(parent))
      expect(await stagesOf(run.folder)).toEqual(await stagesOf(parent))
    }
  })
})

test('a fork says in its settings what it was forked from, by digest, and is a run of its own', async () => {
  const parent = join(home, 'a life')
  const { run } = await fork({ folder: parent, epoch: 7 }, {}, 'said')
  const config = settle(await readConfig(run.folder)())
  const { state } = settle(await stateAt(parent, 7)())
  expect(config.forked).toMatchObject([
    { run: parent, epoch: 7, births: state.model.facts.births, digest: await digest(state) }
  ])
  expect(config).toEqual({ ...settle(await readConfig(parent)()), forked: config.forked })
  const again = settle(await planFork({ folder: parent, epoch: 7 }, {})())
  expect(settle(await folderStatus(run.folder, again.experiment)())).toBe('finished')
  const other = settle(await planFork({ folder: parent, epoch: 8 }, {})())
  expect(settle(await folderStatus(run.folder, other.experiment)())).toBe('another run')
})

describe('a fork with other settings', () => {
  const parent = join(home, 'a life')
  const changed: Choices = { hyperparameters: { gamma2: 0.2, epochs: 45, learningRate: 0.01 } }

  test('begins with the network, the moments and the clock as they were', async () => {
    const { fork: begun, experiment } = settle(await planFork({ folder: parent, epoch: 11 }, changed)())
    const { state } = settle(await stateAt(parent, 11)())
    expect(begun?.state).toEqual(state)
    expect(entries(state).length).toBeGreaterThan(10)
    expect(experiment.hyperparameters).toMatchObject({ gamma2: 0.2, epochs: 45, learningRate: 0.01, gamma1: 0.5 })
  })
  test('interrupted and resumed ends in the same bits, other than those of its run', async () => {
    const through = await fork({ folder: parent, epoch: 11 }, changed, 'through')
    const first = await fork({ folder: parent, epoch: 11 }, changed, 'halting', stopAt(19))
    expect(first.result.why).toBe('interrupted')
    const { result } = settle(await conduct(reopen(join(home, 'halting')))())
    expect([result.state.clock.epoch, result.trajectory.length]).toEqual([45, 45])
    expect(await digest(result.state)).toBe(await digest(through.result.state))
    expect(await digest(result.state)).not.toBe(await lastDigest(parent))
  })
  test('that dies before its first epoch has the lines of its run, and goes on', async () => {
    const planned = settle(await planFork({ folder: parent, epoch: 11 }, changed)())
    const folder = join(home, 'died')
    await settle(await begin(planned, folder)()).lock?.release()
    expect(withoutTime(folder)).toHaveLength(11)
    const { result } = settle(await conduct(reopen(folder), undefined, policy)())
    expect(await digest(result.state)).toBe(await lastDigest(join(home, 'through')))
    expect(withoutTime(folder)).toEqual(withoutTime(join(home, 'through')))
  })
  test('is evaluated, and any epoch of it rebuilt; those before it are its parent\u2019s', async () => {
    const planned = settle(await planFork({ folder: parent, epoch: 11 }, changed)())
    const folder = join(home, 'often saved')
    settle(await conduct(openRun(planned, folder), undefined, { checkpointSeconds: 0 })())
    const halting = await fork({ folder: parent, epoch: 11 }, changed, 'stopped', stopAt(23))
    expect(settle(await checkpointEpochs(folder)())).not.toContain(23)
    expect(await digest(settle(await stateAt(folder, 23)()).state)).toBe(await digest(halting.result.state))
    expect(settle(await stateAt(folder, 23)()).from).toBeGreaterThanOrEqual(11)
    expect(settle(await evaluateRun(folder, { epoch: 23 })()).evaluation.summary.last.epoch).toBe(23)
    const early = await stateAt(folder, 5)()
    expect(E.isLeft(early) && explain(early.left)).toBe(
      `${folder}@5: the run was forked at epoch 11: what came before is another's. Name ${parent}@5.`
    )
    expect(settle(await readTrajectory(folder, 100)())).toHaveLength(45)
  })
  test('can be forked itself: the second knows both moments', async () => {
    const { run } = await fork(
      { folder: join(home, 'through'), epoch: 30 },
      { hyperparameters: { alpha: 0.5 } },
      'twice'
    )
    expect(run.experiment.forked).toMatchObject([{ epoch: 30 }, { epoch: 11, run: parent }])
    const last = { use: 'last' as const }
    const made = settle(await compareRuns({ folder: parent, choice: last }, { folder: run.folder, choice: last })())
    const { births } = settle(await stateAt(parent, 11)()).state.model.facts
    expect(made.parted).toEqual({ epoch: 11, births })
    expect(made.settings).toMatchObject([
      { setting: 'alpha', after: 0.5 },
      { setting: 'gamma2', before: 0.02, after: 0.2 },
      { setting: 'learningRate' },
      { setting: 'epochs', before: 30, after: 45 }
    ])
    for (const id of made.changes?.neurons.both ?? []) expect(id).toBeLessThan(births)
  })
  test('goes on with the newest state where no epoch is named, as resume does', async () => {
    const made = settle(await planFork({ folder: parent }, { hyperparameters: { epochs: 40 } })())
    expect(made.fork?.state.clock.epoch).toBe(30)
    const longer = await fork({ folder: parent }, { hyperparameters: { epochs: 40 } }, 'longer')
    const begun = await whole({ ...plain, hyperparameters: { ...lively, epochs: 40 } }, 'long')
    expect(await digest(longer.result.state)).toBe(await lastDigest(begun))
  })
})

describe('the schedule of a fork', () => {
  const parent = join(home, 'stages')
  test('has what is changed in the stage that it is in, and in all that follow', async () => {
    const changed = { hyperparameters: { learningRate: 0.002 } }
    const { experiment } = settle(await planFork({ folder: parent, epoch: 15 }, changed)())
    expect(experiment.stages).toMatchObject([
      { name: 'life', epochs: 12 },
      { name: 'consolidate', with: { learningRate: 0.002 } },
      { name: 'prune', with: { learningRate: 0.002 } }
    ])
    expect(experiment.stages[0]).not.toHaveProperty('with')
  })
  test('ends where it is when stages are given, which follow', async () => {
    const stages = [{ name: 'prune', epochs: 5, synapses: 4 }] as const
    const { run, result } = await fork({ folder: parent, epoch: 15 }, { stages }, 'replaced')
    expect(run.experiment.stages).toMatchObject([
      { name: 'life', epochs: 12 },
      { name: 'consolidate', epochs: 3 },
      { name: 'prune', epochs: 5, synapses: 4 }
    ])
    expect(result.state.clock).toMatchObject({ epoch: 20, stage: { index: 2, epoch: 5 } })
    expect(result.trajectory.map(({ stage }) => stage)).toEqual([
      ...range(12).map(() => 0),
      ...range(3).map(() => 1),
      ...range(5).map(() => 2)
    ])
    const first = settle(await loadNetwork(run.folder, { stage: 1, use: 'last' })())
    expect(first.state.clock.epoch).toBe(12) // what came of the stages before came along
  })
  test('may begin at the end of a stage, of a contest that is over, or of a run that had none', async () => {
    const stages = [{ name: 'shrink', epochs: 4, share: 0.5 }] as const
    const atEnd = await fork({ folder: parent, stage: 1 }, { stages }, 'after life')
    expect(atEnd.result.state.clock).toMatchObject({ epoch: 16, stage: { index: 1 } })
    const over = await fork({ folder: join(home, 'a contest') }, { stages }, 'after a contest')
    expect(over.result.state.clock.stage).toMatchObject({ epoch: 4 })
    // after the first of a contest comes only what unlearns: none is better, and patience ends it
    const thin = { name: 'thin', epochs: 5, share: 1, patience: 10 } as const
    const wild = { ...thin, with: { learningRate: 50 } }
    const stubborn = [{ name: 'life', epochs: 12 } as const, thin, ...range(8).map(() => wild)]
    const lost = await whole({ ...staged, stages: stubborn }, 'lost')
    expect(settle(await newestIntact(lost)()).found.clock.epoch).toBeLessThan(12 + 9 * 5)
    const after = await fork({ folder: lost }, { stages }, 'after patience')
    expect(after.result.state.clock.stage).toMatchObject({ epoch: 4 })
    const found = await fork({ folder: join(home, 'the way down to a score') }, { stages }, 'after a score')
    expect(found.result.state.clock.stage).toMatchObject({ epoch: 4 })
    expect(found.run.experiment).not.toHaveProperty('targetF1')
    const none = await fork({ folder: join(home, 'a life'), epoch: 20 }, { stages }, 'after a life')
    expect(none.run.experiment.stages).toMatchObject([{ name: 'life', epochs: 20 }, { name: 'shrink' }])
    expect(none.result.state.clock).toMatchObject({ epoch: 24, stage: { index: 1, epoch: 4 } })
    const fresh = await fork({ folder: join(home, 'a life'), epoch: 0 }, { stages }, 'from the first')
    expect(fresh.result.state.clock).toMatchObject({ epoch: 4, stage: { index: 0 } })
  })
})

describe('refused of a fork is', () => {
  const life = { folder: join(home, 'a life'), epoch: 7 }
  const stages = { folder: join(home, 'stages'), epoch: 7 }
  test.each<[string, RunName, Choices, string]>([
    [
      'L',
      life,
      { hyperparameters: { steps: 4 } },
      '--steps: a fork keeps what its run has, 3, and cannot have 4. Leave it out'
    ],
    ['BatchNorm', life, { hyperparameters: { batchNorm: false } }, '--batch-norm: a fork keeps what its run has, true'],
    ['the seed', life, { seed: 3 }, '--seed: a fork keeps what its run has, 1, and cannot have 3'],
    ['the split', life, { splitSeed: 3 }, '--split-seed: a fork keeps'],
    ['the data', life, { data: 'digits' }, '--data: a fork keeps'],
    ['the model', life, { model: { name: 'dense' } }, '--model: a fork keeps'],
    [
      'another optimiser',
      life,
      { optimiser: { name: 'sgd' } },
      '--optimiser: what it remembers of each weight is of adam'
    ],
    [
      'a plan of a whole run',
      life,
      { targetSynapses: 9 },
      '--target-synapses: it plans a whole run, a fork goes on. Say it with --stages'
    ],
    ['fewer neurons than were born', life, { hyperparameters: { maxHidden: 3 } }, 'neurons have been born already'],
    [
      'an end before now',
      life,
      { hyperparameters: { epochs: 7 } },
      'epoch 7: nothing is left to train after it (it ends by epochs). Give more with --epochs'
    ],
    [
      'a number of epochs beside stages',
      stages,
      { hyperparameters: { epochs: 99 } },
      '--epochs: a run with stages ends with its stages'
    ],
    [
      'the same beside other stages',
      stages,
      { hyperparameters: { epochs: 99 }, stages: [{ name: 'life', epochs: 3 }] },
      '--epochs: the stages that are given have 3'
    ],
    [
      'the end of all stages',
      { folder: stages.folder },
      {},
      'nothing is left to train after it (it ends by epochs). Say what is to follow with --stages'
    ]
  ])('%s', async (_, name, choices, sentence) => {
    expect(await refusal(name, choices)).toContain(sentence)
  })
  test('but what is said anew as it was is no change', async () => {
    const same: Choices = { seed: 1, preset: 'paper', hyperparameters: { steps: 3, gamma2: 0.02 } }
    expect(settle(await planFork(life, same)()).experiment).toEqual(settle(await planFork(life, {})()).experiment)
  })
})
