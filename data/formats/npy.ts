/** NumPy's npy files, versions 1 to 3, and npz archives of them (numpy.lib.format). */
import * as E from 'fp-ts/lib/Either.js'
import type { Failure } from '../../core/port/failure.js'
import { failure } from '../../core/port/failure.js'
import { LONGEST_CELL, mostRows } from './bounds.js'
import { archive, unarchive } from './compressed.js'

/** Numbers of an array; whole numbers of 64 bits become Float64, or texts if one of them is too large for that. */
export type Numbers =
  Float32Array | Float64Array | Uint8Array | Int8Array | Uint16Array | Int16Array | Uint32Array | Int32Array

/** An array in C order, of numbers or texts. */
export interface Npy {
  readonly shape: readonly number[]
  readonly data: Numbers | readonly string[]
}

const MAGIC = '\x93NUMPY'
/** Sides and texts that take no bytes are bounded, too. */
const [MOST_EMPTY, MOST_TEXTS, MOST_SIDES] = [2 ** 16, 2 ** 24, 32] as const

const word = new DataView(new ArrayBuffer(4))
/** A number of 16 bits, as IEEE 754 has it: by its bits as one of 32. */
const half = (bits: number): number => {
  const [sign, exponent, fraction] = [bits >> 15 ? -1 : 1, (bits >> 10) & 31, bits & 1023]
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN
  if (exponent === 0) return (sign * fraction) / 2 ** 24
  word.setUint32(0, ((exponent + 112) << 23) | (fraction << 13))
  return sign * word.getFloat32(0)
}

/** How numbers of a kind and width are read. */
const readers: Readonly<
  Record<string, readonly [make: (n: number) => Numbers, read: (v: DataView, at: number, little: boolean) => number]>
> = {
  f2: [n => new Float32Array(n), (v, at, little) => half(v.getUint16(at, little))],
  f4: [n => new Float32Array(n), (v, at, little) => v.getFloat32(at, little)],
  f8: [n => new Float64Array(n), (v, at, little) => v.getFloat64(at, little)],
  u1: [n => new Uint8Array(n), (v, at) => v.getUint8(at)],
  b1: [n => new Uint8Array(n), (v, at) => v.getUint8(at)],
  i1: [n => new Int8Array(n), (v, at) => v.getInt8(at)],
  u2: [n => new Uint16Array(n), (v, at, little) => v.getUint16(at, little)],
  i2: [n => new Int16Array(n), (v, at, little) => v.getInt16(at, little)],
  u4: [n => new Uint32Array(n), (v, at, little) => v.getUint32(at, little)],
  i4: [n => new Int32Array(n), (v, at, little) => v.getInt32(at, little)],
  u8: [n => new Float64Array(n), (v, at, little) => Number(v.getBigUint64(at, little))],
  i8: [n => new Float64Array(n), (v, at, little) => Number(v.getBigInt64(at, little))]
}

const isLittle = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1

const texts = (bytes: Uint8Array, count: number, kind: string, width: number, little: boolean): readonly string[] => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const size = kind === 'U' ? 4 : 1
  return Array.from({ length: count }, (_, i) => {
    let text = ''
    for (let k = 0; k < width; k++) {
      const at = (i * width + k) * size
      const code = kind === 'U' ? view.getUint32(at, little) : view.getUint8(at)
      if (code === 0) break
      text += code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd'
    }
    return text
  })
}

/** Whole numbers of 64 bits digit by digit, if one of them is none of Float64's. */
const wholeTexts = (bytes: Uint8Array, kind: string, little: boolean): readonly string[] | undefined => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const read = (i: number): bigint =>
    kind === 'u' ? view.getBigUint64(i * 8, little) : view.getBigInt64(i * 8, little)
  const count = bytes.length / 8
  const isLarge = (i: number): boolean => {
    const at = i * 8 + (little ? 4 : 0)
    const high = kind === 'u' ? view.getUint32(at, little) : view.getInt32(at, little)
    return (high >= 0x200000 || high < -0x200000) && !Number.isSafeInteger(Number(read(i)))
  }
  for (let i = 0; i < count; i++) if (isLarge(i)) return Array.from({ length: count }, (_, k) => String(read(k)))
  return undefined
}

/** Fortran order as C order: the first index runs slowest. */
const cOrder = (data: Npy['data'], shape: readonly number[]): Npy['data'] => {
  const out = data.slice() as (string | number)[]
  const strides = shape.map((_, axis) => shape.slice(0, axis).reduce((p, n) => p * n, 1))
  const index = shape.map(() => 0)
  for (let i = 0, from = 0; i < data.length; i++) {
    out[i] = data[from] as string | number
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const [side, stride] = [shape[axis] as number, strides[axis] as number]
      index[axis] = (index[axis] as number) + 1
      from += stride
      if ((index[axis] as number) < side) break
      index[axis] = 0
      from -= side * stride
    }
  }
  return out as unknown as Npy['data']
}

/** Reads an npy file. `place` names it. */
export const readNpy = (bytes: Uint8Array, place: string): E.Either<Failure, Npy> => {
  const wrong = (what: string, cure = 'Write it anew with numpy.save'): E.Either<Failure, never> =>
    E.left(failure('input', place, what, cure))
  const latin = (from: number, to: number): string => String.fromCharCode(...bytes.subarray(from, to))
  if (latin(0, 6) !== MAGIC) return wrong('byte 0: not an npy file')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const major = bytes[6] ?? 0
  if (major < 1 || major > 3) return wrong(`byte 6: version ${major} is unknown`)
  const start = major === 1 ? 10 : 12
  if (bytes.length < start) return wrong(`byte ${bytes.length}: it ends within its header`)
  const length = major === 1 ? view.getUint16(8, true) : view.getUint32(8, true)
  if (length > Math.min(65536, bytes.length - start)) return wrong(`byte 8: a header of ${length} bytes cannot be`)
  const header = latin(start, start + length)
  const descr = /'descr': *'([<>|=])([a-zA-Z])(\d{1,6})'/.exec(header)
  const order = /'fortran_order': *(True|False)/.exec(header)
  const sides = /'shape': *\(([\d, ]*)\)/.exec(header)
  if (!descr || !order || !sides) {
    return wrong(
      `byte ${start}: ${JSON.stringify(header.trim().slice(0, 60))} is no header of a plain array`,
      'Save numbers or texts, not objects or records'
    )
  }
  const [, mark = '', kind = '', digits = ''] = descr
  const little = mark === '<' || (mark !== '>' && isLittle)
  const shape = (sides[1] ?? '')
    .split(',')
    .filter(s => s.trim() !== '')
    .map(Number)
  const count = shape.reduce((p, n) => p * n, 1)
  const isText = kind === 'U' || kind === 'S'
  const width = isText ? Number(digits) * (kind === 'U' ? 4 : 1) : Number(digits)
  const reader = readers[`${kind}${digits}`]
  if (!isText && !reader)
    return wrong(
      `byte ${start}: numbers of kind ${kind}${digits} are not read`,
      'Convert them with numpy.astype, to float32 say'
    )
  const at = start + length
  const left = bytes.length - at
  const room = shape.reduce((p, n) => p * Math.max(1, n), 1) * Math.max(1, width)
  if (room > Math.max(left, MOST_EMPTY) || count * width > left || shape.length > MOST_SIDES)
    return wrong(`byte ${at}: ${left} bytes are left for the shape (${shape.join(', ')}) of ${count * width} bytes`)
  const body = bytes.subarray(at, at + count * width)
  const large = width === 8 && (kind === 'u' || kind === 'i') ? wholeTexts(body, kind, little) : undefined
  if ((isText || large) && count > MOST_TEXTS)
    return wrong(`${count} texts are more than the ${MOST_TEXTS} that are read`, 'Give fewer, or save numbers')
  let data: Npy['data']
  if (reader && !large) {
    const [make, read] = reader
    const made = make(count)
    const values = new DataView(body.buffer, body.byteOffset, body.byteLength)
    for (let i = 0; i < count; i++) made[i] = read(values, i * width, little)
    data = made
  } else data = large ?? texts(body, count, kind, Number(digits), little)
  const long = isText ? (data as readonly string[]).findIndex(text => text.length > LONGEST_CELL) : -1
  if (long >= 0) return wrong(`entry ${long} has more than ${LONGEST_CELL} characters`, 'Leave it out, or shorten it')
  return E.right({ shape, data: order[1] === 'True' && shape.length > 1 ? cOrder(data, shape) : data })
}

/** Reads the named arrays of an npz archive, all of them if no names are given; those that it lacks are left out. */
export const readNpz = (
  bytes: Uint8Array,
  place: string,
  names?: readonly string[]
): E.Either<Failure, ReadonlyMap<string, Npy>> => {
  const files = unarchive(bytes, place, file => file.endsWith('.npy') && (names?.includes(file.slice(0, -4)) ?? true))
  if (E.isLeft(files)) return files
  const arrays = new Map<string, Npy>()
  for (const [file, content] of files.right) {
    const name = file.slice(0, -4)
    const where = `${place}, array ${name.slice(0, 80)}`
    const array = readNpy(content, where)
    if (E.isLeft(array)) return array
    const [rows = 0] = array.right.shape
    const most = mostRows(bytes.length)
    if (rows > most) {
      const what = `${rows} rows are more than the ${most} that an archive of its size may hold`
      return E.left(failure('input', where, what, 'Save it uncompressed (numpy.savez), or give fewer rows'))
    }
    arrays.set(name, array.right)
  }
  return E.right(arrays)
}

const kinds = new Map<unknown, string>([
  [Float32Array, '<f4'],
  [Float64Array, '<f8'],
  [Uint8Array, '|u1'],
  [Int32Array, '<i4'],
  [Uint32Array, '<u4']
])

/** An array as an npy file, version 1. */
export const writeNpy = ({ shape, data }: Npy): Uint8Array => {
  const isText = Array.isArray(data)
  const points = isText
    ? (data as readonly string[]).map(text => Array.from(text, c => c.codePointAt(0) as number))
    : []
  const longest = points.reduce((n, p) => Math.max(n, p.length), 1)
  const descr = isText ? `<U${longest}` : kinds.get((data as Numbers).constructor)
  if (descr === undefined) throw new RangeError('Only float32, float64, uint8, int32, uint32 and texts are written.')
  const dims = shape.length === 1 ? `${shape[0]},` : shape.join(', ')
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${dims}), }`
  const head = `${text.padEnd(Math.ceil((text.length + 11) / 64) * 64 - 11)}\n`
  const width = isText ? 4 * longest : (data as Numbers).BYTES_PER_ELEMENT
  const out = new Uint8Array(10 + head.length + data.length * width)
  const view = new DataView(out.buffer)
  const prefix = `${MAGIC}\x01\x00`
  for (let i = 0; i < prefix.length; i++) out[i] = prefix.charCodeAt(i)
  view.setUint16(8, head.length, true)
  for (let i = 0; i < head.length; i++) out[10 + i] = head.charCodeAt(i)
  const at = 10 + head.length
  if (isText) points.forEach((p, i) => p.forEach((code, k) => view.setUint32(at + (i * longest + k) * 4, code, true)))
  else {
    const numbers = data as Numbers
    const put: Readonly<Record<string, (i: number, v: number) => void>> = {
      '<f4': (i, v) => view.setFloat32(i, v, true),
      '<f8': (i, v) => view.setFloat64(i, v, true),
      '|u1': (i, v) => view.setUint8(i, v),
      '<i4': (i, v) => view.setInt32(i, v, true),
      '<u4': (i, v) => view.setUint32(i, v, true)
    }
    const write = put[descr] as (i: number, v: number) => void
    for (let i = 0; i < numbers.length; i++) write(at + i * width, numbers[i] as number)
  }
  return out
}

/** Arrays as an npz archive; the same arrays give the same bytes. */
export const writeNpz = (arrays: Readonly<Record<string, Npy>>): Uint8Array =>
  archive(Object.fromEntries(Object.entries(arrays).map(([name, array]) => [`${name}.npy`, writeNpy(array)])))
