/** Bytes as text: by their byte order mark, by the encoding that is named, or as UTF-8; never with losses. */
import * as E from 'fp-ts/lib/Either.js'
import type { Failure } from '../../core/port/failure.js'
import { failure } from '../../core/port/failure.js'

/** Names that people use for what the WHATWG calls otherwise. */
const labels: ReadonlyMap<string, string> = new Map([
  ['utf16', 'utf-16le'],
  ['utf16le', 'utf-16le'],
  ['utf16be', 'utf-16be'],
  ['cp1252', 'windows-1252']
])

const UTF8 = 'utf-8'

/** What windows-1252 has at 0x80 to 0x9f: engines read them so, or, against the standard, as control characters. */
const WINDOWS = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ'

const latin = (text: string): string => text.replace(/[\x80-\x9f]/g, c => WINDOWS[c.charCodeAt(0) - 0x80] as string)

const marked = ([a, b, c]: Uint8Array): string | undefined => {
  if (a === 0xef && b === 0xbb && c === 0xbf) return UTF8
  if (a === 0xff && b === 0xfe) return 'utf-16le'
  return a === 0xfe && b === 0xff ? 'utf-16be' : undefined
}

/** The byte at which UTF-8 goes wrong: the first character that only losses can stand for. */
const firstWrong = (bytes: Uint8Array): { readonly at: number; readonly line: number } => {
  const text = new TextDecoder(UTF8, { ignoreBOM: true }).decode(bytes)
  const encoder = new TextEncoder()
  let [from, at] = [0, 0]
  for (;;) {
    const next = text.indexOf('\ufffd', from)
    if (next < 0) return { at, line: text.split('\n').length }
    at += encoder.encode(text.slice(from, next)).length
    const isItself = bytes[at] === 0xef && bytes[at + 1] === 0xbf && bytes[at + 2] === 0xbd
    if (!isItself) return { at, line: text.slice(0, next).split('\n').length }
    ;[from, at] = [next + 1, at + 3]
  }
}

/** UTF-16 without its mark has a zero in every other byte, as most of its letters are Latin; other text has none. */
const zeros = (bytes: Uint8Array): string => {
  const [even, odd] = [0, 1].map(side => bytes.subarray(0, 1000).filter((b, i) => b === 0 && i % 2 === side).length)
  const half = Math.min(1000, bytes.length) / 4
  if ((odd as number) > half && even === 0) return 'Read it with --encoding utf16le'
  return (even as number) > half && odd === 0
    ? 'Read it with --encoding utf16be'
    : 'Give a table as text, .parquet or .npz'
}

/** What bytes say. `encoding` is as `TextReading` has it; a byte order mark is believed before it, and left out. */
export const textOf = (bytes: Uint8Array, place: string, encoding?: string): E.Either<Failure, string> => {
  const wrong = (what: string, cure: string): E.Either<Failure, never> => E.left(failure('input', place, what, cure))
  const name = encoding?.toLowerCase()
  const label = marked(bytes) ?? (name === undefined ? UTF8 : (labels.get(name) ?? name))
  let decoder: TextDecoder
  try {
    decoder = new TextDecoder(label, { fatal: true })
  } catch {
    const cure = 'Name utf8, utf16le, utf16be, latin1 or another that browsers know'
    return E.left(
      failure('usage', '--encoding', `no encoding is called ${JSON.stringify(encoding?.slice(0, 40))}`, cure)
    )
  }
  if (!label.startsWith('utf-16') && bytes.subarray(0, 65_536).includes(0))
    return wrong('it is no text: it holds bytes of 0', zeros(bytes))
  try {
    const text = decoder.decode(bytes)
    return E.right(decoder.encoding === 'windows-1252' ? latin(text) : text)
  } catch {
    if (decoder.encoding !== UTF8)
      return wrong(`it is not written in ${decoder.encoding}`, 'Name its encoding with --encoding')
    const { at, line } = firstWrong(bytes)
    const byte = `0x${(bytes[at] ?? 0).toString(16)}`
    return wrong(
      `byte ${at}, line ${line}: ${byte} is not UTF-8`,
      'Read it with --encoding latin1 if that is what it is, or save it as UTF-8'
    )
  }
}
