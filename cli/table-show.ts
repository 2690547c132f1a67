/** sagp data show for a table of one's own: what each column is taken for, and why, before anything is trained. */
import * as E from 'fp-ts/lib/Either.js'
import type * as TE from 'fp-ts/lib/TaskEither.js'
import { attempt, settle } from '../codecs/attempt.js'
import { whole } from '../codecs/strict.js'
import type { Failure } from '../core/port/failure.js'
import { explain } from '../core/port/failure.js'
import { prepare } from '../data/dataset.js'
import type { TableProfile } from '../data/profile.js'
import { classCounts } from '../data/profile.js'
import { plainReading } from '../data/reading.js'
import type { Split } from '../data/split.js'
import type { Table } from '../data/table.js'
import { splitOf } from '../data/table.js'
import { tableOf } from '../experiments/load.js'
import { choicesOf } from './choices.js'
import type { DataOptions } from './environment.js'
import { environmentOf } from './environment.js'
import { flagValue } from './flag-value.js'
import { answer, wrapped } from './output.js'
import { profileLines } from './profile.js'
import type { ReadingOptions } from './reading-flags.js'
import { inputOf } from './standard-input.js'

/** Options of data show for tables. */
export interface TableShowOptions extends DataOptions, ReadingOptions {
  readonly seed?: string
}

/** What there is to say of a table whose columns are numbers without a say of their own, as an archive's are. */
const withoutColumns = ({ name, x, features, target, targets }: Table, split: Split): TableProfile => ({
  name,
  rows: x.shape[0],
  columns: [],
  target: { columns: targets, kind: target.kind, classes: classCounts(target, split) },
  parts: { training: split.training.length, validation: split.validation.length, test: split.test.length },
  inputs: features.length,
  remarks: []
})

/** Shows a table's files. */
export const showTable = (data: readonly string[], options: TableShowOptions): TE.TaskEither<Failure, void> =>
  attempt(async get => {
    const { json, quiet, dataDir, seed: named, ...reading } = options
    const seed = settle(flagValue('--seed', whole(0), named ?? '1'))
    const { data: first = '', files = [], ...chosen } = await get(choicesOf(data, reading))
    const given = Object.fromEntries(
      Object.entries(chosen).filter(([key, v]) => v !== undefined && key in plainReading)
    )
    const input = await get(inputOf(data))
    const source = { ...plainReading, ...given, data: first, files }
    const {
      table,
      split,
      profile,
      remarks: said
    } = await get(
      tableOf(source, seed, { ...environmentOf({ json, quiet, ...(dataDir === undefined ? {} : { dataDir }) }), input })
    )
    const parts = split ?? splitOf(table, seed)
    const prepared = prepare(table, parts)
    const remarks = E.isLeft(prepared) ? [...said, `it cannot be trained on: ${explain(prepared.left)}`] : said
    const shown = { ...(profile ?? withoutColumns(table, parts)), remarks }
    const lines = [...profileLines(shown, Infinity), ...remarks.map(r => wrapped(`note    ${r}`, 8))]
    answer(options, shown, lines.join('\n'))
  })
