/** Images as tables: pixels, 0 to 255, standardised channel by channel. */
import { range } from '../../core/port/ndarray.js'
import type { Image, Table } from '../table.js'
import type { Source } from './source.js'

/** Images of one part of a data set, row by row, and their labels. */
export interface Pictures {
  readonly pixels: Uint8Array
  readonly labels: Uint8Array
}

/** Parts one after the other: all but the last are for training, the last is the test. */
export const picturesTable = (
  { name, terms }: Pick<Source, 'name' | 'terms'>,
  classes: readonly string[],
  image: Image,
  parts: readonly Pictures[]
): Table => {
  const { width, height, channels } = image
  const columns = width * height * channels
  const rows = parts.reduce((sum, p) => sum + p.labels.length, 0)
  const data = new Uint8Array(rows * columns)
  const values: number[] = []
  for (const { pixels, labels } of parts) {
    data.set(pixels, values.length * columns)
    for (const label of labels) values.push(label)
  }
  const held = parts.at(-1)?.labels.length ?? 0
  const colours = channels === 1 ? ['pixel'] : ['red', 'green', 'blue']
  return {
    name,
    features: colours.flatMap(c => range(width * height).map(i => `${c}_${Math.floor(i / width)}_${i % width}`)),
    x: { shape: [rows, columns], data },
    target: { kind: 'classes', names: classes, values },
    targets: ['class'],
    image,
    scale: { kind: 'channels', channels },
    division: {
      kind: 'given',
      split: { training: range(rows - held), validation: [], test: range(held).map(i => rows - held + i) }
    },
    source: terms
  }
}

/** So many thousand images of each of ten classes.
 * @example thousands(7)[9] // => 7000
 */
export const thousands = (n: number): readonly number[] => range(10).map(() => n * 1000)
