/** Operations that only move numbers. */
import { arg } from './job'

/** Rows of a block from one matrix to another. Units: rows. Arguments: from, bytes between its rows, to, bytes between its rows, bytes of a row. */
export function copy(from: i32, to: i32, _: usize): void {
  const source = <usize>arg(0)
  const si = <usize>arg(1)
  const target = <usize>arg(2)
  const ti = <usize>arg(3)
  for (let i = <usize>from; i < <usize>to; i++) memory.copy(target + i * ti, source + i * si, arg(4))
}

/** Named rows. Units: rows of the result. Arguments: a, indices, out, bytes of a row. */
export function gatherRows(from: i32, to: i32, _: usize): void {
  const size = <usize>arg(3)
  for (let i = <usize>from; i < <usize>to; i++) {
    memory.copy(<usize>arg(2) + i * size, <usize>arg(0) + <usize>load<u32>(<usize>arg(1) + (i << 2)) * size, size)
  }
}

/** Named columns. Units: rows. Arguments: a, indices, out, columns of a, columns of the result. */
export function gatherColumns(from: i32, to: i32, _: usize): void {
  const indices = <usize>arg(1)
  const columns = <usize>arg(4)
  for (let i = <usize>from; i < <usize>to; i++) {
    const row = <usize>arg(0) + ((i * <usize>arg(3)) << 2)
    const out = <usize>arg(2) + ((i * columns) << 2)
    for (let j: usize = 0; j < columns; j++) {
      store<f32>(out + (j << 2), load<f32>(row + ((<usize>load<u32>(indices + (j << 2))) << 2)))
    }
  }
}

/** Units: rows of a. Arguments: a, out, rows, columns. */
export function transpose(from: i32, to: i32, _: usize): void {
  const rows = <usize>arg(2)
  const columns = <usize>arg(3)
  for (let i = <usize>from; i < <usize>to; i++) {
    let row = <usize>arg(0) + ((i * columns) << 2)
    let at = <usize>arg(1) + (i << 2)
    for (let j: usize = 0; j < columns; j++, row += 4, at += rows << 2) store<f32>(at, load<f32>(row))
  }
}
