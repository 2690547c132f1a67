/** Columns of a target that are classes: which they are, what they are called, what keeps them from being learned. */
import { numberReader, plainFormat } from './cells.js'
import type { Hints, Understood } from './meaning.js'
import type { Column } from './sheet.js'
import type { Target } from './table.js'
import type { TaskChoice } from './task-choice.js'

const wordsOf = (cell: string): string => cell.toLowerCase().replace(/[\s_-]+/g, ' ')

/** A class by its one name: whole numbers as such, so that 1 and 1.0 are one class. */
export const className = (cell: string): string => {
  const value = numberReader(plainFormat)(cell)
  return value === undefined || !Number.isSafeInteger(value) || /^[-+]?0\d/.test(cell) ? cell : String(value + 0)
}

const byNumberOrName = (a: string, b: string): number =>
  Number.isFinite(Number(a)) && Number.isFinite(Number(b)) ? Number(a) - Number(b) : a < b ? -1 : 1

/** Classes to be learned. */
export type Classes = Extract<Target, { kind: 'classes' }>

/** Most classes of whole numbers, where nobody has said what they are. */
export const MOST_CLASSES = 50
/** Up to how many classes four rows of each are enough. */
const FEW_CLASSES = 20
/** Rows that many classes want on average, and few: fewer, and they are counts, years or measures. */
const [MANY_ROWS, FEW_ROWS] = [20, 4] as const

const mostClasses = (rows: number): number =>
  Math.max(2, Math.min(FEW_CLASSES, rows / FEW_ROWS), Math.min(MOST_CLASSES, rows / MANY_ROWS))

/** Whether numbers are to be classes: few whole ones. */
export const areClasses = (column: Column, { meaning }: Understood, hints: Hints): boolean => {
  if (meaning.as !== 'numbers' || meaning.odd.length > 0) return false
  const read = numberReader(meaning.format, hints.marks)
  const values = column.text.map(cell => read(cell) as number).filter(v => !Number.isNaN(v))
  const distinct = new Set(values)
  return meaning.format.unit === '' && values.every(Number.isInteger) && distinct.size <= mostClasses(values.length)
}

/** What keeps a column of words from being classes, if anything does. */
const unfitClasses = (
  { name }: Column,
  { meaning }: Understood,
  names: readonly string[],
  rows: number
): readonly [what: string, cure: string] | undefined => {
  if (meaning.as === 'date' || meaning.as === 'unclear dates')
    return [`the target ${name} is dates`, 'Give classes or numbers to be learned, with --target']
  if (names.length <= Math.max(10, rows / 2)) return undefined
  const what = `the target ${name} has ${names.length} classes in ${rows} rows`
  return [what, 'Name another column with --target; if it is numbers, say --task numbers']
}

/** Names of which several are spelt alike but for case and blanks. */
const spellings = (names: readonly string[]): readonly string[] => {
  const alike = new Map<string, string[]>()
  for (const name of names) {
    const group = alike.get(wordsOf(name))
    if (group) group.push(name)
    else alike.set(wordsOf(name), [name])
  }
  const said = (group: readonly string[]): string =>
    group.length > 5 ? `${group.slice(0, 5).join(' and ')} and ${group.length - 5} more` : group.join(' and ')
  return [...alike.values()].filter(group => group.length > 1).map(said)
}

/** The classes that a column's rows name, with what is worth saying; or what keeps it from being classes, and the cure. */
export const classesOf = (
  column: Column,
  rows: readonly number[],
  understood: Understood,
  task: TaskChoice
): readonly [Classes, readonly string[]] | readonly [what: string, cure: string] => {
  const cells = rows.map(row => column.text[row] as string)
  const canonical = new Map([...new Set(cells)].map(cell => [cell, className(cell)]))
  const names = [...new Set(canonical.values())].sort(byNumberOrName)
  const unfit = task === 'auto' ? unfitClasses(column, understood, names, rows.length) : undefined
  if (unfit) return unfit
  const index = new Map(names.map((name, i) => [name, i]))
  const values = cells.map(cell => index.get(canonical.get(cell) as string) as number)
  const merged = canonical.size - names.length
  const alike = spellings(names)
  const counts = new Array<number>(names.length).fill(0)
  for (const v of values) counts[v] = (counts[v] as number) + 1
  const single = names.filter((_, i) => counts[i] === 1)
  const numeric = task === 'auto' && names.length > 2 && names.every(n => Number.isInteger(Number(n)))
  const remarks = [
    ...(numeric
      ? [`target ${column.name}: whole numbers taken as ${names.length} classes; --task numbers learns them as numbers`]
      : []),
    ...(merged > 0 ? [`target ${column.name}: numbers written in two ways, such as 1 and 1.0, are one class`] : []),
    ...alike.slice(0, 3).map(group => `target ${column.name}: ${group} are different classes, spelt nearly alike`),
    ...(single.length > 0
      ? [`target ${column.name}: ${single.length} class(es) of one row: ${single.slice(0, 5).join(', ')}`]
      : [])
  ]
  return [{ kind: 'classes', names, values }, remarks]
}
