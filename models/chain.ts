/** Two layers, one after the other: what the first gives is what the second takes. */
import type { ModelCodec } from '../codecs/model-codec.js'
import { record } from '../codecs/strict.js'
import type { Compute } from '../core/network/compute.js'
import type { Forward, Layer, LayerGradient, Sums } from '../core/network/layer.js'
import type { Kind, Model, Named, Trained } from '../core/network/model.js'
import { mustFit } from '../core/port/checks.js'
import { refuse } from '../core/port/failure.js'
import type { NdArray } from '../core/port/ndarray.js'

/** The kind of model that a chain is: the facts of its layers by name, their matrices under `name.`. */
export interface Chain extends Kind {
  readonly facts: Readonly<Record<string, unknown>>
  readonly parameters: string
  readonly buffers: string
}

/** A chain's layer: each value is the pair of its layers' values. */
export interface ChainLayer<T, S1, R1, S2, R2> extends Layer<T, Chain, readonly [S1, S2], readonly [R1, R2], Sums<T>> {
  /** Names of the layers that it consists of, those of chains within it included. */
  readonly names: readonly string[]
}

/** The names by which a layer, or the layers of a chain, draw their noise. */
const namesWithin = (layer: { readonly name: string; readonly names?: readonly string[] }): readonly string[] =>
  layer.names ?? [layer.name]

/** Refuses names that do not tell layers apart, be they deep in chains of chains: equal names draw equal noise. */
const checkNames = (direct: readonly string[], within: readonly string[]): void => {
  const distinct = (names: readonly string[]): boolean => new Set(names).size === names.length
  if (distinct(direct) && distinct(within) && !direct.some(name => name === '' || name.includes('.'))) return
  const named = within.map(name => `'${name}'`).join(', ')
  refuse('chain', `its layers are named ${named}`, 'Give each layer a name of its own, without dots')
}

/** The entries of a record under a name, without it; `name` is that of one layer. */
const part = <N extends string, A>(record: Named<string, A>, name: string): Named<N, A> =>
  Object.fromEntries(
    Object.entries(record).flatMap(([key, value]) =>
      key.startsWith(`${name}.`) ? [[key.slice(name.length + 1), value] as const] : []
    )
  ) as Named<N, A>

/** Two records as one, each under its name. */
const joined = <A>(first: string, a: Named<string, A>, second: string, b: Named<string, A>): Named<string, A> =>
  Object.fromEntries([
    ...Object.entries(a).map(([key, value]) => [`${first}.${key}`, value] as const),
    ...Object.entries(b).map(([key, value]) => [`${second}.${key}`, value] as const)
  ])

/** The model of one layer of a chain. */
export const modelOf = <A, K extends Kind>(chained: Model<A, Chain>, name: string): Model<A, K> => ({
  facts: chained.facts[name],
  parameters: part<K['parameters'], A>(chained.parameters, name),
  buffers: part<K['buffers'], A>(chained.buffers, name)
})

const joinedModel = <A>(first: string, a: Model<A, Kind>, second: string, b: Model<A, Kind>): Model<A, Chain> => ({
  facts: { [first]: a.facts, [second]: b.facts },
  parameters: joined(first, a.parameters, second, b.parameters),
  buffers: joined(first, a.buffers, second, b.buffers)
})

const trainedOf = <A, K extends Kind>(chained: Trained<A, Chain>, name: string): Trained<A, K> => ({
  model: modelOf(chained.model, name),
  moments: part(chained.moments, name)
})

/**
 * z = second(first(x)):  dLoss/d first's outputs is what the second's `backward` gives as dx (the chain rule).
 * @param width outputs of the first, inputs of the second
 * @throws FailureError when names are not different, within chains too, or one is empty or has a dot, or the width is none
 */
export const chain = <T, K1 extends Kind, S1, R1, G1 extends Sums<T>, K2 extends Kind, S2, R2, G2 extends Sums<T>>(
  { backend: b }: Pick<Compute<T>, 'backend'>,
  first: Layer<T, K1, S1, R1, G1>,
  width: number,
  second: Layer<T, K2, S2, R2, G2>
): ChainLayer<T, S1, R1, S2, R2> => {
  const [one, two] = [first.name, second.name]
  const names = [...namesWithin(first), ...namesWithin(second)]
  checkNames([one, two], names)
  mustFit('chain', 'width', { whole: [1] }, width)
  const name = `${one}+${two}`
  const isFirst = (key: string): boolean => key.startsWith(`${one}.`)
  const ofFirst = (key: string): K1['parameters'] => key.slice(one.length + 1)
  const ofSecond = (key: string): K2['parameters'] => key.slice(two.length + 1)
  return {
    name,
    names,
    initial: (seed, inputs, outputs) =>
      joinedModel<NdArray>(one, first.initial(seed, inputs, width), two, second.initial(seed, width, outputs)),
    sample: (model, at) => [first.sample(modelOf(model, one), at), second.sample(modelOf(model, two), at)],
    forward: ([s1, s2], x, rows): Forward<T, readonly [R1, R2]> => {
      const inner = first.forward(s1, x, rows)
      const outer = second.forward(s2, inner.y, rows)
      return { y: outer.y, residuals: [inner.residuals, outer.residuals] }
    },
    backward: ([s1, s2], [r1, r2], dy, wantsInput, before) => {
      const outer = second.backward(s2, r2, dy, true, before && (part(before, two) as unknown as G2))
      const inner = first.backward(s1, r1, outer.dx as T, wantsInput, before && (part(before, one) as unknown as G1))
      return { sums: joined(one, inner.sums, two, outer.sums), dx: inner.dx }
    },
    gradient: ([s1, s2], sums): LayerGradient<T, Chain> => {
      const inner = first.gradient(s1, part(sums, one) as unknown as G1)
      const outer = second.gradient(s2, part(sums, two) as unknown as G2)
      return {
        gradient: joined<T>(one, inner.gradient, two, outer.gradient),
        buffers: joined<T>(one, inner.buffers, two, outer.buffers),
        auxiliary:
          inner.auxiliary === undefined || outer.auxiliary === undefined
            ? (inner.auxiliary ?? outer.auxiliary)
            : b.add(inner.auxiliary, outer.auxiliary)
      }
    },
    byLists: first.byLists === true || second.byLists === true,
    numbersPerRow: model => first.numbersPerRow(modelOf(model, one)) + second.numbersPerRow(modelOf(model, two)),
    decay: key => (isFirst(key) ? first.decay(ofFirst(key)) : second.decay(ofSecond(key))),
    age: (model, key, updates) =>
      isFirst(key)
        ? first.age(modelOf(model, one), ofFirst(key), updates)
        : second.age(modelOf(model, two), ofSecond(key), updates),
    still: key => (isFirst(key) ? first.still?.(ofFirst(key)) : second.still?.(ofSecond(key))) === true,
    evaluation: (model, at) => {
      const [inner, outer] = [first.evaluation(modelOf(model, one), at), second.evaluation(modelOf(model, two), at)]
      return {
        compile: () => {
          const [p1, p2] = [inner.compile(), outer.compile()]
          return {
            outputs: x =>
              b.scope(
                () => p2.outputs(p1.outputs(x)),
                y => [y]
              ),
            tensors: [...p1.tensors, ...p2.tensors]
          }
        },
        counts: () => b.add(inner.counts(), outer.counts())
      }
    },
    living: facts => ({ ...first.living(facts[one]), ...second.living(facts[two]) }),
    sides: facts => [first.sides(facts[one])[0], second.sides(facts[two])[1]],
    assemble: async (trained, at) => {
      const [t1, t2] = [trainedOf<T, K1>(trained, one), trainedOf<T, K2>(trained, two)]
      const inner = first.assemble ? await first.assemble(t1, at) : t1
      const outer = second.assemble ? await second.assemble(t2, at) : t2
      return {
        model: joinedModel<T>(one, inner.model, two, outer.model),
        moments: joined<readonly T[]>(one, inner.moments, two, outer.moments)
      }
    }
  }
}

/** The codec of a chain of layers of these names. */
export const chainCodec = <K1 extends Kind, K2 extends Kind>(
  a: string,
  first: ModelCodec<K1>,
  b: string,
  second: ModelCodec<K2>
): ModelCodec<Chain> => ({
  kind: `${a}: ${first.kind} + ${b}: ${second.kind}`,
  facts: record<Chain['facts']>('the facts of a chain', { [a]: first.facts, [b]: second.facts }),
  shapes: (facts, stored) => {
    const under =
      (name: string) =>
      (path: string): ReturnType<typeof stored> =>
        stored(path.replace('.', `.${name}.`))
    const [inner, outer] = [first.shapes(facts[a], under(a)), second.shapes(facts[b], under(b))]
    return {
      parameters: joined(a, inner.parameters, b, outer.parameters),
      buffers: joined(a, inner.buffers, b, outer.buffers)
    }
  },
  wiringOf: path => {
    const [, side = '', name, own = ''] = /^([^.]+)\.([^.]+)\.(.+)$/.exec(path) ?? []
    const layer = name === a ? first : second
    return layer.wiringOf?.(`${side}.${own}`)?.replace('.', `.${name}.`)
  },
  fault: model => first.fault(modelOf(model, a)) ?? second.fault(modelOf(model, b))
})
