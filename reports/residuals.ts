/** Where predicted numbers err, as pictures. */
import { range } from '../core/port/ndarray.js'
import { axesOf, compact, extremes, linear, margins, ticks } from './axes.js'
import { drawing, element, nameLabel } from './svg.js'

const WIDTH = 420
const MOST_POINTS = 1000
const MOST_BARS = 21

/** A picture of some of the rows. */
export interface PictureOfRows {
  readonly svg: string
  /** Rows that are drawn: all, or every k-th. */
  readonly drawn: number
}

const titled = (title: string): string => nameLabel(8, 16, title, WIDTH - 16, { class: 'title' })

/** Numbers whose distance from 0 is so many times what they differ by are written as distances from one of them. */
const FAR = 1000

/** What is predicted against what is true, all of it finite, with the line on which they are equal. */
export const scatterPicture = (name: string, truth: readonly number[], predicted: readonly number[]): PictureOfRows => {
  const height = 340
  const { left, right, top, bottom } = margins
  const [lowest, highest] = extremes([...truth, ...predicted])
  const isFar = Math.max(Math.abs(lowest), Math.abs(highest)) > FAR * (highest - lowest) && highest > lowest
  const base = isFar ? (ticks(lowest, highest, 5)[0] ?? lowest) : 0
  const [low, high] = [lowest - base, highest - base]
  const x = linear(low, high, left, WIDTH - right)
  const y = linear(low, high, height - bottom, top)
  const places = ticks(low, high, 7)
  const stride = Math.ceil(truth.length / MOST_POINTS)
  const drawn = range(truth.length).filter(i => i % stride === 0)
  const dots = drawn.map(i =>
    element('circle', {
      class: 'dot s0',
      cx: x((truth[i] as number) - base),
      cy: y((predicted[i] as number) - base),
      r: 2.5
    })
  )
  const ideal = element('line', { class: 'ideal', x1: x(low), y1: y(low), x2: x(high), y2: y(high) })
  const from = base === 0 ? '' : base < 0 ? ` + ${-base}` : ` - ${base}`
  const axes = axesOf({
    ...{ width: WIDTH, height, x, y, xTicks: places, yTicks: places },
    ...{ xLabel: `true${from}`, yLabel: `predicted${from}` }
  })
  const title = `${name}: predicted against true`
  return { svg: drawing(WIDTH, height, title, [titled(title), axes, ideal, ...dots].join('')), drawn: drawn.length }
}

/** How often errors (predicted - true, all finite) of each size are: bars of equal width, of which one has 0 in its middle. */
export const residualPicture = (name: string, errors: readonly number[]): string => {
  const height = 240
  const { left, right, top, bottom } = margins
  const largest = errors.reduce((most, v) => Math.max(most, Math.abs(v)), 0)
  const step = (2 * largest) / MOST_BARS
  const half = (MOST_BARS - 1) / 2
  const counts = range(MOST_BARS).map(() => 0)
  for (const v of errors) {
    const k = step === 0 ? half : Math.min(MOST_BARS - 1, Math.floor((v + largest) / step))
    counts[k] = (counts[k] as number) + 1
  }
  const reach = largest === 0 ? 1 : largest
  const x = linear(-reach, reach, left, WIDTH - right)
  const y = linear(0, Math.max(...counts, 1), height - bottom, top)
  const width = (WIDTH - left - right) / MOST_BARS
  const bars = counts.map((n, k) =>
    element(
      'rect',
      { class: 'bar', x: left + k * width + 0.5, y: y(n), width: width - 1, height: y(0) - y(n) },
      element('title', {}, `${n} rows from ${compact(k * step - largest)} to ${compact((k + 1) * step - largest)}`)
    )
  )
  const axes = axesOf({
    ...{ width: WIDTH, height, x, y, xTicks: ticks(-reach, reach, 5), yTicks: ticks(0, Math.max(...counts, 1), 4) },
    ...{ xLabel: 'predicted - true', yLabel: 'rows' }
  })
  const title = `${name}: errors`
  return drawing(WIDTH, height, title, [titled(title), axes, ...bars].join(''))
}
