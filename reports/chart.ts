/** Line charts over epochs. */
import { range } from '../core/port/ndarray.js'
import { compact, decades, tickPlace, ticks, tickTexts } from './axes.js'
import { drawing, element, fits, label, round } from './svg.js'

/** A curve: a value for each x, gaps where it is not finite. */
export interface Series {
  readonly name: string
  readonly values: readonly number[]
}

/** Events along the x axis: where they happened. Many at one place are one mark. */
export interface Events {
  readonly name: string
  readonly at: readonly number[]
}

/** Where something begins along the x axis. */
export interface Bound {
  readonly at: number
  readonly name: string
  /** What stands for a name that has no room. */
  readonly short?: string
}

/** Narrow enough for a telephone, where a unit is about a pixel. */
const [WIDTH, HEIGHT] = [420, 240] as const
const [LEFT, RIGHT, TOP, BOTTOM] = [48, 12, 44, 36] as const
/** Stretches of a curve, of which the lowest and the highest point are drawn. */
const MOST_STRETCHES = 200
const MARK = 9

/** Indices of the points that are drawn: all, or the lowest and the highest of each stretch, so that no spike is lost. */
const thinned = (values: readonly number[], known: (v: number | undefined) => boolean): readonly number[] => {
  const n = values.length
  if (n <= 2 * MOST_STRETCHES) return range(n)
  const start = (k: number): number => Math.floor((k * n) / MOST_STRETCHES)
  return range(MOST_STRETCHES).flatMap(k => {
    let [low, high] = [-1, -1]
    for (let i = start(k); i < start(k + 1); i++) {
      if (!known(values[i])) continue
      if (low < 0 || (values[i] as number) < (values[low] as number)) low = i
      if (high < 0 || (values[i] as number) > (values[high] as number)) high = i
    }
    return low < 0 ? [start(k)] : low === high ? [low] : [Math.min(low, high), Math.max(low, high)]
  })
}

/** Options of a chart. */
export interface ChartOptions {
  readonly title: string
  readonly xLabel: string
  /** Lowest and highest y; found from the values if left out. A curve is interrupted where it is beyond, which is written there. */
  readonly limits?: readonly [number, number]
  /** A logarithmic y axis; values must be above 0. */
  readonly logarithmic?: boolean
  /** Marks that stand on the x axis, and marks that hang from the top. */
  readonly below?: Events
  readonly above?: Events
  /** Where something named begins, in order: a thin line from top to bottom, with what is written of it where there is room. */
  readonly bounds?: readonly Bound[]
}

const limitsOf = (series: readonly Series[], positive: boolean): readonly [number, number] => {
  let [low, high] = [Infinity, -Infinity]
  for (const { values } of series) {
    for (const v of values) {
      if (!Number.isFinite(v) || (positive && v <= 0)) continue
      low = Math.min(low, v)
      high = Math.max(high, v)
    }
  }
  if (low > high || (low === 0 && high === 0)) return positive ? [0.1, 1] : [0, 1]
  if (low < high) return [low, high]
  return positive ? [low / 2, high * 2] : [low - 0.5, high + 0.5]
}

/** Short lines at the places of events, one for all within a unit of the drawing. */
const eventMarks = (
  { at }: Events,
  kind: string,
  x: (v: number) => number,
  y: number,
  length: number
): readonly string[] =>
  [...new Set(at.map(v => Math.round(x(v))))].map(place =>
    element('line', { class: `mark ${kind}`, x1: place, x2: place, y1: y, y2: y + length })
  )

/** Thin lines where something begins, but for what begins with the axis, and between them names, whole, or what is short. */
const boundLines = (bounds: readonly Bound[], x: (v: number) => number): readonly string[] =>
  bounds.flatMap(({ at, name, short }, i) => {
    const next = bounds[i + 1]
    const [from, to] = [x(at), next ? x(next.at) : WIDTH - RIGHT]
    const shown = [name, short].find(text => text !== undefined && fits(text, to - from - 4))
    return [
      i === 0 ? '' : element('line', { class: 'ideal', x1: from, x2: from, y1: TOP, y2: HEIGHT - BOTTOM }),
      shown === undefined ? '' : label(from + 3, TOP + 9, shown, { class: 'tick' })
    ]
  })

/** Names in a row, each in its colour. */
const legendOf = (entries: readonly (readonly [name: string, kind: string])[]): string => {
  let at: number = LEFT
  return entries
    .map(([name, kind]) => {
      const text = label(at, 34, name, { class: `legend ${kind}` })
      at += name.length * 7.2 + 14
      return text
    })
    .join('')
}

/** Curves over `xs`, coloured by the classes s0, s1, ... of the page's style. */
export const lineChart = (xs: readonly number[], series: readonly Series[], options: ChartOptions): string => {
  const log = options.logarithmic === true
  const [found, top] = options.limits ?? limitsOf(series, log)
  const low = log || options.limits ? found : Math.min(0, found)
  const [x0, x1] = [xs[0] ?? 0, xs.at(-1) ?? 1]
  const scale = (v: number): number => (log ? Math.log10(v) : v)
  const x = (v: number): number => LEFT + ((v - x0) / (x1 - x0 || 1)) * (WIDTH - LEFT - RIGHT)
  const y = (v: number): number =>
    HEIGHT - BOTTOM - ((scale(v) - scale(low)) / (scale(top) - scale(low) || 1)) * (HEIGHT - TOP - BOTTOM)
  const known = (v: number | undefined): v is number => v !== undefined && Number.isFinite(v) && (!log || v > 0)
  const path = (values: readonly number[]): string => {
    let pen = 'M'
    return thinned(values, known)
      .flatMap(i => {
        const v = values[i]
        if (!known(v) || v < low || v > top) {
          pen = 'M'
          return []
        }
        const point = `${pen}${round(x(xs[i] as number))} ${round(y(v))}`
        pen = 'L'
        return [point]
      })
      .join('')
  }
  const [yPlaces, xPlaces] = [log ? decades(low, top) : ticks(low, top, 5), ticks(x0, x1, 5)]
  const [yTexts, xTexts] = [tickTexts(yPlaces), tickTexts(xPlaces)]
  const yTicks = yPlaces.map(
    (v, i) =>
      element('line', { class: 'grid', x1: LEFT, x2: WIDTH - RIGHT, y1: y(v), y2: y(v) }) +
      label(LEFT - 6, y(v) + 4, yTexts[i] ?? '', { class: 'tick', 'text-anchor': 'end' })
  )
  const xTicks = xPlaces.map((v, i) =>
    label(tickPlace(x(v), xTexts[i] ?? '', WIDTH), HEIGHT - BOTTOM + 16, xTexts[i] ?? '', {
      class: 'tick',
      'text-anchor': 'middle'
    })
  )
  const curves = series.map((s, i) => element('path', { class: `curve s${i}`, d: path(s.values) }))
  const beyond = (side: (v: number) => boolean): number =>
    series.reduce((sum, { values }) => sum + values.filter(v => known(v) && side(v)).length, 0)
  const [under, over] = [beyond(v => v < low), beyond(v => v > top)]
  const edge = (n: number, where: string, limit: number, at: number): string =>
    n === 0
      ? ''
      : label(WIDTH - RIGHT, at, `${n} ${n === 1 ? 'point' : 'points'} ${where} ${compact(limit)}`, {
          class: 'tick',
          'text-anchor': 'end'
        })
  const { below, above, bounds = [] } = options
  const [born, died] = [`s${series.length}`, `s${series.length + 1}`]
  return drawing(
    WIDTH,
    HEIGHT,
    options.title,
    [
      label(8, 16, options.title, { class: 'title' }),
      legendOf([
        ...series.map((s, i) => [s.name, `s${i}`] as const),
        ...(below ? [[below.name, born] as const] : []),
        ...(above ? [[above.name, died] as const] : [])
      ]),
      ...yTicks,
      ...xTicks,
      label((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 4, options.xLabel, { class: 'tick', 'text-anchor': 'middle' }),
      ...(below ? eventMarks(below, born, x, HEIGHT - BOTTOM - MARK, MARK) : []),
      ...(above ? eventMarks(above, died, x, TOP, MARK) : []),
      ...boundLines(bounds, x),
      ...curves,
      edge(under, 'below', low, HEIGHT - BOTTOM - 6),
      edge(over, 'above', top, TOP + 14)
    ].join('')
  )
}
