/** Ranked bars: a name, a bar, a number. */
import { drawing, element, label, nameLabel } from './svg.js'

/** A bar; `spread` is a deviation to either side of its end, drawn below it. */
export interface Bar {
  readonly name: string
  readonly value: number
  readonly spread?: number
  /** The number as it is to be read. */
  readonly text: string
}

const [WIDTH, ROW] = [420, 20] as const
const BAR = 9
const NAMES = 150
const ROOM = 84

/** Bars one below the other, from 0 on, to the left where a value is below 0; what is not finite has no bar. */
export const barsPicture = (title: string, bars: readonly Bar[]): string => {
  const ends = bars.flatMap(({ value, spread = 0 }) =>
    Number.isFinite(value + spread) ? [value - spread, value + spread] : []
  )
  const [low, high] = [Math.min(0, ...ends), Math.max(0, ...ends)]
  const x = (v: number): number => NAMES + ((v - low) / (high - low || 1)) * (WIDTH - NAMES - ROOM)
  const rows = bars.map(({ name, value, spread, text }, i) => {
    const y = 4 + i * ROW
    const middle = y + ROW / 2
    const below = y + 4 + BAR + 2 // beside the bar, from which it would not stand out
    const words =
      nameLabel(NAMES - 8, middle + 4, name, NAMES - 10, { class: 'tick', 'text-anchor': 'end' }) +
      label(WIDTH - ROOM + 8, middle + 4, text)
    if (!Number.isFinite(value)) return words
    const [from, to] = [Math.min(x(0), x(value)), Math.max(x(0), x(value))]
    const bar = element('rect', { class: 'bar', x: from, y: y + 4, width: to - from, height: BAR })
    const whisker =
      spread === undefined || !(spread > 0)
        ? ''
        : element('line', { class: 'spread', x1: x(value - spread), x2: x(value + spread), y1: below, y2: below })
    return words + bar + whisker
  })
  const zero = element('line', { class: 'axis', x1: x(0), x2: x(0), y1: 2, y2: 6 + bars.length * ROW })
  return drawing(WIDTH, 8 + bars.length * ROW, title, zero + rows.join(''))
}
