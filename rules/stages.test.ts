import { expect, test } from 'vitest'
import { reference } from '../backends/reference.js'
import { train } from '../core/life/train.js'
import { engine } from '../core/life/engine.js'
import { pricedLoss } from '../core/life/price.js'
import { scheduleEpochs } from '../core/life/stage.js'
import { initialState } from '../core/learning/initial-state.js'
import { restore } from '../core/learning/state.js'
import type { Hyperparameters } from '../core/network/hyperparameters.js'
import { defaults } from '../core/network/hyperparameters.js'
import type { NdArray } from '../core/port/ndarray.js'
import { range } from '../core/port/ndarray.js'
import { none } from './rule.js'
import type { Stage } from '../core/life/stage.js'
import type { SomeStageChoice } from './stages.js'
import { stageNamed } from './stages.js'

const b = reference()
const h: Hyperparameters = { ...defaults, initialHidden: 6, maxHidden: 6, initialLogit: 2, steps: 2 }
const rows = (from: number): { readonly x: NdArray; readonly y: NdArray; readonly weights: readonly number[] } => ({
  x: { shape: [12, 3], data: Float64Array.from(range(36), i => Math.sin(from + i * i)) },
  y: { shape: [12, 2], data: Float64Array.from(range(24), i => ((i >> 1) + from + (i & 1)) % 2) },
  weights: range(12).map(() => 1)
})
const part = (from: number) => {
  const { x, y, weights } = rows(from)
  return { x: b.constant(x), y: b.constant(y), weights }
}
const data = { training: part(0), validation: part(5) }

interface Seen {
  readonly epoch: number
  readonly stage: number
  readonly loss: number
  /** The loss at the best temperature, 1 to 8, by a formula of its own. */
  readonly calibrated: number
  readonly synapses: number
  readonly best: number
  readonly ended: boolean
}

/** Of two classes, rows of two logits: log(1 + exp(-margin / t)), averaged, at the best of 2^(i / 2). */
const calibratedLoss = (z: ArrayLike<number>): number => {
  const { y } = rows(5)
  const margins = range(12).map(i => {
    const [p, q] = [z[2 * i] as number, z[2 * i + 1] as number]
    return y.data[2 * i] === 1 ? p - q : q - p
  })
  return Math.min(
    ...range(7).map(i => margins.reduce((sum, m) => sum + Math.log1p(Math.exp(-m / 2 ** (i / 2))), 0) / 12)
  )
}

const lived = async (schedule: readonly SomeStageChoice[]): Promise<readonly Seen[]> => {
  const stages = schedule.map(stageNamed)
  const e = engine(b, { ...h, epochs: scheduleEpochs(stages) }, none, { stages })
  const seen: Seen[] = []
  const frames = train(e, data, restore(b, initialState(e, 3, 2, 1)))
  for await (const { state, validation, events } of frames)
    seen.push({
      epoch: state.clock.epoch,
      stage: state.clock.stage?.index ?? NaN,
      loss: validation?.loss ?? NaN,
      calibrated: calibratedLoss(validation?.outputs.data ?? []),
      synapses: state.clock.progress.topology[2],
      best: state.clock.progress.bestEpoch,
      ended: events.some(event => event._tag === 'Stopped' && event.why === 'patience')
    })
  return seen
}

const thin = { name: 'thin', epochs: 10, patience: 1000 } as const

/** The price once more, by another formula. */
const priceOf = ({ calibrated: loss, synapses }: Seen): number =>
  loss + Math.min(loss, 0.3) * (2 ** (synapses / (100 * 5)) - 1)

test('a network of a size must have half of the loss of one of no size', () => {
  expect(pricedLoss(0.5, 0, 1200)).toBe(0.5)
  expect(pricedLoss(0.25, 1200, 1200)).toBeCloseTo(0.5, 12)
  expect(pricedLoss(0.3, 900, 900)).toBeCloseTo(0.6, 12)
  expect(pricedLoss(3, 900, 900)).toBeCloseTo(3 + 0.3, 12) // no dearer than at .3
})

test('thinnings leave their share of the effective synapses, and seek one network among all that have settled', async () => {
  const seen = await lived([
    { name: 'life', epochs: 5 },
    { ...thin, share: 1 },
    { ...thin, share: 0.5 },
    { ...thin, share: 0.5 }
  ])
  expect(seen).toHaveLength(35)
  const sizes = range(4).map(stage => seen.find(s => s.stage === stage)?.synapses ?? NaN)
  expect(sizes[1]).toBeGreaterThan(20)
  expect(sizes[2]).toBeLessThanOrEqual(Math.round((sizes[1] as number) / 2))
  expect(sizes[3]).toBeLessThanOrEqual(Math.round((sizes[2] as number) / 2))
  // at the end of each
  const settled = seen.filter(({ epoch }) => [15, 25, 35].includes(epoch))
  const priced = settled.map(priceOf)
  expect(seen.at(-1)?.best).toBe(settled[priced.indexOf(Math.min(...priced))]?.epoch)
})

test('who is too sure is judged as if it were calibrated', async () => {
  const seen = await lived([
    { ...thin, share: 1 },
    { ...thin, epochs: 40, share: 1, with: { learningRate: 0.3 } }
  ])
  const [first, second] = [10, 50].map(epoch => seen.find(s => s.epoch === epoch) as Seen) as [Seen, Seen]
  expect(second.calibrated).toBeLessThan(0.8 * second.loss) // sure of what is wrong
  expect(seen.at(-1)?.best).toBe(priceOf(first) < priceOf(second) ? 10 : 50)
})

test('a contest goes on over a life, whose networks are no candidates', async () => {
  const seen = await lived([
    { ...thin, share: 1 },
    { name: 'life', epochs: 5 },
    { ...thin, share: 1, with: { learningRate: 3 } } // worse than the first
  ])
  const bests = (from: number, to: number): readonly number[] => [
    ...new Set(seen.filter(({ epoch }) => epoch >= from && epoch <= to).map(({ best }) => best))
  ]
  expect(bests(10, 25)).toEqual([10])
})

test('nobody loses patience before those after a life have lasted as long', async () => {
  const wild = { learningRate: 100 }
  const seen = await lived([
    { ...thin, epochs: 60, share: 1, patience: 62 },
    { name: 'life', epochs: 20 },
    ...range(4).map((): SomeStageChoice => ({ ...thin, share: 0.9, patience: 12, with: wild }))
  ])
  expect(seen.at(-1)).toMatchObject({ ended: true, best: 60, epoch: 92 })
})

test('epochs without a better network end the schedule in whichever thinning', async () => {
  const wild = { learningRate: 3 } // no network of these is any better than the first one
  const seen = await lived([
    { ...thin, share: 1, patience: 15 },
    ...range(6).map((): SomeStageChoice => ({ ...thin, share: 0.9, patience: 15, with: wild }))
  ])
  const last = seen.at(-1)
  expect(last).toMatchObject({ ended: true })
  expect((last?.epoch ?? 0) - (last?.best ?? 0)).toBe(15)
  expect(last?.epoch).toBeLessThan(70)
})

test('a network worse than the mean has the mean for a rival, also when no better one is to be found', async () => {
  const wild = { learningRate: 3 }
  const worse = { ...thin, share: 1, with: wild }
  for (const before of [[worse, { ...worse, share: 0.9 }], range(6).map(() => ({ ...worse, patience: 15 }))]) {
    const seen = await lived([...before, { name: 'mean', epochs: 2 }])
    const [own, last] = [seen.filter(({ stage }) => stage === before.length), seen.at(-1)]
    expect(own).toHaveLength(2)
    // outputs that are 0 are certain of neither class
    for (const { loss, synapses } of own) expect([loss, synapses]).toEqual([expect.closeTo(Math.LN2, 6), 0])
    expect(last?.best).toBe(last?.epoch)
  }
})

test('who has found more than the bound of the mean does not ask for it', async () => {
  const seen = await lived([
    { ...thin, share: 1 },
    { name: 'mean', above: 100 }
  ])
  expect(seen.at(-1)).toMatchObject({ epoch: 10, stage: 0 })
})

test('a pruning meets its number, however impatient, and however late it is to be over', async () => {
  const impatient = { learningRate: 3, stopPatience: 1, stopStable: 1 }
  const pruned = { name: 'prune', epochs: 30, synapses: 7, every: 3 } as const
  for (const [over, lives] of [
    [20, 30],
    [29, 30],
    [30, 30],
    [500, 30]
  ] as const) {
    const seen = await lived([
      { name: 'life', epochs: 5 },
      { ...pruned, over, with: impatient }
    ])
    expect(seen.at(-1)?.synapses).toBe(7)
    expect(seen.length).toBeLessThanOrEqual(5 + lives)
    expect(seen.length).toBeGreaterThan(5 + Math.min(over, 29))
    const plain = await lived([
      { name: 'life', epochs: 5 },
      { ...pruned, over }
    ])
    expect([plain.length, plain.at(-1)?.synapses]).toEqual([35, 7])
  }
})

test.each<readonly [string, unknown, string]>([
  ['no list', 'life', 'stages: they must be a list, not "life"'],
  ['nothing', [null], 'stage 1: it must be a record, not null. Write it as in { epochs: 100 }.'],
  ['a name', [{ epochs: 2 }, { name: 'prune', epochs: 2 }], 'stage 2: it has a name, and is no stage as a value.'],
  ['what nobody knows', [{ epochs: 2, rewrite: 5 }], 'stage 1: rewrite is unknown. Did you mean rewire'],
  ['no epochs', [{}], 'stage 1: epochs must be a whole number from 1 to 1000000000, not undefined'],
  ['other steps', [{ epochs: 2, hyperparameters: { steps: 3 } }], 'stage 1: steps is nothing that a stage changes'],
  ['another loss', [{ epochs: 2, hyperparameters: { loss: 'squared' } }], 'stage 1: loss is nothing that a stage'],
  ['a range', [{ epochs: 2, hyperparameters: { gamma2: -3 } }], 'stage 1: gamma2 must be a number from 0'],
  ['no function', [{ epochs: 2, rewire: 5 }], 'stage 1: rewire must be a function, not 5. Give one, or leave it out.'],
  ['a rule, not what makes one', [{ epochs: 2, rule: none }], 'stage 1: given the hyperparameters it must give a rule'],
  ['a contest without a size', [{ epochs: 2, contest: {} }], 'stage 1: the size of contest must be a number from 0']
])('a stage as a value that is %s is refused', (_, stages, said) => {
  expect(() => engine(b, h, none, { stages: stages as readonly Stage[] })).toThrow(said)
})
test.each<readonly [string, unknown]>([
  ['rewire', { epochs: 2, rewire: () => Promise.resolve(undefined) }],
  ['correct', { epochs: 2, correct: () => ({ model: {} }) }]
])('a stage whose %s gives no network is refused when it does', async (name, stage) => {
  const e = engine(b, h, none, { stages: [stage as Stage] })
  const before = b.liveTensors()
  const frames = train(e, data, restore(b, initialState(e, 3, 2, 1)))
  await expect(frames.next()).rejects.toThrow(`stage 1: ${name} must give a record of`)
  expect(b.liveTensors()).toBe(before)
})
test.each<readonly [unknown, string]>([
  [null, "stage: it must be a record with a name, not null. Write it as in { name: 'life' }."],
  ['life', 'stage: it must be a record with a name, not "life"'],
  [{ name: 'life', with: null }, 'stage: with must be a record, not null'],
  [{ name: 'life', with: 3 }, 'stage: with must be a record, not 3. Write it as in { with: { gamma2: 0.05 } }.']
])('%j is no stage by name', (given, said) => {
  expect(() => stageNamed(given as SomeStageChoice)).toThrow(said)
})
