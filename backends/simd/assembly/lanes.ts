/** Four rows of a matrix side by side, a vector for each column, and back. */

/** Transposes a square of 4 x 4, adding what lies in `plus`, if anything does. `fi`, `ti`, `si` are bytes between rows. */
@inline
export function square(from: usize, fi: usize, to: usize, ti: usize, plus: usize, si: usize): void {
  const r0 = v128.load(from)
  const r1 = v128.load(from + fi)
  const r2 = v128.load(from + 2 * fi)
  const r3 = v128.load(from + 3 * fi)
  const p = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5)
  const q = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7)
  const r = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5)
  const s = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7)
  put(to, v128.shuffle<f32>(p, r, 0, 1, 4, 5), plus, plus)
  put(to + ti, v128.shuffle<f32>(p, r, 2, 3, 6, 7), plus, plus + si)
  put(to + 2 * ti, v128.shuffle<f32>(q, s, 0, 1, 4, 5), plus, plus + 2 * si)
  put(to + 3 * ti, v128.shuffle<f32>(q, s, 2, 3, 6, 7), plus, plus + 3 * si)
}

@inline
function put(to: usize, row: v128, plus: usize, also: usize): void {
  v128.store(to, plus ? f32x4.add(v128.load(also), row) : row)
}

/** Up to four rows of a, `ai` bytes apart, as vectors `step` bytes apart, one for each of k columns; 0 for a row that is not there. */
export function interleave(a: usize, ai: usize, rows: i32, k: i32, out: usize, step: usize): void {
  let l = 0
  for (const whole = rows < 4 ? 0 : k & ~3; l < whole; l += 4, a += 16, out += 4 * step) square(a, ai, out, step, 0, 0)
  for (; l < k; l++, a += 4, out += step) {
    v128.store(out, f32x4.splat(0))
    for (let x: usize = 0; x < <usize>min(rows, 4); x++) store<f32>(out + (x << 2), load<f32>(a + x * ai))
  }
}

/** The way back for n columns: up to four rows, `ni` bytes apart, plus what there is to add, `si` bytes apart. */
export function separate(from: usize, step: usize, rows: i32, n: i32, out: usize, ni: usize, plus: usize, si: usize): void {
  const more: usize = plus ? 4 : 0
  let j = 0
  for (const whole = rows < 4 ? 0 : n & ~3; j < whole; j += 4, from += 4 * step, out += 16, plus += 4 * more) {
    square(from, step, out, ni, plus, si)
  }
  for (; j < n; j++, from += step, out += 4, plus += more) {
    for (let x: usize = 0; x < <usize>min(rows, 4); x++) {
      const value = load<f32>(from + (x << 2))
      store<f32>(out + x * ni, plus ? load<f32>(plus + x * si) + value : value)
    }
  }
}
