/** Codes of columns: what each becomes, and what its features are called. Plain data, kept with the model. */
import type { NumberFormat } from './cells.js'
import type { Cycle } from './dates.js'

/** A column of numbers; a missing one becomes `fill`, and has a feature of its own if any was missing in training. */
export interface NumberCode {
  readonly as: 'number'
  readonly column: string
  readonly fill: number
  readonly marked: boolean
  /** How its numbers are written, if not plainly. */
  readonly format?: NumberFormat | undefined
}

/** A column of dates: days since 1970 in UTC, then sine and cosine for each cycle; missing ones as of numbers. */
export interface DateCode {
  readonly as: 'date'
  readonly column: string
  readonly format: string
  readonly cycles: readonly Cycle[]
  /** In days. */
  readonly fill: number
  readonly marked: boolean
}

/** A column of yes and no, however they are written: 1 and 0; a missing one becomes `fill`. */
export interface YesCode {
  readonly as: 'yes/no'
  readonly column: string
  /** What yes is written as. */
  readonly yes: string
  readonly fill: number
  readonly marked: boolean
}

/** A column of words: a feature, 0 or 1, for each of them, and one for what is missing if any was in training. */
export interface WordsCode {
  readonly as: 'words'
  readonly column: string
  readonly words: readonly string[]
  readonly marked: boolean
}

/** A column's code. */
export type Code = NumberCode | DateCode | YesCode | WordsCode

/** Columns in the order of their features. */
export type Encoding = readonly Code[]

/** Names of a code's features, but for the mark of what is missing. */
export const valueFeatures = (code: Code): readonly string[] => {
  switch (code.as) {
    case 'number':
      return [code.column]
    case 'date':
      return [code.column, ...code.cycles.flatMap(c => [`${code.column} sin(${c})`, `${code.column} cos(${c})`])]
    case 'yes/no':
      return [`${code.column}=${code.yes}`]
    case 'words':
      return code.words.map(word => `${code.column}=${word}`)
  }
}

/** Names of a code's features. */
export const featuresOf = (code: Code): readonly string[] => [
  ...valueFeatures(code),
  ...(code.marked ? [`${code.column} is missing`] : [])
]

/** Names of the features of an encoding. */
export const featureNames = (encoding: Encoding): readonly string[] => encoding.flatMap(featuresOf)

/** Which features are 0 or 1 by their making, and are not to be scaled. */
export const indicators = (encoding: Encoding): readonly boolean[] =>
  encoding.flatMap(code => {
    const values = valueFeatures(code).length
    return featuresOf(code).map((_, i) => code.as === 'words' || code.as === 'yes/no' || i >= values)
  })
