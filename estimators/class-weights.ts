/** Weights of rows by their class. */

/** All classes alike, or a weight for each class that is named; 1 for the others. */
export type ClassWeighting = 'balanced' | ReadonlyMap<string, number>

/**
 * The weight of a row, once it is known which rows are learned from: under `balanced` all classes together weigh the same
 * there, n / (classes * rows of the class). `values` are the rows' places in `names`.
 */
export const classWeightsOf =
  (names: readonly string[], values: readonly number[], weighting: ClassWeighting) =>
  (training: readonly number[]): ((row: number) => number) => {
    const nameOf = (row: number): number => values[row] as number
    if (weighting !== 'balanced') return row => weighting.get(names[nameOf(row)] as string) ?? 1
    const counts = names.map(() => 0)
    for (const row of training) counts[nameOf(row)] = (counts[nameOf(row)] as number) + 1
    return row => training.length / (names.length * Math.max(1, counts[nameOf(row)] as number))
  }
