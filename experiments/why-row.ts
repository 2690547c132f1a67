/** Why a run's network, or an imported one, answers a row of a file as it does. Node only. */
import * as E from 'fp-ts/lib/Either.js'
import type * as TE from 'fp-ts/lib/TaskEither.js'
import { attempt, settle } from '../codecs/attempt.js'
import type { Failure } from '../core/port/failure.js'
import { failure, FailureError } from '../core/port/failure.js'
import { unscaled } from '../data/preparation.js'
import { columnNamed, rowsOfSheet } from '../data/sheet.js'
import type { TableFile, TextReading } from '../data/tablefile.js'
import { unsoundRow } from '../estimators/evaluation.js'
import type { InputGroup } from '../estimators/input-groups.js'
import { newRows } from '../estimators/new-rows.js'
import { predictionsOf } from '../estimators/predictions.js'
import type { Contribution, OutputReasons } from '../estimators/why.js'
import { offsetsOf, reasonsOf, trainingMean } from '../estimators/why.js'
import { compute } from '../exports/compute.js'
import { readTableBytes, readTableFile } from '../storage/tablefile.js'
import type { RunEnvironment } from './environment.js'
import type { OpenNetwork } from './open-network.js'
import { dataOfNetwork, outputNamed } from './open-network.js'

/** Which row of a file is wanted, why which output, and how the file is to be read. */
export interface RowWanted extends TextReading {
  /** 1 is the first below the header. */
  readonly row: number
  /** Its name; the answer's if left out. */
  readonly output?: string | undefined
  /** What came by standard input, where the file is `-`. */
  readonly input?: Uint8Array | undefined
}

/** What an input contributed, beside what the row says there. */
export interface CellContribution extends Contribution {
  /** The file's own text, or the number of an input that is alone; left out where neither is to be had. */
  readonly cell?: string
}

/** Why a row is answered as it is. */
export interface RowReasons {
  readonly file: string
  readonly row: number
  /** What the network answers, by the columns of `sagp predict`. */
  readonly answer: readonly { readonly name: string; readonly value: string }[]
  /** What the row is held against. */
  readonly baseline: string
  readonly outputs: readonly (Omit<OutputReasons, 'contributions'> & {
    readonly contributions: readonly CellContribution[]
  })[]
  readonly remarks: readonly string[]
}

/**
 * Why a network answers a row of a table's file as it does, held against the mean of the training rows, or, where the run's
 * data are not to be had, against the stored means.
 */
export const whyRow = (
  opened: OpenNetwork,
  file: string,
  { row, output, input, ...reading }: RowWanted,
  environment: RunEnvironment = {}
): TE.TaskEither<Failure, RowReasons> =>
  attempt(async get => {
    const { program, card, groups } = opened
    const wanted = output === undefined ? undefined : [outputNamed(opened, '--class', output)]
    const place = input === undefined ? file : 'standard input'
    const table = await get(input === undefined ? readTableFile(file, reading) : readTableBytes(input, place, reading))
    const { rows, inputs } = settle(newRows(card, table, place))
    const refuse = (kind: Failure['kind'], where: string, what: string, cure: string): never => {
      throw new FailureError(failure(kind, where, what, cure))
    }
    if (row > rows) refuse('usage', '--row', `there is no row ${row} in ${place}`, `Give one of 1 .. ${rows}`)
    const alone: TableFile =
      table.kind === 'sheet' ? { kind: 'sheet', sheet: rowsOfSheet(table.sheet, [row - 1]) } : table
    const { remarks } = settle(newRows(card, alone, place)) // what is missing in other rows is no matter
    const own = unscaled(inputs([row - 1]), card.preparation.features)
    const z = compute(program, own)
    if (unsoundRow(z) !== undefined)
      refuse('input', place, `row ${row} is too far from the rows that the model learned from`, 'Correct it')
    const { header, rows: answers } = predictionsOf(card, z, program.threshold)
    const data = await dataOfNetwork(opened, environment)
    const baseline = E.isLeft(data) ? offsetsOf(program) : trainingMean(data.right)
    const cellOf = ({ name, columns: [only, ...others] }: InputGroup): Pick<CellContribution, 'cell'> => {
      const column = table.kind === 'sheet' ? columnNamed(table.sheet, name) : undefined
      if (column) return { cell: column.text[row - 1] as string }
      if (only === undefined || others.length > 0) return {}
      return { cell: String(Number((own.data[only] as number).toPrecision(6))) }
    }
    return {
      ...{ file, row, baseline: baseline.what },
      answer: header.map((name, k) => ({ name, value: answers[0]?.[k] ?? '' })),
      outputs: reasonsOf(program, groups, Float64Array.from(own.data), baseline, wanted).map(reasons => ({
        ...reasons,
        contributions: reasons.contributions.map(c => ({ ...c, ...cellOf(c) }))
      })),
      remarks: [...remarks, ...(E.isLeft(data) ? [`without the training rows: ${data.left}`] : [])]
    }
  })
