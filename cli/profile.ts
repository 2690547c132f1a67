/** What a table was taken for, as lines for a terminal of 80 columns. */
import type { ClassCount, ColumnProfile, TableProfile } from '../data/profile.js'
import { inline } from './output.js'

const WIDTH = 80

/** Columns of a table that are shown before it is trained on. */
export const SHOWN = 20

/** A text in one line, cut to a width, an ellipsis saying so. */
const cut = (text: string, width: number): string => {
  const line = inline(text)
  return line.length <= width ? line : `${line.slice(0, width - 1)}\u2026`
}

const used = ({ role, features }: ColumnProfile): string => {
  if (role !== 'feature') return role
  return features.length === 1 ? '' : `${features.length} inputs`
}

/** A line a column: its name, what it was taken for, what it is used as, and why. */
const columnLines = (columns: readonly ColumnProfile[], all: readonly ColumnProfile[]): readonly string[] => {
  const name = Math.min(
    22,
    columns.reduce((most, c) => Math.max(most, inline(c.name).length), 6)
  )
  const kind = all.reduce((most, c) => Math.max(most, c.kind.length), 4)
  const use = all.reduce((most, c) => Math.max(most, used(c).length), 3)
  const line = (cells: readonly [string, string, string, string]): string =>
    cut(
      `${cut(cells[0], name).padEnd(name)}  ${cells[1].padEnd(kind)}  ${cells[2].padEnd(use)}  ${cells[3]}`.trimEnd(),
      WIDTH
    )
  const why = ({ why: reason, missing }: ColumnProfile): string =>
    [...(missing > 0 ? [`${missing} missing`] : []), ...(reason === '' ? [] : [reason])].join('; ')
  return [line(['column', 'is', 'use', 'why']), ...columns.map(c => line([c.name, c.kind, used(c), why(c)]))]
}

const MOST_CLASSES = 30

const classLines = (classes: readonly ClassCount[], kind: string): readonly string[] => {
  if (classes.length === 0) return []
  const shown = classes.slice(0, MOST_CLASSES)
  const name = Math.min(30, Math.max(5, ...shown.map(c => inline(c.name).length)))
  const cells = (a: string, rest: readonly (string | number)[]): string =>
    `${cut(a, name).padEnd(name)}${rest.map(v => String(v).padStart(12)).join('')}`
  const more = classes.length > MOST_CLASSES ? [`... and ${classes.length - MOST_CLASSES} more`] : []
  return [
    '',
    cells(kind === 'labels' ? 'label' : 'class', ['training', 'validation', 'test']),
    ...shown.map(c => cells(c.name, [c.training, c.validation, c.test])),
    ...more
  ]
}

/** A table's profile in lines; of its columns at most `most`, and of the features first those that are left out. */
export const profileLines = (p: TableProfile, most: number): readonly string[] => {
  const order = (c: ColumnProfile): number => (c.role === 'target' ? 0 : c.role === 'feature' ? 2 : 1)
  const cutOff = p.columns.length > most
  const columns = cutOff ? [...p.columns].sort((a, b) => order(a) - order(b)).slice(0, most) : p.columns
  const rest = cutOff ? [`... and ${p.columns.length - most} columns more: sagp data show names them all`] : []
  const { training, validation, test } = p.parts
  const target = p.target.columns.join(', ')
  return [
    ...(columns.length > 0 ? columnLines(columns, columns) : []),
    ...rest,
    ...classLines(p.target.classes, p.target.kind),
    '',
    cut(`target  ${target} (${p.target.kind})`, WIDTH),
    `rows    ${p.rows}: ${training} training, ${validation} validation, ${test} test`,
    `inputs  ${p.inputs}`
  ]
}
