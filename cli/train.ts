/** sagp train, sagp resume: a run from its first epoch, or from where it was interrupted. */
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { BackendName } from '../backends/open.js'
import { backendNames } from '../backends/open.js'
import { MOST_THREADS } from '../backends/simd.js'
import { choice, decode, optional, parse } from '../codecs/strict.js'
import type { Failure } from '../core/port/failure.js'
import { failure } from '../core/port/failure.js'
import { headline } from '../estimators/evaluation.js'
import { runName } from '../experiments/experiment.js'
import { readText, writeWhole } from '../storage/files.js'
import { paths, pretty } from '../experiments/run-folder.js'
import type { Choices, Plan } from '../experiments/plan.js'
import { ChoicesCodec, override, plan } from '../experiments/plan.js'
import { reportOf } from '../experiments/report.js'
import type { RunResult } from '../experiments/train-run.js'
import { diverged, trainRun } from '../experiments/train-run.js'
import type { Run } from '../experiments/run.js'
import { begin, reopen } from '../experiments/run.js'
import { summaryCells } from '../experiments/report.js'
import type { RunEvaluation } from '../experiments/summary.js'
import { summarise } from '../experiments/summary.js'
import type { RunEnvironment } from '../experiments/environment.js'
import type { DataOptions } from './environment.js'
import { environmentOf } from './environment.js'
import { hyperparametersFrom } from './flags.js'
import { liveView } from './live.js'
import type { OutputOptions } from './output.js'
import { folderStatus } from '../experiments/folder-status.js'
import { answer, columns, Exit, fail, say } from './output.js'
import { findRun } from './find-run.js'

/** Flags of train that are no hyperparameters. */
export interface TrainOptions extends DataOptions {
  readonly target?: string
  readonly task?: string
  readonly split?: string
  readonly categorical?: string
  readonly ignore?: string
  readonly preset?: string
  readonly seed?: string
  readonly backend?: string
  readonly config?: string
  readonly out?: string
  readonly fresh?: boolean
  readonly checkpointSeconds: string
  readonly threads: string
}

const flagged = (f: Failure): Failure => {
  const [, name = '', rest = ''] = /^(\w+) (.*)$/.exec(f.what) ?? []
  return { ...f, kind: 'usage', where: `--${name}`, what: rest }
}

/** A number where the text is one; what it is not is told by its codec. */
const numeric = (text: string | undefined): unknown =>
  text === undefined || text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text)

/** What the flags say. */
const fromFlags = (
  data: string | undefined,
  options: TrainOptions & Readonly<Record<string, unknown>>
): E.Either<Failure, Choices> =>
  pipe(
    hyperparametersFrom(options),
    E.chain(hyperparameters =>
      pipe(
        decode(
          ChoicesCodec,
          'flags'
        )({
          data,
          target: options.target?.split(','),
          task: options.task,
          split: options.split,
          categorical: options.categorical?.split(','),
          ignore: options.ignore?.split(','),
          preset: options.preset,
          seed: numeric(options.seed),
          backend: options.backend
        }),
        E.bimap(flagged, choices => ({ ...choices, hyperparameters }))
      )
    )
  )

const fromFile = (path: string | undefined): TE.TaskEither<Failure, Choices> =>
  path === undefined
    ? TE.right({})
    : pipe(
        readText(path),
        TE.mapLeft(f => ({ ...f, where: `--config ${path}` })),
        TE.chainEitherK(parse(ChoicesCodec, `--config ${path}`)),
        TE.mapLeft((f): Failure => ({ ...f, kind: 'usage' }))
      )

const openRun = (
  voice: OutputOptions,
  chosen: Plan,
  out: string | undefined,
  fresh: boolean,
  around: RunEnvironment
): TE.TaskEither<Failure, Run> =>
  pipe(
    TE.fromTask(async () => out ?? join('runs', await runName(chosen.experiment))),
    TE.bindTo('folder'),
    TE.bind('holds', ({ folder }) => folderStatus(folder, chosen.experiment)),
    TE.chain(({ folder, holds }) => {
      if (holds === 'no run') {
        return TE.left(
          failure('usage', `--out ${folder}`, 'it holds files that are no run', 'Name a new or an empty folder')
        )
      }
      if (holds === 'another run' && !fresh) {
        return TE.left(
          failure('usage', `--out ${folder}`, 'it holds another run', 'Name another folder, or replace it with --fresh')
        )
      }
      if (holds !== 'unfinished' || fresh) return begin(chosen, folder, around)
      say(voice, `${folder} holds the same run, unfinished: going on (--fresh starts over)`)
      return reopen(folder, around)
    })
  )

/** Asks a run to end when the process is told to; a second signal ends it at once. */
const onSignals = (voice: OutputOptions): { readonly interrupted: () => boolean; readonly off: () => void } => {
  let asked = false
  const handler = (): void => {
    if (asked) process.exit(Exit.interrupted)
    asked = true
    say(voice, 'saving; once more to end at once')
  }
  process.on('SIGINT', handler)
  process.on('SIGTERM', handler)
  return { interrupted: () => asked, off: () => void process.off('SIGINT', handler).off('SIGTERM', handler) }
}

const ends: Readonly<Record<RunResult['why'], string>> = {
  epochs: 'all epochs done',
  patience: 'no lower validation loss for --stop-patience epochs',
  stable: 'the topology stood still for --stop-stable epochs',
  interrupted: 'interrupted; sagp resume goes on',
  diverged: 'the loss diverged'
}

const written = (run: Run, ending: RunResult, appraised: RunEvaluation): TE.TaskEither<Failure, void> =>
  pipe(
    writeWhole(paths(run.folder).summary, pretty(appraised.summary)),
    TE.chain(() =>
      writeWhole(
        paths(run.folder).report,
        reportOf(run.experiment, run.dataset, appraised, ending.trajectory, ending.state)
      )
    )
  )

const live = async (voice: OutputOptions, run: Run, checkpointSeconds: number): Promise<number> => {
  const { experiment: e, dataset: d } = run
  run.remarks.forEach(remark => say(voice, remark))
  say(
    voice,
    `${e.data}: ${d.training.rows.length} training, ${d.validation.rows.length} validation, ${d.test.rows.length} test rows; ` +
      `${d.features.length} inputs, ${d.task.outputs.length} outputs (${d.task.kind}); preset ${e.preset}, seed ${e.seed}, backend ${e.backend}`
  )
  const signals = onSignals(voice)
  const standing = { epochs: e.hyperparameters.epochs, headline: headline(d), past: run.past }
  const view = liveView(process.stderr, standing, signals.interrupted, voice.quiet)
  const ended = await trainRun(run, view.observer, { checkpointSeconds })()
  view.end()
  signals.off()
  if (E.isLeft(ended)) return fail(ended.left)
  const ending = ended.right
  const appraised = await pipe(
    summarise(run, ending),
    TE.chainFirst(a => written(run, ending, a))
  )()
  if (E.isLeft(appraised)) return fail(appraised.left)
  const { summary } = appraised.right
  say(voice, `ended at epoch ${summary.epochs}: ${ends[ending.why]}`)
  const text = `${columns(summaryCells(summary))}\n\nrun     ${run.folder}\nreport  ${paths(run.folder).report}\ndigest  ${summary.digest}`
  answer(voice, summary, text)
  if (ending.why === 'diverged') return fail(diverged(e, ending.state.epoch))
  return ending.why === 'interrupted' ? Exit.interrupted : Exit.done
}

const seconds = (raw: string): E.Either<Failure, number> => {
  const n = Number(raw)
  return n >= 0 && raw.trim() !== ''
    ? E.right(n)
    : E.left(failure('usage', '--checkpoint-seconds', `must be a number from 0, not ${raw}`, 'Correct it'))
}

const threadsOf = (raw: string): E.Either<Failure, number> => {
  const n = Number(raw)
  return Number.isInteger(n) && n >= 1 && n <= MOST_THREADS
    ? E.right(n)
    : E.left(
        failure('usage', '--threads', `must be a whole number from 1 to ${MOST_THREADS}, not ${raw}`, 'Correct it')
      )
}

const backendOf = (raw: string | undefined): E.Either<Failure, BackendName | undefined> =>
  pipe(
    decode(optional(choice(...backendNames)), '--backend')(raw),
    E.mapLeft((f): Failure => ({ ...f, kind: 'usage', what: f.what.replace(/^it /, '') }))
  )

/** sagp train. Gives the exit code. */
export const trainCommand = async (data: string | undefined, options: TrainOptions): Promise<number> => {
  const made = await pipe(
    TE.Do,
    TE.bind('pace', () => TE.fromEither(seconds(options.checkpointSeconds))),
    TE.bind('threads', () => TE.fromEither(threadsOf(options.threads))),
    TE.bind('flags', () => TE.fromEither(fromFlags(data, options as TrainOptions & Readonly<Record<string, unknown>>))),
    TE.bind('file', () => fromFile(options.config)),
    TE.bind('chosen', ({ flags, file }) => plan(override(file, flags), environmentOf(options))),
    TE.bind('run', ({ chosen, threads }) =>
      openRun(options, chosen, options.out, options.fresh ?? false, { ...environmentOf(options), threads })
    )
  )()
  return E.isLeft(made) ? fail(made.left) : live(options, made.right.run, made.right.pace)
}

/** sagp resume. */
export const resumeCommand = async (
  argument: string,
  options: DataOptions & Pick<TrainOptions, 'checkpointSeconds' | 'threads' | 'backend'>
): Promise<number> => {
  const made = await pipe(
    TE.fromEither(seconds(options.checkpointSeconds)),
    TE.bindTo('pace'),
    TE.bind('threads', () => TE.fromEither(threadsOf(options.threads))),
    TE.bind('backend', () => TE.fromEither(backendOf(options.backend))),
    TE.bind('name', () => findRun(argument)),
    TE.bind('run', ({ name, threads, backend }) => reopen(name.folder, { ...environmentOf(options), threads, backend }))
  )()
  if (E.isLeft(made)) return fail(made.left)
  const { run, pace } = made.right
  say(options, `${run.folder}: from epoch ${run.state.epoch}`)
  return live(options, run, pace)
}
