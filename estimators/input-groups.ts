/** Which features are one input to those who know the data: the words of a column, the channels of a pixel. */
import { range } from '../core/port/ndarray.js'
import type { Dataset } from '../data/dataset.js'
import { featuresOf } from '../data/codes.js'

/** What is dealt out together: a feature, all features of a column, all channels of a pixel. */
export interface InputGroup {
  readonly name: string
  /** Their places among the features. */
  readonly columns: readonly number[]
}

/** The inputs of a data set as its reader knows them: by column, by pixel, or by feature. */
export const inputGroups = ({
  features,
  preparation: { encoding },
  image
}: Pick<Dataset, 'features' | 'preparation' | 'image'>): readonly InputGroup[] => {
  if (image) {
    const plane = image.width * image.height
    const channels = Math.floor(features.length / plane)
    return range(plane).map(k => ({
      name:
        channels === 1
          ? (features[k] as string)
          : `row ${1 + Math.floor(k / image.width)}, column ${1 + (k % image.width)}`,
      columns: range(channels).map(channel => channel * plane + k)
    }))
  }
  if (!encoding) return features.map((name, j) => ({ name, columns: [j] }))
  let next = 0
  return encoding.map(code => {
    const first = next
    next += featuresOf(code).length
    return { name: code.column, columns: range(next - first).map(k => first + k) }
  })
}
