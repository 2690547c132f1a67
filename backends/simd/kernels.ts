/** What this backend fuses; everything else is as composed. */
import type { Ops } from '../../core/port/ops.js'
import { normaliser } from '../../core/port/competition.js'
import type { Kernels } from '../../core/port/kernels.js'
import { composed } from '../../core/port/kernels.js'
import { filled, sizeOf } from '../../core/port/ndarray.js'
import { EPSILON } from '../../core/port/normalisation.js'
import type { AdamSettings, AdamSlot } from '../../core/port/adam.js'
import type { Dropout } from '../../core/port/random.js'
import { assertShape } from '../shapes.js'
import { float } from './runtime.js'
import { noisy, rateArguments } from './noise.js'
import { isSparse, listWhereSparse } from './sparse.js'
import { fusedActivations, fusedLosses } from './codes.js'
import type { Layout, Make, SimdTensor, Tensors } from './ops.js'
import { blocks, ELEMENTARY, grainOf } from './ops.js'

/** Classes whose probabilities fit a thread's scratch. */
const CLASSES = 2048
/** Entries of a row where a kernel that walks through rows may cut them as it likes. */
const RUN = 1024

/** The fused kernels. */
export const fused = (
  m: Tensors,
  make: Make,
  ops: Ops<SimdTensor>,
  linear: Kernels<SimdTensor>['linear']
): Kernels<SimdTensor> => {
  const plain = composed(ops)
  const like = (t: SimdTensor): SimdTensor => make(t.shape)
  const same = (what: string, first: SimdTensor, ...others: readonly SimdTensor[]): void =>
    others.forEach(t => assertShape(what, t.shape, first.shape))
  const rowOf = (what: string, h: SimdTensor, ...rows: readonly SimdTensor[]): void =>
    rows.forEach(t => assertShape(what, t.shape, [1, h.shape[1]]))
  // how many inputs there are, given matrices with a row for each of them and each hidden neuron
  const inputsOf = (
    what: string,
    wiring: SimdTensor,
    neurons: SimdTensor,
    ...others: readonly SimdTensor[]
  ): number => {
    same(what, wiring, ...others)
    const [[senders], [, hidden]] = [wiring.shape, neurons.shape]
    assertShape(what, neurons.shape, [1, Math.min(hidden, senders)])
    return senders - hidden
  }
  const dropped = (what: string, x: SimdTensor, { rows, columns }: Dropout): void =>
    assertShape(what, x.shape, [rows.length, columns.length])
  const groups = (h: SimdTensor): readonly [number, number] => [Math.ceil(h.shape[1] / 16), grainOf(16 * h.shape[0])]
  const rowsOf = (h: SimdTensor): readonly [number, number] => [h.shape[0], grainOf(h.shape[1])]
  const entrywise = (
    { shape, at }: Layout,
    h: SimdTensor,
    value: SimdTensor,
    slope: SimdTensor | undefined,
    which: number
  ): void => {
    const noNoise = [0, 0, 0, 0, 0, 0]
    const out = [RUN, at(value), 4 * RUN, 0, 0]
    m.run('activate', ...blocks(shape, ELEMENTARY), [...noNoise, ...out, at(h), at(slope), which, 0, sizeOf(shape)])
  }
  const adamArguments = ({ b1, b2, epsilon }: AdamSettings, rate: number, decay: number): readonly number[] =>
    [b1, 1 - b1, b2, 1 - b2, epsilon, rate, decay].map(float)
  const places = ({ value, first, second }: AdamSlot<SimdTensor>): readonly number[] =>
    [value, first, second].map(t => m.at(t))
  const slotLike = (t: SimdTensor): AdamSlot<SimdTensor> => ({ value: like(t), first: like(t), second: like(t) })
  return {
    ...plain,
    linear,
    sparse: (t, where) => {
      if (where === undefined) listWhereSparse(m, m.blockOf(t), t.shape)
      else {
        same('sparse', t, where)
        m.blockOf(t).listed = isSparse(m, m.blockOf(where), where.shape)
      }
      return t
    },
    axpy: (factor, x, y) => {
      same('axpy', x, y)
      const out = like(x)
      m.run('axpy', ...blocks(x.shape), [m.at(x), m.at(y), m.at(out), float(factor), 0, sizeOf(x.shape)])
      return out
    },
    total: t => {
      const out = make([1, 1])
      m.run('total', 1, 1, [m.at(t), m.at(out), ...t.shape])
      return out
    },
    drop: (x, dropout) => {
      dropped('drop', x, dropout)
      const out = like(x)
      const { key, rows, columns, rate } = dropout
      noisy(m, key, rows, columns, m.at(out), (args, before) =>
        m.run('keep', rows.length, grainOf(columns.length, ELEMENTARY), [
          ...args,
          ...rateArguments(rate),
          m.at(x) + before
        ])
      )
      return out
    },
    act: (name, h) => {
      const which = fusedActivations.get(name)
      if (which === undefined) return plain.act(name, h)
      const layout = m.layoutOf(h)
      const value = layout.make()
      entrywise(layout, h, value, undefined, which)
      return value
    },
    activate: (name, h, dropout) => {
      const which = fusedActivations.get(name)
      if (which === undefined) return plain.activate(name, h, dropout)
      const layout = m.layoutOf(h)
      const [value, slope] = [layout.make(), layout.make()]
      if (dropout === undefined) {
        entrywise(layout, h, value, slope, which)
        return { value, slope }
      }
      dropped('activate', h, dropout)
      const { key, rows, columns, rate } = dropout
      const { name: form, shape, at } = layout
      const factors = form === 'rows' ? 1 : 2
      const launch = (args: readonly number[], before: number): void =>
        m.run('activate', shape[0], grainOf(shape[1], ELEMENTARY), [
          ...args,
          ...rateArguments(rate),
          ...[at(h) + before, at(slope) + before, which, factors, shape[0] * (args[6] as number)]
        ])
      noisy(m, key, rows, columns, at(value), launch, form)
      return { value, slope }
    },
    mask: (logits, noise, tau) => {
      same('mask', logits, noise)
      const [soft, closed, hard, slope] = [like(logits), like(logits), like(logits), like(logits)]
      const parts = [logits, noise, soft, closed, hard, slope].map(t => m.at(t))
      m.run('mask', ...blocks(logits.shape, ELEMENTARY), [...parts, sizeOf(logits.shape), float(1 / tau)])
      return { soft, complement: closed, hard, slope }
    },
    compete: ({ soft, complement: closed }, alpha, tau, counted) => {
      same('compete', soft, closed, ...(counted ? [counted.mask] : []))
      const [penalty, slope] = [like(soft), like(soft)]
      const parts = [soft, closed, penalty, slope].map(t => m.at(t))
      const numbers = [alpha, normaliser(alpha), 1 / tau].map(float)
      const where = [m.at(counted?.mask), float(counted?.factor ?? 0)]
      m.run('compete', ...blocks(soft.shape, ELEMENTARY), [...parts, sizeOf(soft.shape), ...numbers, ...where])
      return { penalty, slope }
    },
    gate: (synapses, wiring, neurons) => {
      const inputs = inputsOf('gate', wiring, neurons, synapses)
      const out = like(wiring)
      const parts = [synapses, wiring, neurons, out].map(t => m.at(t))
      m.run('gate', ...rowsOf(wiring), [...parts, inputs, wiring.shape[1]])
      return out
    },
    gateBack: ({ weights, wiring, synapses, neurons, gate }, d) => {
      const inputs = inputsOf('gateBack', wiring, neurons.hard, d, weights, gate, synapses.hard, synapses.slope)
      same('gateBack', neurons.hard, neurons.slope)
      const back = { weights: like(d), synapses: like(d), neurons: like(neurons.hard) }
      const given = [d, weights, wiring, gate, synapses.hard, synapses.slope, neurons.hard, neurons.slope]
      const parts = [...given, back.weights, back.synapses, back.neurons].map(t => m.at(t))
      m.run('gateBack', ...rowsOf(d), [...parts, inputs, d.shape[1]])
      return back
    },
    normalise: (h, scale, shift) => {
      rowOf('normalise', h, scale, shift)
      const [mean, variance, inverse] = [like(scale), like(scale), like(scale)]
      const [standard, value] = [like(h), like(h)]
      const found = [h, mean, variance, inverse].map(t => m.at(t))
      m.run('statistics', ...groups(h), [...found, ...h.shape, float(EPSILON)])
      const given = [h, mean, inverse, scale, shift].map(t => m.at(t))
      m.run('standardise', ...rowsOf(h), [...given, h.shape[1], m.at(standard), m.at(value)])
      return { value, standard, inverse, mean, variance }
    },
    normaliseBack: ({ standard, inverse }, scale, dy) => {
      same('normaliseBack', dy, standard)
      rowOf('normaliseBack', dy, inverse, scale)
      const [dShift, dScale, input] = [like(scale), like(scale), like(dy)]
      const sums = [dy, standard, dShift, dScale].map(t => m.at(t))
      m.run('normSums', ...groups(dy), [...sums, ...dy.shape])
      const given = [dy, standard, dShift, dScale, inverse].map(t => m.at(t))
      m.run('normBack', ...rowsOf(dy), [...given, dy.shape[1], m.at(scale), m.at(input), float(1 / dy.shape[0])])
      return { input, scale: dScale, shift: dShift }
    },
    taskLoss: (loss, z, y, w) => {
      const [rows, columns] = z.shape
      const kernel = fusedLosses.get(loss)
      if (kernel === undefined || columns > CLASSES) return plain.taskLoss(loss, z, y, w)
      same('score', z, y)
      assertShape('score', w.shape, [rows, 1])
      const [losses, gradient] = [like(w), like(z)]
      const parts = [z, y, w, losses, gradient].map(t => m.at(t))
      m.run(kernel, Math.ceil(rows / 4), grainOf(4 * columns, ELEMENTARY), [...parts, rows, columns])
      return { loss: ops.sumRows(losses), gradient }
    },
    adam: (settings, slot, gradient, { rate, decay, debias }) => {
      const { value, first, second } = slot
      same('adam', value, first, second, gradient)
      assertShape('adam', debias.first.shape, [1, 1], value.shape)
      assertShape('adam', debias.second.shape, debias.first.shape)
      const next = slotLike(value)
      const size = sizeOf(value.shape)
      const each = sizeOf(debias.first.shape) === size && size > 1 ? 1 : 0
      const parts = [...places(slot), m.at(gradient), ...places(next), size]
      const corrections = [m.at(debias.first), m.at(debias.second), each]
      m.run('adam', ...blocks(value.shape, ELEMENTARY), [
        ...parts,
        ...corrections,
        ...adamArguments(settings, rate, decay)
      ])
      return next
    },
    adamDecayOnly: (settings, slot, moments) => {
      const { value, first, second } = slot
      same('adamDecayOnly', value, first, second)
      const [nothing, next] = [ops.constant(filled(value.shape)), slotLike(value)]
      const corrections = m.take(8 * moments.length)
      const written = new Float32Array(2 * moments.length)
      moments.forEach(({ debias }, i) => written.set([debias.first, debias.second], 2 * i))
      m.write(corrections, written)
      // one list for all steps, in which some numbers change: newborns of a long life take many thousands
      const size = sizeOf(value.shape)
      const step = [...places(slot), m.at(nothing), ...places(next), size, 0, 0, 0, ...adamArguments(settings, 0, 0)]
      const [FIRST, SECOND, RATE, DECAY] = [8, 9, 16, 17] as const // where assembly's adam looks for them
      const [units, grain] = blocks(value.shape, ELEMENTARY)
      moments.forEach(({ rate, decay }, i) => {
        if (i === 1) step.splice(0, 3, ...places(next)) // in place
        step[FIRST] = corrections.at + 8 * i
        step[SECOND] = corrections.at + 8 * i + 4
        step[RATE] = float(rate)
        step[DECAY] = float(decay)
        m.run('adam', units, grain, step)
      })
      m.give(corrections)
      return moments.length === 0 ? slot : next
    },
    logistic: (key, rows, columns, where) => {
      const out = make([rows.length, columns.length])
      if (where) assertShape('logistic', where.shape, out.shape)
      const place = where ? m.at(where) : 0
      noisy(m, key, rows, columns, m.at(out), (args, before) =>
        m.run('logistic', rows.length, grainOf(columns.length, ELEMENTARY), [...args, place && place + before])
      )
      return out
    }
  }
}
