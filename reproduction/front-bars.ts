/** What the front must hold, and whether it does. Pure. */
import type { Bar } from './bars.js'
import { atLeast } from './bars.js'
import type { FrontCell } from './front-compare.js'
import type { DataName, MethodName } from './front-methods.js'
import { FEW_SEEDS, isRival, sourceOf } from './front-methods.js'

/** Test F1-micro of a SAGP at a number of synapses. */
const floors: Readonly<Record<DataName, Readonly<Record<number, number>>>> = {
  fsdd: { 4312: 0.95, 2500: 0.945, 1500: 0.938, 1000: 0.93, 600: 0.905 },
  photo: { 2800: 0.867 },
  computers: {},
  digits: { 600: 0.978, 300: 0.965 },
  'fsdd-turned': {}
}

/** Numbers of synapses on FSDD below which a SAGP must be ahead, not only level. */
const FEW = 1600
const AHEAD = 0.005
const MOST_EPOCHS = 5000

/** Where a SAGP must be level with an L1 softmax regression. */
const level: Partial<Readonly<Record<DataName, number>>> = { photo: 2800, computers: 3800 }

const scoreBars = ({ data, synapses, score, epochs, effectiveSynapses }: FrontCell): readonly Bar[] => {
  const floor = floors[data][synapses]
  const where = `sagp on ${data} at ${synapses} synapses`
  return [
    ...(floor === undefined ? [] : [atLeast(`F1-micro of ${where}`, score.mean, floor)]),
    {
      ...{ what: `effective synapses of ${where}`, found: effectiveSynapses, wanted: synapses },
      ...{ is: 'at most', met: effectiveSynapses <= synapses }
    },
    ...(data === 'fsdd'
      ? [
          {
            what: `epochs of ${where}`,
            found: epochs,
            wanted: MOST_EPOCHS,
            is: 'at most',
            met: epochs <= MOST_EPOCHS
          } as const
        ]
      : [])
  ]
}

/** A rival, and what a SAGP is ahead of it by. */
interface Gap {
  readonly method: MethodName
  readonly mean: number
  readonly error: number
}

/** How far ahead a SAGP must be where it must be ahead at all: by `AHEAD`, or by two standard errors. */
const lead = ({ error }: Gap): number => Math.min(AHEAD, 2 * error || AHEAD)

/**
 * Level: behind no rival by more than one standard error of the paired difference. Ahead: of each by its `lead`. Of all
 * rivals of `FEW_SEEDS` seeds at least, the one is told of which it is least true; of fewer nothing is known.
 */
const rivalBars = (rivals: readonly FrontCell[], where: string, few: boolean): readonly Bar[] => {
  const gaps = rivals.flatMap(({ method, sagpAhead }): readonly Gap[] =>
    sagpAhead === undefined || sagpAhead.seeds.length < FEW_SEEDS ? [] : [{ method, ...sagpAhead.gap }]
  )
  const hardest = (wanted: (gap: Gap) => number, how: string): readonly Bar[] => {
    const [gap] = [...gaps].sort((a, b) => a.mean - wanted(a) - (b.mean - wanted(b)))
    return gap === undefined ? [] : [atLeast(`sagp ahead of ${gap.method} ${where}, ${how}`, gap.mean, wanted(gap))]
  }
  return [
    ...hardest(({ error }) => -error, 'level within a standard error'),
    ...(few ? hardest(lead, 'by .005 or two standard errors') : [])
  ]
}

/** The bars of all cells that there are. */
export const frontBars = (cells: readonly FrontCell[]): readonly Bar[] =>
  cells
    .filter(({ data, method }) => method === 'sagp' && sourceOf(data) === data)
    .flatMap(sagp => {
      const { data, synapses } = sagp
      const rivals = cells.filter(c => c.data === data && c.synapses === synapses && isRival(c.method))
      const regressions = rivals.filter(({ method }) => method === 'softmax')
      const where = `on ${data} at ${synapses} synapses`
      return [
        ...scoreBars(sagp),
        ...(data === 'fsdd' ? rivalBars(rivals, where, synapses < FEW) : []),
        ...(synapses === level[data] ? rivalBars(regressions, where, false) : [])
      ]
    })
