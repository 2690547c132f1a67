/**
 * A model as a file, in a browser or anywhere.
 *
 * `encodeModel` gives one array of bytes: classes, scaling, hyperparameters, the network, a digest. `decodeModel` checks all of
 * it and gives a model that answers as the first one did, and can be trained further. The bytes go wherever bytes go:
 *
 * - a download: `link.href = URL.createObjectURL(fileOf(bytes)); link.download = 'ring.sagp'`
 * - an upload: `<input type="file">` gives a `File`, which `modelIn` takes
 * - IndexedDB, which stores a `Uint8Array` as it is; a server: `fetch(url, { method: 'PUT', body: bytes })`
 * - in Node: `writeFile('ring.sagp', bytes)` and `modelIn(new Blob([await readFile('ring.sagp')]))`
 */
import type { Classifier, Labeller, Regressor } from '../index.js'
import { decodeModel, encodeModel, fitClassifier } from '../index.js'
import { kinds, points } from './ring.js'

/** A model's bytes as a file for a browser to save. */
export const fileOf = (bytes: Uint8Array): Blob =>
  new Blob([Uint8Array.from(bytes)], { type: 'application/octet-stream' })

/** The model in a file. */
export const modelIn = async (file: Blob): Promise<Classifier | Labeller | Regressor> =>
  decodeModel(new Uint8Array(await file.arrayBuffer()))

/** Trains, saves, loads, and asks both. */
export const example = async (): Promise<{
  readonly bytes: number
  readonly before: readonly unknown[]
  readonly after: readonly unknown[]
}> => {
  const model = await fitClassifier(points, kinds)
  const file = fileOf(await encodeModel(model))
  const loaded = await modelIn(file)
  const some = points.filter((_, i) => i % 60 === 30)
  const result = { bytes: file.size, before: await model.predict(some), after: await loaded.predict(some) }
  model.close()
  loaded.close()
  return result
}
