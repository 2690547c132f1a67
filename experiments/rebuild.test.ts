/** Any epoch that a run has been through comes back to the bit: that of a run that was stopped there. */
import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { settle } from '../codecs/attempt.js'
import { digest } from '../codecs/checkpoint.js'
import { explain } from '../core/port/failure.js'
import { range } from '../core/port/ndarray.js'
import { checkpointEpochs, removeCheckpoints } from './checkpoints.js'
import { conduct } from './conduct.js'
import { extend } from './extend.js'
import { loadNetwork } from './load-model.js'
import type { Choices } from './plan.js'
import { plan } from './plan.js'
import { stateAt } from './rebuild.js'
import { paths, pretty, readConfig } from './run-folder.js'
import { begin, reopen } from './run.js'
import type { RunObserver } from './train-run.js'

const home = mkdtempSync(join(tmpdir(), 'sagp-rebuild-'))
afterAll(() => rmSync(home, { recursive: true, force: true }))
const data = join(home, 'colours.csv')
const rows = range(48).map(i => `${(i % 3) + 0.9 * Math.sin(i)},${Math.cos(5 * i)},${['red', 'green', 'blue'][i % 3]}`)
writeFileSync(data, ['a,b,colour', ...rows].join('\n'))

/** Births and deaths, and a best network before the last. */
const lively = {
  ...{ growthPatience: 1, maxHidden: 12, beta: 0.9, gamma1: 0.5, gamma2: 0.02, initialLogit: 0 },
  ...{ dropout: 0.1, learningRate: 0.05 }
}
const chosen = ({ hyperparameters, ...rest }: Choices = {}): Choices => ({
  ...{ data, preset: 'paper', hyperparameters: { ...lively, epochs: 30, ...hyperparameters } },
  ...rest
})
const stopAt = (epoch: number): (() => RunObserver) => {
  let at = 0
  return () => ({ epoch: line => void (at = line.epoch), interrupted: () => at === epoch })
}
/** Whoever is not interrupted saves at the end alone. */
const policy = { checkpointSeconds: Infinity }

/** Digests of a run that is stopped at some epochs and goes on: what each of its moments is. */
const stopped = async (choices: Choices, name: string, stops: readonly number[]): Promise<readonly string[]> => {
  const folder = join(home, name)
  const planned = settle(await plan(choices)())
  const digests: string[] = []
  for (const [i, stop] of stops.entries()) {
    const opening = i === 0 ? begin(planned, folder) : reopen(folder)
    const { result } = settle(await conduct(opening, stopAt(stop), policy)())
    expect(result.state.clock.epoch).toBe(stop)
    digests.push(await digest(result.state))
  }
  return digests
}
/** A run from its beginning to its end at once. */
const whole = async (choices: Choices, name: string): Promise<string> => {
  const folder = join(home, name)
  settle(await conduct(begin(settle(await plan(choices)()), folder), undefined, policy)())
  return folder
}
/** Digests of moments of a run, of which there is no checkpoint but that of the beginning, the best, the last, and stages. */
const rebuilt = async (folder: string, epochs: readonly number[]): Promise<readonly string[]> => {
  const digests: string[] = []
  for (const epoch of epochs) {
    const { state, from, best } = settle(await stateAt(folder, epoch)())
    expect([state.clock.epoch, (from ?? -1) < epoch]).toEqual([epoch, true])
    if (best) expect(best.clock.epoch).toBe(state.clock.progress.bestEpoch)
    digests.push(await digest(state))
  }
  return digests
}
const refusal = async (folder: string, epoch: number): Promise<string> => {
  const made = await stateAt(folder, epoch)()
  return E.isLeft(made) ? `${made.left.kind} ${explain(made.left)}` : 'nothing refused'
}
const listing = (folder: string): readonly (readonly [string, string])[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name))
    .sort()
    .map(path => [path, readFileSync(path).toString('base64')])

const cases: Readonly<Record<string, readonly [choices: Choices, stops: readonly number[]]>> = {
  'a life of births and deaths': [chosen(), [3, 11, 12, 29]],
  'stages with a pruning': [
    chosen({
      stages: [
        { name: 'life', epochs: 12, with: { gamma2: 0.05 } },
        { name: 'consolidate', epochs: 6 },
        { name: 'prune', epochs: 12, synapses: 5, over: 6, every: 2 }
      ],
      hyperparameters: { epochs: undefined }
    }),
    [5, 12, 13, 18, 21, 26, 29]
  ],
  'mini-batches under a cosine, of rows that weigh differently': [
    chosen({ classWeights: [{ class: 'red', weight: 3 }], hyperparameters: { batchSize: 7, schedule: 'cosine' } }),
    [4, 17, 28]
  ],
  'a contest of thinner and thinner networks': [
    chosen({ preset: 'swift', hyperparameters: { epochs: 90 } }),
    [9, 31, 60]
  ],
  'another backend': [chosen({ backend: 'reference', hyperparameters: { epochs: 12 } }), [5, 11]],
  'the third backend': [chosen({ backend: 'wasm', hyperparameters: { epochs: 12 } }), [5, 11]]
}

describe.each(Object.entries(cases))('%s', (name, [choices, stops]) => {
  test('comes back at any epoch, with the digest of a run that was stopped there', async () => {
    const [through, halting] = [`${name} through`, `${name} halting`]
    const digests = await stopped(choices, halting, stops)
    const folder = await whole(choices, through)
    const saved = settle(await checkpointEpochs(folder)())
    expect(stops.some(epoch => !saved.includes(epoch))).toBe(true)
    const before = listing(folder)
    expect(await rebuilt(folder, stops)).toEqual(digests)
    expect(listing(folder)).toEqual(before) // nothing is written
    // and of the run that was interrupted and resumed again and again
    expect(await rebuilt(join(home, halting), stops)).toEqual(digests)
    expect(new Set(digests).size).toBe(stops.length)
  })
})

describe('a run that was given other numbers of epochs', () => {
  const falling = chosen({ hyperparameters: { epochs: 10, schedule: 'cosine' } })
  const length = { epochs: 24, reschedule: true }
  /** Stopped at 6 of 10 epochs, then made one of 24. */
  const extended = async (name: string, stops: readonly number[]): Promise<readonly string[]> => {
    const folder = join(home, name)
    const digests = [...(await stopped(falling, name, [3, 6]))]
    for (const [i, stop] of stops.entries()) {
      const opening = i === 0 ? reopen(folder, {}, length) : reopen(folder)
      digests.push(await digest(settle(await conduct(opening, stopAt(stop), policy)()).result.state))
    }
    return digests
  }
  test('comes back under the learning rates that it had, before and after', async () => {
    const digests = await extended('extended halting', [7, 15])
    await extended('extended through', [24])
    const folder = join(home, 'extended through')
    settle(
      await removeCheckpoints(
        folder,
        range(30).filter(i => i > 0 && i < 24)
      )()
    )
    expect(settle(await readConfig(folder)()).extended).toMatchObject([{ from: 10, to: 24, at: 6 }])
    expect(await rebuilt(folder, [3, 6, 7, 15])).toEqual(digests)
  })
  test('that an older sagp extended, which noted no moment, is refused where the bits say so', async () => {
    const folder = join(home, 'extended through')
    const config = settle(await readConfig(folder)())
    const unnoted = (config.extended ?? []).map(({ at: _, ...rest }) => rest)
    writeFileSync(paths(folder).config, pretty({ ...config, extended: unnoted }))
    const said = await refusal(folder, 7)
    writeFileSync(paths(folder).config, pretty(config))
    expect(said).toMatch(/epoch 7 does not come out as .*trajectory\.jsonl has it: another backend or another version/)
  })
  test('may be over at once: extend alone changes no moment', async () => {
    const digests = await stopped(chosen(), 'short halting', [4, 9])
    const folder = await whole(chosen({ hyperparameters: { epochs: 10 } }), 'short')
    settle(await extend(folder, { epochs: 20, reschedule: false })())
    expect(await rebuilt(folder, [4, 9])).toEqual(digests)
  })
})

describe('a moment that cannot be had', () => {
  let folder = ''
  let saved: readonly number[] = []
  beforeAll(async () => {
    folder = await whole(chosen(), 'plain')
    saved = settle(await checkpointEpochs(folder)())
  })
  const free = (): number => range(30).find(epoch => epoch > 2 && !saved.includes(epoch)) as number

  test('lies beyond the last epoch, which is named', async () => {
    expect(await refusal(folder, 31)).toBe(
      `usage ${folder}@31: the run has come to epoch 30, not further. Choose one up to that.`
    )
    const patient = chosen({ hyperparameters: { epochs: 300, learningRate: 2, stopPatience: 4 } })
    const ended = await whole(patient, 'patient')
    const last = settle(await checkpointEpochs(ended)()).at(-1) as number
    expect(last).toBeLessThan(300)
    expect(await refusal(ended, 300)).toContain(`the run has come to epoch ${last}, not further`)
    expect(await rebuilt(ended, [last - 1])).toHaveLength(1)
  })
  test('is of a backend that gives no bits twice: the checkpoints are named', async () => {
    const config = settle(await readConfig(folder)())
    writeFileSync(paths(folder).config, pretty({ ...config, backend: 'cuda' }))
    const said = await refusal(folder, free())
    writeFileSync(paths(folder).config, pretty(config))
    expect(said).toBe(
      `usage ${folder}@${free()}: there is no checkpoint of that epoch, and cuda gives no bits twice to rebuild it by. Choose one of ${saved.join(', ')}.`
    )
  })
  test('needs data that are gone or others: the checkpoints are named', async () => {
    renameSync(data, `${data}.away`)
    const gone = await refusal(folder, free())
    writeFileSync(data, ['a,b,colour', ...rows.slice(1), rows[0]].join('\n'))
    const others = await refusal(folder, free())
    renameSync(`${data}.away`, data)
    expect(gone).toMatch(/no such file or folder \(epoch \d+ is rebuilt from them\)/)
    expect(others).toMatch(/^input .*the data are not those that the run was begun with/)
    for (const said of [gone, others]) expect(said).toContain(`without them, choose one of ${saved.join(', ')}.`)
  })
  test('did not come out so when the run wrote it down: then it was another backend or version', async () => {
    const { trajectory } = paths(folder)
    const text = readFileSync(trajectory, 'utf8')
    const lines = text.split('\n')
    const odd = lines.map((line, i) => (i === 1 ? line.replace(/"task":[^,]+/, '"task":0.5') : line))
    writeFileSync(trajectory, odd.join('\n'))
    const said = await refusal(folder, free())
    writeFileSync(trajectory, text)
    expect(said).toMatch(/epoch 2 does not come out as .*trajectory\.jsonl has it: another backend/)
    // what is missing there cannot be compared, and stops nothing
    writeFileSync(trajectory, lines.slice(3).join('\n'))
    expect(await refusal(folder, free())).toBe('nothing refused')
    writeFileSync(trajectory, text)
  })
  test('is rebuilt from an older checkpoint where a newer one is damaged', async () => {
    await stopped(chosen(), 'damaged', [15, 30])
    const damaged = join(home, 'damaged')
    expect(settle(await stateAt(damaged, 29)())).toMatchObject({ from: 15 })
    const expected = await rebuilt(damaged, [29])
    writeFileSync(join(paths(damaged).checkpoints, '000015.sagp'), 'torn')
    expect(settle(await stateAt(damaged, 29)()).from).toBeLessThan(15)
    expect(await rebuilt(damaged, [29])).toEqual(expected)
  })
})

test('how far it is is told, and the network says what it was rebuilt from', async () => {
  const folder = await whole(chosen(), 'told')
  const told: (readonly [number, number])[] = []
  const environment = {
    onProgress: ({ done, total }: { done: number; total: number }) => void told.push([done, total])
  }
  const saved = settle(await checkpointEpochs(folder)())
  const { which } = settle(await loadNetwork(folder, { epoch: 29, environment })())
  const from = saved.filter(epoch => epoch < 29).at(-1) as number
  expect(which).toBe(`epoch 29, as asked, rebuilt from the checkpoint of epoch ${from}`)
  expect(told).toEqual(range(29 - from).map(i => [i + 1, 29 - from]))
})
