/** The tables: each table and seed learned once, compared with rivals, written down. Node only. */
import { cpus } from 'node:os'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import type * as TE from 'fp-ts/lib/TaskEither.js'
import type { Get } from '../codecs/attempt.js'
import { attempt } from '../codecs/attempt.js'
import type { Failure } from '../core/port/failure.js'
import { explain } from '../core/port/failure.js'
import { range } from '../core/port/ndarray.js'
import type { Choices, Plan } from '../experiments/plan.js'
import { override } from '../experiments/plan.js'
import { pretty } from '../experiments/run-folder.js'
import { writeWhole } from '../storage/files.js'
import { takeLock } from '../storage/lock.js'
import { version } from '../version.js'
import { barsOf } from './bars.js'
import { compare } from './compare.js'
import { fit } from './fit.js'
import { exportMatrices, matricesDigest } from './matrices.js'
import type { Problem } from './problems.js'
import { planOf, problemsIn, synthetic } from './problems.js'
import type { Length, Result, Unit } from './result.js'
import { appendResult, readResults } from './result.js'
import type { Rivals } from './rivals.js'
import { readRivals } from './rivals.js'
import type { TablesReport } from './tables-page.js'
import { tablesPage } from './tables-page.js'
import { identityOf } from './work.js'

/** What is asked for. */
export interface TablesOptions {
  /** Folder of CSV files. */
  readonly folder: string
  /** Seeds 1 to this number. */
  readonly splits: number
  /** Names of tables; all if left out. */
  readonly only: readonly string[]
  /** Preset and hyperparameters; defaults where they are left out. */
  readonly choices: Pick<Choices, 'preset' | 'hyperparameters'>
  /** Where results are written. */
  readonly out: string
  /** The file of the rivals. */
  readonly rivals: string
  /** The command, as the page tells it. */
  readonly command: string
}

/** Epochs of a short training. */
const SHORT = 100

const shortened = (choices: Choices): Choices => override(choices, { hyperparameters: { epochs: SHORT } })

/** What a unit is, from its plan. */
const unitOf = async (table: string, length: Length, planned: Plan): Promise<Unit> => {
  const { dataset: d } = planned.loaded
  return {
    ...{ table, length, seed: planned.experiment.seed, kind: d.task.kind, target: d.targets },
    identity: await identityOf(planned),
    matrices: await matricesDigest(d),
    rows: [d.training, d.validation, d.test].reduce((sum, { rows }) => sum + rows.length, 0),
    inputs: d.features.length,
    outputs: d.task.outputs.length
  }
}

const same = (a: Unit, b: Unit): boolean =>
  a.table === b.table && a.length === b.length && a.identity === b.identity && a.matrices === b.matrices

/** What one unit came to: as it was found, or learned now. */
const finished = async (
  get: Get,
  planned: Plan,
  unit: Unit,
  { file, known }: { readonly file: string; readonly known: readonly Result[] },
  tell: (line: string) => void
): Promise<Result> => {
  const old = known.find(result => same(result, unit))
  if (old) return old
  const { fit: made } = await get(fit(planned))
  const result: Result = { ...unit, ...made, version, processor: cpus()[0]?.model ?? 'unknown' }
  await get(appendResult(file, result))
  const numbers = `${made.test.toFixed(4)} on test rows, ${made.effectiveSynapses} synapses, ${made.seconds} s`
  tell(`${unit.table}, seed ${unit.seed}${unit.length === 'short' ? `, ${SHORT} epochs` : ''}: ${numbers}`)
  return result
}

/** All units of a table and a seed: regressions are learned in a short time, too. */
const unitsOf = async (
  get: Get,
  problem: Problem,
  seed: number,
  choices: Choices
): Promise<readonly (readonly [Plan, Unit])[]> => {
  const planned = await get(planOf(problem, seed, choices))
  const usual = [planned, await unitOf(problem.name, 'usual', planned)] as const
  if (planned.loaded.dataset.task.kind !== 'numbers') return [usual]
  const short = await get(planOf(problem, seed, shortened(choices)))
  return [usual, [short, await unitOf(problem.name, 'short', short)]]
}

const methodOf = ({ preset = 'swift', hyperparameters = {} }: Choices): string =>
  [preset, ...Object.entries(hyperparameters).map(([name, value]) => `${name} ${value}`)].join(', ')

const unique = <A>(values: readonly A[]): readonly A[] => [...new Set(values)]

/** Results against rivals, as they are told. */
export const tablesReport = (
  results: readonly Result[],
  rivals: Rivals,
  { command, choices }: Pick<TablesOptions, 'command' | 'choices'>
): TablesReport => {
  const made = new Set(synthetic.map(({ name }) => name))
  const usual = results.filter(({ length }) => length === 'usual')
  const tables = compare(
    usual.filter(({ table }) => !made.has(table)),
    rivals.results
  )
  const ofSeeds = compare(
    usual.filter(({ table }) => made.has(table)),
    rivals.results
  )
  const short = compare(
    results.filter(({ length }) => length === 'short'),
    rivals.results
  )
  return {
    command,
    method: methodOf(choices),
    versions: unique(results.map(result => result.version)),
    processors: unique(results.map(({ processor }) => processor)),
    seeds: unique(results.map(({ seed }) => seed)),
    rivals: rivals.made,
    ...{ tables, synthetic: ofSeeds, short },
    bars: barsOf(tables, ofSeeds.tables, short.tables)
  }
}

/** Writes matrices for rivals, and learns nothing. */
export const exportTables = (
  { folder, splits, only, choices }: Pick<TablesOptions, 'folder' | 'splits' | 'only' | 'choices'>,
  to: string
): TE.TaskEither<Failure, void> =>
  attempt(async get => {
    const problems = await get(problemsIn(folder, only))
    for (const seed of range(splits).map(i => i + 1))
      for (const problem of problems) {
        const { loaded } = await get(planOf(problem, seed, choices))
        await get(exportMatrices(to, problem.name, seed, loaded.dataset))
      }
  })

/**
 * Learns every table with every seed, all tables by a seed before the next seed; what `tables.jsonl` has of it is not done
 * again. After each seed `tables.json` and `tables.md` are written anew.
 */
export const makeTables = (
  options: TablesOptions,
  tell: (line: string) => void = () => undefined
): TE.TaskEither<Failure, TablesReport> =>
  attempt(async get => {
    const { folder, splits, only, choices, out } = options
    const problems = await get(problemsIn(folder, only))
    const file = join(out, 'tables.jsonl')
    const lock = await get(takeLock(join(out, 'tables.lock')))
    try {
      const read = await readRivals(options.rivals)()
      if (E.isLeft(read)) tell(`no rivals: ${explain(read.left)}`)
      const rivals = E.isLeft(read) ? { made: {}, results: [] } : read.right
      const known = await get(readResults(file))
      const results: Result[] = []
      let report = tablesReport(results, rivals, options)
      for (const seed of range(splits).map(i => i + 1)) {
        for (const problem of problems)
          for (const [planned, unit] of await unitsOf(get, problem, seed, choices))
            results.push(await finished(get, planned, unit, { file, known }, tell))
        report = tablesReport(results, rivals, options)
        await get(writeWhole(join(out, 'tables.json'), pretty(report)))
        await get(writeWhole(join(out, 'tables.md'), tablesPage(report)))
      }
      return report
    } finally {
      await lock.release()
    }
  })
