/** The directory of a zip archive (PKWARE's APPNOTE): where each file lies, how it is packed, its length and CRC. */

/** A file of an archive. */
export interface Entry {
  readonly name: string
  /** 0 as it is, 8 deflated. */
  readonly method: number
  readonly start: number
  readonly size: number
  readonly unpacked: number
  readonly crc: number
}

const [END, ENTRY, LOCAL] = [0x06054b50, 0x02014b50, 0x04034b50] as const
const [END_SIZE, ENTRY_SIZE, LOCAL_SIZE] = [22, 46, 30] as const

/** Where the directory's end begins: before a comment of at most 65,535 bytes. */
const endOf = (view: DataView): number => {
  const first = Math.max(0, view.byteLength - END_SIZE - 0xffff)
  for (let at = view.byteLength - END_SIZE; at >= first; at--) if (view.getUint32(at, true) === END) return at
  throw new Error(`byte ${view.byteLength}: not a zip file, or cut short: it has no directory`)
}

/** All files of an archive, by its directory. @throws Error for a directory that does not fit the bytes */
export const entriesOf = (bytes: Uint8Array): readonly Entry[] => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const end = endOf(view)
  const [count, from] = [view.getUint16(end + 10, true), view.getUint32(end + 16, true)]
  const entries: Entry[] = []
  for (let k = 0, at = from; k < count; k++) {
    if (at + ENTRY_SIZE > end || view.getUint32(at, true) !== ENTRY)
      throw new Error(`byte ${at}: its directory is damaged`)
    const [flags, method, crc] = [
      view.getUint16(at + 8, true),
      view.getUint16(at + 10, true),
      view.getUint32(at + 16, true)
    ]
    const [size, unpacked] = [view.getUint32(at + 20, true), view.getUint32(at + 24, true)]
    const [named, extra, comment] = [28, 30, 32].map(offset => view.getUint16(at + offset, true)) as [
      number,
      number,
      number
    ]
    const local = view.getUint32(at + 42, true)
    const name = new TextDecoder().decode(bytes.subarray(at + ENTRY_SIZE, at + ENTRY_SIZE + named))
    const shown = JSON.stringify(name.slice(0, 80))
    if (flags & 1) throw new Error(`${shown} is encrypted`)
    if (method !== 0 && method !== 8) throw new Error(`${shown} is packed by method ${method}, which is not read`)
    if (local + LOCAL_SIZE > bytes.length || view.getUint32(local, true) !== LOCAL)
      throw new Error(`byte ${local}: ${shown} does not begin there`)
    const start = local + LOCAL_SIZE + view.getUint16(local + 26, true) + view.getUint16(local + 28, true)
    if (start + size > bytes.length) throw new Error(`${shown} is longer than the file: it is cut short`)
    entries.push({ name, method, start, size, unpacked, crc })
    at += ENTRY_SIZE + named + extra + comment
  }
  return entries
}
