/** sagp evaluate, predict, report, runs, backends: looking at what there is. */
import { stringify } from 'csv-stringify/sync'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { descriptions } from '../backends/open.js'
import { hint } from '../codecs/nearest.js'
import type { Failure } from '../core/port/failure.js'
import { explain, failure } from '../core/port/failure.js'
import { defaults } from '../core/network/hyperparameters.js'
import { stopping } from '../core/life/progress.js'
import { restore, tensors } from '../core/network/state.js'
import { sourceNamed, sourceNames } from '../data/sources/index.js'
import { outputsOf } from '../estimators/evaluation.js'
import type { Problem } from '../experiments/backend-speed.js'
import { candidates, fastest } from '../experiments/backend-speed.js'
import { writeWhole } from '../storage/files.js'
import { paths, readCard, readConfig } from '../experiments/run-folder.js'
import { readCheckpoint } from '../experiments/checkpoints.js'
import { agreement, newRows, predictionsOf } from '../estimators/new-rows.js'
import { reportOf, summaryCells } from '../experiments/report.js'
import type { RunResult } from '../experiments/train-run.js'
import type { RunEnvironment } from '../experiments/environment.js'
import type { Run } from '../experiments/run.js'
import { reopen } from '../experiments/run.js'
import { checkShapes } from '../estimators/on-backend.js'
import { openEngine } from '../experiments/engine.js'
import type { RunEvaluation } from '../experiments/summary.js'
import { summarise } from '../experiments/summary.js'
import { readTableFile } from '../storage/tablefile.js'
import { newestIntact } from '../experiments/checkpoints.js'
import type { DataOptions } from './environment.js'
import { environmentOf } from './environment.js'
import type { OutputOptions } from './output.js'
import { answer, columns, Exit, fail, say } from './output.js'
import { findRun, runFolders } from './find-run.js'

/** A run as it stands, judged; at an epoch of which there is a checkpoint, if one is named. */
const standing = (
  argument: string,
  around: RunEnvironment
): TE.TaskEither<Failure, { readonly run: Run; readonly ending: RunResult; readonly appraised: RunEvaluation }> =>
  pipe(
    findRun(argument),
    TE.bindTo('name'),
    TE.bind('run', ({ name }) => reopen(name.folder, around)),
    TE.bind('state', ({ name, run }) =>
      name.epoch === undefined ? TE.right(run.state) : readCheckpoint(name.folder, name.epoch)
    ),
    TE.bind('ending', ({ run, state }) => {
      const stopped = stopping(run.experiment.hyperparameters, state)[0]
      const why: RunResult['why'] = stopped?._tag === 'Stopped' ? stopped.why : 'interrupted'
      return TE.right({ why, state, best: run.best, trajectory: run.past, seconds: 0 })
    }),
    TE.bind('appraised', ({ run, ending }) => summarise(run, ending))
  )

/** sagp evaluate. */
export const evaluateCommand = async (argument: string, voice: DataOptions): Promise<number> => {
  const made = await standing(argument, environmentOf(voice))()
  if (E.isLeft(made)) return fail(made.left)
  const { summary } = made.right.appraised
  answer(voice, summary, columns(summaryCells(summary)))
  return Exit.done
}

/** sagp report. */
export const reportCommand = async (argument: string, voice: DataOptions): Promise<number> => {
  const made = await pipe(
    standing(argument, environmentOf(voice)),
    TE.bind('written', ({ run, ending, appraised }) =>
      writeWhole(
        paths(run.folder).report,
        reportOf(run.experiment, run.dataset, appraised, ending.trajectory, ending.state)
      )
    )
  )()
  if (E.isLeft(made)) return fail(made.left)
  const { report } = paths(made.right.run.folder)
  answer(voice, { report }, report)
  return Exit.done
}

const thresholdOf = (raw: string): E.Either<Failure, number> => {
  const n = Number(raw)
  return n >= 0 && n <= 1 && raw.trim() !== ''
    ? E.right(n)
    : E.left(failure('usage', '--threshold', `must be a number from 0 to 1, not ${raw}`, 'Correct it'))
}

/** sagp predict. */
export const predictCommand = async (
  argument: string,
  file: string,
  options: OutputOptions & { readonly out?: string; readonly best: boolean; readonly threshold: string }
): Promise<number> => {
  const made = await pipe(
    TE.fromEither(thresholdOf(options.threshold)),
    TE.bindTo('threshold'),
    TE.bind('name', () => findRun(argument)),
    TE.bind('experiment', ({ name }) => readConfig(name.folder)),
    TE.bind('card', ({ name }) => readCard(name.folder)),
    TE.bind('newest', ({ name }) => newestIntact(name.folder)),
    TE.bind('state', ({ name, newest, experiment, card }) => {
      const epoch = name.epoch ?? (options.best ? newest.found.progress.bestEpoch : newest.found.epoch)
      const { steps } = experiment.hyperparameters
      return pipe(
        epoch === newest.found.epoch ? TE.right(newest.found) : readCheckpoint(name.folder, epoch),
        TE.chainEitherK(state => checkShapes(state, card, steps, name.folder))
      )
    }),
    TE.bind('fresh', ({ card }) =>
      pipe(
        readTableFile(file),
        TE.chainEitherK(table => newRows(card, table, file))
      )
    ),
    TE.bind('engine', ({ experiment }) => openEngine(experiment)),
    TE.bind('z', ({ engine, state, fresh }) =>
      TE.fromTask(async () => {
        const loaded = restore(engine.backend, state)
        const z = await outputsOf(engine, loaded, fresh.rows, fresh.inputs)
        engine.backend.release(tensors(loaded))
        return z
      })
    ),
    TE.map(({ card, fresh, z, threshold, state }) => ({
      predictions: predictionsOf(card, z, threshold),
      right: agreement(fresh.truth, card.task.outputs.length, z),
      remarks: fresh.remarks,
      epoch: state.epoch
    }))
  )()
  if (E.isLeft(made)) return fail(made.left)
  const { predictions, right, epoch, remarks } = made.right
  remarks.forEach(remark => say(options, remark))
  say(
    options,
    `${predictions.rows.length} rows by the network of epoch ${epoch}${right === undefined ? '' : `; F1-micro against the file's own labels ${right.toFixed(4)}`}`
  )
  const csv = stringify([predictions.header.slice(), ...predictions.rows.map(r => r.slice())])
  if (options.out !== undefined) {
    const done = await writeWhole(options.out, csv)()
    if (E.isLeft(done)) return fail(done.left)
    answer(options, { out: options.out, rows: predictions.rows.length }, options.out)
  } else answer(options, predictions, csv.trimEnd())
  return Exit.done
}

/** sagp runs. */
export const runsCommand = async (voice: OutputOptions): Promise<number> => {
  const rows = await Promise.all(
    (await runFolders()).map(async name => {
      const folder = join('runs', name)
      const [config, newest] = [await readConfig(folder)(), await newestIntact(folder)()]
      if (E.isLeft(config) || E.isLeft(newest)) {
        const fault = E.isLeft(config) ? config.left : E.isLeft(newest) ? newest.left : undefined
        return { name, epoch: 0, epochs: 0, state: fault ? explain(fault) : '', topology: [0, 0, 0] as const }
      }
      const { epoch, progress } = newest.right.found
      const done = stopping(config.right.hyperparameters, newest.right.found).length > 0
      return {
        name,
        epoch,
        epochs: config.right.hyperparameters.epochs,
        state: done ? 'done' : 'unfinished',
        topology: progress.topology
      }
    })
  )
  const text = columns([
    ['run', 'epoch', 'of', 'living', 'open', 'synapses', 'state'],
    ...rows.map(r => [r.name, String(r.epoch), String(r.epochs), ...r.topology.map(String), r.state])
  ])
  answer(voice, rows, rows.length === 0 ? 'No runs yet: sagp train digits' : text)
  return Exit.done
}

/** The problem that backends are compared at: a data set's by name, else FSDD's, with 128 neurons. */
const problemOf = (data: string): E.Either<Failure, Problem> => {
  const source = sourceNamed(data)
  if (!source) return E.left(failure('usage', `data ${data}`, 'no such data set', hint(data, sourceNames)))
  const { features, classes, parts } = source.facts
  return E.right({
    rows: parts[0],
    inputs: features,
    outputs: classes,
    hyperparameters: { ...defaults, maxHidden: 128 }
  })
}

/** sagp backends. */
export const backendsCommand = async (data: string | undefined, voice: OutputOptions): Promise<number> => {
  const problem = problemOf(data ?? 'fsdd')
  if (E.isLeft(problem)) return fail(problem.left)
  const all = await candidates(problem.right)
  const auto = fastest(all)
  const rows = all.map(({ name, why, about, gflops, update }) => ({
    name,
    usable: why === undefined,
    what: descriptions[name],
    ...(why === undefined ? { about, gflops, update } : { why: explain(why) })
  }))
  const { rows: n, inputs, outputs } = problem.right
  const lines = all.map(({ name, why, about, gflops, update }) =>
    why === undefined
      ? `${name.padEnd(10)} ${(gflops ?? 0).toFixed(1).padStart(7)} GFLOP/s ${update === undefined ? ' '.repeat(17) : `${update.toFixed(1).padStart(9)} ms/update`}  ${about}; ${descriptions[name]}`
      : `${name.padEnd(10)} not usable here  ${explain(why)}`
  )
  const processor = `the processor: ${cpus()[0]?.model ?? 'unknown'}, ${cpus().length} cores; Node ${process.versions.node}`
  const told = `auto would take ${auto} for ${data ?? 'fsdd'} (${n} rows, ${inputs} inputs, 128 neurons, ${outputs} outputs)`
  answer(
    voice,
    { backends: rows, auto, size: { rows: n, inputs, outputs, hidden: 128 }, processor },
    [...lines, processor, told].join('\n')
  )
  return Exit.done
}
