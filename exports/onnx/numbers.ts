/** Columns of numbers and dates as features, all at once: what is missing filled and marked, dates in their cycles. */
import { range } from '../../core/port/ndarray.js'
import type { Code, DateCode, NumberCode } from '../../data/codes.js'
import { valueFeatures } from '../../data/codes.js'
import type { Cycle } from '../../data/dates.js'
import { cycles } from '../../data/dates.js'
import { anglesIn } from './dates.js'
import type { Graph } from './graph.js'
import type { Features, Used } from './features.js'
import { columnsOf, doubles } from './features.js'

/** The place of a kind of feature among those of a code, if it has one. */
type PlaceOf = (code: Code) => number | undefined

const halfOf =
  (cycle: Cycle, half: 0 | 1): PlaceOf =>
  code =>
    code.as === 'date' && code.cycles.includes(cycle) ? 1 + 2 * code.cycles.indexOf(cycle) + half : undefined

/** Features of columns of numbers and dates whose cells are `[N, columns]`, Float64, NaN where missing. */
export const numericFeatures = (
  graph: Graph,
  cells: string,
  columns: readonly Used<NumberCode | DateCode>[]
): readonly Features[] => {
  const width = columns.length
  const fills = columns.map(({ code }) => code.fill)
  const fill = graph.constant('fills', { type: 'double', shape: [1, width], values: fills })
  const gaps = graph.node('IsNaN', [cells])
  const filled = graph.node('Where', [gaps, fill, cells])
  /** The input of the program that a column's feature is, if it is used. */
  const inputOf = (k: number, placeOf: PlaceOf): number | undefined => {
    const { code, first, places } = columns[k] as Used<NumberCode | DateCode>
    const place = placeOf(code)
    return place !== undefined && places.includes(place) ? first + place : undefined
  }
  /** The features of a kind that are used, made of the columns that have them. */
  const features = (placeOf: PlaceOf, valueOf: (wanted: readonly number[]) => string): readonly Features[] => {
    const inputs = range(width).map(k => inputOf(k, placeOf))
    const wanted = range(width).filter(k => inputs[k] !== undefined)
    return wanted.length === 0 ? [] : [{ value: valueOf(wanted), inputs: inputs.filter(i => i !== undefined) }]
  }
  const ofCycle = (cycle: Cycle): readonly Features[] => {
    const halves = [halfOf(cycle, 0), halfOf(cycle, 1)] as const
    const turning = range(width).filter(k => halves.some(placeOf => inputOf(k, placeOf) !== undefined))
    if (turning.length === 0) return []
    const angles = anglesIn(graph, cycle, columnsOf(graph, filled, turning, width))
    return ['Sin', 'Cos'].flatMap((operator, half) =>
      features(halves[half] as PlaceOf, wanted => {
        const places = wanted.map(k => turning.indexOf(k))
        return doubles(graph, graph.node(operator, [columnsOf(graph, angles, places, turning.length)]))
      })
    )
  }
  return [
    ...features(
      () => 0,
      wanted => columnsOf(graph, filled, wanted, width)
    ),
    ...cycles.flatMap(ofCycle),
    ...features(
      code => (code.marked ? valueFeatures(code).length : undefined),
      wanted => doubles(graph, columnsOf(graph, gaps, wanted, width))
    )
  ]
}
