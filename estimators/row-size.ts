/** How large inputs are. */
import { range } from '../core/port/ndarray.js'
import type { Dataset } from '../data/dataset.js'

/** What is known of a data set. */
type Described = Pick<Dataset, 'features'> &
  Partial<Pick<Dataset, 'split'> & { readonly training: Pick<Dataset['training'], 'inputs'> }>

/** Rows and numbers that are looked at, at most, to see how large inputs are. */
const [SAMPLE, SAMPLED] = [256, 2 ** 20]

/** No stride suits inputs beyond this, as only those are that nobody scaled: they count as this. */
const MOST = 3

/** Sum of the absolute inputs of a row, on the mean of some; 0 where nobody says what they are. */
export const sizeOfRow = ({ training, features: { length: inputs }, split }: Described): number => {
  const rows = split?.training.length ?? 0
  if (!training || rows === 0 || inputs === 0) return 0
  const some = Math.ceil(Math.min(rows, SAMPLE, SAMPLED / inputs))
  const { data } = training.inputs(range(some).map(i => Math.floor((i * rows) / some)))
  let sum = 0
  for (const x of data) sum += Math.min(MOST, Math.abs(x))
  return sum / some
}
