/** CIFAR-10: photographs of ten kinds of things in three colours (Krizhevsky 2009). */
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Failure } from '../../core/port/failure.js'
import { range } from '../../core/port/ndarray.js'
import { PIXELS, readCifar } from '../formats/cifar.js'
import type { Pictures } from './pictures.js'
import { picturesTable, thousands } from './pictures.js'
import type { Shelf, Source } from './source.js'
import { checked } from './source.js'

const things = ['airplane', 'automobile', 'bird', 'cat', 'deer', 'dog', 'frog', 'horse', 'ship', 'truck']
const cifarFacts = {
  samples: 60000,
  features: PIXELS,
  classes: 10,
  sizes: thousands(6),
  parts: [50000, 0, 10000]
} as const
const cifarTerms = 'Krizhevsky: Learning Multiple Layers of Features from Tiny Images, 2009; University of Toronto'
const batches = [...range(5).map(i => `data_batch_${i + 1}.bin`), 'test_batch.bin'].map(
  f => `cifar-10-batches-bin/${f}`
)

const batch = (shelf: Shelf, path: string): TE.TaskEither<Failure, Pictures> =>
  pipe(
    shelf.read(path),
    TE.chainEitherK(bytes => readCifar(bytes, path)),
    TE.map(({ images, labels }) => ({ pixels: images, labels }))
  )

/** 60,000 photographs of ten kinds of things, 32 by 32 pixels of three colours. */
export const cifar10: Source = {
  name: 'cifar-10',
  title: 'CIFAR-10: photographs, 32 x 32 pixels of three colours',
  terms: cifarTerms,
  facts: cifarFacts,
  division: '50,000 for training, 10,000 for the test, as the source has it',
  remotes: [
    {
      url: 'https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz',
      path: 'cifar-10-batches-bin',
      bytes: 170052171,
      md5: 'c32a1d4ab5d03f1284b67883e8d87530',
      unpack: { kind: 'tar.gz', wanted: /^(data_batch_[1-5]|test_batch)\.bin$/ }
    }
  ],
  load: shelf =>
    pipe(
      batches,
      TE.traverseSeqArray(path => batch(shelf, path)),
      TE.map(parts =>
        picturesTable({ name: 'cifar-10', terms: cifarTerms }, things, { width: 32, height: 32, channels: 3 }, parts)
      ),
      TE.chainEitherK(checked('cifar-10', cifarFacts))
    )
}
