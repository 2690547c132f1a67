/** More epochs for a run that has begun: the same run, as if it had been begun with them. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import * as E from 'fp-ts/lib/Either.js'
import { settle } from '../codecs/attempt.js'
import { explain } from '../core/port/failure.js'
import { range } from '../core/port/ndarray.js'
import { conduct } from './conduct.js'
import { extend } from './extend.js'
import { folderStatus } from './folder-status.js'
import type { Plan, SomeHyperparameters } from './plan.js'
import { plan } from './plan.js'
import { paths, readConfig } from './run-folder.js'
import type { Experiment } from './experiment.js'
import { runName } from './experiment.js'
import { begin, reopen } from './run.js'

const home = mkdtempSync(join(tmpdir(), 'sagp-extend-'))
afterAll(() => rmSync(home, { recursive: true, force: true }))
const data = join(home, 'colours.csv')
const lines = range(48).map(i => `${(i % 3) + 0.9 * Math.sin(i)},${Math.cos(5 * i)},${['red', 'green', 'blue'][i % 3]}`)
writeFileSync(data, ['a,b,colour', ...lines].join('\n'))
const planned = async (chosen: SomeHyperparameters): Promise<Plan> =>
  settle(await plan({ data, stages: [], hyperparameters: { growthPatience: 1, maxHidden: 6, ...chosen } })())
const trained = async (
  name: string,
  chosen: SomeHyperparameters
): Promise<{ folder: string; digest: string; e: Experiment }> => {
  const { experiment: e } = await planned(chosen)
  const { run, evaluation } = settle(await conduct(begin(await planned(chosen), join(home, name)))())
  return { folder: run.folder, digest: evaluation.summary.digest, e }
}
const refusal = async (folder: string, epochs: number): Promise<string> => {
  const before = readFileSync(paths(folder).config, 'utf8')
  const made = await reopen(folder, {}, { epochs, reschedule: false })()
  expect(readFileSync(paths(folder).config, 'utf8')).toBe(before)
  return E.isLeft(made) ? `${made.left.kind} ${explain(made.left)}` : 'nothing refused'
}

test('a finished run extended once and again has the digest of a run begun so, its name, and says what it was', async () => {
  const { folder, e } = await trained('short', { epochs: 10 })
  const { digest } = await trained('long', { epochs: 30 })
  const name = await runName(e)
  for (const epochs of [20, 30]) settle(await conduct(reopen(folder, {}, { epochs, reschedule: false }))())
  const { run, evaluation, result } = settle(await conduct(reopen(folder))())
  expect([evaluation.summary.digest, result.trajectory.length]).toEqual([digest, 30])
  const config = settle(await readConfig(folder)())
  expect(config.hyperparameters.epochs).toBe(30)
  expect(config.extended).toMatchObject([
    { from: 10, to: 20 },
    { from: 20, to: 30 }
  ])
  expect([await runName(config), run.experiment.hyperparameters.epochs]).toEqual([name, 30])
  expect(settle(await folderStatus(folder, e)())).toBe('finished') // the same command finds the same run
})

test('a crash between the new number and the first epoch leaves a run that goes on', async () => {
  const { folder, e } = await trained('crashed', { epochs: 10 })
  expect(settle(await extend(folder, { epochs: 30, reschedule: false })())).toEqual([
    `${folder}: 30 epochs instead of 10`
  ])
  expect(settle(await folderStatus(folder, e)())).toBe('unfinished')
  const { evaluation } = settle(await conduct(reopen(folder))())
  expect(evaluation.summary.epochs).toBe(30)
})

test('fewer epochs than a run has, and a schedule that depends on them, are refused', async () => {
  const { folder } = await trained('refused', { epochs: 10 })
  expect(await refusal(folder, 9)).toMatch(/^usage --epochs: .*refused has 10 already\. Give a higher number/)
  expect(await refusal(folder, 10)).toBe('nothing refused')
  const falling = await trained('falling', { epochs: 10, schedule: 'cosine' })
  expect(await refusal(falling.folder, 20)).toMatch(/schedule cosine depends on the number of epochs.*Say --reschedule/)
  const on = settle(await conduct(reopen(falling.folder, {}, { epochs: 20, reschedule: true }))())
  expect(on.evaluation.summary.epochs).toBe(20)
})

test('a run that patience ended is not ended by its epochs: more of them are refused', async () => {
  const { folder } = await trained('patient', { epochs: 200, learningRate: 2, stopPatience: 2 })
  expect(await refusal(folder, 300)).toMatch(
    /was ended at epoch \d+ by --stop-patience 2, which more epochs do not change/
  )
})
