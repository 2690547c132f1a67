/** Records as lines of JSON: what is finished is appended at once, and read again by whoever goes on. Node only. */
import { appendFile } from 'node:fs/promises'
import { setTimeout } from 'node:timers/promises'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { attempt, settle } from '../codecs/attempt.js'
import type { Codec } from '../codecs/strict.js'
import { parse } from '../codecs/strict.js'
import type { Failure } from '../core/port/failure.js'
import { isAbsent } from '../storage/data-folder.js'
import { fileFailure, readText, writeWhole } from '../storage/files.js'
import { takeLock } from '../storage/lock.js'

/** The text of a file, undefined if there is no such file. */
export const textIfThere = (file: string): TE.TaskEither<Failure, string | undefined> =>
  TE.orElse((f: Failure): TE.TaskEither<Failure, string | undefined> =>
    isAbsent(f) ? TE.right(undefined) : TE.left(f)
  )(readText(file))

const textOf = (file: string): TE.TaskEither<Failure, string> =>
  TE.map((text?: string) => text ?? '')(textIfThere(file))

/** What of a file are whole lines: a last one without its end is being written, or of somebody who was killed. */
const whole = (written: string): string => written.slice(0, written.lastIndexOf('\n') + 1)

/** The records of a file, none if there is no such file. */
export const readLines = <A>(codec: Codec<A>, file: string): TE.TaskEither<Failure, readonly A[]> =>
  attempt(async get => {
    const lines = whole(await get(textOf(file))).split('\n')
    return lines.slice(0, -1).map((line, i) => settle(parse(codec, `${file}, line ${i + 1}`)(line)))
  })

/** How often a writer tries to be the only one, and milliseconds between two tries. */
const [TRIES, PAUSE] = [200, 25] as const

/** Does something while no other process does something under the same lock. */
export const alone = <A>(
  path: string,
  effect: TE.TaskEither<Failure, A>,
  tries: number = TRIES
): TE.TaskEither<Failure, A> =>
  attempt(async get => {
    const taken = await takeLock(path)()
    if (E.isRight(taken)) return get(effect).finally(taken.right.release)
    if (tries === 0) return settle<never>(taken)
    await setTimeout(PAUSE)
    return get(alone(path, effect, tries - 1))
  })

/** Appends a record as a line; a last line without its end goes first. Several processes may append to one file. */
export const appendLine = (file: string, value: unknown): TE.TaskEither<Failure, void> =>
  alone(
    `${file}.lock`,
    attempt(async get => {
      const written = await get(textOf(file))
      if (written !== whole(written)) await get(writeWhole(file, whole(written)))
      await get(TE.tryCatch(() => appendFile(file, `${JSON.stringify(value)}\n`), fileFailure(file)))
    })
  )
