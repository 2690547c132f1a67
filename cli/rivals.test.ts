/** What a model makes of the other choices, from what is typed to a run that says how many synapses it has. */
import * as E from 'fp-ts/lib/Either.js'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type * as TE from 'fp-ts/lib/TaskEither.js'
import { expect, test } from 'vitest'
import { attempt, settle } from '../codecs/attempt.js'
import { choicesOf } from './choices.js'
import { sagpHere } from './spawn.js'
import type { TrainOptions } from './train-options.js'
import { range } from '../core/port/ndarray.js'
import type { Failure } from '../core/port/failure.js'
import { explain } from '../core/port/failure.js'
import { conduct } from '../experiments/conduct.js'
import { openRun } from '../experiments/open-run.js'
import type { Choices, Plan } from '../experiments/plan.js'
import { plan } from '../experiments/plan.js'

const dir = mkdtempSync(join(tmpdir(), 'sagp-rivals-'))
const data = join(dir, 'table.csv')
const row = (i: number): string => {
  const [a, b, c] = [Math.sin(i), Math.sin(2 * i + 1), Math.sin(5 * i + 2)]
  return `${a},${b},${c},${a * b > 0 ? 'yes' : 'no'}`
}
writeFileSync(data, ['a,b,c,kind', ...range(60).map(row)].join('\n'))

const planned = (options: Readonly<Record<string, string | undefined>>): TE.TaskEither<Failure, Plan> =>
  attempt(async get => get(plan(await get(choicesOf([data], options as unknown as TrainOptions)))))

const short = { epochs: '12' }

test.each([
  ['dense', 'gmp', ['prune', 'consolidate']],
  ['dense', 'set', ['set', 'consolidate']],
  ['mlp', 'rigl', ['rigl', 'consolidate']],
  ['mlp', 'snip', ['snip', 'consolidate']],
  ['softmax', undefined, ['lasso', 'consolidate']]
] as const)(
  '--model %s --sparse %s is stages as plain data, and ends with the number',
  async (model, sparse, names) => {
    const count = model === 'softmax' ? 4 : 15
    const options = { ...short, model, sparse, targetSynapses: `${count}` }
    const { experiment, loaded } = settle(await planned(options)())
    expect(experiment.stages.map(({ name }) => name)).toEqual(names)
    expect(experiment.hyperparameters.epochs).toBe(12)
    expect(experiment.rule).toEqual({ name: 'none' })
    expect(experiment.optimiser.name).toBe(model === 'softmax' ? 'sgd' : 'adam')
    const out = join(dir, `${model}-${sparse}`)
    const { evaluation } = settle(await conduct(openRun({ experiment, loaded }, out))())
    expect(evaluation.summary).toMatchObject({ model, births: 0 })
    const title = { dense: 'Dense GP', mlp: 'MLP', softmax: 'Softmax' }[model]
    expect(readFileSync(join(out, 'report.html'), 'utf8')).toContain(`<h1>${title} by ${sparse ?? 'lasso'} on `)
    expect(evaluation.summary.last.topology.effectiveSynapses).toBe(count)
    expect(evaluation.summary[evaluation.summary.used].topology.effectiveSynapses).toBe(count)
  }
)

test('a SAGP may go down along a lasso path, of as many epochs as its cuts would take', async () => {
  const options = { epochs: '60', targetSynapses: '15' }
  const [life, cuts] = settle(await planned(options)()).experiment.stages
  if (cuts?.name !== 'prune') throw new Error('no cuts')
  const { experiment, loaded } = settle(await planned({ ...options, sparse: 'lasso' })())
  expect(experiment.rule.name).not.toBe('none')
  expect(experiment.stages).toMatchObject([
    life,
    { name: 'lasso', epochs: cuts.over, synapses: 15, debias: 1, with: { ...cuts.with, schedule: 'constant' } },
    { name: 'consolidate', epochs: cuts.epochs - cuts.over, with: { ...cuts.with, schedule: 'cosine' } }
  ])
  const { evaluation } = settle(await conduct(openRun({ experiment, loaded }, join(dir, 'sagp-lasso')))())
  expect(readFileSync(join(dir, 'sagp-lasso', 'report.html'), 'utf8')).toContain('<h1>SAGP by lasso on ')
  expect(evaluation.summary[evaluation.summary.used].topology.effectiveSynapses).toBe(15)
})

test('the threshold of a lasso path rises whatever the course of the learning rate is elsewhere', async () => {
  const options = { ...short, model: 'mlp', sparse: 'lasso', schedule: 'cosine', targetSynapses: '9' }
  const { stages } = settle(await planned(options)()).experiment
  expect(stages.map(stage => [stage.name, stage.with?.schedule])).toEqual([
    ['lasso', 'constant'],
    ['consolidate', 'cosine']
  ])
})

test('a model says what its hyperparameters are; without a number it is trained as it is', async () => {
  const { experiment } = settle(await planned({ ...short, model: 'mlp', layers: '3', width: '9' })())
  expect(experiment.model).toEqual({ name: 'mlp', layers: 3, width: 9 })
  expect(experiment.stages).toEqual([])
  expect(experiment.hyperparameters).toMatchObject({ steps: 4, maxHidden: 27, initialHidden: 27, growth: false })
  expect(settle(await planned({ ...short, model: 'mlp=3,9' })()).experiment).toEqual(experiment)
  const down = settle(await planned({ ...short, targetSynapses: '9' })()).experiment
  expect([down.model, down.stages.at(-1)]).toMatchObject([{ name: 'sagp' }, { synapses: 9 }])
})

test('the help tells how many epochs a way down takes, and it takes so many', async () => {
  const helpOf = async (verb: string): Promise<string> =>
    (await sagpHere(dir, [verb, '--help'])).out.replace(/\s+/g, ' ')
  const epochsOf = async (choices: Choices): Promise<number> =>
    settle(await plan({ data, hyperparameters: { epochs: 400 }, ...choices })()).experiment.hyperparameters.epochs
  expect(await helpOf('path')).toContain('a quarter of it each for life and consolidation, an eighth for each step')
  expect(await epochsOf({ down: [9, 6, 3] })).toBe(350)
  expect(await helpOf('train')).toMatch(/--target-f1 .* takes up to 8 times --epochs/)
  expect(await epochsOf({ targetF1: 0.9 })).toBe(3200)
})

test.each<readonly [Readonly<Record<string, string>>, string]>([
  [
    { sparse: 'gmp', targetSynapses: '9' },
    '--sparse: a sagp prunes itself. Leave it out, say lasso, or take --model dense or mlp.'
  ],
  [{ sparse: 'lasso' }, '--sparse: lasso goes down to no number. Add --target-synapses.'],
  [{ model: 'softmax', sparse: 'lasso' }, '--sparse: lasso goes down to no number. Add --target-synapses.'],
  [
    { model: 'softmax', sparse: 'gmp', targetSynapses: '9' },
    '--sparse: a softmax regression is made sparse by the lasso'
  ],
  [{ model: 'softmax', maxHidden: '9' }, '--max-hidden: a model softmax has 0, not 9. Leave it out.'],
  [
    { model: 'mlp', steps: '3' },
    '--steps: a model mlp has 2, not 3. Leave it out, or set layers and width of the model.'
  ],
  [{ model: 'dense', sparse: 'gmp' }, '--sparse: gmp goes down to no number. Add --target-synapses.'],
  [
    { model: 'dense', targetSynapses: '9' },
    '--target-synapses: dense is dense. Say how, with --sparse gmp, set, rigl, snip, lasso.'
  ],
  [{ model: 'dense', layers: '9' }, '--layers: it is a setting of the model mlp. Leave it out, or say --model mlp.'],
  [{ model: 'dense', rule: 'paper' }, '--rule: nobody is born or dies in a model dense. Leave it out.'],
  [{ model: 'softmax', optimiser: 'adam' }, '--optimiser: the lasso of a model softmax is that of gradient descent'],
  [{ model: 'dens' }, '--model: must be one of sagp, dense, mlp, softmax, not "dens". Did you mean dense.'],
  [{ model: 'dense', sparse: 'rgl', targetSynapses: '9' }, '--sparse: must be one of gmp, set, rigl, snip'],
  [{ targetSynapses: 'few' }, '--target-synapses: must be a whole number from 1'],
  [
    { stages: 'life 5', targetSynapses: '7' },
    "--target-synapses: stages are given too. Leave one of the two out, or end the stages with 'prune 500 synapses=7'."
  ],
  [
    { stages: 'life 5', sparse: 'rigl' },
    "--sparse: stages are given too. Leave one of the two out, or make it a stage, as in 'rigl 500 synapses=900'."
  ],
  [{ stages: 'life 5', model: 'mlp', sparse: 'gmp', targetSynapses: '7' }, '--target-synapses: stages are given too'],
  [{ targetF1: '0.9', targetSynapses: '7' }, '--target-f1: a number of synapses is asked for too'],
  [{ model: 'mlp', sparse: 'rigl', targetF1: '0.9' }, '--sparse: a way down prunes by itself.'],
  [
    { epochs: '1', targetSynapses: '9' },
    '--epochs: stages to a number of synapses need at least 2, not 1. Give as many.'
  ],
  [
    { model: 'mlp', sparse: 'set', epochs: '2', targetSynapses: '9' },
    '--epochs: stages to a number of synapses need at least 3, not 2. Give as many.'
  ],
  [
    { stages: 'life 1000000000 | life 1000000000' },
    "--stages: the sum of all stages' epochs must be a whole number from 1 to 1000000000, not 2000000000. Give one in that range."
  ],
  [
    { stages: 'life 10 | prune 20 synapses=20 | life 10 | thin 10', targetF1: '0.9' },
    '--stages: thin looks for the best of several sizes, and may end before the way down. Leave it out'
  ]
])('%j is refused in a sentence', async (options, said) => {
  const made = await planned(options)()
  expect(E.isLeft(made) ? explain(made.left) : 'planned').toContain(said)
})

test.each<readonly [Choices, string]>([
  [{ stages: [{ name: 'life', epochs: 5 }], targetSynapses: 9 }, '--target-synapses: stages are given too'],
  [
    { down: [50], targetSynapses: 10 },
    'steps down are given too. Leave one of the two out, or let the last step be 10'
  ],
  [{ down: [20, 0.5, 20] }, 'down: 20 is not below the number before it. Give numbers that fall.'],
  [{ model: { name: 'mlp' }, down: [50], sparse: 'rigl' }, '--sparse: a way down prunes by itself.']
])('a config of %j is refused in a sentence', async (choices, said) => {
  const made = await plan({ data, ...choices })()
  expect(E.isLeft(made) ? explain(made.left) : 'planned').toContain(said)
})

test('stages that are given before a way down are lived as they are given', async () => {
  const stages = [
    { name: 'life', epochs: 20 },
    { name: 'prune', epochs: 10, synapses: 20 },
    { name: 'consolidate', epochs: 30 }
  ] as const
  const { experiment } = settle(await plan({ data, stages, down: [9, 5] })())
  expect(experiment.stages).toMatchObject([...stages, { name: 'prune', synapses: 9 }, { name: 'prune', synapses: 5 }])
})

test('a run goes on from a run of its own model alone', async () => {
  const from = join(dir, 'dense-gmp')
  expect(settle(await planned({ ...short, from })()).experiment).toMatchObject({
    model: { name: 'dense', hidden: 128 },
    stages: []
  })
  const other = await planned({ ...short, from, model: 'softmax' })()
  expect(E.isLeft(other) && explain(other.left)).toContain('--from: the run is of a dense, not of this softmax')
})
