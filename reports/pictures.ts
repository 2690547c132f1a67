/** Pictures of a network: its topology, its inputs' out-degrees, its mistakes. */
import type { NdArray } from '../core/port/ndarray.js'
import { range } from '../core/port/ndarray.js'
import type { State } from '../core/learning/state.js'
import type { Synapse, TopologySettings } from '../core/network/topology.js'
import { effectiveSynapses } from '../core/network/topology.js'
import { drawing, element, label } from './svg.js'

const WIDTH = 760
const MOST_LINES = 4000
const MOST_NAMES = 40

interface Place {
  readonly x: number
  readonly y: number
}

/** Evenly from top to bottom. */
const column = (x: number, n: number, height: number): readonly Place[] =>
  range(n).map(i => ({ x, y: ((i + 0.5) / n) * (height - 40) + 20 }))

/** Inputs of an image as their grid, others as a column. */
const inputPlaces = (n: number, image: Grid | undefined, height: number): readonly Place[] => {
  if (!image || image.width * image.height > n) return column(120, n, height)
  const cell = Math.min(230 / image.width, (height - 40) / image.height)
  const top = (height - cell * image.height) / 2
  const plane = image.width * image.height
  return range(n).map(i => ({
    x: 20 + cell * ((i % image.width) + 0.5),
    y: top + cell * (Math.floor((i % plane) / image.width) + 0.5)
  }))
}

/** Width and height of inputs that are pixels. */
export interface Grid {
  readonly width: number
  readonly height: number
}

/** Hidden neurons between inputs and outputs, each beside what it is connected to, then spread so that none overlap. */
const hiddenPlaces = (
  n: number,
  height: number,
  synapses: readonly Synapse[],
  inputs: readonly Place[],
  outputs: readonly Place[]
): readonly Place[] => {
  const wish = range(n).map(h => {
    const ys = synapses.flatMap(e => {
      if (e.to === outputs.length + h && e.from < inputs.length) return [(inputs[e.from] as Place).y]
      if (e.from === inputs.length + h && e.to < outputs.length) return [(outputs[e.to] as Place).y]
      return []
    })
    return ys.length === 0 ? height / 2 : ys.reduce((s, v) => s + v, 0) / ys.length
  })
  const order = range(n)
    .slice()
    .sort((a, b) => (wish[a] as number) - (wish[b] as number) || a - b)
  const places: Place[] = []
  order.forEach((h, rank) => {
    places[h] = { x: 440 + 90 * Math.sin(rank * 2.4), y: ((rank + 0.5) / n) * (height - 40) + 20 }
  })
  return places
}

/** Names of the inputs and outputs of a network. */
export interface Names {
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
}

/** What is alive and of use, drawn: inputs left, hidden neurons in the middle, outputs right; width is the weight. */
export const topologyPicture = (
  s: State<NdArray>,
  settings: TopologySettings,
  names: Names,
  image: Grid | undefined
): string => {
  const { facts: anatomy } = s.model
  const synapses = effectiveSynapses(s.model, settings)
  const height = Math.max(420, Math.min(900, anatomy.hidden.length * 14))
  const left = inputPlaces(anatomy.inputs, image, height)
  const right = column(WIDTH - 80, anatomy.outputs, height)
  const middle = hiddenPlaces(anatomy.hidden.length, height, synapses, left, right)
  const largest = synapses.reduce((m, e) => Math.max(m, Math.abs(e.weight)), 1e-12)
  const drawn = [...synapses].sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight)).slice(0, MOST_LINES)
  const lines = drawn.reverse().map(e => {
    const from = (e.from < anatomy.inputs ? left[e.from] : middle[e.from - anatomy.inputs]) as Place
    const to = (e.to < anatomy.outputs ? right[e.to] : middle[e.to - anatomy.outputs]) as Place
    const strength = Math.abs(e.weight) / largest
    return element('line', {
      class: e.weight < 0 ? 'minus' : 'plus',
      x1: from.x,
      y1: from.y,
      x2: to.x,
      y2: to.y,
      'stroke-width': 0.3 + 1.7 * strength,
      'stroke-opacity': 0.15 + 0.6 * strength
    })
  })
  const used = new Set(synapses.map(e => e.from))
  const dots = [
    ...left.map((p, i) => element('circle', { class: used.has(i) ? 'input' : 'unused', cx: p.x, cy: p.y, r: 4 })),
    ...(image || left.length > MOST_NAMES ? [] : left).map((p, i) =>
      label(p.x - 10, p.y + 4, (names.inputs[i] ?? '').slice(0, 16), { class: 'tick', 'text-anchor': 'end' })
    ),
    ...middle.map((p, i) =>
      element(
        'circle',
        { class: used.has(anatomy.inputs + i) ? 'hidden' : 'unused', cx: p.x, cy: p.y, r: 5 },
        element('title', {}, `hidden neuron ${anatomy.hidden[i]}`)
      )
    ),
    ...right.map(
      (p, i) =>
        element('circle', { class: 'output', cx: p.x, cy: p.y, r: 6 }) +
        label(p.x + 12, p.y + 4, (names.outputs[i] ?? '').slice(0, 9), { class: 'tick' })
    )
  ]
  const shown = drawn.length < synapses.length ? `, the strongest ${drawn.length} drawn` : ''
  const title = `Topology: ${anatomy.hidden.length} hidden neurons, ${synapses.length} effective synapses${shown}`
  return drawing(WIDTH, height, title, [...lines, ...dots].join(''))
}

/** A grid of numbers as shades with the numbers written in. */
const shades = (
  title: string,
  rows: readonly (readonly number[])[],
  cell: number,
  offset: Place,
  extra: string
): string => {
  const largest = Math.max(1e-12, ...rows.flat())
  const cells = rows.flatMap((row, i) =>
    row.map((v, j) => {
      const [x, y] = [offset.x + j * cell, offset.y + i * cell]
      const share = v / largest
      return (
        element('rect', {
          class: 'shade',
          x,
          y,
          width: cell - 1,
          height: cell - 1,
          'fill-opacity': 0.04 + 0.96 * share
        }) +
        label(x + cell / 2 - 0.5, y + cell / 2 + 4, String(v), {
          class: share > 0.5 ? 'on' : 'off',
          'text-anchor': 'middle'
        })
      )
    })
  )
  const width = offset.x + (rows[0]?.length ?? 0) * cell + 8
  return drawing(width, offset.y + rows.length * cell + 8, title, cells.join('') + extra)
}

/** Out-degrees of inputs that are pixels, added over the channels, where they stand in the image. */
export const degreeMap = (degrees: readonly number[], { width, height }: Grid): string => {
  const plane = width * height
  const sum = (k: number): number =>
    range(Math.floor(degrees.length / plane)).reduce((s, c) => s + (degrees[c * plane + k] as number), 0)
  const rows = range(height).map(i => range(width).map(j => sum(i * width + j)))
  return shades('Out-degree of each input', rows, 36, { x: 8, y: 8 }, '')
}

/** Rows are the true classes, columns the predicted ones. */
export const confusionPicture = (table: readonly (readonly number[])[], names: readonly string[]): string => {
  const cell = 36
  const offset = { x: 96, y: 40 }
  const labels = names.flatMap((name, i) => [
    label(offset.x - 8, offset.y + (i + 0.5) * cell + 4, name.slice(0, 9), { class: 'tick', 'text-anchor': 'end' }),
    label(offset.x + (i + 0.5) * cell, offset.y - 8, name.slice(0, 5), { class: 'tick', 'text-anchor': 'middle' })
  ])
  const axes = label(offset.x, 14, 'predicted', { class: 'tick' }) + label(4, offset.y - 8, 'true', { class: 'tick' })
  return shades('Confusion matrix', table, cell, offset, labels.join('') + axes)
}

/** The inputs with the highest out-degrees, as bars. */
export const degreeBars = (degrees: readonly number[], names: readonly string[], most: number = 30): string => {
  const order = range(degrees.length)
    .slice()
    .sort((a, b) => (degrees[b] as number) - (degrees[a] as number) || a - b)
    .slice(0, most)
  const largest = Math.max(1, degrees[order[0] as number] ?? 1)
  const bars = order.map((input, i) => {
    const y = 8 + i * 18
    const length = (300 * (degrees[input] as number)) / largest
    return (
      label(150, y + 12, (names[input] ?? '').slice(0, 22), { class: 'tick', 'text-anchor': 'end' }) +
      element('rect', { class: 'shade', x: 156, y, width: length, height: 14 }) +
      label(162 + length, y + 12, String(degrees[input]), { class: 'tick' })
    )
  })
  return drawing(500, 16 + order.length * 18, 'Inputs by out-degree', bars.join(''))
}
