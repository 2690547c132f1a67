/** Flags that name columns of a table, checked against it. */
import * as E from 'fp-ts/lib/Either.js'
import type { Failure } from '../core/port/failure.js'
import { failure } from '../core/port/failure.js'
import { hint } from '../core/port/nearest.js'
import { dateReader, FORMATS } from './dates.js'
import type { Reading } from './reading.js'
import type { Column, Sheet } from './sheet.js'
import { columnNamed } from './sheet.js'

const usage = (flag: string, what: string, cure: string): E.Either<Failure, never> =>
  E.left(failure('usage', flag, what, cure))

/** Most columns that a message names. */
const SHOWN = 20

/** The column that a flag names. */
export const columnOfFlag = (sheet: Sheet, name: string, flag: string): E.Either<Failure, Column> => {
  const found = columnNamed(sheet, name)
  if (found) return E.right(found)
  const known = sheet.columns.map(c => c.name)
  const listed = `${known.slice(0, SHOWN).join(', ')}${known.length > SHOWN ? ', ...' : ''}`
  const near = hint(name, known)
  return usage(flag, `${sheet.place} has no column ${name}`, near.startsWith('Did') ? near : `Name one of ${listed}`)
}

/** All flags that name columns, checked; a column may not be wanted for two things. */
export const checkNames = (sheet: Sheet, r: Reading, targets: readonly string[]): E.Either<Failure, void> => {
  const flags: readonly (readonly [flag: string, names: readonly string[]])[] = [
    ['--target', targets],
    ['--split', r.split === '' ? [] : [r.split]],
    ['--time', r.time === '' ? [] : [r.time]],
    ['--group', r.group === '' ? [] : [r.group]],
    ['--weights', r.weights === '' ? [] : [r.weights]],
    ['--ignore', r.ignore],
    ['--categorical', r.categorical],
    ['--numeric', r.numeric],
    ['--date', r.dates.map(d => d.column)]
  ]
  for (const [flag, names] of flags) {
    for (const name of names) {
      const found = columnOfFlag(sheet, name, flag)
      if (E.isLeft(found)) return found
    }
  }
  const twice = targets.find((name, i) => targets.indexOf(name) !== i)
  if (twice !== undefined) return usage('--target', `${twice} is named twice`, 'Name each column once')
  const taken = new Map<string, string>()
  for (const [flag, names] of flags.slice(0, 6)) {
    for (const name of names) {
      const other = taken.get(name)
      const together = other === '--time' && (flag === '--group' || flag === '--ignore')
      if (other !== undefined && other !== flag && !together)
        return usage(`${other} and ${flag}`, `both name ${name}`, 'A column serves one purpose: leave one out')
      taken.set(name, flag)
    }
  }
  const said = r.categorical.find(name => r.numeric.includes(name))
  if (said !== undefined)
    return usage('--categorical and --numeric', `both name ${said}`, 'It is one of the two: leave one out')
  const odd = r.dates.find(d => dateReader(d.format) === undefined)
  if (odd) return usage('--date', `${odd.format} is no format with a year`, `Write it with ${FORMATS}`)
  return E.right(undefined)
}
