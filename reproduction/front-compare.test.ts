/** The front on numbers that were worked out by hand. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { settle } from '../codecs/attempt.js'
import { plan } from '../experiments/plan.js'
import { frontBars } from './front-bars.js'
import { atLeast } from './bars.js'
import type { FrontChoice } from './front-choices.js'
import { chosen, pointOf, ranked, readChoices, SEARCH, writeChoices } from './front-choices.js'
import { cellsOf } from './front-compare.js'
import type { DataName, MethodName } from './front-methods.js'
import { choicesOf, dataNames, methodNames, numbersOf, searchedAs, seedsOf, smallOf } from './front-methods.js'
import type { FrontReport } from './front-page.js'
import { frontPage, shortTable } from './front-page.js'
import { frontPicture } from './front-picture.js'
import type { Point } from './front-points.js'
import { further, ofLarge, pointed, pointsOf, pointText, waysOf } from './front-points.js'
import type { FrontRecord } from './front-units.js'
import { cutOf, frontReport, inOrder, unfinished, unsearched } from './front.js'

const record = (
  data: DataName,
  method: MethodName,
  synapses: number,
  seed: number,
  test: number,
  more: Partial<FrontRecord> = {}
): FrontRecord => ({
  ...{ data, method, synapses, seed, test, point: {}, identity: `${data} ${method} ${synapses} ${seed}` },
  ...{ ended: 'epochs', epochs: 5000, used: 4900, validation: 0.9, validationLoss: 0.3, effectiveSynapses: synapses },
  ...{ living: 20, seconds: 36, version: '1.2.3', processor: 'a processor', ...more }
})

const three = (
  data: DataName,
  method: MethodName,
  synapses: number,
  tests: readonly number[]
): readonly FrontRecord[] => tests.map((test, i) => record(data, method, synapses, i + 1, test))

const records = [
  ...three('fsdd', 'sagp', 1500, [0.94, 0.95, 0.96]),
  ...three('fsdd', 'dense-gmp', 1500, [0.93, 0.95, 0.94]), // .01, 0, .02 behind
  ...three('fsdd', 'mlp-gmp', 1500, [0.9, 0.97, 0.92]), // .04 behind, .02 ahead, .04 behind
  ...three('fsdd', 'dense-swift', 1500, [0.95, 0.96, 0.97]), // .01 ahead: no rival
  ...three('fsdd', 'mlp6-gmp', 1500, [0.94]), // level with the one seed that it has
  ...three('fsdd', 'sagp', 2500, [0.94, 0.95, 0.93]),
  ...three('fsdd', 'dense-gmp', 2500, [0.95, 0.95, 0.94]), // .01, 0, .01 ahead
  ...three('photo', 'sagp', 2800, [0.87, 0.88, 0.875]),
  ...three('photo', 'softmax', 2800, [0.86, 0.87, 0.865]),
  ...three('photo', 'dense-gmp', 2800, [0.99, 0.99, 0.99])
]
const close = (value: number): unknown => expect.closeTo(value, 12)
const about = (mean: number, error: number): unknown => ({ mean: close(mean), error: close(error) })
const cells = cellsOf(records, methodNames)
const cell = (method: MethodName, synapses: number): unknown =>
  cells.find(c => c.method === method && c.synapses === synapses && c.data !== 'photo')

describe('methods at a number of synapses', () => {
  test('are means over seeds, and differences by seed', () => {
    expect(cell('sagp', 1500)).toMatchObject({ seeds: [1, 2, 3], score: about(0.95, 0.01 / Math.sqrt(3)), living: 20 })
    expect(cell('sagp', 1500)).not.toHaveProperty('sagpAhead')
    expect(cell('dense-gmp', 1500)).toMatchObject({
      score: about(0.94, 0.01 / Math.sqrt(3)),
      sagpAhead: { seeds: [1, 2, 3], gap: about(0.01, 0.01 / Math.sqrt(3)) }
    })
    expect(cell('mlp6-gmp', 1500)).toMatchObject({ sagpAhead: { seeds: [1], gap: { mean: close(0), error: NaN } } })
  })

  test('stand by data set, the most synapses first, in the order of methods', () => {
    expect(cells.map(({ data, synapses, method }) => `${data} ${synapses} ${method}`)).toEqual([
      ...[
        'fsdd 2500 sagp',
        'fsdd 2500 dense-gmp',
        'fsdd 1500 sagp',
        'fsdd 1500 dense-swift',
        'fsdd 1500 dense-gmp',
        'fsdd 1500 mlp-gmp'
      ],
      ...['fsdd 1500 mlp6-gmp', 'photo 2800 sagp', 'photo 2800 dense-gmp', 'photo 2800 softmax']
    ])
  })

  test('a record that was not judged is none; one that diverged counts, one that paused does not', () => {
    const { test: _, ...blind } = record('digits', 'sagp', 600, 1, 0.9)
    expect(cellsOf([blind], methodNames)).toEqual([])
    expect(cellsOf([record('digits', 'sagp', 600, 1, 0.9, { ended: 'diverged' })], methodNames)[0]?.diverged).toBe(1)
    const paused = [36, 37, 3600].map((seconds, i) => record('digits', 'sagp', 600, i, 0.9, { seconds }))
    expect(cellsOf(paused, methodNames)[0]?.seconds).toBe(37)
  })
})

describe('what must hold', () => {
  const bars = frontBars(cells.filter(({ method }) => method !== 'mlp6-gmp'))
  const told = (what: string): unknown => {
    const bar = bars.find(b => b.what.startsWith(what))
    return bar && [bar.found, bar.wanted, bar.is, bar.met]
  }

  test('scores, synapses and epochs', () => {
    expect(told('F1-micro of sagp on fsdd at 1500')).toEqual([close(0.95), 0.938, 'at least', true])
    expect(told('F1-micro of sagp on fsdd at 2500')).toEqual([close(0.94), 0.945, 'at least', false])
    expect(told('F1-micro of sagp on photo at 2800')).toEqual([close(0.875), 0.867, 'at least', true])
    expect(told('effective synapses of sagp on fsdd at 1500')).toEqual([1500, 1500, 'at most', true])
    expect(told('epochs of sagp on fsdd at 1500')).toEqual([5000, 5000, 'at most', true])
  })

  test('the rival that is nearest by seed, within one standard error; below 1600 synapses it is left behind', () => {
    const error = 0.01 / Math.sqrt(3)
    expect(told('sagp ahead of dense-gmp on fsdd at 1500 synapses, level')).toEqual([
      close(0.01),
      close(-error),
      'at least',
      true
    ])
    expect(told('sagp ahead of dense-gmp on fsdd at 1500 synapses, by')).toEqual([close(0.01), 0.005, 'at least', true])
    const less = Math.sqrt(2 / 3 / 2) / 100 / Math.sqrt(3) // of -.01, 0, -.01
    expect(told('sagp ahead of dense-gmp on fsdd at 2500')).toEqual([close(-2 / 300), close(-less), 'at least', false])
    expect(bars.filter(({ what }) => what.includes('at 2500') && what.includes('ahead'))).toHaveLength(1)
    const large = (some: typeof cells): boolean => frontBars(some).some(({ what }) => what.includes('mlp6-gmp'))
    expect(large(cells)).toBe(false) // of a single seed no error is known
    const [one] = records.filter(({ method }) => method === 'mlp6-gmp') as [FrontRecord]
    const three6 = [1, 2, 3].map(seed => ({ ...one, seed, identity: `mlp6 ${seed}`, test: 0.99 }))
    expect(large(cellsOf([...records.filter(r => r !== one), ...three6], methodNames))).toBe(true)
  })

  test('no rival that is further ahead by chance hides one that is surely ahead', () => {
    const found = frontBars(
      cellsOf(
        [
          ...three('fsdd', 'sagp', 2500, [0.94, 0.94, 0.94]),
          ...three('fsdd', 'mlp-gmp', 2500, [0.93, 0.94, 0.96]), // .0033 ahead, by chance
          ...three('fsdd', 'mlp-rigl', 2500, [0.943, 0.943, 0.9431]) // .003 ahead
        ],
        methodNames
      )
    ).filter(({ what }) => what.includes('ahead of'))
    expect(found).toMatchObject([{ met: false }])
    expect(found[0]?.what).toContain('mlp-rigl')
  })

  test('on photo the softmax regression alone', () => {
    expect(told('sagp ahead of softmax on photo')).toEqual([close(0.01), close(0), 'at least', true])
    expect(bars.some(({ what }) => what.includes('photo') && what.includes('dense-gmp'))).toBe(false)
  })
})

describe('methods', () => {
  test('a softmax regression is run where it has more weights; the large MLP where it is asked for, with few seeds', () => {
    expect(numbersOf('fsdd', 'softmax')).toEqual([1500, 1000, 600])
    expect(numbersOf('fsdd', 'mlp6-set')).toEqual([1500, 600])
    expect(numbersOf('fsdd', 'dense-swift')).toEqual([1500, 600])
    expect(numbersOf('photo', 'dense-swift')).toEqual([2800, 1400])
    expect(numbersOf('digits', 'mlp6-set')).toEqual([])
    expect(dataNames.filter(data => numbersOf(data, 'dense-lasso').length > 0)).toEqual(['computers'])
    expect(numbersOf('computers', 'sagp')).toEqual([3800, 1900])
    expect([seedsOf('fsdd', 'mlp6-gmp', 10), seedsOf('fsdd', 'mlp6-gmp', 2), seedsOf('fsdd', 'sagp', 10)]).toEqual([
      ...[3, 2, 10]
    ])
    expect([seedsOf('fsdd-turned', 'sagp', 10), seedsOf('fsdd-turned', 'sagp', 2)]).toEqual([5, 2])
    expect([numbersOf('fsdd-turned', 'mlp6-gmp'), numbersOf('fsdd-turned', 'dense-swift')]).toEqual([[], [1500, 600]])
    expect(methodNames.filter(name => searchedAs(name) !== name)).toEqual(['dense-swift'])
    expect(methodNames.filter(name => smallOf(name) !== name)).toHaveLength(4)
  })

  test('come seed by seed, the strongest first, and the large MLP at last', () => {
    const units = (['mlp6-gmp', 'mlp-set', 'sagp'] as const).flatMap(method => [2, 1].map(seed => ({ method, seed })))
    expect(units.sort(inOrder).map(({ method, seed }) => `${seed} ${method}`)).toEqual([
      ...['1 sagp', '1 mlp-set', '2 sagp', '2 mlp-set', '1 mlp6-gmp', '2 mlp6-gmp']
    ])
  })

  test('are models made sparse in a way', () => {
    const mlp = { name: 'mlp', layers: 4, width: 512 }
    expect(choicesOf('fsdd', 'mlp6-rigl')).toEqual({ preset: 'swift', model: mlp, sparse: 'rigl' })
    expect(choicesOf('fsdd', 'softmax').sparse).toBeUndefined()
    expect(choicesOf('photo', 'dense-gmp').model).toEqual({ name: 'dense', hidden: 128 })
  })
})

test('a mean that is the bar but for the rounding of its sum meets it', () => {
  expect(atLeast('a mean', (0.7 + 0.8 + 0.9) / 3, 0.8).met).toBe(true)
  expect((0.7 + 0.8 + 0.9) / 3).toBeLessThan(0.8)
  expect(atLeast('a mean', 0.79999, 0.8).met).toBe(false)
})

describe('settings', () => {
  const tried = (validation: number, validationLoss: number, learningRate: number, seed: number = 101): FrontRecord =>
    record('digits', 'mlp-gmp', 600, seed, 0, { validation, validationLoss, point: { learningRate } })

  test('are those of the best F1 on validation rows, of equals of the lower loss, never of a training that diverged', () => {
    const worse = [tried(0.8, 0.1, 1), tried(0.9, 0.5, 2), tried(0.9, 0.4, 3), tried(0.9, 0.4, 4)]
    const broken = { ...tried(0.99, 0.01, 5), ended: 'diverged' as const }
    expect(chosen([...worse, broken], 9)).toMatchObject({
      ...{ point: { learningRate: 3 }, validation: 0.9, validationLoss: 0.4, tried: 9, seeds: 1 }
    })
    expect(ranked([...worse, broken]).map(({ point }) => point.learningRate)).toEqual([3, 4, 2, 1])
    expect(chosen([broken], 9)).toBeUndefined()
  })

  test('are best on the mean of all seeds', () => {
    const lucky = [tried(0.95, 0.4, 1), tried(0.85, 0.4, 1, 102)]
    const steady = [tried(0.92, 0.4, 2), tried(0.91, 0.2, 2, 102)]
    expect(chosen([...lucky, ...steady], 9)).toMatchObject({
      ...{ point: { learningRate: 2 }, validation: expect.closeTo(0.915, 12) as number, seeds: 2 },
      validationLoss: expect.closeTo(0.3, 12) as number
    })
    const broken = { ...tried(0.9, 0.1, 2, 103), ended: 'diverged' as const }
    expect(chosen([...lucky, ...steady, broken], 9)).toMatchObject({ point: { learningRate: 1 } })
  })

  test('are the same point in whatever order it was put together', () => {
    const [one, other] = [
      { debias: 0, weightDecay: 1 },
      { weightDecay: 1, debias: 0 }
    ].map(point => record('digits', 'softmax', 600, 101, 0, { point })) as [FrontRecord, FrontRecord]
    expect(pointText(one.point)).toBe(pointText(other.point))
    expect(ranked([one, { ...other, seed: 102 }]).map(({ records }) => records.length)).toEqual([2])
    const all: Required<Point> = {
      learningRate: 1,
      dropout: 1,
      batchNorm: true,
      weightDecay: 1,
      debias: 1,
      rewirings: 1,
      lasso: true
    }
    expect(pointText(all).split(', ')).toHaveLength(Object.keys(all).length) // no setting is left untold
  })

  test('that are best at an end of what was tried are tried a step further, and from there; SET and RigL rewired oftener', () => {
    expect(further('sagp', { learningRate: 0.01, dropout: 0.2, weightDecay: 0.03 })).toEqual([
      { learningRate: 0.03, dropout: 0.2, weightDecay: 0.03 },
      { learningRate: 0.01, dropout: 0.2, weightDecay: 0.1 }
    ])
    expect(further('mlp-snip', { learningRate: 0.003, dropout: 0.05 })).toEqual([
      { learningRate: 0.001, dropout: 0.05 },
      { learningRate: 0.003, dropout: 0 }
    ])
    expect(further('dense-gmp', { dropout: 0.4 })).toEqual([{ dropout: 0.6 }])
    expect(further('sagp', { learningRate: 0.03, dropout: 0.6, weightDecay: 0.1 })).toEqual([
      { learningRate: 0.1, dropout: 0.6, weightDecay: 0.1 },
      { learningRate: 0.03, dropout: 0.8, weightDecay: 0.1 },
      { learningRate: 0.03, dropout: 0.6, weightDecay: 0.3 }
    ])
    expect(further('mlp-gmp', { learningRate: 0.1, dropout: 0.1, batchNorm: true })).toEqual([
      { learningRate: 0.3, dropout: 0.1, batchNorm: true },
      { learningRate: 0.1, dropout: 0, batchNorm: true },
      { learningRate: 0.1, dropout: 0.2, batchNorm: true }
    ])
    expect(further('softmax', { learningRate: 0.01, weightDecay: 0.01 })).toEqual([]) // inside its own, wider rates
    expect(further('dense-gmp', {})).toEqual([])
    expect(further('sagp', { weightDecay: 0.01 })).toEqual([{ weightDecay: 0.01, learningRate: 0.03 }]) // of .01
    for (const method of ['mlp-set', 'dense-rigl'] as const) expect(further(method, {})).toEqual([{ rewirings: 300 }])
  })

  test('of how often a network is rewired are those of its stage alone', async () => {
    const of = {
      ...choicesOf('digits', 'mlp-set'),
      data: 'digits',
      targetSynapses: 300,
      hyperparameters: { epochs: 1000 }
    }
    const made = settle(await plan(of)())
    const { stages } = pointed(made, { rewirings: 300 }).experiment
    expect(stages.map(stage => [stage.name, 'every' in stage && stage.every])).toEqual([
      ['set', 3],
      ['consolidate', false]
    ])
    expect(pointed(made, {}).experiment.stages).toEqual(made.experiment.stages)
  })

  test('of a SAGP may be a lasso path in place of its cuts, of as many epochs and with the same settings', async () => {
    const made = settle(await plan({ ...choicesOf('digits', 'sagp'), data: 'digits', targetSynapses: 300 }, {})())
    const [life, prune] = made.experiment.stages
    if (prune?.name !== 'prune') throw new Error('no cuts')
    const { stages } = pointed(made, { lasso: true, weightDecay: 0.03 }).experiment
    const [first, lasso, settling] = stages
    expect(first).toEqual(life)
    const settings = { ...prune.with, weightDecay: 0.03 }
    expect(lasso).toMatchObject({ name: 'lasso', epochs: prune.over, synapses: 300, debias: 1 })
    expect(lasso?.with).toEqual({ ...settings, schedule: 'constant' })
    expect(settling).toMatchObject({ name: 'consolidate', epochs: prune.epochs - prune.over })
    expect(settling?.with).toEqual({ ...settings, schedule: 'cosine' })
    expect([waysOf('sagp').length, waysOf('mlp-gmp').length]).toEqual([2, 1])
  })

  test('of two searches at once are all kept', async () => {
    const home = mkdtempSync(join(tmpdir(), 'sagp-choices-'))
    try {
      const file = join(home, 'choices.json')
      const of = (data: DataName): FrontChoice => ({ ...(chosen([tried(0.9, 0.4, 3)], 1) as FrontChoice), data })
      const both = dataNames.map(data => writeChoices(file, [of(data)])())
      for (const made of await Promise.all(both)) settle(made)
      expect(settle(await readChoices(file)()).map(({ data }) => data)).toEqual(dataNames)
    } finally {
      rmSync(home, { recursive: true })
    }
  })

  test('are the same number for each network; the large MLP has those of the small one, with BatchNorm and decay or without', () => {
    const sizes = new Set(methodNames.filter(name => name !== 'softmax').map(name => pointsOf(name).length))
    expect(sizes.size).toBe(1)
    const choice = chosen([tried(0.9, 0.4, 3)], 1)
    expect(choice && pointOf([choice], 'digits', 'mlp6-gmp')).toEqual({ learningRate: 3 })
    expect(choice && pointOf([choice], 'fsdd', 'mlp6-gmp')).toEqual({})
    const own = { ...choice, method: 'mlp6-gmp', point: { batchNorm: true } } as FrontChoice
    expect(choice && pointOf([choice, own], 'digits', 'mlp6-gmp')).toEqual({ batchNorm: true })
    expect([...new Set(ofLarge({ weightDecay: 0.01, batchNorm: true }).map(pointText))]).toEqual([
      ...['batchNorm true, weightDecay 0.01', 'batchNorm false, weightDecay 0.01'],
      ...['batchNorm true', 'batchNorm false']
    ])
  })
})

test('the page tells all of it', () => {
  const options = { data: ['fsdd', 'photo'], methods: methodNames, command: 'npm run front' } as const
  const searched = [record('fsdd', 'sagp', 1500, 101, 0, { seconds: 7200 })]
  const page = frontPage(frontReport([], { records, missing: 4 }, [], searched, options))
  expect(page).toContain('Made by `npm run front` with sagp 1.2.3 on a processor, one thread each; seeds 1, 2, 3')
  expect(page).toContain('**4 trainings are not finished.**')
  expect(page).toContain(
    '| 1500 | dense-gmp | 0.9400 ± 0.0058 | +0.0100 ± 0.0058 | 3 | 1500.0 | 20.0 | 0.9000 | 5000 |'
  )
  expect(page).toContain('| F1-micro of sagp on fsdd at 2500 synapses | 0.9400 | at least 0.9450 | no | -0.0050 |')
  expect(page).toContain(
    'It cost 0.28 hours of one core, pauses among them, and the search of settings 2.00. What later trainings replaced'
  ) // 28 trainings of 36 s
  expect(page).toContain('The MLP of Table 6 (4 x 512 at 1500 and 600 on fsdd, 1 x 512 at 2800 on photo) is run with 3')
  expect(page).toContain(
    '`dense-swift` is no rival: a network whose neurons, as many as a `sagp` may have, and all synapses are there from the start'
  )
  expect(page).toContain('than it has weights: 1800 on fsdd, 5960 on photo.')
  expect(page).not.toContain('-lasso')
  const told = '`dense-lasso` and `mlp-lasso` are rivals that go down along a lasso path'
  expect(cutOf({ data: ['photo', 'computers'], methods: methodNames }).join()).toContain(told)
  expect(cutOf({ data: ['computers'], methods: ['sagp', 'softmax'] }).join()).not.toContain('-lasso')
})

test('in short: the best rival of three seeds or more at each number, and what there is without self-assembly', () => {
  const [, , ...rows] = shortTable(cells)
  expect(rows).toEqual([
    '| fsdd | 2500 | 3 | 0.9400 ± 0.0058 | dense-gmp | 0.9467 ± 0.0033 | -0.0067 ± 0.0033 |  |',
    '| fsdd | 1500 | 3 | 0.9500 ± 0.0058 | dense-gmp | 0.9400 ± 0.0058 | +0.0100 ± 0.0058 | -0.0100 ± 0.0000 |',
    '| photo | 2800 | 3 | 0.8750 ± 0.0029 | dense-gmp | 0.9900 ± 0.0000 | -0.1150 ± 0.0029 |  |',
    ''
  ])
})

test("README's table is that of results/front.json", () => {
  const report = JSON.parse(readFileSync('results/front.json', 'utf8')) as Pick<FrontReport, 'cells'>
  const cellsOfLine = (line: string): string => line.replace(/ +/g, ' ')
  const told = readFileSync('README.md', 'utf8').split('\n').map(cellsOfLine)
  const [head = '', , ...rows] = shortTable(report.cells)
  const from = told.indexOf(head)
  expect(from).toBeGreaterThan(0)
  expect(rows.length).toBeGreaterThan(11)
  // up to the empty line at its end, and no row more
  expect(told.slice(from + 2, from + 2 + rows.length)).toEqual(rows.map(cellsOfLine))
})

test('the page says which trainings are not finished', () => {
  const of = (method: MethodName, identity: string): Parameters<typeof unfinished>[0][number] => ({
    ...{ data: 'fsdd', method, identity }
  })
  const units = [of('sagp', 'a'), of('sagp', 'b'), of('softmax', 'c'), of('sagp', 'd')]
  expect(unfinished(units, [{ identity: 'a' }])).toEqual(['Not finished: 2 of sagp on fsdd, 1 of softmax on fsdd.'])
  expect(unfinished(units, units)).toEqual([])
})

test('the page says of which methods no search has chosen settings, and of which another one', () => {
  const options = { data: ['fsdd', 'digits'], methods: ['sagp', 'mlp-gmp', 'mlp6-gmp'] } as const
  const of = (data: DataName, method: MethodName, synapses: number, epochs: number): FrontChoice => ({
    ...{
      data,
      method,
      point: {},
      validation: 0.9,
      synapses,
      seeds: 3,
      epochs,
      tried: 9,
      search: SEARCH,
      version: '1.2.3'
    }
  })
  const choices = [
    of('fsdd', 'sagp', 1500, 2500),
    of('fsdd', 'mlp-gmp', 1000, 2500),
    of('digits', 'sagp', 600, 5000),
    of('photo', 'sagp', 1, 1)
  ]
  const other = 'Settings of these are of another search, of other points, synapses or epochs: '
  expect(unsearched(choices, options)).toEqual([
    'No search has chosen settings of these, which are as the preset has them: mlp-gmp on digits.',
    'No search has chosen settings of these, which are those of the MLP of 128: mlp6-gmp on fsdd.',
    `${other}mlp-gmp on fsdd, sagp on digits.`
  ])
  const large = { data: ['fsdd'], methods: ['mlp6-gmp'] } as const
  const [small, fit, stale] = [
    { ...of('fsdd', 'mlp-gmp', 1500, 2500), point: { weightDecay: 0.01 } },
    { ...of('fsdd', 'mlp6-gmp', 1500, 2500), point: { batchNorm: true } },
    { ...of('fsdd', 'mlp6-gmp', 1500, 2500), point: { weightDecay: 0.03 } }
  ]
  expect(unsearched([small, fit], large)).toEqual([])
  expect(unsearched([small, stale], large)).toEqual([`${other}mlp6-gmp on fsdd.`])
  const { search: _, ...earlier } = of('fsdd', 'sagp', 1500, 2500)
  expect(unsearched([earlier], { data: ['fsdd'], methods: ['sagp'] })).toHaveLength(1)
  expect(unsearched(choices.slice(0, 1), { data: ['fsdd'], methods: ['sagp'] })).toEqual([])
})

test('the picture has a panel a data set, a mark a mean at the synapses that there are, and says what is not seen', () => {
  const failing = cellsOf(three('fsdd', 'dense-snip', 1500, [0.5, 0.6]), methodNames)
  const few = cellsOf([record('digits', 'sagp', 600, 1, 0.6, { effectiveSynapses: 432 })], methodNames)
  const better = cellsOf(three('digits', 'mlp-gmp', 600, [0.97, 0.97]), methodNames)
  const turned = cellsOf(three('fsdd-turned', 'sagp', 1500, [0.5, 0.6]), methodNames)
  const svg = frontPicture([...cells, ...failing, ...few, ...better, ...turned])
  expect(svg).toContain('<title>dense-gmp, 1500 synapses: 0.9400 ± 0.0058</title>')
  expect(svg).toContain('<title>sagp, 432 synapses: 0.6000</title>') // seen, however far below
  expect(svg.match(/ synapses: /g)).toHaveLength(cells.length + 2)
  expect(svg.match(/\d means? below/g)).toEqual(['1 mean below'])
  for (const word of ['fsdd', 'photo', 'SAGP', 'MLP of Table 6', 'GMP', 'SNIP', '600'])
    expect(svg).toContain(`>${word}<`)
  expect(svg).not.toMatch(/NaN|>432</)
})

test('the legend of the picture has the very mark of each method, and says that marks are not at their places', () => {
  const svg = frontPicture(
    methodNames.flatMap(method => cellsOf(three('fsdd', method, 1500, [0.9, 0.91]), methodNames))
  )
  /** A drawn path as if it began at 0, with whole numbers. */
  const shape = (drawn: string): string => {
    const places = [...drawn.matchAll(/-?[\d.]+/g)].map(Number)
    return places.map((v, i) => Math.round(v - (places[i % 2] ?? 0))).join()
  }
  const marks = [...svg.matchAll(/<(circle|path) class="((?:dot|mark) s\d)"([^>]*)><title>([^<]*)<\/title>/g)].map(
    ([, kind, look, rest = '', title = '']) => ({
      title,
      look: [kind, look, kind === 'path' ? shape(/ d="([^"]*)"/.exec(rest)?.[1] ?? '') : ''].join()
    })
  )
  const lookOf = (told: (title: string) => boolean): readonly string[] =>
    marks.filter(({ title }) => told(title)).map(({ look }) => look)
  const known = methodNames.map(method => lookOf(title => title === method))
  expect(known).toEqual(methodNames.map(method => lookOf(title => title.startsWith(`${method}, `))))
  expect(known.map(looks => looks.length)).toEqual(methodNames.map(() => 1))
  expect(new Set(known.flat()).size).toBe(methodNames.length)
  expect(svg).toContain('Marks stand beside their places')
})
