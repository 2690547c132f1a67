/** What is worth saying of how a table was made. */

const few = (all: readonly string[], most: number, separator: string): string =>
  `${all.slice(0, most).join(separator)}${all.length > most ? `${separator}and ${all.length - most} more` : ''}`

/** What is said of columns that are left out for one reason. */
export const leftOutRemark = (why: string, columns: readonly string[]): readonly string[] =>
  columns.length === 0 ? [] : [`left out ${columns.length} column(s), ${why}: ${few(columns, 10, ', ')}`]

/** What is said of how a table was made: what was left out and why, what the training rows do not know. */
export const tableRemarks = (
  leftOut: readonly (readonly [string, string])[],
  unknown: readonly string[]
): readonly string[] => {
  const reasons = new Map<string, string[]>()
  for (const [column, why] of leftOut) reasons.set(why, [...(reasons.get(why) ?? []), column])
  return [
    ...[...reasons].flatMap(([why, columns]) => leftOutRemark(why, columns)),
    ...(unknown.length > 0 ? [few(unknown, 10, '; ')] : [])
  ]
}
