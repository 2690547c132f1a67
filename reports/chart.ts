/** Line charts over epochs. */
import { range } from '../core/port/ndarray.js'
import { drawing, element, label, round } from './svg.js'

/** A curve: a value for each x, gaps where it is not finite. */
export interface Series {
  readonly name: string
  readonly values: readonly number[]
}

const WIDTH = 520
const HEIGHT = 260
const LEFT = 56
const RIGHT = 14
const TOP = 34
const BOTTOM = 34
const MOST_POINTS = 400

/** Round numbers that divide [low, high] into about `wanted` steps.
 * @example ticks(0, 10, 5) // => [0, 2, 4, 6, 8, 10]
 */
export const ticks = (low: number, high: number, wanted: number): readonly number[] => {
  const span = high - low
  if (!(span > 0 && span < Infinity)) return [low]
  const raw = span / wanted
  const size = 10 ** Math.floor(Math.log10(raw))
  const step = ([1, 2, 5, 10].find(m => m * size >= raw) ?? 10) * size
  const first = Math.ceil(low / step)
  return range(Math.floor(high / step + 1e-9) - first + 1).map(i => Number(((first + i) * step).toPrecision(12)))
}

/** Indices of at most `most` points, first and last included. */
const thinned = (n: number, most: number): readonly number[] =>
  n <= most ? range(n) : range(most).map(i => Math.round((i * (n - 1)) / (most - 1)))

const compact = (v: number): string =>
  Math.abs(v) >= 10_000 ? `${Number((v / 1000).toPrecision(3))}k` : String(Number(v.toPrecision(4)))

/** Options of a chart. */
export interface ChartOptions {
  readonly title: string
  readonly xLabel: string
  /** Lowest and highest y; found from the values if left out. */
  readonly limits?: readonly [number, number]
  /** A logarithmic y axis; values must be above 0. */
  readonly logarithmic?: boolean
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
  if (low > high) return [0, 1]
  return low === high ? [low - 0.5, high + 0.5] : [low, high]
}

/** At most about six powers of ten in [low, high]. */
const decades = (low: number, high: number): readonly number[] => {
  const [first, last] = [Math.ceil(Math.log10(low)), Math.floor(Math.log10(high))]
  const stride = Math.max(1, Math.ceil((last - first) / 6))
  return range(Math.max(0, Math.floor((last - first) / stride) + 1)).map(i => 10 ** (first + i * stride))
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
  const shown = (v: number | undefined): v is number => v !== undefined && Number.isFinite(v) && (!log || v > 0)
  const path = (values: readonly number[]): string => {
    let pen = 'M'
    return thinned(values.length, MOST_POINTS)
      .flatMap(i => {
        const v = values[i]
        if (!shown(v)) {
          pen = 'M'
          return []
        }
        const point = `${pen}${round(x(xs[i] as number))} ${round(y(Math.min(top, Math.max(low, v))))}`
        pen = 'L'
        return [point]
      })
      .join('')
  }
  const yTicks = (log ? decades(low, top) : ticks(low, top, 5)).map(
    v =>
      element('line', { class: 'grid', x1: LEFT, x2: WIDTH - RIGHT, y1: y(v), y2: y(v) }) +
      label(LEFT - 6, y(v) + 4, compact(v), { class: 'tick', 'text-anchor': 'end' })
  )
  const xTicks = ticks(x0, x1, 6).map(v =>
    label(x(v), HEIGHT - BOTTOM + 16, compact(v), { class: 'tick', 'text-anchor': 'middle' })
  )
  const curves = series.map((s, i) => element('path', { class: `curve s${i}`, d: path(s.values) }))
  let at = WIDTH - RIGHT
  const legend = [...series].reverse().map((s, k) => {
    const i = series.length - 1 - k
    const text = label(at, 16, s.name, { class: `legend s${i}`, 'text-anchor': 'end' })
    at -= s.name.length * 6.6 + 16
    return text
  })
  return drawing(
    WIDTH,
    HEIGHT,
    options.title,
    [
      label(8, 16, options.title, { class: 'title' }),
      ...legend,
      ...yTicks,
      ...xTicks,
      label((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 4, options.xLabel, { class: 'tick', 'text-anchor': 'middle' }),
      ...curves
    ].join('')
  )
}
