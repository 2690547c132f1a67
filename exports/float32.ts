/** Float32 numbers as decimals. */

/** Digits that tell every Float32 number from its neighbours. */
const DIGITS = 9

/** The number of fewest digits that is this one once it is rounded to Float32.
 * @example shortestFloat32(Math.fround(0.1)) // => 0.1
 */
export const shortestFloat32 = (value: number): number => {
  const rounded = Math.fround(value)
  if (rounded === 0) return rounded // of either sign
  for (let digits = 1; digits < DIGITS; digits++) {
    const near = Number(rounded.toPrecision(digits))
    if (Math.fround(near) === rounded) return near
  }
  return Number(rounded.toPrecision(DIGITS))
}
