/** A run conducted before somebody's eyes: the part that train and resume share. */
import type * as TE from 'fp-ts/lib/TaskEither.js'
import { MOST_THREADS } from '../backends/simd.js'
import type { Get } from '../codecs/attempt.js'
import { settle } from '../codecs/attempt.js'
import { where, whole } from '../codecs/strict.js'
import type { Failure } from '../core/port/failure.js'
import { FailureError } from '../core/port/failure.js'
import { headline } from '../estimators/evaluation.js'
import type { ConductedRun } from '../experiments/conduct.js'
import { conduct } from '../experiments/conduct.js'
import type { RunEnvironment } from '../experiments/environment.js'
import { paths } from '../experiments/run-folder.js'
import type { Run } from '../experiments/run.js'
import { endedEarly } from '../experiments/summary.js'
import type { RunObserver, RunResult } from '../experiments/train-run.js'
import { diverged } from '../experiments/train-run.js'
import type { DataOptions } from './environment.js'
import { environmentOf } from './environment.js'
import { flagValue } from './flag-value.js'
import { liveView } from './live.js'
import type { OutputOptions } from './output.js'
import { answer, command, counted, Exit, say, wrapped } from './output.js'
import { reportProgress } from './progress-printer.js'
import type { Signals } from './signals.js'
import { signals } from './signals.js'
import { summaryText } from './summary-text.js'

/** Options of the commands that train. */
export interface LiveOptions extends DataOptions {
  readonly checkpointSeconds: string
  readonly threads: string
}

/** Infinity among them: no checkpoint before the end. */
const secondsCodec = where(
  'a number from 0',
  (u): u is number => typeof u === 'number' && u >= 0,
  () => 'Give one in that range'
)

const ends: Readonly<Record<RunResult['why'], string>> = {
  epochs: 'all epochs done',
  patience: 'no better network for long enough',
  stable: 'the topology stood still for --stop-stable epochs',
  target: 'the way down to --target-f1 is over',
  interrupted: 'interrupted; sagp resume goes on',
  diverged: 'the loss diverged'
}

/** What a run learns from what, by what: three lines. */
const runLines = ({ experiment: e, dataset: d }: Run): readonly string[] => [
  `${e.data}: ${d.training.rows.length} training, ${d.validation.rows.length} validation, ${d.test.rows.length} test rows`,
  `${counted(d.features.length, 'input')}, ${counted(d.task.outputs.length, 'output')} (${d.task.kind}): target ${few(d.targets)}`,
  `preset ${e.preset}, rule ${e.rule.name}, optimiser ${e.optimiser.name}, seed ${e.seed}, backend ${e.backend}`,
  ...(e.stages.length === 0 ? [] : [`${counted(e.stages.length, 'stage')}: ${stagesInWords(e.stages)}`])
]

/** Stages as they may be typed, the first few of them. */
const stagesInWords = (stages: Run['experiment']['stages']): string =>
  few(stages.map(({ name, epochs }) => `${name} ${epochs}`))

const few = (names: readonly string[]): string =>
  `${names.slice(0, 3).join(', ')}${names.length > 3 ? ` and ${names.length - 3} more` : ''}`

/** Says what a run is, then shows its epochs, until a signal comes. */
const observe =
  (options: OutputOptions, heard: Signals) =>
  (run: Run): RunObserver => {
    const { experiment: e, dataset: d, past, remarks } = run
    for (const line of [...remarks, ...runLines(run)]) say(options, wrapped(line))
    heard.on()
    const soFar = { epochs: e.hyperparameters.epochs, stages: e.stages, headline: headline(d), past }
    const view = liveView(process.stderr, soFar, options.quiet)
    return {
      ...view,
      interrupted: heard.interrupted,
      reporting: reportProgress(options),
      ended: () => {
        view.ended()
        heard.off()
      }
    }
  }

/** A run conducted before somebody's eyes, and the exit code of a signal that ended it. */
export interface Conducted extends ConductedRun {
  readonly code: number
}

/** What a command that trains knows of this machine. @throws FailureError for a number of threads that cannot be */
export const liveEnvironment = (options: LiveOptions): RunEnvironment => ({
  ...environmentOf(options),
  threads: settle(flagValue('--threads', whole(1, MOST_THREADS), options.threads))
})

/** Conducts the run that `open` opens on this machine, and shows it. */
export const conductShown = async (
  get: Get,
  options: LiveOptions,
  open: (environment: RunEnvironment) => TE.TaskEither<Failure, Run>
): Promise<Conducted> => {
  const checkpointSeconds = settle(flagValue('--checkpoint-seconds', secondsCodec, options.checkpointSeconds))
  const opening = open(liveEnvironment(options))
  const heard = signals(options)
  const conducted = await get(conduct(opening, observe(options, heard), { checkpointSeconds }))
  const { run, result, evaluation } = conducted
  const early = endedEarly(run.experiment, evaluation.summary)
  const end = early ? `no stage is left, of ${run.experiment.hyperparameters.epochs} epochs` : ends[result.why]
  say(options, `ended at epoch ${evaluation.summary.epochs}: ${end}`)
  return { ...conducted, code: result.why === 'interrupted' ? heard.code() : Exit.done }
}

/** The same, and says what came of it. Gives the exit code. */
export const conductLive = (
  options: LiveOptions,
  open: (environment: RunEnvironment) => TE.TaskEither<Failure, Run>
): Promise<number> =>
  command(async get => {
    const { run, result, evaluation, which, code } = await conductShown(get, options, open)
    const { summary } = evaluation
    const places = `run       ${run.folder}\nreport    ${paths(run.folder).report}\ndigest    ${summary.digest}`
    answer(options, summary, `${summaryText(summary, which)}\n${places}`)
    if (result.why === 'diverged') throw new FailureError(diverged(run.experiment, result.state.clock.epoch))
    return code
  })
