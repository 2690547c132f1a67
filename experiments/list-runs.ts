/** The runs under a folder, each in a line: from settings, summary and the head of a checkpoint, not from whole networks. Node only. */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import type * as TE from 'fp-ts/lib/TaskEither.js'
import { attempt } from '../codecs/attempt.js'
import type { Clock } from '../core/learning/state.js'
import type { Failure } from '../core/port/failure.js'
import { failure, FailureError } from '../core/port/failure.js'
import { range } from '../core/port/ndarray.js'
import type { ModelChoice } from '../models/rivals.js'
import { readText } from '../storage/files.js'
import { lockHolder } from '../storage/lock.js'
import { checkpointEpochs, clockAt } from './checkpoints.js'
import { endOf, sparsenessOf } from './named.js'
import { paths, readConfig, readTrajectory } from './run-folder.js'

/** A run in a line. What nothing tells cheaply is left out. */
export interface RunLine {
  readonly folder: string
  readonly data: string
  readonly targets: readonly string[]
  readonly model: ModelChoice['name']
  /** How a rival got sparse, if its stages say so. */
  readonly sparse?: string
  /** On the validation rows, of the network of the lowest loss there. */
  readonly score?: { readonly metric: string; readonly value: number }
  /** Synapses of that network that lie on a path from an input to an output. */
  readonly synapses?: number
  /** Its epoch. */
  readonly best: number
  readonly epoch: number
  readonly epochs: number
  readonly state: 'training' | 'done' | 'unfinished'
}

/** How deep below a folder runs are looked for, and how many folders are looked into. */
const [DEEPEST, MOST_FOLDERS] = [6, 20_000] as const
/** Runs that are read at the same time: each has a few files open. */
const AT_ONCE = 8

/** Folders of runs under a folder, itself among them, in order of their names; those inside of a run are its own business. */
export const runFoldersUnder = async (root: string, deepest: number = DEEPEST): Promise<readonly string[]> => {
  const found: string[] = []
  let seen = 0
  const look = async (folder: string, depth: number): Promise<void> => {
    if (seen++ >= MOST_FOLDERS) return
    const inside = await readdir(folder, { withFileTypes: true }).catch(() => [])
    const has = (name: string): boolean => inside.some(entry => entry.name === name)
    if (has('config.json') && (has('checkpoints') || has('data.json'))) return void found.push(folder)
    if (depth === 0) return
    const folders = inside.filter(e => e.isDirectory() && !/^\.|^node_modules$/.test(e.name)).map(e => e.name)
    for (const name of folders.sort()) await look(join(folder, name), depth - 1)
  }
  await look(root, deepest)
  return found
}

/** The clock of a run's newest checkpoint of which the head can be read. */
const newestClock = (folder: string): TE.TaskEither<Failure, Clock> =>
  attempt(async get => {
    const faults: Failure[] = []
    for (const epoch of [...(await get(checkpointEpochs(folder)))].reverse()) {
      const clock = await clockAt(folder, epoch)()
      if (E.isRight(clock)) return clock.right
      faults.push(clock.left)
    }
    const none = failure('file', paths(folder).checkpoints, 'the run has no checkpoint', 'Train again')
    throw new FailureError(faults[0] ?? none)
  })

/** A file of JSON, as far as it is there; who wrote it is not checked. */
const jsonIn = async (path: string): Promise<unknown> => {
  const text = await readText(path)()
  try {
    return E.isRight(text) ? (JSON.parse(text.right) as unknown) : undefined
  } catch {
    return undefined
  }
}

/** What lies at a path of keys, if it is there. */
const at = (value: unknown, ...keys: readonly string[]): unknown =>
  keys.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null && Object.hasOwn(inner, key)
        ? (inner as Readonly<Record<string, unknown>>)[key]
        : undefined,
    value
  )

const scoreIn = (metrics: unknown): RunLine['score'] =>
  (['f1Micro', 'r2'] as const).flatMap(metric => {
    const value = at(metrics, metric)
    return typeof value === 'number' ? [{ metric, value }] : []
  })[0]

/** A run in a line. */
export const runLine = (folder: string): TE.TaskEither<Failure, RunLine> =>
  attempt(async get => {
    const experiment = await get(readConfig(folder))
    const { data, hyperparameters: h } = experiment
    const clock = await get(newestClock(folder))
    const { bestEpoch: best } = clock.progress
    const summary = await jsonIn(paths(folder).summary)
    const current = at(summary, 'epochs') === clock.epoch && at(summary, 'best', 'epoch') === best
    const watched = current
      ? at(summary, 'best', 'validation')
      : (await get(readTrajectory(folder, best))).find(({ epoch }) => epoch === best)?.metrics
    const score = scoreIn(watched)
    const synapses = current ? at(summary, 'best', 'topology', 'effectiveSynapses') : undefined
    const targets = at(await jsonIn(paths(folder).data), 'targets')
    const sparse = sparsenessOf(experiment)
    const holder = await get(lockHolder(paths(folder).lock))
    const state = holder ? 'training' : endOf(experiment, clock) !== undefined ? 'done' : 'unfinished'
    return {
      folder,
      data,
      targets: Array.isArray(targets) ? targets.map(String) : [],
      model: experiment.model.name,
      ...(sparse === undefined ? {} : { sparse }),
      ...(score ? { score } : {}),
      ...(typeof synapses === 'number' ? { synapses } : {}),
      best,
      epoch: clock.epoch,
      epochs: h.epochs,
      state
    }
  })

/** Runs in lines, in the order of their folders, or what is wrong with them; a few at a time. */
export const runLines = async (
  folders: readonly string[]
): Promise<readonly (readonly [folder: string, line: E.Either<Failure, RunLine>])[]> => {
  const lines = new Map<string, E.Either<Failure, RunLine>>()
  const queue = folders.values()
  const reader = async (): Promise<void> => {
    for (const folder of queue) lines.set(folder, await runLine(folder)())
  }
  await Promise.all(range(AT_ONCE).map(reader))
  return folders.map(folder => [folder, lines.get(folder) as E.Either<Failure, RunLine>])
}
