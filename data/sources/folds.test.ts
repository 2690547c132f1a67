import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { expect, test } from 'vitest'
import { failure } from '../../core/port/failure.js'
import { range } from '../../core/port/ndarray.js'
import { splitOf } from '../table.js'
import { sourceNamed } from './index.js'
import type { Shelf } from './source.js'

/** ESC-50's list as its source has it: forty clips of each of fifty kinds, eight in each fold, which their names begin with. */
const list = [
  'filename,fold,target,category,esc10,src_file,take',
  ...range(50).flatMap(target =>
    range(40).map(i => {
      const fold = (i % 5) + 1
      const ten = target % 5 === 0 ? 'True' : 'False'
      return `${fold}-${1000 + i}-A-${target}.wav,${fold},${target},sound_${target},${ten},${1000 + i},A`
    })
  )
].join('\n')

const shelf: Shelf = {
  read: path =>
    path.endsWith('esc50.csv')
      ? TE.right(new TextEncoder().encode(list))
      : TE.left(failure('file', path, 'no such file', 'x')),
  list: () => TE.right([]),
  sounds: paths => TE.right({ shape: [paths.length, 180], data: new Float32Array(180 * paths.length) })
}

test.each(['esc-50', 'esc-10'])('%s: folds 1 to 3 are learned from, 4 is watched, 5 is the test', async name => {
  const made = await sourceNamed(name)!.load(shelf)()
  if (E.isLeft(made)) throw new Error(made.left.what)
  const { training, validation, test: held } = splitOf(made.right, 1)
  const folds = (rows: readonly number[]): readonly string[] =>
    [...new Set(rows.map(row => made.right.names![row]!.slice(0, 2)))].sort()
  expect([folds(training), folds(validation), folds(held)]).toEqual([['1-', '2-', '3-'], ['4-'], ['5-']])
})
