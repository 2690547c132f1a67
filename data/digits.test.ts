import * as E from 'fp-ts/lib/Either.js'
import { expect, test } from 'vitest'
import { prepare } from './dataset.js'
import { digits } from './digits.js'
import { splitOf } from './table.js'

test('the pixels of Digits, 0 to 16, are divided by 16 in every part', () => {
  const table = digits()
  const made = prepare(table, splitOf(table, 1))
  if (E.isLeft(made)) throw new Error(made.left.what)
  const { training, validation, test: held } = made.right
  for (const part of [training, validation, held]) {
    const { shape, data } = part.inputs()
    expect(shape).toEqual([part.rows.length, 64])
    expect(Math.max(...data)).toBe(1)
    expect(data.every((v, k) => v === table.x.data[64 * part.rows[Math.floor(k / 64)]! + (k % 64)]! / 16)).toBe(true)
  }
  // the first image of the source, a zero, begins with these
  const [where] = [training, validation, held].filter(part => part.rows.includes(0))
  const pixels = where!.inputs([where!.rows.indexOf(0)]).data
  expect(Array.from(pixels.subarray(0, 8))).toEqual([0, 0, 0.3125, 0.8125, 0.5625, 0.0625, 0, 0])
})
