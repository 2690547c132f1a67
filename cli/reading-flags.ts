/** How a table is to be read, as flags. */
import type { Command } from 'commander'
import * as E from 'fp-ts/lib/Either.js'
import type { Failure } from '../core/port/failure.js'
import { failure } from '../core/port/failure.js'
import { FORMATS } from '../data/dates.js'
import type { DateColumn } from '../data/reading.js'
import { scaleNames } from '../data/reading.js'
import type { ClassWeights } from '../experiments/experiment.js'
import { numeric } from './flag-value.js'

/** Options that say how a table is to be read. */
export interface ReadingOptions {
  readonly target?: string
  readonly task?: string
  readonly split?: string
  readonly categorical?: string
  readonly numeric?: string
  readonly ignore?: string
  readonly delimiter?: string
  readonly encoding?: string
  readonly decimal?: string
  readonly missing?: string
  readonly date?: readonly string[]
  readonly scale?: string
  readonly dropBadTargets?: boolean
  readonly weights?: string
  readonly splitSeed?: string
  readonly time?: string
  readonly group?: string
}

const gathered = (value: string, before: readonly string[] = []): readonly string[] => [...before, value]

/** Adds the flags that say how a table is to be read. */
export const addReading = (command: Command): Command =>
  command
    .optionsGroup('How a table is read (what is left out is found by looking):')
    .option('--target <columns>', 'target column, or several with commas; the last one if left out')
    .option('--task <kind>', 'what the target is: auto, classes, labels or numbers')
    .option('--categorical <columns>', 'columns that are words even where they look like numbers')
    .option('--numeric <columns>', 'columns that are numbers even where they look like ids')
    .option('--ignore <columns>', 'columns to leave out')
    .option('--missing <marks>', "cells that mean missing, beside the usual ones, with commas: 'x,-999'")
    .option('--date <column=format>', `how a column's dates are written, such as born=DD/MM/YYYY`, gathered)
    .option('--decimal <mark>', 'the decimal mark: . or ,')
    .option('--delimiter <mark>', 'what parts the cells: , ; | or tab')
    .option('--encoding <name>', 'utf8, utf16le, latin1, ...')
    .option('--scale <name>', 'how numbers are scaled: standard, robust (by medians) or none')
    .option('--drop-bad-targets', 'leave out rows without a target instead of refusing them')
    .option('--weights <column>', "column of the rows' weights in training")
    .optionsGroup('How its rows are divided (else by seed: 3 to learn, 1 to watch, 1 to judge):')
    .option('--split <column>', 'column that says train, validation or test of each row')
    .option('--split-seed <number>', "seed of the split (default: the run's seed)")
    .option('--time <column>', 'learn from the past, judge by the future: numbers or dates')
    .option('--group <column>', 'rows of one group stay together')

/**
 * Names or marks with commas between them, trimmed; one that holds a comma stands in double quotes.
 * @example listed('a, "b, c"') // => ['a', 'b, c']
 */
export const listed = (text: string | undefined): readonly string[] | undefined => {
  if (text === undefined) return undefined
  const items = text.match(/\s*(?:"(?:[^"]|"")*"|[^,]*)\s*(?:,|$)/g) ?? []
  const wanted = text.endsWith(',') ? items : items.slice(0, text === '' ? 1 : -1)
  return (wanted.length === 0 ? items : wanted).map(item => {
    const bare = item.replace(/,$/, '').trim()
    return /^".*"$/s.test(bare) ? bare.slice(1, -1).replaceAll('""', '"') : bare
  })
}

const usage = (flag: string, what: string, cure: string): E.Either<Failure, never> =>
  E.left(failure('usage', flag, what, cure))

const datesOf = (given: readonly string[] | undefined): E.Either<Failure, readonly DateColumn[] | undefined> => {
  if (given === undefined) return E.right(undefined)
  const dates: DateColumn[] = []
  for (const text of given) {
    const [, column, format] = /^(.+)=([^=]+)$/s.exec(text) ?? []
    if (column === undefined || format === undefined)
      return usage(
        '--date',
        `${JSON.stringify(text)} is not COLUMN=FORMAT`,
        `Write it as born=DD/MM/YYYY, with ${FORMATS}`
      )
    dates.push({ column: column.trim(), format: format.trim() })
  }
  return E.right(dates)
}

/** What may be said where nothing is, too. */
const choices: Readonly<Record<'decimal' | 'scale', readonly string[]>> = { decimal: ['.', ','], scale: scaleNames }

/** Some of a reading, as the flags have it; unchecked but for the form of lists. */
export const readingFrom = (options: ReadingOptions): E.Either<Failure, object> => {
  const dates = datesOf(options.date)
  if (E.isLeft(dates)) return dates
  const odd = (['decimal', 'scale'] as const).find(
    name => options[name] !== undefined && !choices[name].includes(options[name])
  )
  if (odd !== undefined)
    return usage(
      `--${odd}`,
      `must be ${choices[odd].join(' or ')}, not ${options[odd]}`,
      'Give one of them, or leave it out'
    )
  const empty = (['target', 'categorical', 'numeric', 'ignore'] as const).find(name =>
    listed(options[name])?.includes('')
  )
  if (empty !== undefined) return usage(`--${empty}`, 'a name is empty', 'Give names with commas between them')
  return E.right({
    target: listed(options.target),
    task: options.task,
    split: options.split?.trim(),
    categorical: listed(options.categorical),
    numeric: listed(options.numeric),
    ignore: listed(options.ignore),
    delimiter: options.delimiter,
    encoding: options.encoding,
    decimal: options.decimal,
    missing: listed(options.missing),
    dates: dates.right,
    scale: options.scale,
    dropBadTargets: options.dropBadTargets,
    weights: options.weights?.trim(),
    splitSeed: numeric(options.splitSeed),
    time: options.time?.trim(),
    group: options.group?.trim()
  })
}

/** Weights by class as they are typed: `balanced`, or `red=2,blue=0.5`. */
export const classWeightsFlag = (text: string | undefined): E.Either<Failure, ClassWeights | undefined> => {
  if (text === undefined || text === 'balanced' || text === 'none') return E.right(text)
  const weights = (listed(text) ?? []).map(item => /^(.+)=([^=]+)$/s.exec(item))
  const made = weights.map(found => ({ class: found?.[1]?.trim() ?? '', weight: Number(found?.[2] ?? NaN) }))
  return made.every(({ weight }) => weight >= 0 && weight < Infinity)
    ? E.right(made)
    : usage(
        '--class-weights',
        `${JSON.stringify(text)} is not CLASS=WEIGHT`,
        'Say balanced, or red=2,blue=0.5 with numbers from 0'
      )
}
