/** What the laws leave open of scatter and reshape: the order of sums, what is infinite, who owns what. */
import { expect, test } from 'vitest'
import type { Backend } from '../core/port/backend.js'
import { tabulate } from '../core/port/ndarray.js'
import { downloaded } from '../properties/compare.js'
import type { Tensor } from './open.js'
import { reference } from './reference.js'
import { simd } from './simd.js'
import { wasm } from './wasm.js'

const own = await simd()
const backends = [reference(), own, await wasm()].map(b => [b.name, b as unknown as Backend<Tensor>] as const)

test.each(backends)('%s scatters in order, each place for itself', async (_, b) => {
  const big = 2 ** 60
  const scattered = async (values: readonly number[], indices: readonly number[], size: number) => {
    const column = () => b.constant({ shape: [values.length, 1], data: Float32Array.from(values) })
    const down = await downloaded(b, () => b.scatter(column(), indices, size, 0))
    const right = await downloaded(b, () => b.scatter(b.transpose(column()), indices, size, 1))
    expect(Array.from(right.data)).toEqual(Array.from(down.data))
    return Array.from(down.data)
  }
  expect(await scattered([big, 1, -big], [0, 0, 0], 1)).toEqual([0])
  expect(await scattered([big, -big, 1], [0, 0, 0], 1)).toEqual([1])
  expect(await scattered([5, big, 7, 1, -big, -0], [4, 1, 4, 1, 1, 2], 6)).toEqual([0, 0, 0, 0, 12, 0])
  const poles = await downloaded(b, () =>
    b.scatter(b.log(b.constant({ shape: [2, 1], data: Float32Array.of(0, 1) })), [2, 0], 3, 0)
  )
  expect(Array.from(poles.data)).toEqual([0, 0, -Infinity])
})

test.each(backends)(
  '%s: another shape outlives what it was made of; scatter leaves nothing but its result',
  async (_, b) => {
    const before = b.liveTensors()
    const a = b.constant(tabulate([3, 4], (i, j) => 10 * i + j))
    const part = b.slice(a, [1, 0], [2, 4])
    const other = b.reshape(part, [4, 2])
    const sums = b.scatter(a, [1, 0, 1], 2, 0)
    expect(b.liveTensors()).toBe(before + 4)
    b.release([a, part])
    b.release([b.constant(tabulate([3, 4], () => 7))]) // would lie where they lay
    expect(Array.from((await b.download(other)).data)).toEqual([10, 11, 12, 13, 20, 21, 22, 23])
    expect(Array.from((await b.download(sums)).data)).toEqual([10, 11, 12, 13, 20, 22, 24, 26])
    b.release([other, sums])
    expect(b.liveTensors()).toBe(before)
  }
)

test('simd: another shape takes no memory', () => {
  const a = own.constant(tabulate([8, 8], () => 1))
  const { live } = own.usage()
  const other = own.reshape(a, [4, 16])
  expect(own.usage().live).toBe(live)
  own.release([a])
  expect(own.usage().live).toBe(live)
  own.release([other])
  expect(own.usage().live).toBeLessThan(live)
})
