/** JSON that a stranger wrote: how much it may hold is checked before it is parsed, and each key stands once in its record. */
import * as E from 'fp-ts/lib/Either.js'
import type { Failure } from '../../core/port/failure.js'
import { failure } from '../../core/port/failure.js'

/** Most bytes, or characters, of a document. */
export const MOST_JSON: number = 2 ** 25

/** How deep lists and records may stand in each other, how many there may be, and how many keys each record may have. */
const [DEEPEST, MOST_BRACKETS, MOST_KEYS] = [8, 2 ** 22, 32] as const

/** Most characters of a key: those of a network's records are plain words; and of a text as it is escaped, six for one. */
const [LONGEST_KEY, LONGEST_TEXT] = [40, 6_000_000] as const

const [QUOTE, BACKSLASH, COLON, OPEN, CLOSE, LIST, LIST_END] = [34, 92, 58, 123, 125, 91, 93] as const

type Fault = readonly [what: string, cure: string]

const CURE = 'Give the document as it was exported'

/** Where the quote stands that closes the one at `from`; past the end if none does. */
const closingQuote = (text: string, from: number): number => {
  let at = from + 1
  for (; at < text.length; at++) {
    const c = text.charCodeAt(at)
    if (c === QUOTE) break
    if (c === BACKSLASH) at++
  }
  return at
}

const isBlank = (c: number): boolean => c === 32 || c === 10 || c === 13 || c === 9

/** Whether the text that ends before `at` is a key. */
const isKey = (text: string, at: number): boolean => {
  let next = at
  while (isBlank(text.charCodeAt(next))) next++
  return text.charCodeAt(next) === COLON
}

const lineAt = (text: string, at: number): number => {
  let line = 1
  for (let next = text.indexOf('\n'); next >= 0 && next < at; next = text.indexOf('\n', next + 1)) line++
  return line
}

/** What of a text is more than a document may hold, if anything is: one pass, no deeper and no longer than is allowed. */
const excess = (text: string): Fault | undefined => {
  const wrong = (at: number, what: string, cure: string = CURE): Fault => [`line ${lineAt(text, at)}: ${what}`, cure]
  const keys: string[][] = [] // of each record that is open; a list has none
  let brackets = 0
  for (let at = 0; at < text.length; at++) {
    const c = text.charCodeAt(at)
    if (c === OPEN || c === LIST) {
      if (++brackets > MOST_BRACKETS) return wrong(at, `more than ${MOST_BRACKETS} lists and records`)
      if (keys.push([]) > DEEPEST) return wrong(at, `lists and records stand more than ${DEEPEST} deep in each other`)
    } else if (c === CLOSE || c === LIST_END) keys.pop()
    else if (c === QUOTE) {
      const end = closingQuote(text, at)
      if (end - at > LONGEST_TEXT + 1) return wrong(at, `a text of more than ${LONGEST_TEXT} characters`)
      if (isKey(text, end + 1)) {
        const key = text.slice(at + 1, end)
        const own = keys.at(-1) ?? []
        if (key.length > LONGEST_KEY || key.includes('\\'))
          return wrong(at, `no key of a network is called ${JSON.stringify(key.slice(0, LONGEST_KEY))}`)
        if (own.includes(key)) return wrong(at, `the key ${key} stands twice in one record`, 'Leave one of them out')
        if (own.push(key) > MOST_KEYS) return wrong(at, `a record of more than ${MOST_KEYS} keys`)
      }
      at = end
    }
  }
  return undefined
}

/** Parses the JSON of a document, given as text or as its UTF-8 bytes. */
export const parseBounded = (given: string | Uint8Array, where: string): E.Either<Failure, unknown> => {
  const wrong = (what: string, cure: string): E.Either<Failure, never> => E.left(failure('input', where, what, cure))
  if (given.length > MOST_JSON)
    return wrong(`${given.length} bytes are more than the ${MOST_JSON} that a network's document may have`, CURE)
  let text: string
  try {
    text = typeof given === 'string' ? given : new TextDecoder('utf-8', { fatal: true }).decode(given)
  } catch {
    return wrong('it is not UTF-8', 'Save it as UTF-8')
  }
  const fault = excess(text)
  if (fault) return wrong(...fault)
  try {
    return E.right(JSON.parse(text.startsWith('\ufeff') ? text.slice(1) : text))
  } catch (error) {
    const { message } = error as Error
    return /^Unexpected token '?[NI]/.test(message) && /[[:,]\s*-?(NaN|Infinity)\b/.test(text)
      ? wrong('NaN and Infinity are not JSON', 'Give finite numbers')
      : wrong(`it is not JSON: ${message.slice(0, 120)}`, CURE)
  }
}
