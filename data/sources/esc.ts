/** ESC-50 and the part of it that is called ESC-10: sounds of the surroundings (Piczak 2015). Both read the same files. */
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Failure } from '../../core/port/failure.js'
import { failure } from '../../core/port/failure.js'
import { range } from '../../core/port/ndarray.js'
import { FEATURES } from '../audio/features.js'
import { readCsv } from '../formats/csv.js'
import type { Sheet } from '../sheet.js'
import { columnNamed } from '../sheet.js'
import type { Table } from '../table.js'
import { soundTable } from './recordings.js'
import type { Facts, Shelf, Source } from './source.js'
import { checked } from './source.js'

const [ESC, META] = ['esc-50/audio', 'esc-50/meta/esc50.csv'] as const
const escTerms = 'Piczak: ESC, Dataset for Environmental Sound Classification, 2015; karolpiczak/ESC-50, CC BY-NC 3.0'

const escFacts = (classes: number): Facts => ({
  samples: 40 * classes,
  features: FEATURES,
  classes,
  sizes: range(classes).map(() => 40),
  parts: [24 * classes, 8 * classes, 8 * classes]
})

/** A line of esc50.csv. */
interface Listed {
  readonly file: string
  readonly fold: number
  readonly target: number
  readonly category: string
  readonly esc10: boolean
}

const listed = (sheet: Sheet): E.Either<Failure, readonly Listed[]> => {
  const names = ['filename', 'fold', 'target', 'category', 'esc10']
  const columns = names.map(name => columnNamed(sheet, name)?.text)
  const absent = names.find((_, i) => columns[i] === undefined)
  if (absent !== undefined) return E.left(failure('input', META, `it has no column ${absent}`, 'Fetch it anew'))
  const rows = range(sheet.rows).map((i): Listed => {
    const [file = '', fold, target, category = '', esc10 = ''] = columns.map(text => text?.[i] ?? '')
    return { file, fold: Number(fold), target: Number(target), category, esc10: esc10 === 'True' }
  })
  const odd = rows.findIndex(
    r => !/^[\w-]+\.wav$/.test(r.file) || ![1, 2, 3, 4, 5].includes(r.fold) || !(r.target >= 0 && r.target < 50)
  )
  return odd < 0
    ? E.right(rows)
    : E.left(failure('input', META, `row ${odd + 1} is not as the source has it`, 'Fetch it anew'))
}

/** The clips of a list, classes in the order of their numbers. */
const escTable = (name: string, rows: readonly Listed[], shelf: Shelf): TE.TaskEither<Failure, Table> => {
  const kinds = [...new Map(rows.map(r => [r.target, r.category]))].sort(([a], [b]) => a - b)
  const index = new Map(kinds.map(([target], i) => [target, i]))
  const clips = rows.map(({ file, fold, target }) => ({
    path: `${ESC}/${file}`,
    value: index.get(target) as number,
    part: fold <= 3 ? 0 : fold - 3
  }))
  return pipe(
    soundTable(
      { name, terms: escTerms },
      kinds.map(([, category]) => category),
      clips,
      'native',
      shelf
    ),
    TE.chainEitherK(checked(name, escFacts(kinds.length === 10 ? 10 : 50)))
  )
}

const esc = (name: string, classes: 10 | 50): Source => ({
  name,
  title:
    classes === 50
      ? 'ESC-50: sounds of the surroundings'
      : 'ESC-10: the ten classes of ESC-50 that are told apart most easily',
  terms: escTerms,
  facts: escFacts(classes),
  division: 'folds 1-3, 4 and 5',
  remotes: [
    {
      url: 'https://github.com/karolpiczak/ESC-50/archive/refs/heads/master.zip',
      path: 'esc-50',
      unpack: { kind: 'zip', wanted: /^(audio\/[\w-]+\.wav|meta\/esc50\.csv)$/ }
    }
  ],
  load: shelf =>
    pipe(
      shelf.read(META),
      TE.chainEitherK(bytes => readCsv(new TextDecoder().decode(bytes), META)),
      TE.chainEitherK(listed),
      TE.chain(all => {
        const ten = all.filter(r => r.esc10)
        // who has the subset alone has ESC-10, whatever they call it
        return classes === 10 || all.length === ten.length ? escTable('esc-10', ten, shelf) : escTable(name, all, shelf)
      })
    )
})

/** 2,000 sounds of fifty kinds, five seconds each. Where only the files of ESC-10 are there, the table is called esc-10. */
export const esc50: Source = esc('esc-50', 50)
/** Its ten classes called ESC-10: 400 sounds. */
export const esc10: Source = esc('esc-10', 10)
