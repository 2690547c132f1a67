/** The axes of pictures: where numbers stand, and how they are written. */
import { range } from '../core/port/ndarray.js'
import { element, label } from './svg.js'

/** Round numbers from one multiple of a round step to another; the step divides [low, high] into about `wanted`. */
const multiples = (
  [low, high]: readonly [number, number],
  wanted: number,
  ends: (step: number) => readonly [first: number, last: number]
): readonly number[] => {
  const span = high - low
  if (!(span > 0 && span < Infinity)) return [low]
  const raw = span / wanted
  const size = 10 ** Math.floor(Math.log10(raw))
  const step = ([1, 2, 5, 10].find(m => m * size >= raw) ?? 10) * size
  const [first, last] = ends(step)
  return range(last - first + 1).map(i => Number(((first + i) * step).toPrecision(12)))
}

/** Round numbers that divide [low, high] into about `wanted` steps.
 * @example ticks(0, 10, 5) // => [0, 2, 4, 6, 8, 10]
 */
export const ticks = (low: number, high: number, wanted: number): readonly number[] =>
  multiples([low, high], wanted, step => [Math.ceil(low / step), Math.floor(high / step + 1e-9)])

/** Ticks of which one stands at or beyond either end, three at least.
 * @example ticksAround(0.861, 0.968, 5) // => [0.85, 0.9, 0.95, 1]
 */
export const ticksAround = (low: number, high: number, wanted: number): readonly number[] =>
  multiples([low, high], wanted, step => [Math.floor(low / step + 1e-9), Math.ceil(high / step - 1e-9)])

/** At most about six powers of ten in [low, high]; less than two of them have their doubles and halves between them. */
export const decades = (low: number, high: number): readonly number[] => {
  const [first, last] = [Math.ceil(Math.log10(low)), Math.floor(Math.log10(high))]
  if (last - first < 2) {
    const powers = range(last - first + 3).map(i => 10 ** (first - 1 + i))
    return powers.flatMap(p => [p, 2 * p, 5 * p]).filter(v => v >= low && v <= high)
  }
  const stride = Math.max(1, Math.ceil((last - first) / 6))
  return range(Math.floor((last - first) / stride) + 1).map(i => 10 ** (first + i * stride))
}

/** A number in few characters, of so many digits.
 * @example compact(123456) // => '123k'
 */
export const compact = (v: number, digits: number = 3): string => {
  const [size, short] = [Math.abs(v), (unit: number): number => Number((v / unit).toPrecision(digits))]
  if (size >= 1e9) return short(1).toExponential().replace('+', '')
  if (size >= 1e6) return `${short(1e6)}M`
  return size >= 1e4 ? `${short(1e3)}k` : String(Number(v.toPrecision(digits + 1)))
}

/** Ticks as they are written: with as many digits as tell them apart. */
export const tickTexts = (values: readonly number[]): readonly string[] => {
  const written = (digits: number): readonly string[] => {
    const texts = values.map(v => compact(v, digits))
    return digits === 16 || new Set(texts).size === values.length ? texts : written(digits + 1)
  }
  return written(3)
}

/** From a number to its place in a drawing. */
export type Scale = (v: number) => number

/** A linear scale; all numbers stand in the middle where there is but one. */
export const linear =
  (low: number, high: number, from: number, to: number): Scale =>
  v =>
    high > low ? from + ((v - low) / (high - low)) * (to - from) : (from + to) / 2

/** A drawing's place for points, with its scales and what is written beside them. */
export interface Axes {
  readonly width: number
  readonly height: number
  readonly x: Scale
  readonly y: Scale
  readonly xTicks: readonly number[]
  readonly yTicks: readonly number[]
  readonly xLabel: string
  readonly yLabel: string
}

/** Room for what is written around the points. */
export const margins = { left: 52, right: 14, top: 40, bottom: 38 } as const

/** The lowest and the highest of finite numbers. */
export const extremes = (values: readonly number[]): readonly [low: number, high: number] =>
  values.reduce<readonly [number, number]>(
    ([low, high], v) => [Math.min(low, v), Math.max(high, v)],
    [Infinity, -Infinity]
  )

/** Half a character of a tick's text, about. */
const HALF_CHARACTER = 3.5

/** Where the middle of a tick's text stands: at its mark, or as near to it as the drawing's right edge leaves room. */
export const tickPlace = (x: number, text: string, width: number): number =>
  Math.min(x, width - HALF_CHARACTER * text.length)

/** Ticks, their lines, and the names of both axes. */
export const axesOf = ({ width, height, x, y, xTicks, yTicks, xLabel, yLabel }: Axes): string => {
  const { left, right, top, bottom } = margins
  const [xTexts, yTexts] = [tickTexts(xTicks), tickTexts(yTicks)]
  return [
    label(left, top - 8, yLabel, { class: 'tick' }),
    label((left + width - right) / 2, height - 4, xLabel, { class: 'tick', 'text-anchor': 'middle' }),
    ...xTicks.map((v, i) =>
      label(tickPlace(x(v), xTexts[i] ?? '', width), height - bottom + 16, xTexts[i] ?? '', {
        class: 'tick',
        'text-anchor': 'middle'
      })
    ),
    ...yTicks.map(
      (v, i) =>
        element('line', { class: 'grid', x1: left, x2: width - right, y1: y(v), y2: y(v) }) +
        label(left - 6, y(v) + 4, yTexts[i] ?? '', { class: 'tick', 'text-anchor': 'end' })
    )
  ].join('')
}
