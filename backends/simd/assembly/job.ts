/**
 * Arguments of a kernel. They lie at the start of the memory, so that every thread sees the same ones; a kernel is told
 * only its share of the work, `from` .. `to`.
 */

/** Byte offset of the arguments: 32 words. */
const ARGUMENTS: usize = 64

/** A whole number or an address. */
export function arg(i: i32): i32 {
  return load<i32>(ARGUMENTS + ((<usize>i) << 2))
}

/** A Float32. */
export function num(i: i32): f32 {
  return load<f32>(ARGUMENTS + ((<usize>i) << 2))
}
