/** A run's network, or an imported one, written in a format. Node only. */
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import * as E from 'fp-ts/lib/Either.js'
import type * as TE from 'fp-ts/lib/TaskEither.js'
import { attempt } from '../codecs/attempt.js'
import type { Failure } from '../core/port/failure.js'
import { explain, failure, FailureError } from '../core/port/failure.js'
import type { Dataset } from '../data/dataset.js'
import { evaluationOf, headline } from '../estimators/evaluation.js'
import { answersOn } from '../estimators/program.js'
import { trajectoryScalars } from '../estimators/trajectory-scalars.js'
import type { CBytes } from '../exports/c/c.js'
import { bytesOfC } from '../exports/c/c.js'
import type { FormatName } from '../exports/formats.js'
import { exportedProgram, exportProgram, formatNames, unitsOf } from '../exports/formats.js'
import type { Program } from '../exports/program.js'
import { writeTensorboard } from '../exports/graphs/tensorboard.js'
import type { ExportedFile, Precision } from '../exports/writer.js'
import { identifierOf } from '../exports/writer.js'
import { writeWhole } from '../storage/files.js'
import type { RunEnvironment } from './environment.js'
import type { NetworkChoice } from './load-model.js'
import type { LoadedProgram, OfEffect } from './load-program.js'
import { loadProgram, nameOfFolder } from './load-program.js'
import { isImported } from './imported.js'
import { paths, readConfig, readTrajectory } from './run-folder.js'
import { readRun } from './run.js'

/** A format of networks, or the curves of a run's training. */
export type ExportFormat = FormatName | 'tensorboard'
/** Names of all formats. */
export const exportFormats: readonly ExportFormat[] = [...formatNames, 'tensorboard']

/** How a network is exported. */
export interface ExportChoice extends NetworkChoice {
  readonly format: ExportFormat
  readonly precision: Precision
  /** Where files are written; `exports` in the network's folder if left out. */
  readonly out?: string | undefined
  /** What files and functions are called after; the folder's name if left out. */
  readonly name?: string | undefined
}

/** A file that was written. */
export interface WrittenFile {
  readonly path: string
  readonly bytes: number
  /** Compressed by gzip -9. */
  readonly gzip: number
}

/** What fewer bits cost, on the test rows. */
export interface PrecisionLoss {
  readonly metric: 'f1Micro' | 'r2'
  readonly before: number
  readonly after: number
  readonly rows: number
}

/** An export. */
export interface Exported extends Pick<LoadedProgram, 'remarks'> {
  readonly files: readonly WrittenFile[]
  /** What of it is in them; left out of curves. */
  readonly network?: Pick<LoadedProgram, 'which'> &
    OfEffect & {
      readonly synapses: number
      readonly neurons: number
    }
  /** Left out of weights as they are, and where the data cannot be had. */
  readonly loss?: PrecisionLoss
  /** Of a C header, in bytes: tables, to which code comes, and what an answer needs on the stack beside its input. */
  readonly memory?: CBytes
}

/** What another program of the same network costs on a data set's test rows. */
const lossOn = (d: Dataset, before: Program, after: Program): PrecisionLoss => {
  const metric = headline(d)
  const score = (p: Program): number => evaluationOf(d, answersOn(p, d.test), d.test.truth).metrics[metric] as number
  return { metric, before: score(before), after: score(after), rows: d.test.rows.length }
}

/** What an export is called: the run, the moment that was asked for, the bits of its weights, so that none replaces another. */
const defaultName = (run: string, { epoch, stage, use }: NetworkChoice, precision: Precision): string =>
  [
    run,
    ...(epoch === undefined ? [] : [`e${epoch}`]),
    ...(stage === undefined ? [] : [`stage${stage}`]),
    ...(use === undefined ? [] : [use]),
    ...(precision === 'float32' ? [] : [precision])
  ].join('_')

/** The curves of a run's training, all of it, as files that were written. */
const exportCurves = (
  folder: string,
  { precision, epoch, stage, use, name, out }: ExportChoice
): TE.TaskEither<Failure, Exported> =>
  attempt(async get => {
    const refuse = (where: string, what: string, cure: string): never => {
      throw new FailureError(failure('usage', where, what, cure))
    }
    if (precision !== 'float32') refuse('--quantize', 'curves have no weights', 'Leave it out')
    if ([epoch, stage, use].some(wish => wish !== undefined))
      refuse(folder, 'curves are those of the whole training', 'Name the run alone')
    if (await isImported(folder))
      refuse(folder, 'an imported network has no curves of its training', 'Name the folder of a run')
    await get(readConfig(folder))
    const lines = await get(readTrajectory(folder, Infinity))
    if (lines.length === 0) refuse(folder, 'there are no curves yet', 'Train it first')
    const files = writeTensorboard(trajectoryScalars(lines), { name: identifierOf(name ?? nameOfFolder(folder)) })
    const place = out ?? paths(folder).exports
    for (const file of files) await get(writeWhole(join(place, file.name), file.content))
    return { files: files.map(written(place)), remarks: [] }
  })

const written =
  (place: string) =>
  ({ name, content }: ExportedFile): WrittenFile => {
    const bytes = Buffer.from(content)
    return { path: join(place, name), bytes: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length }
  }

/** Exports a network: `exportNetwork('runs/mine', { format: 'js', precision: 'float32' })`. Existing files are replaced. */
export const exportNetwork = (
  folder: string,
  asked: ExportChoice,
  environment: RunEnvironment = {}
): TE.TaskEither<Failure, Exported> =>
  attempt(async get => {
    const { format, precision, out, name, ...choice } = asked
    if (format === 'tensorboard') return get(exportCurves(folder, asked))
    const loaded = await get(loadProgram(folder, choice))
    const { program, which, effect } = loaded
    const called = identifierOf(name ?? defaultName(loaded.name, choice, precision))
    const files = exportProgram(program, format, { name: called, precision })
    const place = out ?? paths(folder).exports
    for (const file of files) await get(writeWhole(join(place, file.name), file.content))
    const remarks = [...loaded.remarks]
    let loss: PrecisionLoss | undefined
    if (precision !== 'float32') {
      const run = loaded.network ? await readRun(folder, environment)() : undefined
      if (run === undefined) remarks.push('what fewer bits cost is not known: an imported network has no data')
      else if (E.isLeft(run)) remarks.push(`what fewer bits cost is not known: ${explain(run.left)}`)
      else loss = lossOn(run.right.dataset, program, exportedProgram(program, format, precision))
    }
    return {
      files: files.map(written(place)),
      network: { synapses: program.synapses.length, neurons: program.hidden.length, which, ...effect },
      remarks,
      ...(loss ? { loss } : {}),
      ...(format === 'c' ? { memory: bytesOfC(unitsOf(program, format, precision), precision) } : {})
    }
  })
