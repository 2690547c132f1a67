/** The ablation as a whole, on a small table: variants, candidates, interruptions. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { settle } from '../codecs/attempt.js'
import { range } from '../core/port/ndarray.js'
import type { Plan } from '../experiments/plan.js'
import { plan } from '../experiments/plan.js'
import { variantNames, varied } from './ablation-variants.js'
import type { AblationOptions } from './ablation.js'
import { AblationRecordCodec, ablationReport, makeAblation } from './ablation.js'
import { candidatesOf, isSound } from './candidates.js'
import { fit } from './fit.js'
import { readLines } from './lines.js'

const home = mkdtempSync(join(tmpdir(), 'sagp-ablation-'))
afterAll(() => rmSync(home, { recursive: true, force: true }))

const folder = join(home, 'csv')
mkdirSync(folder)
const rows = range(60).map(i => [Math.sin(i), Math.cos(3 * i), ['low', 'high'][Number(Math.sin(i) > 0)]] as const)
const waves = join(folder, 'waves.csv')
writeFileSync(waves, ['a,b,kind', ...rows.map(row => row.join())].join('\n'))

let preset: Plan
beforeAll(async () => {
  preset = settle(await plan({ data: waves, seed: 101, hyperparameters: { epochs: 115, maxHidden: 4 } })())
})

test('variants differ from the preset in what they say, and last as long', () => {
  const usual = varied(preset.experiment, 'preset')
  const epochs = (name: (typeof variantNames)[number]): number =>
    varied(preset.experiment, name).stages.reduce((sum, stage) => sum + stage.epochs, 0)
  expect(variantNames.map(epochs)).toEqual(variantNames.map(() => 115))
  const stages = (name: (typeof variantNames)[number]): readonly string[] =>
    varied(preset.experiment, name).stages.map(stage => stage.name)
  expect(stages('no-linear')).toEqual(stages('preset').slice(1))
  expect(stages('no-life')).not.toContain('life')
  expect(stages('no-settling')).toEqual(['thin', 'life', ...stages('preset').slice(3)])
  expect(varied(preset.experiment, 'no-bias').hyperparameters).toEqual({ ...usual.hyperparameters, outputBias: false })
  const drowned = { ...preset.experiment, hyperparameters: { ...preset.experiment.hyperparameters, dropout: 0.2 } }
  const dropouts = (name: (typeof variantNames)[number]): readonly unknown[] =>
    varied(drowned, name).stages.map(stage => stage.with?.dropout)
  const first = dropouts('preset')[0]
  expect(dropouts('all-dropout')).toEqual([first, undefined, ...range(12).map(() => 0.2)])
  expect(dropouts('capped-dropout')).toEqual([first, undefined, ...range(12).map(() => 0.1)])
  expect(dropouts('no-dropout')).toEqual([0, undefined, ...range(12).map(() => 0)])
  expect(varied(drowned, 'no-dropout').hyperparameters.dropout).toBe(0)
  expect(usual.stages.flatMap(stage => (stage.name === 'thin' ? [stage.patience] : []))).toEqual(
    range(13).map(() => 1e9)
  )
})

test('candidates are the networks at the ends of contests; the halves together are all validation rows', async () => {
  const { stages } = preset.experiment
  const alone = { ...preset, experiment: { ...preset.experiment, stages: stages.slice(0, 1) } }
  const [candidate, ...none] = settle(await candidatesOf(alone)())
  expect(none).toEqual([])
  const { fit: made } = settle(await fit(alone)())
  const { rows: places } = preset.loaded.dataset.validation
  const [even, odd] = [Math.ceil(places.length / 2), Math.floor(places.length / 2)]
  const whole = ([a = NaN, b = NaN]: readonly number[]): number => (even * a + odd * b) / places.length
  expect(candidate?.losses.map(l => l.length)).toEqual([7, 7])
  expect(whole(candidate?.losses.map(([loss = NaN]) => loss) ?? [])).toBeCloseTo(made.validationLoss, 6)
  expect(whole(candidate?.scores ?? [])).toBeCloseTo(made.validation, 12)
  expect(candidate?.synapses).toBe(made.effectiveSynapses)
  const all = settle(await candidatesOf(preset)())
  expect(all).toHaveLength(stages.filter(({ name }) => name === 'thin').length)
  expect(all[0]).toEqual(candidate)
  const { dataset } = preset.loaded
  const blind = { ...preset.loaded, dataset: { ...dataset, test: { ...dataset.test, rows: [] } } }
  expect(settle(await candidatesOf({ ...alone, loaded: blind })()), 'no test row is looked at').toEqual([candidate])
})

test('a network without a finite loss or score is no candidate: what is kept can be read again', () => {
  const candidate = { synapses: 1, losses: [[0.1], [0.2]], scores: [0.5, 0.6] }
  expect(isSound(candidate)).toBe(true)
  expect(isSound({ ...candidate, losses: [[0.1], [Infinity]] })).toBe(false)
  expect(isSound({ ...candidate, scores: [NaN, 0.6] })).toBe(false)
})

test('goes on where it was, and is told again alike', async () => {
  const asked: AblationOptions = {
    ...{ folder, only: ['waves'], variants: ['preset', 'no-life', 'no-dropout'], seeds: 1, environment: {} },
    ...{ minutes: 0, out: join(home, 'out'), command: 'npm run ablation' }
  }
  const told: string[] = []
  const tell = (line: string): void => void told.push(line)
  expect(settle(await makeAblation(asked, tell)())).toMatchObject({ missing: 2 })
  settle(await makeAblation({ ...asked, minutes: Infinity }, tell)())
  expect(told.map(line => line.replace(/:.*/, ''))).toEqual(
    ['preset', 'no-life', 'no-dropout'].map(name => `waves, ${name}, seed 101`)
  )
  const page = readFileSync(join(asked.out, 'ablation.md'), 'utf8')
  expect(page).toContain('| without a life: no hidden neuron is ever born | 1 |')
  expect(page).toContain('| problem | preset | no-life | no-dropout |')
  expect(page).toMatch(/\n\| waves \| [01]\.\d{4} \| [-+]0\.\d{4} \| [-+]0\.\d{4} \|\n/)
  settle(await makeAblation({ ...asked, minutes: Infinity }, tell)())
  expect(told).toHaveLength(3)
  expect(readFileSync(join(asked.out, 'ablation.md'), 'utf8')).toBe(page)
  const [first] = settle(await readLines(AblationRecordCodec, join(asked.out, 'ablation.jsonl'))())
  const units = (['preset', 'all-dropout'] as const).map(variant => ({ identity: first?.identity ?? '', variant }))
  const { trainings, missing, compared } = ablationReport(units, first ? [first, first] : [], asked)
  expect([trainings, missing]).toEqual([1, 0])
  const same = compared.find(({ variant }) => variant === 'all-dropout')
  expect(same?.score, 'a variant that changes nothing is the preset').toBe(same?.preset.score)
})
