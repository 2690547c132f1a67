/** The picture of a network: inputs left, hidden neurons in the middle, outputs right; width is the weight. */
import type { NdArray } from '../core/port/ndarray.js'
import { range } from '../core/port/ndarray.js'
import type { Anatomy } from '../core/network/anatomy.js'
import type { State } from '../core/learning/state.js'
import type { Synapse, TopologySettings } from '../core/network/topology.js'
import { effectiveSynapses } from '../core/network/topology.js'
import type { Grid } from './shades.js'
import { cut, drawing, element, escape, nameLabel } from './svg.js'

const WIDTH = 420
/** More lines are a tangle; where there are too many neurons to name them, so few that those with a line can be named. */
const [MOST_LINES, FEW_LINES] = [200, 60] as const
/** Names that find room one below the other. */
const MOST_NAMES = 60
const [LEFT, MIDDLE, RIGHT] = [142, 236, 330] as const
/** The side of an image. */
const IMAGE = 150

interface Place {
  readonly x: number
  readonly y: number
}

/** Positions among the inputs, hidden neurons and outputs of what is drawn, in the order in which it is drawn. */
interface Shown {
  readonly inputs: readonly number[]
  readonly hidden: readonly number[]
  readonly outputs: readonly number[]
  /** The strongest first. */
  readonly lines: readonly Synapse[]
}

const strongest = (synapses: readonly Synapse[], most: number): readonly Synapse[] =>
  [...synapses].sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight)).slice(0, most)

const meanOf = (values: readonly number[], otherwise: number): number =>
  values.length === 0 ? otherwise : values.reduce((s, v) => s + v, 0) / values.length

/** Everybody where there is room; else those that one of the strongest synapses touches, inputs beside those they lead to. */
const selected = (
  { inputs, outputs, hidden }: Anatomy,
  synapses: readonly Synapse[],
  image: Grid | undefined
): Shown => {
  const crowded = (inputs > MOST_NAMES && !image) || outputs > MOST_NAMES
  const lines = strongest(synapses, crowded ? FEW_LINES : MOST_LINES)
  const [senders, receivers] = [new Set(lines.map(e => e.from)), new Set(lines.map(e => e.to))]
  const leadsTo = new Map(
    range(inputs).map(i => [
      i,
      meanOf(
        lines.filter(e => e.from === i && e.to < outputs).map(e => e.to),
        outputs / 2
      )
    ])
  )
  const someInputs = range(inputs)
    .filter(i => senders.has(i))
    .sort((i, j) => (leadsTo.get(i) as number) - (leadsTo.get(j) as number) || i - j)
  return {
    lines,
    inputs: inputs <= MOST_NAMES || image ? range(inputs) : someInputs,
    hidden: range(hidden.length).filter(
      h => (!crowded && hidden.length <= MOST_LINES) || senders.has(inputs + h) || receivers.has(outputs + h)
    ),
    outputs: range(outputs).filter(o => outputs <= MOST_NAMES || receivers.has(o))
  }
}

/** Evenly from top to bottom. */
const column = (x: number, who: readonly number[], height: number): ReadonlyMap<number, Place> =>
  new Map(who.map((i, k) => [i, { x, y: ((k + 0.5) / who.length) * (height - 20) + 10 }]))

/** Inputs that are pixels, where they stand in the image. */
const pixels = (who: readonly number[], { width, height: rows }: Grid, height: number): ReadonlyMap<number, Place> => {
  const cell = Math.min(IMAGE / width, (height - 20) / rows)
  const top = (height - cell * rows) / 2
  const row = (i: number): number => Math.floor((i % (width * rows)) / width)
  return new Map(who.map(i => [i, { x: 4 + cell * ((i % width) + 0.5), y: top + cell * (row(i) + 0.5) }]))
}

/** Hidden neurons between inputs and outputs, each beside what it is connected to, then spread so that none overlap. */
const between = (
  who: readonly number[],
  height: number,
  ends: (hidden: number) => readonly Place[]
): ReadonlyMap<number, Place> => {
  const wish = new Map(
    who.map(h => [
      h,
      meanOf(
        ends(h).map(({ y }) => y),
        height / 2
      )
    ])
  )
  const order = [...who].sort((a, b) => (wish.get(a) as number) - (wish.get(b) as number) || a - b)
  const places = column(MIDDLE, order, height)
  return new Map(order.map((h, rank) => [h, { ...(places.get(h) as Place), x: MIDDLE + 44 * Math.sin(rank * 2.4) }]))
}

/** Names of the inputs and outputs of a network. */
export interface Names {
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
}

/** A picture, and what of the network it shows. */
export interface PictureOfNetwork {
  readonly svg: string
  /** Such as '64 inputs, 32 hidden neurons, 10 outputs, 200 of 867 effective synapses'. */
  readonly shown: string
}

/** What is drawn of a network, in words: nothing is left out without being said. */
const said = (parts: readonly (readonly [drawn: number, all: number, what: string])[]): string =>
  parts
    .map(([drawn, all, what]) => `${drawn < all ? `${drawn} of ` : ''}${all} ${what}${all === 1 ? '' : 's'}`)
    .join(', ')

/** What is alive and of use; of many synapses the strongest, of many neurons those that have one of these. */
export const topologyPicture = (
  s: State<NdArray>,
  settings: TopologySettings,
  names: Names,
  image: Grid | undefined
): PictureOfNetwork => {
  const { inputs, outputs, hidden } = s.model.facts
  const synapses = effectiveSynapses(s.model, settings)
  const grid = image && image.width * image.height <= inputs ? image : undefined
  const drawn = selected(s.model.facts, synapses, grid)
  const tallest = Math.max(drawn.hidden.length, drawn.outputs.length, grid ? 0 : drawn.inputs.length)
  const height = Math.max(280, Math.min(1000, 14 * tallest))
  const left = grid ? pixels(drawn.inputs, grid, height) : column(LEFT, drawn.inputs, height)
  const right = column(RIGHT, drawn.outputs, height)
  const middle = between(drawn.hidden, height, h =>
    drawn.lines.flatMap(e => {
      const end = e.to === outputs + h ? left.get(e.from) : e.from === inputs + h ? right.get(e.to) : undefined
      return end ? [end] : []
    })
  )
  const largest = Math.abs(drawn.lines[0]?.weight ?? 0) || 1
  const edges = [...drawn.lines].reverse().map(e => {
    const from = (e.from < inputs ? left.get(e.from) : middle.get(e.from - inputs)) as Place
    const to = (e.to < outputs ? right.get(e.to) : middle.get(e.to - outputs)) as Place
    const [kind, width] = [e.weight < 0 ? 'minus' : 'plus', 0.5 + 2.5 * (e.weight / largest) ** 2]
    return element('line', { class: kind, x1: from.x, y1: from.y, x2: to.x, y2: to.y, 'stroke-width': width })
  })
  const used = new Set(synapses.map(e => e.from))
  const dot = (kind: string, { x, y }: Place, r: number, name: string): string =>
    element('circle', { class: kind, cx: x, cy: y, r }, name === '' ? '' : element('title', {}, escape(cut(name, 300))))
  const radius = grid ? Math.min(3.5, (0.42 * IMAGE) / grid.width) : 3.5
  const dots = [
    ...[...left].map(
      ([i, p]) =>
        dot(used.has(i) ? 'input' : 'unused', p, radius, '') +
        (grid
          ? ''
          : nameLabel(p.x - 8, p.y + 4, names.inputs[i] ?? '', LEFT - 10, { class: 'tick', 'text-anchor': 'end' }))
    ),
    ...[...middle].map(([h, p]) => dot(used.has(inputs + h) ? 'hidden' : 'unused', p, 4, `hidden neuron ${hidden[h]}`)),
    ...[...right].map(
      ([o, p]) =>
        dot('output', p, 4.5, '') +
        nameLabel(p.x + 9, p.y + 4, names.outputs[o] ?? '', WIDTH - RIGHT - 11, { class: 'tick' })
    )
  ]
  const shown = said([
    [left.size, inputs, 'input'],
    [middle.size, hidden.length, 'hidden neuron'],
    [right.size, outputs, 'output'],
    [drawn.lines.length, synapses.length, 'effective synapse']
  ])
  return { svg: drawing(WIDTH, height, `Topology: ${shown}`, [...edges, ...dots].join('')), shown }
}
