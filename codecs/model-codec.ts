/** What a checkpoint must know of a kind of model: its facts, the shapes that they demand, and what makes it sound. */
import * as t from 'io-ts'
import type { Anatomy, NeuronId } from '../core/network/anatomy.js'
import type { Kind, Model, Named } from '../core/network/model.js'
import type { Perceptron } from '../core/network/parameters.js'
import { shapesOf } from '../core/network/parameters.js'
import type { NdArray, Shape } from '../core/port/ndarray.js'
import type { Codec } from './strict.js'
import { list, record, whole } from './strict.js'

/** The shapes of a model's matrices. */
export interface ModelShapes<K extends Kind> {
  readonly parameters: Named<K['parameters'], Shape>
  readonly buffers: Named<K['buffers'], Shape>
}

/** A model's own codec. */
export interface ModelCodec<K extends Kind> {
  /** The name of the kind, stored in the file. */
  readonly kind: string
  readonly facts: Codec<K['facts']>
  /** The shapes that the facts demand; a side that they leave open is taken from `stored`, by path. */
  readonly shapes: (facts: K['facts'], stored: (path: string) => Shape | undefined) => ModelShapes<K>
  /** The path of the matrix of zeros and ones that says where a matrix may differ from 0, if one does: of itself, too. */
  readonly wiringOf?: (path: string) => string | undefined
  /** What is wrong with finite values of the right shapes, if anything is. */
  readonly fault: (model: Model<NdArray, K>) => string | undefined
}

const ids: Codec<readonly NeuronId[]> = list(whole(0, 1e9) as unknown as Codec<NeuronId>, 65536)

const anatomy: Codec<Anatomy> = record<Anatomy>('the anatomy', {
  inputs: whole(1, 1e7),
  outputs: whole(1, 1e6),
  hidden: ids,
  bornAt: list(whole(0), 65536),
  births: whole(0, 65536),
  quiet: whole(0)
})

const anatomyFault = ({ hidden, bornAt, births }: Anatomy): string | undefined => {
  const ascending = hidden.every((id, i) => i === 0 || (hidden[i - 1] as number) < id)
  if (!ascending || hidden.some(id => id >= births)) return 'hidden ids are not ascending birth numbers'
  return bornAt.length === hidden.length ? undefined : 'bornAt and hidden differ in length'
}

/** A graph perceptron's codec. Its wiring may lack any synapse: whatever lies where none may be is 0. */
export const perceptronCodec: ModelCodec<Perceptron> = {
  kind: 'graph-perceptron',
  facts: new t.Type<Anatomy, unknown>(
    anatomy.name,
    anatomy.is,
    (u, c) => {
      const decoded = anatomy.validate(u, c)
      if (decoded._tag === 'Left') return decoded
      const fault = anatomyFault(decoded.right)
      return fault === undefined ? decoded : t.failure(u, c, `${fault}. Use an undamaged file`)
    },
    anatomy.encode
  ),
  wiringOf: path =>
    /^(buffers\.wiring|parameters\.(weights|synapses)|moments\.(weights|synapses)\.\d+)$/.test(path)
      ? 'buffers.wiring'
      : undefined,
  shapes: (facts, stored) => shapesOf(facts, (stored('buffers.mean')?.[0] ?? 0) + 1),
  fault: ({ parameters, buffers }) => {
    const { data } = buffers.wiring
    if (data.some((v: number) => v !== 0 && v !== 1)) return 'the wiring holds other numbers than 0 and 1'
    if (buffers.variance.data.some((v: number) => v < 0)) return 'a running variance is below 0'
    const stray = (['weights', 'synapses'] as const).find(name =>
      parameters[name].data.some((v: number, i: number) => v !== 0 && data[i] === 0)
    )
    return stray === undefined ? undefined : `${stray} are not 0 where no synapse may be`
  }
}
