/**
 * Zip archives by their table of contents (the central directory, PKWARE's APPNOTE 4.3): what is cut short has none, and
 * each file's length and CRC-32 stand there, so that damage is found and nothing inflates beyond what was announced. Node only.
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { crc32, inflateRawSync } from 'node:zlib'
import { Unfit } from './unfit.js'

const [LOCAL, CENTRAL, END] = [0x04034b50, 0x02014b50, 0x06054b50] as const
/** Bytes of the fixed part of each of these. */
const [LOCAL_BYTES, CENTRAL_BYTES, END_BYTES] = [30, 46, 22] as const
const [STORED, DEFLATED] = [0, 8] as const
const MOST_COMMENT = 65_535
/** Bytes of one file: a sound has some hundred thousand. */
const MOST_BYTES = 2 ** 28

/** A file of an archive. */
export interface Zipped {
  readonly name: string
  /** Its bytes, as the table of contents has them. @throws Unfit when they are not */
  readonly bytes: () => Uint8Array
}

/** Reads a part of the archive; one that is not all there is cut short. */
type Reading = (from: number, count: number) => Buffer

const reading =
  (file: number, size: number): Reading =>
  (from, count) => {
    if (from < 0 || from + count > size) throw new Unfit('it is cut short, or damaged')
    const bytes = Buffer.alloc(count)
    for (let done = 0; done < count;) {
      const more = readSync(file, bytes, done, count - done, from + done)
      if (more === 0) throw new Unfit('it is cut short, or damaged')
      done += more
    }
    return bytes
  }

/** Where the table of contents lies, and how many files it names. */
const contentsOf = (read: Reading, size: number): readonly [files: number, table: Buffer] => {
  const tail = Math.min(size, END_BYTES + MOST_COMMENT)
  const bytes = read(size - tail, tail)
  for (let at = tail - END_BYTES; at >= 0; at--) {
    if (bytes.readUInt32LE(at) !== END || at + END_BYTES + bytes.readUInt16LE(at + 20) !== tail) continue
    const [files, length, from] = [
      bytes.readUInt16LE(at + 10),
      bytes.readUInt32LE(at + 12),
      bytes.readUInt32LE(at + 16)
    ]
    if (from === 0xffffffff) throw new Unfit('it is larger than 4 GiB')
    return [files, read(from, length)]
  }
  throw new Unfit('it has no table of contents: it is cut short, or no zip archive')
}

const inflated = (name: string, content: Buffer, size: number): Uint8Array => {
  try {
    return inflateRawSync(content, { maxOutputLength: Math.max(1, size) })
  } catch (error) {
    throw new Unfit(`${name} is damaged: ${(error as Error).message}`)
  }
}

const bytesOf = (read: Reading, name: string, entry: Buffer): Uint8Array => {
  const [flags, method] = [entry.readUInt16LE(8), entry.readUInt16LE(10)]
  const [crc, packed, size, at] = [16, 20, 24, 42].map(field => entry.readUInt32LE(field)) as [
    number,
    number,
    number,
    number
  ]
  if (flags % 2 === 1) throw new Unfit(`${name} is encrypted`)
  if (method !== STORED && method !== DEFLATED) throw new Unfit(`${name} is compressed in another way than deflate`)
  if (size > MOST_BYTES) throw new Unfit(`${name} holds ${size} bytes, more than ${MOST_BYTES}`)
  const local = read(at, LOCAL_BYTES)
  if (local.readUInt32LE(0) !== LOCAL) throw new Unfit(`${name} is not where the table of contents has it`)
  const content = read(at + LOCAL_BYTES + local.readUInt16LE(26) + local.readUInt16LE(28), packed)
  const bytes = method === STORED ? content : inflated(name, content, size)
  if (bytes.length !== size || crc32(bytes) !== crc) throw new Unfit(`${name} is damaged: its CRC-32 does not fit`)
  return bytes
}

/** Calls `take` with each file of an archive, folders left out. @throws Unfit */
export const eachZipped = (archive: string, take: (file: Zipped) => void): void => {
  const file = openSync(archive, 'r')
  try {
    const { size } = fstatSync(file)
    const read = reading(file, size)
    const [files, table] = contentsOf(read, size)
    let packed = 0
    for (let i = 0, at = 0; i < files; i++) {
      if (at + CENTRAL_BYTES > table.length || table.readUInt32LE(at) !== CENTRAL)
        throw new Unfit('its table of contents is damaged')
      const entry = table.subarray(at)
      const [name, extra, comment] = [28, 30, 32].map(field => entry.readUInt16LE(field)) as [number, number, number]
      const text = entry.toString('utf8', CENTRAL_BYTES, CENTRAL_BYTES + name)
      packed += entry.readUInt32LE(20)
      if (packed > size) throw new Unfit('its files lie over one another') // a few bytes would become gigabytes
      if (!text.endsWith('/')) take({ name: text, bytes: () => bytesOf(read, text, entry) })
      at += CENTRAL_BYTES + name + extra + comment
    }
  } finally {
    closeSync(file)
  }
}
