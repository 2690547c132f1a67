/** Numbers as text that says as much as is known of them, and no more. */

/** The shortest decimal that is at most `tolerance` away from a number; all its digits if the tolerance is 0.
 * @example shortestText(123456789.01234, 0.01) // => '123456789.01'
 * @example shortestText(1.23456e-50, 1e-52) // => '1.23e-50'
 */
export const shortestText = (v: number, tolerance: number): string => {
  if (Math.abs(v) <= tolerance) return '0'
  for (let digits = 1; digits < 17; digits++) {
    const near = Number(v.toPrecision(digits))
    if (Math.abs(near - v) <= tolerance) return String(near)
  }
  return String(v)
}
