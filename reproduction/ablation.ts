/** What each ingredient of the preset `swift` is worth: learned without it, chosen without it. Node only. */
import { cpus } from 'node:os'
import { join } from 'node:path'
import type * as TE from 'fp-ts/lib/TaskEither.js'
import { attempt } from '../codecs/attempt.js'
import type { Codec } from '../codecs/strict.js'
import { choice, list, number, record, text, whole } from '../codecs/strict.js'
import type { Failure } from '../core/port/failure.js'
import { range } from '../core/port/ndarray.js'
import type { RunEnvironment } from '../experiments/environment.js'
import type { Plan } from '../experiments/plan.js'
import { plan } from '../experiments/plan.js'
import { pretty } from '../experiments/run-folder.js'
import { writeWhole } from '../storage/files.js'
import { version } from '../version.js'
import type { AblationReport } from './ablation-page.js'
import { ablationPage } from './ablation-page.js'
import type { Candidate, Screened } from './ablation-rules.js'
import { comparisons, folds } from './ablation-rules.js'
import type { VariantName } from './ablation-variants.js'
import { variantNames, varied } from './ablation-variants.js'
import { candidatesOf } from './candidates.js'
import { sourceNames } from './front-methods.js'
import type { Problem } from './problems.js'
import { planOf, problemsIn } from './problems.js'
import type { Finished, Identified } from './work.js'
import { finish, identityOf } from './work.js'

/** What is asked for. */
export interface AblationOptions {
  /** Folder of CSV files. */
  readonly folder: string
  /** Names of problems: tables of the folder, tables of a seed, data sets of the front; all if left out. */
  readonly only: readonly string[]
  readonly variants: readonly VariantName[]
  /** Seeds of problems that are quickly learned; the large ones have one. */
  readonly seeds: number
  readonly environment: RunEnvironment
  /** Minutes after which no further unit is begun. */
  readonly minutes: number
  readonly out: string
  /** The command, as the page tells it. */
  readonly command: string
}

/** The first seed of a search, as the front's: no table of results has it. */
const FIRST_SEED = 101
/** Inputs by rows of the training part from which on a problem is large. */
const LARGE = 100_000

/** What is learned: a problem by a variant with a seed. */
interface AblationUnit extends Identified, Omit<Screened, 'candidates'> {
  readonly planned: Plan
}

/** A finished one. */
export interface AblationRecord extends Identified, Screened {
  readonly seconds: number
  readonly version: string
  readonly processor: string
}

const some = number(-Number.MAX_VALUE, Number.MAX_VALUE)
const CandidateCodec: Codec<Candidate> = record<Candidate>('a network', {
  synapses: whole(0),
  losses: list(list(some, 7), 2),
  scores: list(some, 2)
})

/** The codec of a line. */
export const AblationRecordCodec: Codec<AblationRecord> = record<AblationRecord>('a result', {
  problem: text(),
  variant: choice(...variantNames),
  seed: whole(0),
  identity: text(64),
  rows: whole(1),
  size: whole(1),
  candidates: list(CandidateCodec, 1000),
  seconds: number(0, Number.MAX_VALUE),
  version: text(),
  processor: text()
})

/** The data sets of the front, which no folder has. */
const named: readonly Problem[] = sourceNames.map(name => ({ name, table: name }))

const planned = (problem: Problem, seed: number, environment: RunEnvironment): TE.TaskEither<Failure, Plan> =>
  named.includes(problem) ? plan({ data: problem.name, seed }, environment) : planOf(problem, seed, {})

/** The units of a problem: with one seed if it is large. */
const unitsOf = (
  problem: Problem,
  { seeds, variants, environment }: AblationOptions
): TE.TaskEither<Failure, readonly AblationUnit[]> =>
  attempt(async get => {
    const units: AblationUnit[] = []
    for (const seed of range(seeds).map(i => FIRST_SEED + i)) {
      const preset = await get(planned(problem, seed, environment))
      const { dataset } = preset.loaded
      const [rows, inputs] = [dataset.training.rows.length, dataset.features.length]
      if (seed > FIRST_SEED && rows * inputs > LARGE) break
      for (const variant of variants) {
        const own = { ...preset, experiment: varied(preset.experiment, variant) }
        const identity = await identityOf(own)
        const size = 100 * (inputs + dataset.task.outputs.length)
        units.push({ ...{ problem: problem.name, variant, seed, identity, rows, size }, planned: own })
      }
    }
    return units
  })

const unique = <A>(values: readonly A[]): readonly A[] => [...new Set(values)]

/** What was finished, as it is told: a variant that changes nothing on a problem has the record of the preset there. */
export const ablationReport = (
  units: readonly Pick<AblationUnit, 'identity' | 'variant'>[],
  found: readonly AblationRecord[],
  { command }: Pick<AblationOptions, 'command'>
): AblationReport => {
  const known = new Map(found.map(r => [r.identity, r]))
  const records = [...known.values()]
  const screened = units.flatMap(({ identity, variant }): readonly Screened[] => {
    const one = known.get(identity)
    return one ? [{ ...one, variant }] : []
  })
  return {
    command,
    versions: unique(records.map(r => r.version)),
    processors: unique(records.map(({ processor }) => processor)),
    problems: unique(records.map(({ problem }) => problem)),
    trainings: records.length,
    missing: unique(units.map(({ identity }) => identity)).length - records.length,
    hours: records.reduce((sum, r) => sum + r.seconds, 0) / 3600,
    compared: comparisons(screened),
    folds: folds(screened)
  }
}

/**
 * Learns every problem by every variant; what `ablation.jsonl` has of it is not done again. After each training
 * `ablation.json` and `ablation.md` are written anew.
 */
export const makeAblation = (
  options: AblationOptions,
  tell: (line: string) => void = () => undefined
): TE.TaskEither<Failure, Finished<AblationRecord>> =>
  attempt(async get => {
    const { folder, only, out, minutes } = options
    const problems = await get(problemsIn(folder, only, named))
    const units: AblationUnit[] = []
    for (const problem of problems) units.push(...(await get(unitsOf(problem, options))))
    const work = {
      ...{ file: join(out, 'ablation.jsonl'), codec: AblationRecordCodec, minutes },
      make: ({ planned: own, ...unit }: AblationUnit) =>
        attempt(async g => {
          const began = performance.now()
          const candidates = await g(candidatesOf(own))
          const seconds = Math.round(performance.now() - began) / 1000
          tell(`${unit.problem}, ${unit.variant}, seed ${unit.seed}: ${candidates.length} networks, ${seconds} s`)
          return { ...unit, candidates, seconds, version, processor: cpus()[0]?.model ?? 'unknown' }
        }),
      publish: ({ records }: Finished<AblationRecord>) =>
        attempt(async g => {
          const report = ablationReport(units, records, options)
          await g(writeWhole(join(out, 'ablation.json'), pretty(report)))
          await g(writeWhole(join(out, 'ablation.md'), ablationPage(report)))
        })
    }
    return get(finish(units, work, tell))
  })
