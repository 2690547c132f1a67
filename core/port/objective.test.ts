import { describe, expect, test } from 'vitest'
import { reference } from '../../backends/reference.js'
import { simd } from '../../backends/simd.js'
import type { Backend } from './backend.js'
import type { TaskLoss } from './objective.js'
import { lossNames, losses } from './objective.js'
import type { NdArray, Shape } from './ndarray.js'

const matrix = (shape: Shape, ...data: readonly number[]): NdArray => ({ shape, data: Float64Array.from(data) })

const scored = async <T>(
  b: Backend<T>,
  name: (typeof lossNames)[number],
  z: NdArray,
  y: NdArray,
  w: NdArray
): Promise<readonly [number, readonly number[]]> => {
  const made = b.kernels.taskLoss(name, b.constant(z), b.constant(y), b.constant(w))
  return [(await b.download(made.loss)).data[0]!, Array.from((await b.download(made.gradient)).data)]
}

test('the usual loss of a kind of target is the first that suits it', () => {
  const first = (kind: string) => lossNames.find(name => losses[name].suits === kind)
  expect(['classes', 'labels', 'numbers'].map(first)).toEqual(['softmax', 'sigmoid', 'squared'])
})

describe.each([
  ['reference', reference()],
  ['simd', await simd()]
] as const)('on %s', (_, backend) => {
  const b = backend as unknown as Backend<unknown>
  test.each([
    // smooth_l1_loss and huber_loss of PyTorch at delta 1: e^2 / 2 up to 1, |e| - 1/2 from there
    [0, 0, 0],
    [0.25, 0.03125, 0.25],
    [-0.5, 0.125, -0.5],
    [1, 0.5, 1],
    [-1, 0.5, -1],
    [1.5, 1, 1],
    [-3, 2.5, -1],
    [1048576, 1048575.5, 1],
    [-(2 ** 100), 2 ** 100, -1]
  ])('huber of an error of %d is %d, with slope %d', async (e, loss, slope) => {
    expect(await scored(b, 'huber', matrix([1, 1], e), matrix([1, 1], 0), matrix([1, 1], 1))).toEqual([loss, [slope]])
    expect(await scored(b, 'huber', matrix([1, 1], 0), matrix([1, 1], -e), matrix([1, 1], 1))).toEqual([loss, [slope]])
  })
  test('who answers nothing but 0 has the loss that is said', async () => {
    const y = matrix([3, 2], 0, 0.5, -1, 1.5, -3, 40)
    for (const name of lossNames) {
      const { ofNothing } = losses[name] as TaskLoss
      expect(ofNothing !== undefined).toBe(losses[name].suits === 'numbers')
      if (!ofNothing) continue
      const [loss] = await scored(b, name, matrix([3, 2], 0, 0, 0, 0, 0, 0), y, matrix([3, 1], 0.25, 0.5, 0.25))
      const row = (i: number): number =>
        (ofNothing(y.data[2 * i] as number) + ofNothing(y.data[2 * i + 1] as number)) / 2
      expect(loss).toBeCloseTo(0.25 * row(0) + 0.5 * row(1) + 0.25 * row(2), 4)
    }
  })
  test('huber is the mean over outputs, weighted by row', async () => {
    const [z, y] = [matrix([2, 2], 3, 0, 0.5, -2), matrix([2, 2], 1, 0, 0, 0)]
    const made = await scored(b, 'huber', z, y, matrix([2, 1], 0.75, 0.25))
    expect(made).toEqual([0.75 * 0.5 * 1.5 + 0.25 * 0.5 * (0.125 + 1.5), [0.375, 0, 0.0625, -0.125]])
  })
})
