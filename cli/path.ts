/** sagp path: one life, then down to few synapses; what each step has come to as a table, a file and a picture. */
import { join } from 'node:path'
import { attempt, settle } from '../codecs/attempt.js'
import { whole } from '../codecs/strict.js'
import type { Failure } from '../core/port/failure.js'
import { failure, FailureError } from '../core/port/failure.js'
import { headline } from '../estimators/evaluation.js'
import { evenly, notFalling } from '../estimators/way-down.js'
import { runName } from '../experiments/experiment.js'
import { openRun } from '../experiments/open-run.js'
import { plan } from '../experiments/plan.js'
import { networkInWords, stageCells } from '../experiments/report/stages.js'
import { paths } from '../experiments/run-folder.js'
import { shortfalls } from '../experiments/stage-points.js'
import { diverged } from '../experiments/train-run.js'
import * as E from 'fp-ts/lib/Either.js'
import { choicesOf } from './choices.js'
import { conductShown } from './conduct-live.js'
import { flagValue } from './flag-value.js'
import { answer, columns, command, say, wrapped } from './output.js'
import { profileLines, SHOWN } from './profile.js'
import { inputOf } from './standard-input.js'
import type { TrainOptions } from './train-options.js'

/** Options of path; `from` is a number of synapses here. */
export interface PathOptions extends TrainOptions {
  readonly to?: string
  readonly points?: string
  readonly at?: string
}

/** Steps where none are given: each keeps three of five synapses, so that the last of eight has a sixtieth of the first. */
const [USUAL_SHARE, USUAL_STEPS] = [0.6, 8] as const

const synapses = whole(1, 1e9)
const wrong = (where: string, what: string, cure: string): E.Either<Failure, never> =>
  E.left(failure('usage', where, what, cure))

/** The steps of a path, as the flags have them: numbers of synapses, or shares of those that are left. */
export const stepsOf = ({ from, to, points, at }: PathOptions): E.Either<Failure, readonly number[]> => {
  const count = flagValue('--points', whole(1, 1000), points ?? String(USUAL_STEPS))
  if (E.isLeft(count)) return count
  if (at !== undefined) {
    if (from !== undefined || to !== undefined || points !== undefined)
      return wrong(
        '--at',
        'the numbers of synapses are given, and --from, --to or --points as well',
        'Give one or the other'
      )
    const numbers = at.split(',').map(text => Number(text.trim() === '' ? NaN : text))
    if (!numbers.every(synapses.is))
      return wrong('--at', `${JSON.stringify(at)} is no list of numbers of synapses`, 'Write it as 4000,2000,1000')
    const high = notFalling(numbers)
    return high === undefined
      ? E.right(numbers)
      : wrong('--at', `${high} is not below the number before it`, 'A path goes down: give numbers that fall')
  }
  if (from === undefined && to === undefined) return E.right(Array.from({ length: count.right }, () => USUAL_SHARE))
  if (from === undefined || to === undefined)
    return wrong(from === undefined ? '--from' : '--to', 'it is missing beside the other end', 'Give both, or neither')
  const ends = [flagValue('--from', synapses, from), flagValue('--to', synapses, to)] as const
  if (E.isLeft(ends[0])) return ends[0]
  if (E.isLeft(ends[1])) return ends[1]
  const [first, last] = [ends[0].right, ends[1].right]
  if (first < last) return wrong('--to', `${last} is more than ${first}`, 'A path goes down: give fewer than --from')
  if (count.right === 1 && first > last)
    return wrong('--points', `one network is no way from ${first} to ${last}`, `Give at least 2, or --at ${first}`)
  const numbers = evenly(first, last, count.right)
  return notFalling(numbers) === undefined
    ? E.right(numbers)
    : wrong('--points', `${count.right} whole numbers do not fall from ${first} to ${last}`, 'Give fewer')
}

/** sagp path. Gives the exit code. */
export const pathCommand = (data: readonly string[], options: PathOptions): Promise<number> =>
  command(async get => {
    const down = settle(stepsOf(options))
    const { from: _, ...others } = options
    const { run, result, evaluation, stages, code } = await conductShown(get, options, environment =>
      attempt(async get => {
        const here = { ...environment, input: await get(inputOf(data)) }
        const planned = await get(plan({ ...(await get(choicesOf(data, others))), down }, here))
        const { profile } = planned.loaded
        if (profile) say(options, `${profileLines(profile, SHOWN).join('\n')}\n`)
        const folder = options.out ?? join('runs', await runName(planned.experiment))
        return get(openRun(planned, folder, here, options.fresh))
      })
    )
    const metric = headline(run.dataset)
    const { path, pathPicture, report } = paths(run.folder)
    const places = `run       ${run.folder}\npath      ${path}\npicture   ${pathPicture}\nreport    ${report}`
    const warnings = shortfalls(run.experiment, stages)
    const { digest } = evaluation.summary
    const object = { run: run.folder, data: run.experiment.data, metric, stages, digest, warnings }
    const note = wrapped(networkInWords(run.experiment, run.dataset), 0)
    const warned = warnings.map(warning => wrapped(`warning   ${warning}`, 10)).join('\n')
    const parts = [columns(stageCells(stages, metric)), note, warned, places].filter(part => part !== '')
    answer(options, object, parts.join('\n\n'))
    if (result.why === 'diverged') throw new FailureError(diverged(run.experiment, result.state.clock.epoch))
    return code
  })
