/** Fashion-MNIST and CIFAR-10: images as pixels, 0 to 255, standardised channel by channel. */
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Failure } from '../../core/port/failure.js'
import { failure } from '../../core/port/failure.js'
import { range } from '../../core/port/ndarray.js'
import { PIXELS, readCifar } from '../formats/cifar.js'
import { readIdx } from '../formats/idx.js'
import type { Image, Table } from '../table.js'
import type { Remote, Shelf, Source } from './source.js'
import { checked } from './source.js'

/** Images of one part of a data set, row by row, and their labels. */
interface Pictures {
  readonly pixels: Uint8Array
  readonly labels: Uint8Array
}

/** Parts one after the other: all but the last are for training, the last is the test. */
const picturesTable = (
  { name, terms }: Pick<Source, 'name' | 'terms'>,
  classes: readonly string[],
  image: Image,
  parts: readonly Pictures[]
): Table => {
  const { width, height, channels } = image
  const columns = width * height * channels
  const rows = parts.reduce((sum, p) => sum + p.labels.length, 0)
  const data = new Uint8Array(rows * columns)
  const values: number[] = []
  for (const { pixels, labels } of parts) {
    data.set(pixels, values.length * columns)
    for (const label of labels) values.push(label)
  }
  const held = parts.at(-1)?.labels.length ?? 0
  const colours = channels === 1 ? ['pixel'] : ['red', 'green', 'blue']
  return {
    name,
    features: colours.flatMap(c => range(width * height).map(i => `${c}_${Math.floor(i / width)}_${i % width}`)),
    x: { shape: [rows, columns], data },
    target: { kind: 'classes', names: classes, values },
    targets: ['class'],
    image,
    scale: { kind: 'channels', channels },
    division: {
      kind: 'given',
      split: { training: range(rows - held), validation: [], test: range(held).map(i => rows - held + i) }
    },
    source: terms
  }
}

const clothes = [
  'T-shirt/top',
  'trouser',
  'pullover',
  'dress',
  'coat',
  'sandal',
  'shirt',
  'sneaker',
  'bag',
  'ankle boot'
]

const fashionFile = (name: string, bytes: number, md5: string): Remote => ({
  url: `http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/${name}`,
  path: `fashion-mnist/${name}`,
  bytes,
  md5
})

const fashionPart = (shelf: Shelf, part: string): TE.TaskEither<Failure, Pictures> => {
  const [images, labels] = [`fashion-mnist/${part}-images-idx3-ubyte.gz`, `fashion-mnist/${part}-labels-idx1-ubyte.gz`]
  return pipe(
    TE.Do,
    TE.bind('pixels', () =>
      pipe(
        shelf.read(images),
        TE.chainEitherK(bytes => readIdx(bytes, images))
      )
    ),
    TE.bind('labels', () =>
      pipe(
        shelf.read(labels),
        TE.chainEitherK(bytes => readIdx(bytes, labels))
      )
    ),
    TE.chainEitherK(({ pixels, labels: { data } }) => {
      const [rows, height, width] = pixels.shape
      const odd = data.findIndex(label => label >= clothes.length)
      if (pixels.shape.length !== 3 || height !== 28 || width !== 28 || rows !== data.length)
        return E.left(
          failure('input', images, `${pixels.shape.join(' x ')} pixels for ${data.length} labels`, 'Fetch it anew')
        )
      return odd < 0
        ? E.right({ pixels: pixels.data, labels: data })
        : E.left(failure('input', labels, `label ${odd} is ${data[odd]}`, 'Fetch it anew'))
    })
  )
}

const thousand = (n: number): readonly number[] => range(10).map(() => n * 1000)

const fashionFacts = {
  samples: 70000,
  features: 784,
  classes: 10,
  sizes: thousand(7),
  parts: [60000, 0, 10000]
} as const
const fashionTerms = 'Xiao, Rasul, Vollgraf: Fashion-MNIST, 2017; zalandoresearch/fashion-mnist, MIT licence'

/** 70,000 pieces of clothing, 28 by 28 grey pixels. Sizes and MD5 as the source publishes them. */
export const fashionMnist: Source = {
  name: 'fashion-mnist',
  title: 'Fashion-MNIST: pieces of clothing, 28 x 28 grey pixels',
  terms: fashionTerms,
  facts: fashionFacts,
  division: '60,000 for training, 10,000 for the test, as the source has it',
  remotes: [
    fashionFile('train-images-idx3-ubyte.gz', 26421880, '8d4fb7e6c68d591d4c3dfef9ec88bf0d'),
    fashionFile('train-labels-idx1-ubyte.gz', 29515, '25c81989df183df01b3e8a0aad5dffbe'),
    fashionFile('t10k-images-idx3-ubyte.gz', 4422102, 'bef4ecab320f06d8554ea6380940ec79'),
    fashionFile('t10k-labels-idx1-ubyte.gz', 5148, 'bb300cfdad3c16e7a12a480ee83cd310')
  ],
  load: shelf =>
    pipe(
      TE.Do,
      TE.bind('training', () => fashionPart(shelf, 'train')),
      TE.bind('test', () => fashionPart(shelf, 't10k')),
      TE.map(({ training, test }) =>
        picturesTable({ name: 'fashion-mnist', terms: fashionTerms }, clothes, { width: 28, height: 28, channels: 1 }, [
          training,
          test
        ])
      ),
      TE.chainEitherK(checked('fashion-mnist', fashionFacts))
    )
}

const things = ['airplane', 'automobile', 'bird', 'cat', 'deer', 'dog', 'frog', 'horse', 'ship', 'truck']
const cifarFacts = {
  samples: 60000,
  features: PIXELS,
  classes: 10,
  sizes: thousand(6),
  parts: [50000, 0, 10000]
} as const
const cifarTerms = 'Krizhevsky: Learning Multiple Layers of Features from Tiny Images, 2009; University of Toronto'
const batches = [...range(5).map(i => `data_batch_${i + 1}.bin`), 'test_batch.bin'].map(
  f => `cifar-10-batches-bin/${f}`
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
      TE.traverseSeqArray(path =>
        pipe(
          shelf.read(path),
          TE.chainEitherK(bytes => readCifar(bytes, path)),
          TE.map(({ images, labels }): Pictures => ({ pixels: images, labels }))
        )
      ),
      TE.map(parts =>
        picturesTable({ name: 'cifar-10', terms: cifarTerms }, things, { width: 32, height: 32, channels: 3 }, parts)
      ),
      TE.chainEitherK(checked('cifar-10', cifarFacts))
    )
}
