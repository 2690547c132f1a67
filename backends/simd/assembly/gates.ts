/** Gates and the way back, sender by sender: see core/gating.ts. Units: rows. */
import { arg } from './job'
import { lanes, write } from './vector'

/** The hard mask of a row's sender, given those of the hidden neurons: 1 for inputs. */
@inline
function sender(i: i32, inputs: i32, hard: usize): v128 {
  return i < inputs ? f32x4.splat(1) : v128.load_splat<f32>(hard + (<usize>(i - inputs) << 2))
}

/** Arguments: hard masks of synapses, wiring, hard masks of neurons, out, inputs, columns. */
export function gate(from: i32, to: i32, _: usize): void {
  const wiring = <usize>arg(1) - <usize>arg(0)
  const out = <usize>arg(3) - <usize>arg(0)
  for (let i = from; i < to; i++) {
    const own = sender(i, arg(4), <usize>arg(2))
    let at = <usize>arg(0) + (<usize>(i * arg(5)) << 2)
    for (let left = arg(5); left > 0; left -= 4, at += 16) {
      write(at + out, f32x4.mul(f32x4.mul(v128.load(at), v128.load(at + wiring)), own), left)
    }
  }
}

/** Stores the gradients of up to four synapses; gives those of their masks where they are open. */
@inline
function back(at: usize, own: v128, left: i32): v128 {
  const d = v128.load(<usize>arg(0) + at)
  const dGate = f32x4.mul(f32x4.mul(d, v128.load(<usize>arg(1) + at)), v128.load(<usize>arg(2) + at))
  write(<usize>arg(8) + at, f32x4.mul(d, v128.load(<usize>arg(3) + at)), left)
  write(<usize>arg(9) + at, f32x4.mul(f32x4.mul(dGate, own), v128.load(<usize>arg(5) + at)), left)
  return f32x4.mul(dGate, v128.load(<usize>arg(4) + at))
}

/**
 * Arguments: gradient, weights, wiring, gate, hard masks and slopes of synapses, those of neurons, gradients of weights, of
 * synapses' logits, of neurons' logits; inputs, columns.
 */
export function gateBack(from: i32, to: i32, _: usize): void {
  const inputs = arg(11)
  const n = arg(12)
  for (let i = from; i < to; i++) {
    const own = sender(i, inputs, <usize>arg(6))
    let at = <usize>(i * n) << 2
    let left = n
    let even = f32x4.splat(0)
    let odd = even
    for (; left >= 8; left -= 8, at += 32) {
      even = f32x4.add(even, back(at, own, 4))
      odd = f32x4.add(odd, back(at + 16, own, 4))
    }
    let sum = lanes(f32x4.add(even, odd))
    // the rest in the order of sumColumns
    for (; left > 0; left -= 4, at += 16) {
      const open = back(at, own, left)
      sum += f32x4.extract_lane(open, 0)
      if (left > 1) sum += f32x4.extract_lane(open, 1)
      if (left > 2) sum += f32x4.extract_lane(open, 2)
      if (left > 3) sum += f32x4.extract_lane(open, 3)
    }
    if (i < inputs) continue
    const neuron = <usize>(i - inputs) << 2
    store<f32>(<usize>arg(10) + neuron, sum * load<f32>(<usize>arg(7) + neuron))
  }
}
