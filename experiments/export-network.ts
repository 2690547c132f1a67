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
import type { LoadedProgram } from './load-program.js'
import { loadProgram } from './load-program.js'
import { paths, readTrajectory } from './run-folder.js'
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
export interface Exported extends Pick<LoadedProgram, 'which' | 'remarks'> {
  readonly files: readonly WrittenFile[]
  readonly synapses: number
  readonly neurons: number
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

/** The curves of a run's training, up to the network's epoch. */
const curvesOf = (
  folder: string,
  { network }: LoadedProgram,
  name: string
): TE.TaskEither<Failure, readonly ExportedFile[]> =>
  attempt(async get => {
    if (!network) {
      const cure = 'Only a run has them: name its folder'
      throw new FailureError(failure('usage', folder, 'an imported network has no curves of its training', cure))
    }
    return writeTensorboard(trajectoryScalars(await get(readTrajectory(folder, Infinity))), { name })
  })

/** Exports a network: `exportNetwork('runs/mine', { format: 'js', precision: 'float32' })`. Existing files are replaced. */
export const exportNetwork = (
  folder: string,
  { format, precision, out, name, ...choice }: ExportChoice,
  environment: RunEnvironment = {}
): TE.TaskEither<Failure, Exported> =>
  attempt(async get => {
    const loaded = await get(loadProgram(folder, choice))
    const { program, which } = loaded
    const called = identifierOf(name ?? loaded.name)
    const files =
      format === 'tensorboard'
        ? await get(curvesOf(folder, loaded, called))
        : exportProgram(program, format, { name: called, precision })
    const place = out ?? paths(folder).exports
    for (const file of files) await get(writeWhole(join(place, file.name), file.content))
    const remarks = [...loaded.remarks]
    let loss: PrecisionLoss | undefined
    if (precision !== 'float32' && format !== 'tensorboard') {
      const run = loaded.network ? await readRun(folder, environment)() : undefined
      if (run === undefined) remarks.push('what fewer bits cost is not known: an imported network has no data')
      else if (E.isLeft(run)) remarks.push(`what fewer bits cost is not known: ${explain(run.left)}`)
      else loss = lossOn(run.right.dataset, program, exportedProgram(program, format, precision))
    }
    return {
      files: files.map(file => {
        const content = Buffer.from(file.content)
        return { path: join(place, file.name), bytes: content.length, gzip: gzipSync(content, { level: 9 }).length }
      }),
      ...{ synapses: program.synapses.length, neurons: program.hidden.length, which, remarks },
      ...(loss ? { loss } : {}),
      ...(format === 'c' ? { memory: bytesOfC(unitsOf(program, format, precision), precision) } : {})
    }
  })
