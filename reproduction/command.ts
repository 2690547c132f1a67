/** What the commands of this room share: names with commas, how they are told, how they end. Node only. */
import * as E from 'fp-ts/lib/Either.js'
import type { Failure } from '../core/port/failure.js'
import { explain, FailureError, refuse } from '../core/port/failure.js'
import { hint } from '../core/port/nearest.js'
import type { Codec } from '../codecs/strict.js'
import { decode, number } from '../codecs/strict.js'
import type { Finished } from './work.js'
import { missingText } from './work.js'

/** To standard error. */
export const tell = (line: string): void => void process.stderr.write(`${line}\n`)

/** The names that are asked for, with commas, in the order in which they are known. @throws FailureError if one is unknown */
export const namesOf = <N extends string>(flag: string, given: string, known: readonly N[]): readonly N[] => {
  const wanted: readonly string[] = given.split(',')
  const strange = wanted.find(name => !(known as readonly string[]).includes(name))
  if (strange !== undefined) refuse(flag, `${strange} is unknown`, hint(strange, known))
  return known.filter(name => wanted.includes(name))
}

/** The number that is given for a flag. @throws FailureError, of wrong use, if its codec refuses it */
export const numberOf = (flag: string, codec: Codec<number>, given: string): number => {
  const made = decode(codec, flag)(Number(given))
  if (E.isLeft(made)) throw new FailureError({ ...made.left, kind: 'usage' })
  return made.right
}

/** Minutes of a budget, which nobody has to give. @throws FailureError as `numberOf` does */
export const budgetOf = (given: string | undefined): number =>
  given === undefined ? Infinity : numberOf('--budget', number(0, 1e6), given)

/** The command as a page tells it: where data lie on this machine is no part of it. */
export const commandText = (name: string, folder?: string): string => {
  const words = process.argv
    .slice(2)
    .filter((word, i, all) => word !== '--data-dir' && all[i - 1] !== '--data-dir')
    .map(word => (word === folder ? 'FOLDER' : word))
  return `npm run ${name} -- ${words.join(' ')}`.replace(/ -- $/, '')
}

/** Says where results are, and what is not finished. @throws FailureError if a training failed */
export const told = ({ missing, failures: [first] }: Finished<unknown>, out: string): void => {
  tell(`written to ${out}${missing > 0 ? `; ${missingText(missing)}` : ''}`)
  if (first) throw new FailureError(first)
}

/** Ends the process: by what went wrong, if anything did. */
export const end = (done: E.Either<Failure, unknown>): void => {
  if (E.isRight(done)) return
  tell(explain(done.left))
  process.exitCode = done.left.kind === 'usage' ? 2 : 1
}
