/** How many weights each matrix of a sparse network has: everywhere the same share, or more of small ones. */
import { range } from '../../core/port/ndarray.js'

/** A matrix by its sides, and how many of its entries may be weights. */
export interface MatrixSize {
  readonly rows: number
  readonly columns: number
  readonly places: number
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0)

/**
 * Densities of the Erdos-Renyi kernel (Mocanu et al. 2018, Evci et al. 2020): eps (rows + columns) / (rows columns), eps such
 * that `count` weights come out; a matrix that would get more than all becomes dense, and the others share what is left.
 * @example erdosRenyi([{ rows: 300, columns: 100, places: 30000 }, { rows: 2, columns: 2, places: 4 }], 404)[1] // => 1
 */
export const erdosRenyi = (matrices: readonly MatrixSize[], count: number): readonly number[] => {
  const raw = matrices.map(({ rows, columns }) => (rows + columns) / (rows * columns))
  const dense = new Set<number>()
  for (;;) {
    const open = range(matrices.length).filter(l => !dense.has(l))
    const places = (l: number): number => (matrices[l] as MatrixSize).places
    const wanted = sum(open.map(l => (raw[l] as number) * places(l)))
    const eps = wanted === 0 ? 0 : (count - sum([...dense].map(places))) / wanted
    const full = open.filter(l => eps * (raw[l] as number) > 1)
    const most = Math.max(...full.map(l => raw[l] as number))
    if (full.length === 0) return matrices.map((_, l) => (dense.has(l) ? 1 : eps * (raw[l] as number)))
    for (const l of full) if (raw[l] === most) dense.add(l)
  }
}

/** The same share of all matrices. */
export const uniformly = (matrices: readonly MatrixSize[], count: number): readonly number[] => {
  const share = count / sum(matrices.map(({ places }) => places))
  return matrices.map(() => share)
}

/** Whole numbers of weights with these densities, `count` in all: rounded down, the largest rests up. */
export const countsOf = (
  matrices: readonly MatrixSize[],
  densities: readonly number[],
  count: number
): readonly number[] => {
  const exact = matrices.map(({ places }, l) => Math.min(places, (densities[l] as number) * places))
  const floors = exact.map(Math.floor)
  const left = count - sum(floors)
  const byRest = range(matrices.length)
    .filter(l => (floors[l] as number) < (matrices[l] as MatrixSize).places)
    .sort((p, q) => rest(exact[q]) - rest(exact[p]) || p - q)
  const more = new Set(byRest.slice(0, Math.max(0, left)))
  return floors.map((n, l) => n + (more.has(l) ? 1 : 0))
}

const rest = (x: number = 0): number => x - Math.floor(x)
