/** Units of work that are done once, by however many processes, and gone on with after any interruption. Node only. */
import { dirname, join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import type * as TE from 'fp-ts/lib/TaskEither.js'
import { attempt } from '../codecs/attempt.js'
import { canonicalJson, sha256, utf8 } from '../codecs/bytes.js'
import type { Codec } from '../codecs/strict.js'
import type { Failure } from '../core/port/failure.js'
import { explain } from '../core/port/failure.js'
import type { Plan } from '../experiments/plan.js'
import type { Lock } from '../storage/lock.js'
import { lockHolder, takeLock } from '../storage/lock.js'
import { appendLine, readLines } from './lines.js'

/** What settings and data it is of. */
export interface Identified {
  /** SHA-256 of all settings and of the data. */
  readonly identity: string
}

/** SHA-256 of all settings of a plan and of its data; where a file of them lies is no part of it. */
export const identityOf = ({ experiment, loaded }: Plan): Promise<string> =>
  sha256(utf8(canonicalJson([{ ...experiment, data: '', input: '' }, loaded.fingerprint])))

/** How units become records of a file. */
export interface Work<U extends Identified, R extends Identified> {
  /** The file, of a record a line. */
  readonly file: string
  readonly codec: Codec<R>
  readonly make: (unit: U) => TE.TaskEither<Failure, R>
  /** Minutes after which no further unit is begun; at least one is. */
  readonly minutes: number
  /** Tells the world what there is, after each unit and at the end. */
  readonly publish: (finished: Finished<R>) => TE.TaskEither<Failure, void>
}

/** What came of it. */
export interface Finished<R> {
  /** Records of the units, in their order. */
  readonly records: readonly R[]
  /** Units without one: there was no time, another process is at them, or they failed. */
  readonly missing: number
  /** Why units failed. */
  readonly failures: readonly Failure[]
}

/** The lock of a unit, unless another process has it. */
const claimed = (path: string): TE.TaskEither<Failure, Lock | undefined> =>
  attempt(async get => {
    const taken = await takeLock(path)()
    if (E.isRight(taken)) return taken.right
    return (await get(lockHolder(path))) === undefined ? get(takeLock(path)) : undefined
  })

/**
 * Does the units in their order, each unless the file has a record of it or another process is at it. A unit that fails is
 * told, and stops no other.
 */
export const finish = <U extends Identified, R extends Identified>(
  units: readonly U[],
  { file, codec, make, minutes, publish }: Work<U, R>,
  tell: (line: string) => void
): TE.TaskEither<Failure, Finished<R>> =>
  attempt(async get => {
    const began = performance.now()
    const failures: Failure[] = []
    const read = async (): Promise<ReadonlyMap<string, R>> =>
      new Map((await get(readLines(codec, file))).map(r => [r.identity, r]))
    let done = await read()
    const published = async (): Promise<Finished<R>> => {
      done = await read()
      const records = units.flatMap(({ identity }) => done.get(identity) ?? [])
      const finished = { records, missing: units.length - records.length, failures }
      await get(publish(finished))
      return finished
    }
    for (const unit of units) {
      if (done.has(unit.identity)) continue
      const lock = await get(claimed(join(dirname(file), 'locks', `${unit.identity}.lock`)))
      if (!lock) continue
      try {
        done = await read() // another process may have been faster
        if (done.has(unit.identity)) continue
        const made = await make(unit)()
        if (E.isRight(made)) await get(appendLine(file, made.right))
        else {
          failures.push(made.left)
          tell(explain(made.left))
        }
      } finally {
        await lock.release()
      }
      if (performance.now() - began >= 60_000 * minutes) break
      await published()
    }
    return published()
  })

/** How many trainings are not finished, in words.
 * @example missingText(1) // => '1 training is not finished'
 */
export const missingText = (missing: number): string =>
  `${missing} ${missing === 1 ? 'training is' : 'trainings are'} not finished`
