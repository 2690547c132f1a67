/** Columns of words, and of yes and no, as features: by LabelEncoder of ai.onnx.ml, which compares whole cells. */
import { range } from '../../core/port/ndarray.js'
import { isMissing, missingMarks } from '../../data/cells.js'
import type { WordsCode, YesCode } from '../../data/codes.js'
import { noWords, yesOrNo, yesWords } from '../../data/meaning.js'
import type { Features, Used } from './features.js'
import { doubles } from './features.js'
import type { Graph } from './graph.js'

/** A word in all ways of writing it with large letters and small ones. */
const spellings = (word: string): readonly string[] =>
  Array.from(word).reduce<readonly string[]>(
    (begun, letter) => begun.flatMap(start => [...new Set([letter, letter.toUpperCase()])].map(next => start + next)),
    ['']
  )

/** Cells that mean missing, some marks of the table's own among them. */
const gapsBy = (marks: readonly string[]): readonly string[] => [
  ...new Set([...missingMarks.flatMap(spellings), ...marks])
]

/** Indicators of a column whose cells are `[N, 1]`: 1 for the cell's own word, or for the mark of what is missing. */
export const wordFeatures = (
  graph: Graph,
  cells: string,
  { code: { words }, first, places }: Used<WordsCode>,
  marks: readonly string[]
): Features => {
  const known = new Set(words)
  const cellsOf = (place: number): readonly string[] => {
    const word = words[place]
    return word === undefined ? gapsBy(marks).filter(gap => !known.has(gap)) : [word]
  }
  const position = new Map(places.flatMap((place, k) => cellsOf(place).map(cell => [cell, k] as const)))
  const found = graph.encoded(cells, {
    keys_strings: { strings: [...position.keys()] },
    values_int64s: { ints: [...position.values()] },
    default_int64: { int: places.length }
  })
  const each = graph.constant('words', { type: 'int64', shape: [1, places.length], values: range(places.length) })
  return { value: doubles(graph, graph.node('Equal', [found, each])), inputs: places.map(place => first + place) }
}

/** Features of a column of yes and no whose cells are `[N, 1]`: 1, 0 or the fill; then the mark of what is missing. */
export const yesFeatures = (
  graph: Graph,
  cells: string,
  { code, first, places }: Used<YesCode>,
  marks: readonly string[]
): readonly Features[] =>
  places.map(place => {
    const isMark = place > 0
    const values = isMark
      ? gapsBy(marks).map(cell => [cell, 1] as const)
      : [...yesWords, ...noWords].flatMap(spellings).flatMap(cell => {
          const value = isMissing(cell, marks) ? undefined : yesOrNo(cell)
          return value === undefined ? [] : [[cell, value] as const]
        })
    const found = graph.encoded(cells, {
      keys_strings: { strings: values.map(([cell]) => cell) },
      values_floats: { floats: values.map(([, value]) => value) },
      default_float: { float: isMark ? 0 : code.fill }
    })
    return { value: doubles(graph, found), inputs: [first + place] }
  })
