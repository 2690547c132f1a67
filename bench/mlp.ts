/** Epochs of an MLP I-H-O on the same operations as a SAGP: what self-assembly costs is measured against it. */
import type { Backend } from '../core/port/backend.js'
import type { LinearOptions } from '../core/port/kernels.js'
import { filled, range } from '../core/port/ndarray.js'
import { correctionsOnce } from '../core/learning/optimiser.js'
import type { Slot } from '../core/learning/optimiser.js'
import { adam } from '../core/learning/adam.js'
import { address, Purpose, uniform } from '../core/port/random.js'
import { hyperparametersOf, samplesOf } from './problem.js'
import type { Runner } from './sagp.js'
import type { Setting } from './setting.js'

const names = ['first', 'bias', 'second'] as const
type Weights<A> = Readonly<Record<(typeof names)[number], A>>
const mapped = <A, B>(w: Weights<A>, f: (a: A, name: keyof Weights<A>) => B): Weights<B> => ({
  first: f(w.first, 'first'),
  bias: f(w.bias, 'bias'),
  second: f(w.second, 'second')
})

/** Gradient and loss of rows from .. from + count, added to those of the rows before. */
interface Lesson<T> {
  readonly loss: T
  readonly gradient: Weights<T>
}

/** An MLP with one hidden layer, swish, dropout, Adam and weight decay. */
export const mlp = <T>(b: Backend<T>, setting: Setting): Runner => {
  const { B, I, H, O, dropout: rate } = setting
  const { learningRate, weightDecay } = hyperparametersOf(setting)
  const { x, y, weights } = samplesOf(b, setting)
  const w = b.constant({ shape: [B, 1], data: Float32Array.from(weights, () => 1 / B) })
  const bound = Math.sqrt(6 / (I + H + O))
  const optimiser = adam()
  const slotOf = (t: T): Slot<T> => ({
    value: t,
    memory: range(optimiser.memory).map(() => b.constant(filled(b.shape(t))))
  })
  let slots: Weights<Slot<T>> = mapped(
    {
      first: b.constant({ shape: [I, H], data: uniform([3, 4], range(I), range(H), bound) }),
      bias: b.constant(filled([1, H])),
      second: b.constant({ shape: [H, O], data: uniform([5, 6], range(H), range(O), bound) })
    },
    slotOf
  )
  let updates = 0
  const at = (purpose: number) => address(1, updates, purpose)
  const size = b.microBatchRows?.(2 * I + 3 * O + 5 * H, false) ?? B
  const learn = (from: number, count: number, before: Lesson<T> | undefined): Lesson<T> => {
    const rows = range(count).map(i => from + i)
    const part = (t: T): T => (count === B ? t : b.slice(t, [from, 0], [count, b.shape(t)[1]]))
    const drop = (purpose: number, n: number) => ({ key: at(purpose), rows, columns: range(n), rate })
    const input = rate > 0 ? b.kernels.drop(part(x), drop(Purpose.inputDropout, I)) : part(x)
    const h = b.kernels.linear(input, slots.first.value, { plus: slots.bias.value })
    const dropout = rate > 0 ? drop(Purpose.hiddenDropout, H) : undefined
    const { value, slope } = b.kernels.activate('swish', h, dropout)
    const { loss, gradient } = b.kernels.taskLoss('softmax', b.matMul(value, slots.second.value), part(y), part(w))
    const dh = b.kernels.linear(gradient, slots.second.value, { transposed: 'b', times: slope })
    const known = (name: keyof Weights<T>): LinearOptions<T> =>
      before ? { transposed: 'a', plus: before.gradient[name] } : { transposed: 'a' }
    const bias = b.sumRows(dh)
    return {
      loss: before ? b.add(before.loss, loss) : loss,
      gradient: {
        first: b.kernels.linear(input, dh, known('first')),
        bias: before ? b.add(before.gradient.bias, bias) : bias,
        second: b.kernels.linear(value, gradient, known('second'))
      }
    }
  }
  const tensors = ({ loss, gradient }: Lesson<T>): readonly T[] => [loss, ...names.map(name => gradient[name])]
  const epoch = (): { readonly loss: T; readonly next: Weights<Slot<T>> } => {
    let sum: Lesson<T> | undefined
    for (let from = 0; from < B; from += size) {
      const before = sum
      sum = b.scope(() => learn(from, Math.min(size, B - from), before), tensors)
      if (before) b.release(tensors(before))
    }
    const { loss, gradient } = sum as Lesson<T>
    const corrections = correctionsOnce(b, optimiser)(++updates)
    const next = mapped(slots, (slot, name) =>
      optimiser.update(b, slot, gradient[name], { rate: learningRate, decay: weightDecay, corrections })
    )
    return { loss, next }
  }
  const leaves = (all: Weights<Slot<T>>): readonly T[] => names.flatMap(name => [all[name].value, ...all[name].memory])
  return async count => {
    let loss = NaN
    for (let i = 0; i < count; i++) {
      const made = b.scope(epoch, ({ loss, next }) => [loss, ...leaves(next)])
      b.release(leaves(slots))
      slots = made.next
      loss = (await b.download(made.loss)).data[0] ?? NaN
      b.release([made.loss])
    }
    return loss
  }
}
