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
export const shapes = ['circle', 'square', 'triangle', 'diamond'] as const

/** A method: its colour is one of s0 to s3 of the page's style. */
export interface PanelLine {
  readonly name: string
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

/** What colours and shapes mean. */
export interface PanelLegend {
  readonly colours: readonly Pick<PanelLine, 'name' | 'colour' | 'hollow'>[]
  readonly shapes: readonly Pick<PanelLine, 'name' | 'shape'>[]
}

/** A panel is narrow enough for a telephone, where a unit is about a pixel; two fill a page. */
const [WIDTH, HEIGHT, HEAD, COLUMNS] = [420, 250, 66, 2] as const
const RADIUS = 3.6
/** Methods of one number stand side by side, so far from each other. */
const BESIDE = 4
/** How far below the best the axis reaches: methods that fail would flatten all others. */
const DEPTH = 0.12
/** How far around what there is the axes reach, as a share of it. */
const ROOM = 0.06

/** A mark's shape and colour, by classes of the page's style. */
interface Look {
  readonly shape: PanelLine['shape']
  readonly hollow: boolean
  /** Such as `s0`; none for what is of no method. */
  readonly colour: string
}

const mark = ({ colour, shape, hollow }: Look, x: number, y: number, said: string): string => {
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
    ]
  }
  const filled = colour === '' ? { class: 'tick' } : { class: `dot ${colour}` }
  const look = hollow ? { class: `mark ${colour}`, fill: 'none' } : filled
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
    const own = { ...line, colour: `s${line.colour}` }
    const at = (p: PanelPoint): number => x(p.x) + (i - (lines.length - 1) / 2) * BESIDE
    const shown = line.points.filter(p => p.y >= low - room).sort((a, b) => a.x - b.x)
    const path = shown.map((p, k) => `${k === 0 ? 'M' : 'L'}${round(at(p))} ${round(y(p.y))}`).join('')
    const dashes = line.hollow ? { 'stroke-dasharray': '4 3' } : {}
    const marks = shown.map(p => {
      const ends = { y1: y(Math.max(low - room, p.y - spreadOf(p))), y2: y(p.y + spreadOf(p)) }
      const said = `${line.name}, ${Math.round(p.x)} synapses: ${p.y.toFixed(4)}${spreadOf(p) > 0 ? ` ± ${p.error.toFixed(4)}` : ''}`
      return (
        element('line', { class: `mark ${own.colour}`, x1: at(p), x2: at(p), ...ends }) + mark(own, at(p), y(p.y), said)
      )
    })
    return element('path', { class: `curve ${own.colour}`, d: path, ...dashes }) + marks.join('')
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

const legendOf = ({ colours, shapes: marks }: PanelLegend): string => {
  let at = 8
  const named = (y: number, name: string, look: Look): string => {
    const words = { class: look.colour === '' ? 'tick' : `legend ${look.colour}` }
    const here = mark(look, at + RADIUS, y - 4, name) + label(at + 3 * RADIUS + 2, y, name, words)
    at += name.length * 7.2 + 28
    return here
  }
  const first = colours.map(({ name, colour, hollow }) =>
    named(36, name, { colour: `s${colour}`, hollow, shape: 'circle' })
  )
  at = 8
  const second = marks.map(({ name, shape }) => named(56, name, { colour: '', hollow: false, shape }))
  return [...first, ...second].join('')
}

/** Panels in rows of two, scores called `name`, with what their colours and shapes mean above them. */
export const panelsPicture = (title: string, name: string, panels: readonly Panel[], legend: PanelLegend): string => {
  const columns = Math.min(COLUMNS, panels.length)
  const placed = panels.map((panel, i) => {
    const [x, y] = [(i % columns) * WIDTH, HEAD + Math.floor(i / columns) * HEIGHT]
    return element('g', { transform: `translate(${x} ${y})` }, panelOf(panel, name))
  })
  return drawing(
    columns * WIDTH,
    HEAD + Math.ceil(panels.length / columns) * HEIGHT,
    title,
    [label(8, 16, title, { class: 'title' }), legendOf(legend), ...placed].join('')
  )
}
