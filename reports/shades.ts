/** Matrices as shades: mistakes, and maps of pixels. */
import { range } from '../core/port/ndarray.js'
import { DEEPEST_SHADE } from './style.js'
import { drawing, element, label, nameLabel } from './svg.js'

/** Width and height of inputs that are pixels. */
export interface Grid {
  readonly width: number
  readonly height: number
}

const WIDTH = 420
/** A cell has room for its number, or at least for two digits; a digit is so wide. */
const [NARROWEST, DIGIT] = [26, 8.4] as const
const LARGEST = 44

const shade = (x: number, y: number, side: number, opacity: number, title: string): string =>
  element(
    'rect',
    { class: 'shade', x, y, width: side - 1, height: side - 1, 'fill-opacity': opacity },
    title === '' ? '' : element('title', {}, title)
  )

/** Numbers of pixels where they stand in the image, the darker the larger; negative ones and those not known are white. */
export const pixelMap = (title: string, values: readonly number[], { width, height }: Grid): string => {
  const cell = Math.min(LARGEST, WIDTH / width)
  const largest = values.reduce((most, v) => (v > most ? v : most), 0)
  const cells = range(width * height).map(k => {
    const v = values[k] as number
    const opacity = v > 0 ? v / largest : 0
    const x = (k % width) * cell
    const y = Math.floor(k / width) * cell
    return shade(x, y, cell, opacity, String(Number(v.toPrecision(3))))
  })
  const frame = element('rect', { class: 'unused', x: 0.5, y: 0.5, width: width * cell - 1, height: height * cell - 1 })
  return drawing(width * cell, height * cell, title, cells.join('') + frame)
}

/** Rows are the true classes, columns the predicted ones; each row is shaded by its shares. */
export const confusionPicture = (table: readonly (readonly number[])[], names: readonly string[]): string => {
  const left = 92
  const top = 84
  const digits = String(Math.max(...table.flat())).length
  const room = Math.max(NARROWEST, digits * DIGIT + 5)
  const cell = Math.max(room, Math.min(LARGEST, (WIDTH - left) / names.length))
  const side = cell * names.length
  const words = names.flatMap((name, i) => {
    const middle = (i + 0.5) * cell
    const [x, y] = [left + middle + 4, top - 6]
    return [
      nameLabel(left - 6, top + middle + 4, name, left - 8, { class: 'tick', 'text-anchor': 'end' }),
      nameLabel(x, y, name, top - 6, { class: 'tick', transform: `rotate(-75 ${x} ${y})` })
    ]
  })
  const cells = table.flatMap((row, i) => {
    const all = row.reduce((s, n) => s + n, 0)
    return row.map((n, j) => {
      const [x, y] = [left + j * cell, top + i * cell]
      if (n === 0) return ''
      const number = label(x + cell / 2 - 0.5, y + cell / 2 + 4, String(n), { 'text-anchor': 'middle' })
      return shade(x, y, cell, (DEEPEST_SHADE * n) / all, '') + number
    })
  })
  const frame = element('rect', { class: 'unused', x: left - 0.5, y: top - 0.5, width: side, height: side })
  const axes = [
    label(left - 6, top - 6, 'true', { class: 'title', 'text-anchor': 'end' }),
    label(4, 14, 'predicted', { class: 'title' })
  ]
  const width = Math.max(WIDTH, left + side + 24)
  return drawing(width, top + side + 4, 'Confusion matrix', [...cells, frame, ...words, ...axes].join(''), 0.8)
}
