/** Scores against numbers of synapses: what a network loses as it is pruned. */
import { axesOf, decades, extremes, linear, margins, ticksAround } from './axes.js'
import { style } from './style.js'
import { drawing, element, label, round } from './svg.js'

const [WIDTH, HEIGHT] = [420, 260] as const
const RADIUS = 3
/** How far around what there is the axis of synapses reaches, as a share of it. */
const ROOM = 0.05
/** Steps of the axis of scores, about, and how far it reaches around a score that is the only one. */
const [STEPS, FLAT] = [5, 0.005] as const

/** A network of so many effective synapses, at least one, with its scores; those that are not known are not finite. */
export interface PathPoint {
  readonly synapses: number
  readonly validation: number
  readonly test: number
}

/** A drawing as a file of its own, with the colours of a page. */
export const standalone = (svg: string): string =>
  svg.replace('>', `><style>${style}</style><rect width="100%" height="100%" style="fill:var(--paper)"></rect>`)

/** Scores, called `name`, on validation and test rows over the numbers of synapses, on a logarithmic axis. */
export const pathPicture = (points: readonly PathPoint[], name: string): string => {
  const { left, right, top, bottom } = margins
  const known = points.filter(({ synapses }) => synapses > 0).sort((a, b) => a.synapses - b.synapses)
  const scores = known.flatMap(({ validation, test }) => [validation, test]).filter(Number.isFinite)
  const [fewest, most] = known.length === 0 ? [1, 10] : extremes(known.map(({ synapses }) => Math.log10(synapses)))
  const [worst, best] = scores.length === 0 ? [0, 1] : extremes(scores)
  const room = ROOM * (most - fewest || 1)
  const flat = best > worst ? 0 : FLAT
  const yTicks = ticksAround(worst - flat, best + flat, STEPS)
  const [low, high] = extremes(yTicks)
  const log = linear(fewest - room, most + room, left, WIDTH - right)
  const x = (v: number): number => log(Math.log10(v))
  const y = linear(low, high, HEIGHT - bottom, top)
  const curve = (part: 'validation' | 'test', kind: string): readonly string[] => {
    const drawn = known.filter(point => Number.isFinite(point[part]))
    const path = drawn.map((p, i) => `${i === 0 ? 'M' : 'L'}${round(x(p.synapses))} ${round(y(p[part]))}`)
    const dots = drawn.map(p =>
      element(
        'circle',
        { class: `dot ${kind}`, cx: x(p.synapses), cy: y(p[part]), r: RADIUS },
        element('title', {}, `${p.synapses} synapses, ${part} ${p[part].toFixed(4)}`)
      )
    )
    return [element('path', { class: `curve ${kind}`, d: path.join('') }), ...dots]
  }
  const tens = decades(10 ** (fewest - room), 10 ** (most + room))
  // where next to no round number lies between them, the numbers at both ends
  const ends = [...new Set([known[0], known.at(-1)].flatMap(point => point?.synapses ?? []))]
  const axes = axesOf({
    ...{ width: WIDTH, height: HEIGHT, x, y, xLabel: 'effective synapses (logarithmic)', yLabel: '' },
    xTicks: tens.length > 1 || ends.length === 0 ? tens : ends,
    yTicks
  })
  const title = `${name} against synapses`
  return drawing(
    WIDTH,
    HEIGHT,
    title,
    [
      label(8, 16, title, { class: 'title' }),
      label(left, 34, 'validation', { class: 'legend s0' }),
      label(left + 86, 34, 'test', { class: 'legend s1' }),
      axes,
      ...curve('validation', 's0'),
      ...curve('test', 's1')
    ].join('')
  )
}
