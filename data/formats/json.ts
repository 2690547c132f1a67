/** Records of plain values in JSON text: where each begins and ends, how often it names a key, whole numbers digit by digit. */

/** Text of a record, as far as it can be told without reading it. */
export interface RecordText {
  readonly text: string
  /** Colons outside of texts: as many as a flat record has keys. */
  readonly colons: number
  /** Whether a number of 16 digits or more may stand in it. */
  readonly long: boolean
}

const [QUOTE, BACKSLASH, COLON, OPEN, CLOSE, LIST, LIST_END] = [34, 92, 58, 123, 125, 91, 93] as const

/** The value that begins at a place: a record or a list to its closing bracket, or undefined if it has none. */
export const valueAt = (json: string, from: number, to: number): RecordText | undefined => {
  let [depth, colons, digits, long] = [0, 0, 0, false]
  for (let at = from; at < to; at++) {
    const c = json.charCodeAt(at)
    digits = c >= 48 && c <= 57 ? digits + 1 : 0
    if (digits > 15) long = true
    if (c === QUOTE) {
      for (at++; at < to && json.charCodeAt(at) !== QUOTE; at++) if (json.charCodeAt(at) === BACKSLASH) at++
    } else if (c === COLON) colons++
    else if (c === OPEN || c === LIST) depth++
    else if ((c === CLOSE || c === LIST_END) && --depth <= 0)
      return depth < 0 ? undefined : { text: json.slice(from, at + 1), colons, long }
  }
  return undefined
}

/** Whole numbers that Float64 does not tell from their neighbours become texts of the same digits. */
const keepDigits = (json: string): string =>
  json.replace(/"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*/gs, token =>
    /^-?\d{16,}$/.test(token) && !Number.isSafeInteger(Number(token)) ? `"${token}"` : token
  )

/** What a text of JSON stands for, digits and all. @throws SyntaxError */
export const parsed = ({ text, long }: Pick<RecordText, 'text' | 'long'>): unknown => {
  const value: unknown = JSON.parse(text)
  return long ? JSON.parse(keepDigits(text)) : value
}

/** What is wrong with JSON that an engine does not read, and how to mend it. */
export const faultOf = (text: string, error: unknown): readonly [what: string, cure: string] =>
  /[:[,]\s*-?(NaN|Infinity)\b/.test(text)
    ? ['NaN and Infinity are not JSON', 'Write null where a value is missing']
    : [`not JSON: ${(error as Error).message.slice(0, 120)}`, 'Write one JSON record a line, or an array of records']
