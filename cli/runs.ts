/** sagp runs: the runs in the folder runs, and how far each has come. */
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { attempt } from '../codecs/attempt.js'
import { stopping } from '../core/life/progress.js'
import type { Progress } from '../core/learning/state.js'
import type { Failure } from '../core/port/failure.js'
import { explain } from '../core/port/failure.js'
import { newestIntact } from '../experiments/checkpoints.js'
import { readConfig } from '../experiments/run-folder.js'
import { runFolders } from './find-run.js'
import type { OutputOptions } from './output.js'
import { answer, columns, Exit } from './output.js'

/** A run in a line; `state` says done, unfinished, or what is wrong with it. */
interface RunLine {
  readonly name: string
  readonly epoch: number
  readonly epochs: number
  readonly state: string
  readonly topology: Progress['topology']
}

const lineOf = async (name: string): Promise<RunLine> => {
  const folder = join('runs', name)
  const line = attempt<RunLine>(async get => {
    const { hyperparameters } = await get(readConfig(folder))
    const { clock } = (await get(newestIntact(folder))).found
    const state = stopping(hyperparameters, clock).length > 0 ? 'done' : 'unfinished'
    return { name, epoch: clock.epoch, epochs: hyperparameters.epochs, state, topology: clock.progress.topology }
  })
  const damaged = (fault: Failure): RunLine => ({
    name,
    epoch: 0,
    epochs: 0,
    state: explain(fault),
    topology: [0, 0, 0]
  })
  return E.getOrElse(damaged)(await line())
}

/** sagp runs. Gives the exit code. */
export const runsCommand = async (options: OutputOptions): Promise<number> => {
  const lines = await Promise.all((await runFolders()).map(lineOf))
  const text = columns([
    ['run', 'epoch', 'of', 'living', 'open', 'synapses', 'state'],
    ...lines.map(l => [l.name, String(l.epoch), String(l.epochs), ...l.topology.map(String), l.state])
  ])
  answer(options, lines, lines.length === 0 ? 'No runs yet: sagp train digits' : text)
  return Exit.done
}
