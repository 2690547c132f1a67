/**
 * The code by which a module of JavaScript reads the rows of a table: what data/cells.ts, dates.ts, meaning.ts and
 * encoding.ts do, in the words of JavaScript; the tests hold both together.
 */
import type { NumberFormat } from '../../data/cells.js'
import { missingMarks, missingNumberMarks, plainFormat } from '../../data/cells.js'
import type { Code } from '../../data/codes.js'
import { ISO } from '../../data/dates.js'
import { noWords, yesWords } from '../../data/meaning.js'
import { datesCode } from './dates.js'
import { numeral, quoted, quotedList } from './text.js'
import type { ProgramTable } from '../program.js'

const cellsCode = String.raw`
// Cells of text that mean missing: everywhere, here, and among numbers and dates.
const absent = new Set(${quotedList(missingMarks)})
const isMissing = cell => absent.has(cell.toLowerCase()) || marks.includes(cell)
const absentNumbers = new Set(${quotedList(missingNumberMarks)})
const isMissingNumber = cell => absentNumbers.has(cell) || isMissing(cell)
const isDate = cell => Object.prototype.toString.call(cell) === '[object Date]'

// A cell as a text; undefined where it is no plain value.
const textOf = cell => {
  if (isDate(cell)) return Number.isNaN(cell.getTime()) ? undefined : cell.toISOString()
  return ['string', 'number', 'bigint', 'boolean'].includes(typeof cell) ? String(cell) : undefined
}
`

const numbersCode = String.raw`
// A number as it is usually written; undefined where it is none.
const finite = value => (Number.isFinite(Number(value)) ? Number(value) : undefined)
const plain = cell => {
  const bare = cell.startsWith('(') && cell.endsWith(')') ? '-' + cell.slice(1, -1) : cell
  return /^[-+\u2212]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/.test(bare) ? finite(bare.replace('\u2212', '-')) : undefined
}
// A column of numbers; one is filled with the mean of the training rows where it is missing.
const number = (name, fill, marked, read = plain) => ({
  name,
  marked,
  width: 1,
  what: 'a finite number',
  trained: 'numbers',
  said: (cell, text) => {
    if (isMissingNumber(text)) return 'missing'
    return typeof cell === 'number' || typeof cell === 'bigint' ? finite(cell) : read(text)
  },
  put: (x, at, value) => (x[at] = value ?? fill)
})
`

/** Numbers that are written with marks of thousands, decimal commas or units. */
const formatsCode = String.raw`
// Numbers as the table has them: with a decimal mark, a mark of thousands, and a unit before or after them.
const unitShape = /^([-+\u2212(]?)\s*(\p{Sc}|[A-Z]{3}(?=\s?[\d.,+-]))?\s*([^%\p{Sc}A-Z]*?)\s*(%|\p{Sc}|[A-Z]{3})?(\)?)$/u
const written = (decimal, group, unit) => {
  const escaped = mark => mark.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
  const [point, part] = [escaped(decimal), escaped(group)]
  const whole = group === '' ? '\\d+' : '(?:[1-9]\\d{0,2}(?:' + part + '\\d{3})+|\\d+)'
  const rest = '(?:' + point + '\\d*)?' + (group === '' ? '|' + point + '\\d+' : '')
  const shape = new RegExp('^[-+]?(?:' + whole + rest + ')(?:[eE][-+]?\\d+)?$')
  return cell => {
    if (cell.length > 64) return undefined
    const found = unitShape.exec(cell.replace(/[\u00a0\u202f\u2009]/g, ' '))
    const [, sign = '', before = '', digits = '', after = '', closed = ''] = found ?? []
    const wrong = digits === '' || (before !== '' && after !== '') || (sign === '(') !== (closed === ')')
    if (wrong || before + after !== unit) return undefined
    const bare = (sign === '(' || sign === '\u2212' ? '-' : sign) + digits
    if (!shape.test(bare)) return undefined
    const joined = group === '' ? bare : bare.split(group).join('')
    return finite(decimal === ',' ? joined.replace(',', '.') : joined)
  }
}
`

const yesCode = String.raw`
// A column of yes and no; one is filled with the share of yes among the training rows where it is missing or unknown.
const yesNo = (name, fill, marked) => ({
  name,
  marked,
  width: 1,
  said: (_, text) => {
    if (isMissing(text)) return 'missing'
    const word = text.toLowerCase()
    return ${quotedList(yesWords)}.includes(word) ? 1 : ${quotedList(noWords)}.includes(word) ? 0 : 'unknown'
  },
  put: (x, at, value) => (x[at] = value ?? fill)
})
`

const wordsCode = String.raw`
// A column of words: 1 for the one that it is; none where it is missing or unknown.
const words = (name, marked, known) => {
  const places = new Map(known.map((word, k) => [word, k]))
  return {
    name,
    marked,
    width: known.length,
    said: (_, text) => places.get(text) ?? (isMissing(text) ? 'missing' : 'unknown'),
    put: (x, at, value) => {
      if (value !== undefined) x[at + value] = 1
    }
  }
}
`

const encodeCode = String.raw`
const nonsense = (name, cell, what, cure) => {
  throw new RangeError('column ' + name + ': ' + cell + ' is not ' + what + '. ' + cure + '.')
}

/** The numbers that the network takes of a row of the table: an object with cells by the names of columns. */
export const encode = row => {
  if (typeof row !== 'object' || row === null) throw new TypeError('a row is an object: cells by the names of columns')
  const has = ({ name }) => Object.hasOwn(row, name)
  if (!columns.some(has)) {
    throw new TypeError('the row has none of the columns ' + columns.slice(0, 5).map(column => column.name).join(', '))
  }
  const x = new Float64Array(INPUTS)
  let at = 0
  for (const column of columns) {
    const { name, width, marked, said, put, what, trained } = column
    const cell = has(column) ? row[name] : undefined
    const isGap = cell === null || cell === undefined
    const text = isGap ? '' : textOf(cell)
    if (text === undefined) {
      const kind = isDate(cell) ? 'Invalid Date' : Array.isArray(cell) ? 'a list' : 'a value of type ' + typeof cell
      nonsense(name, kind, 'a cell of a table', 'Give a plain value')
    }
    const value = isGap ? 'missing' : said(cell, text)
    if (value === undefined) {
      const cure = 'The network was trained on ' + trained + ' there: correct it, or leave it empty'
      nonsense(name, JSON.stringify(text.slice(0, 40)), what, cure)
    }
    put(x, at, typeof value === 'number' ? value : undefined)
    at += width
    if (marked) x[at++] = value === 'missing' ? 1 : 0
  }
  return x
}

/** What is predicted of a row of the table. */
export const predictRow = row => predict(encode(row))
`

/** Code of a format of numbers, if they are not written plainly. */
const writtenCode = (format: NumberFormat | undefined): string | undefined => {
  const { decimal, group, unit } = format ?? plainFormat
  const isPlain = decimal === '.' && group === '' && unit === ''
  return isPlain ? undefined : `written(${[decimal, group, unit].map(quoted).join(', ')})`
}

const columnCode = (code: Code): string => {
  const name = quoted(code.column)
  switch (code.as) {
    case 'number': {
      const read = writtenCode(code.format)
      return `number(${name}, ${numeral(code.fill)}, ${code.marked}${read === undefined ? '' : `, ${read}`})`
    }
    case 'date': {
      const read = code.format === ISO ? 'iso' : `dated(${quoted(code.format)})`
      const cycles = quotedList(code.cycles)
      return `dates(${name}, ${numeral(code.fill)}, ${code.marked}, ${cycles}, ${quoted(code.format)}, ${read})`
    }
    case 'yes/no':
      return `yesNo(${name}, ${numeral(code.fill)}, ${code.marked})`
    case 'words':
      return `words(${name}, ${code.marked}, ${quotedList(code.words)})`
  }
}

/** The code of `encode` and `predictRow`; `INPUTS` and `predict` stand before it. */
export const rowCode = ({ encoding, missing }: ProgramTable): string => {
  const has = (kind: Code['as']): boolean => encoding.some(code => code.as === kind)
  const written = encoding.some(code => code.as === 'number' && writtenCode(code.format) !== undefined)
  const formatted = encoding.some(code => code.as === 'date' && code.format !== ISO)
  return [
    `\nconst marks = ${quotedList(missing)}`,
    cellsCode,
    has('number') ? numbersCode : '',
    written ? formatsCode : '',
    has('date') ? datesCode(formatted) : '',
    has('yes/no') ? yesCode : '',
    has('words') ? wordsCode : '',
    `\n// Columns in the order of their numbers.\nconst columns = [\n  ${encoding.map(columnCode).join(',\n  ')}\n]\n`,
    encodeCode
  ].join('')
}
