/** Networks that came as a document: a folder with network.json alone, beside those of runs. Node only. */
import { access } from 'node:fs/promises'
import { basename } from 'node:path'
import type * as TE from 'fp-ts/lib/TaskEither.js'
import { attempt, settle } from '../codecs/attempt.js'
import type { Failure } from '../core/port/failure.js'
import { failure, FailureError } from '../core/port/failure.js'
import { writeJson } from '../exports/json/json.js'
import { readNetwork } from '../exports/json/network-document.js'
import type { Program } from '../exports/program.js'
import { readWhole, writeWhole } from '../storage/files.js'
import { namesIn } from './folder-status.js'
import { isLeftover, paths } from './run-folder.js'

/** Whether a folder holds an imported network. */
export const isImported = (folder: string): Promise<boolean> =>
  access(paths(folder).network).then(
    () => true,
    () => false
  )

/** The imported network of a folder. */
export const readImported = (folder: string): TE.TaskEither<Failure, Program> =>
  attempt(async get => {
    const { network } = paths(folder)
    return settle(readNetwork(await get(readWhole(network)), network))
  })

/** Keeps a network that a document describes in a folder of its own; one that is imported again is replaced. */
export const importNetwork = (bytes: Uint8Array, place: string, folder: string): TE.TaskEither<Failure, Program> =>
  attempt(async get => {
    const program = settle(readNetwork(bytes, place))
    const { network } = paths(folder)
    const inside = await get(namesIn(folder))
    if (inside.some(name => name !== basename(network) && !isLeftover(name))) {
      const cure = 'Name a new or an empty folder'
      throw new FailureError(failure('usage', `--out ${folder}`, 'it holds something else', cure))
    }
    const [document] = writeJson(program, { name: 'network' })
    if (document) await get(writeWhole(network, document.content))
    return program
  })
