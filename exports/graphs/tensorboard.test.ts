/** Event files, read again by what their format says. */
import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { expect, test } from 'vitest'
import { utf8 } from '../../codecs/bytes.js'
import { crc32c } from './event-file.js'
import { writeTensorboard } from './tensorboard.js'

// RFC 3720, B.4, and the check value of CRC-32C
test('CRC-32C has the values that are known', () => {
  expect(crc32c(utf8('123456789'))).toBe(0xe3069283)
  expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa)
  expect(crc32c(new Uint8Array(32).fill(255))).toBe(0x62a8ab43)
  expect(crc32c(Uint8Array.from({ length: 32 }, (_, i) => i))).toBe(0x46dd794e)
  expect(crc32c(Uint8Array.from({ length: 32 }, (_, i) => 31 - i))).toBe(0x113fdb5c)
  expect(crc32c(new Uint8Array())).toBe(0)
  expect(crc32c(utf8('123456789'))).not.toBe(crc32(utf8('123456789')))
})

/** Fields of a message: whole numbers as BigInt, all else as bytes. */
const fieldsOf = (bytes: Buffer): readonly (readonly [field: number, value: bigint | Buffer])[] => {
  const fields: (readonly [number, bigint | Buffer])[] = []
  let at = 0
  const varint = (): bigint => {
    let value = 0n
    for (let shift = 0n; ; shift += 7n) {
      const byte = BigInt(bytes.readUInt8(at++))
      value |= (byte & 127n) << shift
      if (byte < 128n) return value
    }
  }
  while (at < bytes.length) {
    const key = Number(varint())
    const wire = key & 7
    if (wire === 0) {
      fields.push([key >> 3, varint()])
      continue
    }
    const width = { 1: 8, 2: -1, 5: 4 }[wire]!
    const length = width < 0 ? Number(varint()) : width
    expect(at + length).toBeLessThanOrEqual(bytes.length)
    fields.push([key >> 3, bytes.subarray(at, (at += length))])
  }
  return fields
}

const unmasked = (masked: number): number => {
  const rotated = (masked - 0xa282ead8) >>> 0
  return ((rotated >>> 17) | (rotated << 15)) >>> 0
}

/** Events of a file, each with its record's checksums checked. */
const eventsOf = (file: Buffer): readonly unknown[] => {
  const events: unknown[] = []
  for (let at = 0; at < file.length;) {
    const length = Number(file.readBigUInt64LE(at))
    expect(unmasked(file.readUInt32LE(at + 8))).toBe(crc32c(file.subarray(at, at + 8)))
    const message = file.subarray(at + 12, at + 12 + length)
    expect(unmasked(file.readUInt32LE(at + 12 + length))).toBe(crc32c(message))
    at += length + 16
    const [, seconds] = fieldsOf(message)[0]!
    const [, version] = fieldsOf(message).find(([field]) => field === 3) ?? []
    const [, step] = fieldsOf(message).find(([field]) => field === 2) ?? []
    const [, summary] = fieldsOf(message).find(([field]) => field === 5) ?? []
    const scalars = (summary === undefined ? [] : fieldsOf(summary as Buffer)).map(([field, value]) => {
      const parts = fieldsOf(value as Buffer)
      expect([field, ...parts.map(([one]) => one)]).toEqual([1, 1, 2])
      const [tag, number] = parts.map(([, bytes]) => bytes as Buffer)
      return [tag?.toString('utf8'), number?.readFloatLE()]
    })
    const wall = (seconds as Buffer).readDoubleLE()
    events.push(version === undefined ? { wall, step, scalars } : { wall, version: (version as Buffer).toString() })
  }
  return events
}

const lines = [
  { epoch: 1, elapsed: 31.5, scalars: [['loss/task', 2.5] as const, ['metrics/F1 "é" \u0000', -0.1] as const] },
  { epoch: 300, elapsed: 1000, scalars: [['loss/task', 1e-30] as const, ['x'.repeat(300), 7] as const] },
  { epoch: 2 ** 53 - 1, scalars: [] },
  { epoch: 0, scalars: [['loss/task', NaN] as const, ['half \ud800', 16_777_216] as const] }
]
const [file] = writeTensorboard(lines, { name: 'a run' })

test('an event file tells its version, then a step for each epoch, in seconds of training', () => {
  expect(file?.name).toBe('events.out.tfevents.0.a_run')
  expect(eventsOf(Buffer.from(file!.content as Uint8Array))).toEqual([
    { wall: 0, version: 'brain.Event:2' },
    {
      ...{ wall: 0.0315, step: 1n },
      scalars: [
        ['loss/task', 2.5],
        ['metrics/F1 "é" \u0000', Math.fround(-0.1)]
      ]
    },
    {
      ...{ wall: 1, step: 300n },
      scalars: [
        ['loss/task', Math.fround(1e-30)],
        ['x'.repeat(300), 7]
      ]
    },
    { wall: 0, step: 9007199254740991n, scalars: [] },
    {
      ...{ wall: 0, step: 0n },
      scalars: [
        ['loss/task', NaN],
        ['half \ufffd', 16_777_216]
      ]
    }
  ])
})

// read back by TensorBoard 2.21: EventAccumulator of this file gives these tags, steps, times and values
test('the bytes that TensorBoard has read stay the same', () => {
  expect(createHash('sha256').update(file!.content).digest('hex')).toBe(
    'c9530f68e778ef17669ac4b64be81ccb29cecbd49e9b857ce22688e6b506aadc'
  )
})

test('epochs that are no whole numbers from 0 are refused', () => {
  for (const epoch of [-1, 0.5, NaN, Infinity, 2 ** 53])
    expect(() => writeTensorboard([lines[0]!, { epoch, scalars: [] }], { name: 'x' })).toThrow(
      `line 2 of the trajectory: the epoch is ${epoch}, not a whole number from 0. Number epochs 1, 2, 3.`
    )
})
