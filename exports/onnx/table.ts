/** A table's columns as the features that a network uses, as data/encoding.ts makes them of cells. */
import { range } from '../../core/port/ndarray.js'
import type { Code, DateCode, NumberCode } from '../../data/codes.js'
import { featuresOf } from '../../data/codes.js'
import type { Features, Used } from './features.js'
import { beside } from './features.js'
import type { Graph } from './graph.js'
import { numericFeatures } from './numbers.js'
import { wordFeatures, yesFeatures } from './strings.js'
import type { ProgramTable } from '../program.js'

/** A column that goes in: what the graph calls it, and what it is to hold. */
export interface ColumnPort {
  readonly input: string
  /** Left out where the port holds whole rows. */
  readonly column?: string
  readonly type: 'float' | 'double' | 'string'
  readonly holds: string
}

const isNumeric = (code: Code): code is NumberCode | DateCode => code.as === 'number' || code.as === 'date'

/** What a column's input holds, for people. */
const holdsOf = (code: Code): string => {
  switch (code.as) {
    case 'number': {
      const unit = code.format?.unit ?? ''
      return `numbers${unit === '' ? '' : ` in ${unit}, without that sign`}; NaN where missing`
    }
    case 'date':
      return 'dates as days since 1970-01-01 in UTC, noon of that day being 0.5; NaN where missing'
    case 'yes/no':
      return "yes or no as text: yes, y, true, t, 1 or no, n, false, f, 0; '' where missing"
    case 'words':
      return "words as text; '' where missing"
  }
}

/** Codes with the places of those of their features that are used; those of which none is are left out. */
const usedCodes = (encoding: readonly Code[], used: ReadonlySet<number>): readonly Used<Code>[] => {
  let next = 0
  return encoding.flatMap(code => {
    const [first, width] = [next, featuresOf(code).length]
    next += width
    const places = range(width).filter(k => used.has(first + k))
    return places.length === 0 ? [] : [{ code, first, places }]
  })
}

/** Ports of the columns that are used, each `[N, 1]`, or of the first if none is; and their features in Float64, if any. */
export const tableFeatures = (
  graph: Graph,
  { encoding, missing }: ProgramTable,
  used: readonly number[]
): { readonly ports: readonly ColumnPort[]; readonly features?: Features } => {
  const codes = usedCodes(encoding, new Set(used))
  const ports = (codes.length === 0 ? encoding.slice(0, 1) : codes.map(({ code }) => code)).map((code): ColumnPort => {
    const [type, holds] = [isNumeric(code) ? 'double' : 'string', holdsOf(code)] as const
    const input = graph.input({ name: code.column, type, width: 1, about: `${code.column}: ${holds}` })
    return { input, column: code.column, type, holds }
  })
  if (codes.length === 0) return { ports }
  const placed = codes.map((own, k) => ({ ...own, cells: ports[k]?.input as string }))
  const numeric = placed.flatMap(own => (isNumeric(own.code) ? [{ ...own, code: own.code }] : []))
  const parts = [
    ...(numeric.length === 0
      ? []
      : numericFeatures(
          graph,
          beside(
            graph,
            numeric.map(({ cells }) => cells)
          ),
          numeric
        )),
    ...placed.flatMap(({ cells, code, ...own }) =>
      code.as === 'words'
        ? [wordFeatures(graph, cells, { ...own, code }, missing)]
        : code.as === 'yes/no'
          ? yesFeatures(graph, cells, { ...own, code }, missing)
          : []
    )
  ]
  const value = beside(
    graph,
    parts.map(part => part.value)
  )
  return { ports, features: { value, inputs: parts.flatMap(part => part.inputs) } }
}
