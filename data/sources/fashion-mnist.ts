/** Fashion-MNIST: pieces of clothing as grey pixels (Xiao, Rasul, Vollgraf 2017). */
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Failure } from '../../core/port/failure.js'
import { failure } from '../../core/port/failure.js'
import type { Idx } from '../formats/idx.js'
import { readIdx } from '../formats/idx.js'
import type { Pictures } from './pictures.js'
import { picturesTable, thousands } from './pictures.js'
import type { Remote, Shelf, Source } from './source.js'
import { checked } from './source.js'

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

const idx = (shelf: Shelf, path: string): TE.TaskEither<Failure, Idx> =>
  pipe(
    shelf.read(path),
    TE.chainEitherK(bytes => readIdx(bytes, path))
  )

/** Images and labels of one part, checked against each other. */
const fashionPart =
  (shelf: Shelf, part: string): TE.TaskEither<Failure, Pictures> =>
  async () => {
    const [images, labels] = [
      `fashion-mnist/${part}-images-idx3-ubyte.gz`,
      `fashion-mnist/${part}-labels-idx1-ubyte.gz`
    ]
    const pixels = await idx(shelf, images)()
    if (E.isLeft(pixels)) return pixels
    const named = await idx(shelf, labels)()
    if (E.isLeft(named)) return named
    const [rows, height, width] = pixels.right.shape
    const { data } = named.right
    if (pixels.right.shape.length !== 3 || height !== 28 || width !== 28 || rows !== data.length) {
      const what = `${pixels.right.shape.join(' x ')} pixels for ${data.length} labels`
      return E.left(failure('input', images, what, 'Fetch it anew'))
    }
    const odd = data.findIndex(label => label >= clothes.length)
    return odd < 0
      ? E.right({ pixels: pixels.right.data, labels: data })
      : E.left(failure('input', labels, `label ${odd} is ${data[odd]}`, 'Fetch it anew'))
  }

const fashionFacts = {
  samples: 70000,
  features: 784,
  classes: 10,
  sizes: thousands(7),
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
  load: shelf => async () => {
    const training = await fashionPart(shelf, 'train')()
    if (E.isLeft(training)) return training
    const test = await fashionPart(shelf, 't10k')()
    if (E.isLeft(test)) return test
    const about = { name: 'fashion-mnist', terms: fashionTerms }
    const parts = [training.right, test.right]
    return checked(
      'fashion-mnist',
      fashionFacts
    )(picturesTable(about, clothes, { width: 28, height: 28, channels: 1 }, parts))
  }
}
