/** The right name nearest to a misspelt one. */

/** Edit distance (Levenshtein), with two neighbours swapped as one edit. */
const distance = (a: string, b: string): number => {
  let before: readonly number[] = []
  let row: readonly number[] = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      next.push(
        Math.min(
          (row[j] as number) + 1,
          (next[j - 1] as number) + 1,
          (row[j - 1] as number) + (same ? 0 : 1),
          swapped ? (before[j - 2] as number) + 1 : Infinity
        )
      )
    }
    before = row
    row = next
  }
  return row[b.length] as number
}

/** The nearest of `names` to `name`, if any is near at all.
 * @example nearest('bata', ['alpha', 'beta']) // => 'beta'
 */
export const nearest = (name: string, names: readonly string[]): string | undefined => {
  const short = name.slice(0, 64).toLowerCase()
  const ranked = names.map(n => ({ n, d: distance(short, n.toLowerCase()) })).sort((a, b) => a.d - b.d)
  const best = ranked[0]
  // short names differ in few letters and are other names all the same
  const forgiven = Math.min(Math.max(2, Math.floor((best?.n.length ?? 0) / 3)), (best?.n.length ?? 0) - 1)
  return best && best.d <= forgiven ? best.n : undefined
}

/** A hint for a message: the nearest name, or all of them. */
export const hint = (name: string, names: readonly string[]): string => {
  const near = nearest(name, names)
  return near === undefined ? `Known are ${names.join(', ')}` : `Did you mean ${near}?`.replace('?', '')
}
