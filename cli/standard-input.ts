/** A table that comes by standard input. */
import type * as TE from 'fp-ts/lib/TaskEither.js'
import { attempt } from '../codecs/attempt.js'
import type { Failure } from '../core/port/failure.js'
import { failure, FailureError } from '../core/port/failure.js'

/** Most bytes that a run keeps of it. */
const MOST_BYTES = 100 * 2 ** 20

/** All of standard input, up to 100 MiB, if the data are `-`. */
export const inputOf = (data: readonly string[]): TE.TaskEither<Failure, Uint8Array | undefined> =>
  attempt(async () => {
    if (data[0] !== '-') return undefined
    if (data.length > 1)
      throw new FailureError(failure('usage', 'data -', 'standard input is one table', 'Name files, or - alone'))
    const refuse = (what: string, cure: string): never => {
      throw new FailureError(failure('input', 'standard input', what, cure))
    }
    if (process.stdin.isTTY) refuse('it is a terminal', 'Send a table there: cat my.csv | sagp train -')
    const chunks: Buffer[] = []
    let size = 0
    for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
      chunks.push(chunk)
      size += chunk.length
      if (size > MOST_BYTES)
        refuse(`more than ${MOST_BYTES} bytes came, which a run does not keep`, 'Save it as a file, and name that')
    }
    if (size === 0) refuse('nothing came', 'Send a table there: cat my.csv | sagp train -')
    return new Uint8Array(Buffer.concat(chunks))
  })
