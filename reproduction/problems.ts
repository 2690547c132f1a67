/** What is learned: the tables of a folder, and those that are made of a seed. Node only. */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type * as TE from 'fp-ts/lib/TaskEither.js'
import { attempt } from '../codecs/attempt.js'
import { utf8 } from '../codecs/bytes.js'
import type { Failure } from '../core/port/failure.js'
import { refuse } from '../core/port/failure.js'
import { hint } from '../core/port/nearest.js'
import type { Choices, Plan } from '../experiments/plan.js'
import { plan } from '../experiments/plan.js'
import { productPlusSine, signOfProduct } from './synthetic.js'

/** A table to be learned, divided and started by seeds. */
export interface Problem {
  readonly name: string
  /** The file, or the CSV that a seed makes. */
  readonly table: string | ((seed: number) => string)
}

/** Tables of a seed, by name. */
export const synthetic: readonly Problem[] = [
  { name: 'sign-of-product', table: signOfProduct },
  { name: 'product-plus-sine', table: productPlusSine }
]

const csvFilesIn = async (folder: string): Promise<readonly string[]> => {
  const inside = await readdir(folder).catch((): readonly string[] =>
    refuse(folder, 'there is no such folder of tables', 'Unpack the CSV files there, or name another folder')
  )
  const found = inside.filter(name => name.endsWith('.csv'))
  return found.length > 0 ? found : refuse(folder, 'it holds no .csv file', 'Name the folder of the tables')
}

/** The tables of a folder by name, those of a seed, then others; of all these, those that are asked for. */
export const problemsIn = (
  folder: string,
  only: readonly string[] = [],
  others: readonly Problem[] = []
): TE.TaskEither<Failure, readonly Problem[]> =>
  attempt(async () => {
    const files = [...(await csvFilesIn(folder))].sort()
    const all = [
      ...files.map(file => ({ name: file.slice(0, -4), table: join(folder, file) })),
      ...synthetic,
      ...others
    ]
    const names = all.map(({ name }) => name)
    const strange = only.find(name => !names.includes(name))
    if (strange !== undefined) refuse('--only', `there is no table ${strange}`, hint(strange, names))
    return only.length === 0 ? all : all.filter(({ name }) => only.includes(name))
  })

/** What `sagp train` would do with the table, for a seed: of the division, of the first weights and of all noise. */
export const planOf = ({ table }: Problem, seed: number, choices: Choices): TE.TaskEither<Failure, Plan> =>
  typeof table === 'string'
    ? plan({ ...choices, data: table, seed })
    : plan({ ...choices, data: '-', seed }, { input: utf8(table(seed)) })
