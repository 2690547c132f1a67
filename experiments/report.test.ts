/** What a report says of runs whose networks, and so their answers, are known. */
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'
import type { Tensor } from '../backends/open.js'
import { reference } from '../backends/reference.js'
import type { State } from '../core/learning/state.js'
import { engine } from '../core/life/engine.js'
import type { Hyperparameters } from '../core/network/hyperparameters.js'
import { defaults } from '../core/network/hyperparameters.js'
import type { Backend } from '../core/port/backend.js'
import type { NdArray } from '../core/port/ndarray.js'
import { range, tabulate } from '../core/port/ndarray.js'
import type { Dataset } from '../data/dataset.js'
import { lossOf, prepare } from '../data/dataset.js'
import type { TableProfile } from '../data/profile.js'
import type { Split } from '../data/split.js'
import type { Table } from '../data/table.js'
import type { TrajectoryLine } from '../estimators/trajectory.js'
import { checkedAnyStage } from '../models/stages.js'
import { none } from '../rules/index.js'
import { findingsOf } from './findings.js'
import { whichNetwork } from './load-model.js'
import type { ReportParts } from './report.js'
import { reportOf } from './report.js'
import type { Run } from './run.js'
import { summarise } from './summary.js'

const EVIL = `<script>alert("1")</script>'&\u0000`

const right = <A>(made: E.Either<unknown, A>): A => {
  if (E.isLeft(made)) throw new Error(JSON.stringify(made.left))
  return made.right
}

/** Weights of a network without hidden neurons, inputs by outputs; what is 0 is closed. */
type Weights = readonly (readonly number[])[]

const line = (epoch: number, rest: Partial<TrajectoryLine> = {}): TrajectoryLine => ({
  ...{ epoch, living: 1, open: 1, synapses: 2, births: 0, deaths: 0, metrics: {}, ms: 1 },
  losses: { task: 1, auxiliary: 0.1, validation: 1 },
  ...rest
})

interface Story {
  readonly table: Partial<Table> & Pick<Table, 'features' | 'x' | 'target'>
  readonly split: Split
  readonly last: Weights
  readonly best?: Weights
  readonly trajectory?: readonly TrajectoryLine[]
  readonly profile?: TableProfile
}

/** All that a report is made of, from a table and the networks of the epochs 9 and 4. */
const partsOf = async ({ table, split, last, best = last, trajectory = [], profile }: Story): Promise<ReportParts> => {
  const dataset: Dataset = right(prepare({ name: 'made', targets: ['t'], scale: { kind: 'none' }, ...table }, split))
  const hyperparameters: Hyperparameters = { ...defaults, loss: lossOf[dataset.task.kind] }
  const made = engine(reference() as unknown as Backend<Tensor>, hyperparameters, none)
  const start = made.initial(1, dataset.features.length, dataset.task.outputs.length)
  const network = (epoch: number, weights: Weights): State<NdArray> => {
    const shape = [dataset.features.length, dataset.task.outputs.length] as const
    const parameters = {
      ...start.model.parameters,
      weights: tabulate(shape, (i, j) => weights[i]![j]!),
      synapses: tabulate(shape, (i, j) => (weights[i]![j] === 0 ? -1 : 1))
    }
    return { ...start, clock: { ...start.clock, epoch }, model: { ...start.model, parameters } }
  }
  const experiment = {
    ...{ data: `made ${EVIL}`, preset: 'swift', seed: 1, backend: 'reference', hyperparameters },
    ...{ model: { name: 'sagp' }, rule: { name: 'none' }, optimiser: { name: 'adam' }, stages: [] }
  } as unknown as ReportParts['experiment']
  const [state, bestState] = [network(9, last), network(4, best)]
  const run = {
    ...{ folder: 'somewhere', experiment, engine: made, dataset },
    ...{ state, best: bestState, past: [], remarks: [] }
  } as unknown as Run
  const evaluation = right(
    await summarise(run, { why: 'epochs', state, best: bestState, trajectory: [], seconds: 1 })()
  )
  const findings = await findingsOf(run, evaluation.used.state)
  const { used, state: of } = { ...evaluation.summary, ...evaluation.used }
  const which = whichNetwork(used, of.clock.epoch, dataset.validation.rows.length)
  return { experiment, dataset, evaluation, which, trajectory, findings, profile, stages: [] }
}

const storyOf = async (story: Story): Promise<string> => reportOf(await partsOf(story))

/** The text of a page: what is to be read, markup taken away. */
const textOf = (html: string): string =>
  html
    .replace(/<style>.*?<\/style>/s, '')
    .replace(/<title>.*?<\/title>/gs, '')
    .replace(/<\/(th|td|p|h\d|li|text|figcaption)>/g, ' ')
    .replace(/<[^>]*>/g, '')
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
    .replace(/\s+/g, ' ')

const thirds = (n: number): Split => ({
  training: range(n),
  validation: range(n).map(i => n + i),
  test: range(n).map(i => 2 * n + i)
})

/** The sign of x tells the class, but for three of the twelve test rows; z tells nothing. */
const signs = range(36).map(i => ((i * 7) % 12) - 5.5)
const classes: Story = {
  table: {
    features: ['x', EVIL],
    x: tabulate([36, 2], (i, j) => (j === 0 ? signs[i]! : 1)),
    target: {
      kind: 'classes',
      names: ['below', EVIL],
      values: signs.map((x, i) => Number(i === 25 || i === 28 || i === 35 ? x < 0 : x > 0))
    }
  },
  split: thirds(12),
  last: [
    [1, -1],
    [0, 0]
  ],
  best: [
    [-1, 1],
    [0, 0]
  ],
  trajectory: [
    ...range(3).map(i => line(i + 1, { births: 1, losses: { task: 1, auxiliary: 0, validation: 2 } })),
    line(4, { losses: { task: 1, auxiliary: 0, validation: 0.5 } }),
    ...range(4).map(i => line(i + 5, { deaths: Number(i === 0) })),
    line(9, { losses: { task: 1, auxiliary: 0, validation: 1.5 } })
  ],
  profile: {
    ...{ name: 'made', rows: 36, inputs: 2, parts: { training: 12, validation: 12, test: 12 } },
    columns: [
      { name: 'x', role: 'feature', kind: 'numbers', why: '', missing: 3, distinct: 12, features: ['x'] },
      { name: EVIL, role: 'left out', kind: 'constant', why: '1 everywhere', missing: 0, distinct: 1, features: [] },
      { name: 't', role: 'target', kind: 'words', why: '2 words', missing: 0, distinct: 2, features: [] }
    ],
    target: { columns: ['t'], kind: 'classes', classes: [] },
    remarks: [`no test row is of class ${EVIL}`]
  }
}

describe('a report', () => {
  test('answers what its reader asks, in that order', async () => {
    const html = await storyOf(classes)
    expect([...html.matchAll(/<h2>(.*?)<\/h2>/g)].map(m => m[1])).toEqual([
      'Is it better than guessing?',
      'Which inputs matter?',
      'How did it grow?',
      'Does it overfit?',
      'Where does it err?',
      'What does the network look like?',
      'How were the data read?',
      'With which settings?'
    ])
  })
  test('is one page that needs nothing else, and takes no name for markup', async () => {
    const html = await storyOf(classes)
    expect(textOf(html)).toContain('9 epochs, all that were asked for; 0.0 s, backend reference')
    expect(html).not.toMatch(/<script|(src|href)=|url\(|@import|\u0000/)
    expect(html).toContain('&#60;script&#62;')
    expect(html).toBe(await storyOf(classes))
  })
  test('says with numbers whether guessing is as good, and which epoch is used', async () => {
    const text = textOf(await storyOf(classes))
    expect(text).toContain('Yes. F1-micro is 1.0000 on 12 validation rows and 0.7500 on 12 test rows')
    expect(text).toContain('guessing the most frequent class, below, gets 0.5000 and')
    expect(text).toContain('Used is the network of epoch 4, the lowest validation loss.')
    const idle = textOf(await storyOf({ ...classes, best: classes.last }))
    expect(idle).toContain('No. F1-micro is 0.0000 on 12 validation rows and 0.2500 on 12 test rows')
  })
  test('says what is wrong with the network, as the terminal does', async () => {
    const sound = textOf(await storyOf(classes))
    expect(sound).not.toContain('Warning')
    const mute = textOf(
      await storyOf({
        ...classes,
        best: [
          [0, 0],
          [0, 0]
        ]
      })
    )
    const shown = EVIL.replace('\u0000', '\ufffd')
    expect(mute).toContain(`Warning: no input reaches below, ${shown}: the output is the same for all rows;`)
  })
  test('says which inputs matter, and on which nothing depends', async () => {
    const parts = await partsOf(classes)
    const text = textOf(reportOf(parts))
    const [x, idle] = parts.findings.importance.inputs
    expect(text).toContain(
      `Most of all x: with its values shuffled, F1-micro of 1.0000 on the validation rows falls by ${x!.drop!.mean.toFixed(4)}.`
    )
    expect(idle!.used).toBe(false)
    expect(text).toContain(`Nothing depends on 1 of 2 inputs: ${EVIL.replace('\u0000', '\ufffd')}.`)
    expect(text).toContain('Shuffled 5 times among the 12 validation rows')
    const importance = { ...parts.findings.importance, rows: 5 }
    const sampled = textOf(reportOf({ ...parts, findings: { ...parts.findings, importance } }))
    expect(sampled).toContain('F1-micro of 1.0000 on 5 of the validation rows falls by')
  })
  test('says how it grew and whether it overfits', async () => {
    const text = textOf(await storyOf(classes))
    expect(text).toMatch(/3 born, 1 died\./)
    expect(text).toContain('births in 3 epochs; marks at the top: deaths in 1 epoch')
    expect(text).toContain(
      'Somewhat: F1-micro is 1.0000 on the training rows, 1.0000 on the validation rows. The validation loss was lowest, 0.5000, at epoch 4; at the last, 9, it is 1.5000: what it learned since did harm.'
    )
  })
  test('calls a loss that rose as stages took synapses no harm of what was learned', async () => {
    const parts = await partsOf(classes)
    const told = (names: readonly ('life' | 'thin')[]): string =>
      textOf(
        reportOf({
          ...parts,
          experiment: { ...parts.experiment, stages: names.map(name => checkedAnyStage({ name })) },
          trajectory: parts.trajectory.map(l => ({ ...l, synapses: 9 - l.epoch, stage: l.epoch > 6 ? 1 : 0 }))
        })
      )
    expect(told(['life', 'thin'])).toContain(
      'There is little sign of it: F1-micro is 1.0000 on the training rows, 1.0000 on the validation rows. The validation loss was lowest, 0.5000, at epoch 4, with 5 open synapses, and is 1.5000 at the last, 9, with 0.'
    )
    expect(told(['life', 'life'])).toContain('at the last, 9, it is 1.5000: what it learned since did harm.')
  })
  test('of classes shows each by itself, and the worst rows by their number in the data', async () => {
    const parts = await partsOf(classes)
    const html = reportOf(parts)
    const text = textOf(html)
    expect(text).toContain('3 mistakes on 12 test rows; most often')
    // wrong are the rows 26, 29 and 36; the surest of them first
    const sure = [25, 28, 35].toSorted((a, b) => Math.abs(signs[b]!) - Math.abs(signs[a]!) || a - b)
    const worst = text.slice(text.indexOf('The worst answers to test rows'))
    expect([...worst.matchAll(/ (\d+) (?:below|<script)/g)].map(m => Number(m[1])).slice(0, 3)).toEqual(
      sure.map(row => row + 1)
    )
    const [scores] = parts.evaluation.used.test!.evaluation.perClass!
    expect(text).toContain(
      `below ${scores!.precision.toFixed(4)} ${scores!.recall.toFixed(4)} ${scores!.f1.toFixed(4)} ${scores!.support} `
    )
    expect(html).toContain('Confusion matrix')
    expect(text).toContain('Can probabilities be believed?')
  })
  test('of many classes has the most frequent mistakes as a table', async () => {
    const names = range(30).map(k => `class ${k}`)
    const text = textOf(
      await storyOf({
        table: {
          features: ['x', 'y'],
          x: tabulate([90, 2], (i, j) => (j === 0 ? 1 : i % 30)),
          target: { kind: 'classes', names, values: range(90).map(i => i % 30) }
        },
        split: thirds(30),
        last: [range(30).map(k => Number(k === 7)), range(30).map(() => 0)] // always class 7
      })
    )
    expect(text).toContain('29 mistakes on 30 test rows')
    expect(text).toContain('Which classes are taken for which, the first 15 of 29')
    expect(text).toContain('class 0 class 7 1 class 1 class 7 1')
    expect(text).not.toContain('Rows are the true classes')
  })
  test('of labels shows each by itself, and the worst rows', async () => {
    const text = textOf(
      await storyOf({
        table: {
          features: ['a', 'b'],
          x: tabulate([30, 2], (i, j) => ((i >> j) % 2 === 0 ? -1 - i / 10 : 1 + i / 10)),
          target: {
            kind: 'labels',
            names: ['one', 'two'],
            values: tabulate([30, 2], (i, j) => (j === 1 && i >= 26 ? 1 - ((i >> 1) % 2) : (i >> j) % 2))
          }
        },
        split: thirds(10),
        last: [
          [1, 0],
          [0, 1]
        ]
      })
    )
    expect(text).toContain('On 10 test rows the weakest label is two')
    expect(text).toMatch(/one 1\.0000 1\.0000 1\.0000 5/)
    // row 30 has the largest input of those that are wrong
    expect(text).toMatch(/row label true predicted p of yes 30 two yes no 0\.0\d\d 29 two yes no/)
  })
  test('of numbers shows errors and the worst rows in their own units, R2 below 0 as it is', async () => {
    const truth = range(30).map(i => 1000 + 10 * ((i * 7) % 10) + (i === 27 ? 500 : 0))
    const split = thirds(10)
    const html = await storyOf({
      table: {
        features: ['x'],
        x: tabulate([30, 1], i => (i * 7) % 10),
        target: { kind: 'numbers', names: [EVIL], values: { shape: [30, 1], data: Float64Array.from(truth) } }
      },
      split,
      last: [[-1]],
      trajectory: range(9).map(i => line(i + 1, { metrics: { r2: i === 5 ? -40 : -0.5 } }))
    })
    const text = textOf(html)
    expect(text).toContain('No. R2 is -')
    expect(text).toContain('1 point below -1')
    expect(text).toMatch(/On 10 test rows it is off by \d/)
    // x = 9 is answered by mean - 9 deviations
    const mean = 1045
    const deviation = Math.sqrt(truth.slice(0, 10).reduce((s, v) => s + (v - mean) ** 2, 0) / 10)
    const answer = mean - 9 * deviation
    const nine = split.test.find(row => (row * 7) % 10 === 9)!
    expect(nine).toBe(27)
    const [, row, predicted, error] = / (\d+) <script\S* 1590 (\S+) (\S+) /.exec(text)!
    expect(row).toBe('28')
    expect(Number(predicted)).toBeCloseTo(answer, 1)
    expect(Number(error)).toBeCloseTo(answer - 1590, 1)
    expect(html).not.toMatch(/<script|="NaN/)
  })
  test('of numbers is no better than guessing below R2 0, though the mean of the training rows is worse', async () => {
    const text = textOf(
      await storyOf({
        table: {
          features: ['x'],
          x: tabulate([30, 1], i => (i < 10 ? (i % 5) - 2 : 1)),
          target: { kind: 'numbers', names: ['y'], values: tabulate([30, 1], i => (i % 10) + (i < 10 ? 0 : 50)) }
        },
        split: thirds(10),
        last: [[1]]
      })
    )
    const [, answered, guessed] =
      /R2 is \S+ on 10 validation rows and (\S+) on 10 test rows; guessing .* and (\S+)\. /.exec(text)!
    expect(Number(answered)).toBeGreaterThan(Number(guessed))
    expect(text).toContain('Is it better than guessing? No: R2 is not above 0. R2 is -')
  })
  describe('of rows that do not tell everything', () => {
    const still = signs.map((x, i) => (i < 12 ? x : 3))
    const target = (kind: 'labels' | 'numbers', names: readonly string[], columns: readonly (readonly number[])[]) => ({
      table: {
        ...classes.table,
        target: { kind, names, values: tabulate([36, names.length], (i, j) => columns[j]![i]!) }
      }
    })
    test('names the weakest target among those that vary', async () => {
      const best: Weights = [
        [0.2, 0.2],
        [0, 0]
      ]
      const text = textOf(await storyOf({ ...classes, ...target('numbers', ['still', 'z'], [still, signs]), best }))
      expect(text).toContain('On 12 test rows the weakest target is z, with R2 0.')
    })
    test('does not say whether it overfits where the validation rows have no score', async () => {
      const text = textOf(await storyOf({ ...classes, ...target('numbers', ['y'], [still]), best: [[0.2], [0]] }))
      expect(text).toMatch(/It cannot be said: R2 is 0\.\d+ on the training rows, - on the validation rows\./)
    })
    test('names the weakest label among those that are given or predicted', async () => {
      const never = signs.map((_, i) => Number(i === 0))
      const yes = signs.map(x => Number(x > 0))
      const best: Weights = [
        [0, 1],
        [-9, 0]
      ]
      const text = textOf(await storyOf({ ...classes, ...target('labels', ['never', 'yes'], [never, yes]), best }))
      expect(text).toContain('On 12 test rows the weakest label is yes, with F1 1.0000.')
    })
  })
  test('counts neurons from those that its first epoch found, and mistakes in words', async () => {
    const trajectory = [line(1, { living: 15, births: 1 }), line(2, { living: 13, deaths: 2 })]
    const html = await storyOf({ ...classes, trajectory })
    expect(textOf(html)).toContain('From 14 hidden neurons: 1 born, 2 died.')
    expect(html).toContain('1 birth<')
    expect(html).not.toContain('1 births')
    expect(textOf(html)).toMatch(/most often .* is taken for .*, [23] times\./)
  })
  test('of a run without validation and test rows says what cannot be said', async () => {
    const text = textOf(
      await storyOf({ ...classes, last: classes.best!, split: { training: range(36), validation: [], test: [] } })
    )
    expect(text).toContain('It cannot be said: no rows are kept for validation or test.')
    expect(text).toContain('It cannot be said: no rows are kept for validation.')
    expect(text).toContain('Used is the network of epoch 9, the last')
    expect(text).toContain('on the training rows falls by')
  })
  test('has how the table was read and what every setting means', async () => {
    const text = textOf(await storyOf(classes))
    expect(text).toContain(
      '12 rows for training, 12 for validation, 12 for test; 2 inputs. Learned: t, one of 2 classes.'
    )
    const evil = EVIL.replace('\u0000', '\ufffd')
    expect(text).toContain(`t words target 2 words ${evil} constant left out 1 everywhere x numbers 1 input 3 missing`)
    expect(text).toContain(`no test row is of class ${evil}`)
    expect(text).toContain('message-passing steps [L]')
  })
})

test('a report of a long run with 50,000 synapses is small', async () => {
  const [inputs, outputs] = [1000, 50]
  const parts = await partsOf({
    table: {
      features: range(inputs).map(i => `a rather long name of an input ${i}`),
      x: tabulate([30, inputs], (i, j) => (i * 31 + j * 17) % 23),
      target: { kind: 'classes', names: range(outputs).map(k => `class ${k}`), values: range(30).map(i => i) }
    },
    split: thirds(10),
    last: range(inputs).map(i => range(outputs).map(j => 0.001 * (1 + ((i * 7 + j * 11) % 13))))
  })
  const trajectory = range(50_000).map(i => line(i + 1, { births: Number(i % 50 === 0), deaths: Number(i % 70 === 0) }))
  expect(parts.evaluation.summary.last.topology.effectiveSynapses).toBe(50_000)
  expect(reportOf({ ...parts, trajectory }).length).toBeLessThan(300_000)
})
