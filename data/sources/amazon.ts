/** Amazon Photo and Computers: goods as bags of words, and the graph of what is bought together (Shchur et al. 2018). */
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Failure } from '../../core/port/failure.js'
import { failure } from '../../core/port/failure.js'
import { range } from '../../core/port/ndarray.js'
import { csrNames, csrOf } from '../formats/csr.js'
import type { Npy } from '../formats/npy.js'
import { readNpz } from '../formats/npy.js'
import type { Csr } from '../matrix.js'
import type { Table } from '../table.js'
import type { Shelf, Source } from './source.js'
import { checked } from './source.js'

const EACH = 100

const arrays = (shelf: Shelf, path: string): TE.TaskEither<Failure, ReadonlyMap<string, Npy>> =>
  pipe(
    shelf.read(path),
    TE.chainEitherK(bytes => readNpz(bytes, path, [...csrNames('attr_'), ...csrNames('adj_'), 'labels']))
  )

const matrix = (found: ReadonlyMap<string, Npy>, prefix: string, path: string): E.Either<Failure, Csr> =>
  pipe(
    csrOf(found, prefix, path),
    E.chain(m => (m ? E.right(m) : E.left(failure('input', path, `it lacks the matrix ${prefix}*`, 'Fetch it anew'))))
  )

const tableOf =
  (name: string, terms: string, classes: readonly string[], path: string) =>
  (found: ReadonlyMap<string, Npy>): E.Either<Failure, Table> =>
    pipe(
      matrix(found, 'attr_', path),
      E.chain((x): E.Either<Failure, Table> => {
        const labels = found.get('labels')?.data ?? []
        if (labels.length !== x.shape[0] || typeof labels[0] !== 'number')
          return E.left(failure('input', path, `${labels.length} labels for ${x.shape[0]} rows`, 'Fetch it anew'))
        const values = Array.from(labels as ArrayLike<number>)
        const odd = values.findIndex(v => classes[v] === undefined)
        if (odd >= 0) return E.left(failure('input', path, `label ${odd} is ${values[odd]}`, 'Fetch it anew'))
        return E.right({
          name,
          features: range(x.shape[1]).map(j => `word_${j}`),
          x,
          target: { kind: 'classes', names: classes, values },
          targets: ['class'],
          scale: { kind: 'none' },
          division: { kind: 'perClass', each: EACH },
          source: terms
        })
      })
    )

const amazon = (name: 'photo' | 'computers', features: number, sizes: readonly number[]): Source => {
  const path = `amazon_electronics_${name}.npz`
  const samples = sizes.reduce((p, n) => p + n, 0)
  const held = EACH * sizes.length
  const facts = { samples, features, classes: sizes.length, sizes, parts: [held, held, samples - 2 * held] } as const
  const terms =
    'Shchur, Mumme, Bojchevski, Günnemann: Pitfalls of Graph Neural Network Evaluation, 2018; shchur/gnn-benchmark, MIT licence'
  return {
    name,
    title: `Amazon ${name === 'photo' ? 'Photo' : 'Computers'}: goods as bags of words`,
    terms,
    facts,
    division: `${EACH} a class, ${EACH} a class, the rest; drawn by seed`,
    remotes: [{ url: `https://github.com/shchur/gnn-benchmark/raw/master/data/npz/${path}`, path }],
    load: shelf =>
      pipe(
        arrays(shelf, path),
        TE.chainEitherK(tableOf(name, terms, range(sizes.length).map(String), path)),
        TE.chainEitherK(checked(name, facts))
      )
  }
}

/** 7,650 photographic goods of 8 kinds, 745 words. */
export const photo: Source = amazon('photo', 745, [369, 1686, 703, 915, 882, 823, 1941, 331])
/** 13,752 goods about computers, of 10 kinds, 767 words. */
export const computers: Source = amazon('computers', 767, [436, 2142, 1414, 542, 5158, 308, 487, 818, 2156, 291])

/** What is bought together: the adjacency matrix as it lies in the file. */
export const goodsGraph = (source: Source, shelf: Shelf): TE.TaskEither<Failure, Csr> => {
  const { path } = source.remotes[0] as Source['remotes'][number]
  return pipe(
    arrays(shelf, path),
    TE.chainEitherK(found => matrix(found, 'adj_', path))
  )
}
