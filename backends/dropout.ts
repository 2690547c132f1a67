/** Dropout's factors made on the GPU: Threefry in WGSL, the same bits as `dropoutFactors` of core/port/random. For tfjs-backend-webgpu. */
import { sizeOf } from '../core/port/ndarray.js'
import type { Dropout } from '../core/port/random.js'
import { toUnit } from '../core/port/random.js'
import type { Device, Stored } from './tfjs.js'

/** A number that a program is told. */
interface Uniform {
  readonly type: 'uint32' | 'float32'
  readonly data: number[]
}

/** What of tfjs-backend-webgpu runs programs of others. Our own words, so that its typings stay out of ours. */
export interface Programs extends Device {
  runWebGPUProgram(program: object, inputs: Stored[], dtype: 'float32', uniforms: Uniform[]): Stored
}

const THREADS = 64

const rounds = (turns: readonly number[]): string =>
  turns.map(by => `x += y; y = ((y << ${by}u) | (y >> ${32 - by}u)) ^ x;`).join(' ')
const four = [rounds([13, 15, 26, 6]), rounds([17, 29, 16, 24])] as const
const keys = ['uniforms.k0', 'uniforms.k1', 'k2'] as const

/** 20 rounds, the key's next two words after each four. */
const code = `
fn main(index : i32) {
  if (index < uniforms.size) {
    let k2 = 0x1bd11bdau ^ uniforms.k0 ^ uniforms.k1;
    let row = u32(rows[index / uniforms.outShape.y]);
    let column = u32(columns[index % uniforms.outShape.y]);
    var x = row + uniforms.k0;
    var y = (column >> 1u) + uniforms.k1;
    ${[1, 2, 3, 4, 5].map(i => `${four[(i + 1) % 2]} x += ${keys[i % 3]}; y += ${keys[(i + 1) % 3]} + ${i}u;`).join('\n    ')}
    let word = select(x, y, (column & 1u) == 1u);
    setOutputAtIndex(index, select(uniforms.kept, 0.0, (word >> 9u) < uniforms.least));
  }
}`

const program = (shape: readonly number[]): object => ({
  variableNames: ['rows', 'columns'],
  uniforms: 'k0 : u32, k1 : u32, least : u32, kept : f32,',
  workgroupSize: [THREADS, 1, 1],
  size: true,
  outputShape: shape,
  dispatchLayout: { x: shape.map((_, i) => i) },
  dispatch: [Math.ceil(sizeOf(shape as [number, number]) / THREADS), 1, 1],
  shaderKey: 'sagp dropout',
  getUserCode: () => code
})

/** The least 23 bits of a word that are kept: from there on, `toUnit` is not below the rate. */
const least = (rate: number): number => {
  const below = (bits: number): boolean => toUnit(bits * 512) < rate
  let bits = Math.max(0, Math.ceil((rate * 2 ** 24 - 1) / 2))
  while (bits > 0 && !below(bits - 1)) bits--
  while (below(bits)) bits++
  return bits
}

/** The factors of inverted dropout, on the device. */
export const factorsOn =
  (device: Programs) =>
  ({ key: [k0, k1], rows, columns, rate }: Dropout): Stored => {
    const shape = [rows.length, columns.length]
    if (rows.length * columns.length === 0)
      return { dataId: device.write(new Float32Array(0), shape, 'float32'), shape, dtype: 'float32' }
    const list = (numbers: readonly number[]): Stored => {
      const of = [numbers.length]
      return { dataId: device.write(Int32Array.from(numbers), of, 'int32'), shape: of, dtype: 'int32' }
    }
    const [r, c] = [list(rows), list(columns)]
    const word = (value: number): Uniform => ({ type: 'uint32', data: [value] })
    const made = device.runWebGPUProgram(program(shape), [r, c], 'float32', [
      word(k0),
      word(k1),
      word(least(rate)),
      { type: 'float32', data: [1 / (1 - rate)] }
    ])
    device.disposeData(r.dataId)
    device.disposeData(c.dataId)
    return made
  }
