/** Scores of many methods against numbers of synapses: a panel a data set, two in a row. */
import { axesOf, extremes, linear, margins, ticks } from './axes.js'
import { drawing, element, escape, label, round } from './svg.js'

/** A mean with its standard error, which is not finite where there is but one value. */
export interface PanelPoint {
  /** Above 0. */
  readonly x: number
  readonly y: number
  readonly error: number
}

/** Shapes of marks. */
export const shapes = ['circle', 'square', 'triangle', 'diamond', 'cross'] as const

/** A method: its colour is one of s0 to s3 of the page's style. */
export interface PanelLine {
  readonly name: string
  /** A row of the legend, and what its mark is called there, if there are others in that row. */
  readonly model: string
  readonly way: string
  readonly colour: 0 | 1 | 2 | 3
  readonly shape: (typeof shapes)[number]
  /** Marks with a rim only, and a broken line. */
  readonly hollow: boolean
  readonly points: readonly PanelPoint[]
}

/** A data set. */
export interface Panel {
  readonly title: string
  /** Numbers that are written below it, at least one. */
  readonly numbers: readonly number[]
  /** The first of them is seen whole, however far below the others it is. */
  readonly lines: readonly PanelLine[]
}

/** A panel is narrow enough for a telephone, where a unit is about a pixel; two fill a page. */
const [WIDTH, HEIGHT, COLUMNS] = [420, 250, 2] as const
/** The legend: where its first row stands, from row to row, where its marks begin, from mark to mark. */
const [HEAD, ROW, MARKS, MARK] = [36, 18, 120, 64] as const
const RADIUS = 3.6
/** Methods of one number stand side by side, so far from each other. */
const BESIDE = 4
/** How far below the best the axis reaches: methods that fail would flatten all others. */
const DEPTH = 0.12
/** How far around what there is the axes reach, as a share of it. */
const ROOM = 0.06

const mark = ({ colour, shape, hollow }: PanelLine, x: number, y: number, said: string): string => {
  const r = RADIUS
  const place = (dx: number, dy: number): string => `${round(x + dx)} ${round(y + dy)}`
  const corners: Readonly<Record<PanelLine['shape'], readonly (readonly [number, number])[]>> = {
    circle: [],
    square: [
      [-r, -r],
      [r, -r],
      [r, r],
      [-r, r]
    ],
    triangle: [
      [0, -1.2 * r],
      [1.1 * r, 0.9 * r],
      [-1.1 * r, 0.9 * r]
    ],
    diamond: [
      [0, -1.3 * r],
      [1.3 * r, 0],
      [0, 1.3 * r],
      [-1.3 * r, 0]
    ],
    cross: [
      [0, -0.4 * r],
      [0.8 * r, -1.2 * r],
      [1.2 * r, -0.8 * r],
      [0.4 * r, 0],
      [1.2 * r, 0.8 * r],
      [0.8 * r, 1.2 * r],
      [0, 0.4 * r],
      [-0.8 * r, 1.2 * r],
      [-1.2 * r, 0.8 * r],
      [-0.4 * r, 0],
      [-1.2 * r, -0.8 * r],
      [-0.8 * r, -1.2 * r]
    ]
  }
  const look = hollow ? { class: `mark s${colour}`, fill: 'none' } : { class: `dot s${colour}` }
  const title = element('title', {}, escape(said))
  if (shape === 'circle') return element('circle', { ...look, cx: x, cy: y, r }, title)
  return element('path', { ...look, d: `M${corners[shape].map(([dx, dy]) => place(dx, dy)).join('L')}z` }, title)
}

const spreadOf = ({ error }: PanelPoint): number => (Number.isFinite(error) ? error : 0)

const panelOf = ({ title, numbers, lines }: Panel, name: string): string => {
  const { left, right, top, bottom } = margins
  const points = lines.flatMap(line => line.points)
  const best = Math.max(...points.map(p => p.y + spreadOf(p)))
  const lowest = (some: readonly PanelPoint[]): number => Math.min(...some.map(p => p.y - spreadOf(p)))
  const low = Math.max(lowest(points), Math.min(best - DEPTH, lowest(lines[0]?.points ?? [])))
  const room = ROOM * (best - low || DEPTH)
  const y = linear(low - room, best + room, HEIGHT - bottom, top)
  const [fewest, most] = extremes([...numbers, ...points.map(p => p.x)].map(Math.log10))
  const edge = (lines.length * BESIDE) / 2 + RADIUS
  const log = linear(fewest, most, left + edge, WIDTH - right - edge)
  const x = (v: number): number => log(Math.log10(v))
  const drawn = lines.map((line, i) => {
    const at = (p: PanelPoint): number => x(p.x) + (i - (lines.length - 1) / 2) * BESIDE
    const shown = line.points.filter(p => p.y >= low - room).sort((a, b) => a.x - b.x)
    const path = shown.map((p, k) => `${k === 0 ? 'M' : 'L'}${round(at(p))} ${round(y(p.y))}`).join('')
    const dashes = line.hollow ? { 'stroke-dasharray': '4 3' } : {}
    const marks = shown.map(p => {
      const ends = { y1: y(Math.max(low - room, p.y - spreadOf(p))), y2: y(p.y + spreadOf(p)) }
      const said = `${line.name}, ${Math.round(p.x)} synapses: ${p.y.toFixed(4)}${spreadOf(p) > 0 ? ` ± ${p.error.toFixed(4)}` : ''}`
      return (
        element('line', { class: `mark s${line.colour}`, x1: at(p), x2: at(p), ...ends }) +
        mark(line, at(p), y(p.y), said)
      )
    })
    return element('path', { class: `curve s${line.colour}`, d: path, ...dashes }) + marks.join('')
  })
  const beyond = points.filter(p => p.y < low - room).length
  const axes = axesOf({
    ...{ width: WIDTH, height: HEIGHT, x, y, xLabel: 'effective synapses (logarithmic)', yLabel: name },
    xTicks: numbers,
    yTicks: ticks(low - room, best + room, 8)
  })
  const said = `${beyond} ${beyond === 1 ? 'mean' : 'means'} below ${(low - room).toFixed(2)}`
  return [
    label(8, 16, title, { class: 'title' }),
    axes,
    ...drawn,
    beyond === 0 ? '' : label(WIDTH - right, HEIGHT - bottom - 6, said, { class: 'tick', 'text-anchor': 'end' })
  ].join('')
}

/** The mark of each method, a row a model, and that marks are not where their numbers are. */
const legendOf = (lines: readonly PanelLine[], models: readonly string[]): string => {
  const rows = models.flatMap((model, i) => {
    const own = lines.filter(line => line.model === model)
    const y = HEAD + i * ROW
    return [
      label(8, y, model, { class: `legend s${own[0]?.colour ?? 0}` }),
      ...own.flatMap((line, k) => {
        const x = MARKS + k * MARK
        return [mark(line, x, y - 4, line.name), label(x + 3 * RADIUS, y, line.way, { class: 'tick' })]
      })
    ]
  })
  const said = 'Marks stand beside their places, so that none hides another.'
  return [...rows, label(8, HEAD + models.length * ROW, said, { class: 'tick' })].join('')
}

/** Panels in rows of two, scores called `name`, with the marks of their methods above them. */
export const panelsPicture = (title: string, name: string, panels: readonly Panel[]): string => {
  const columns = Math.min(COLUMNS, panels.length)
  const lines = [...new Map(panels.flatMap(panel => panel.lines.map(line => [line.name, line]))).values()]
  const models = [...new Set(lines.map(line => line.model))]
  const top = HEAD + (models.length + 1) * ROW
  const placed = panels.map((panel, i) => {
    const [x, y] = [(i % columns) * WIDTH, top + Math.floor(i / columns) * HEIGHT]
    return element('g', { transform: `translate(${x} ${y})` }, panelOf(panel, name))
  })
  return drawing(
    columns * WIDTH,
    top + Math.ceil(panels.length / columns) * HEIGHT,
    title,
    [label(8, 16, title, { class: 'title' }), legendOf(lines, models), ...placed].join('')
  )
}
