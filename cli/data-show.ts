/** sagp data show: what a data set holds, once loaded; before that what its source says of it, its terms above all. */
import * as E from 'fp-ts/lib/Either.js'
import type * as TE from 'fp-ts/lib/TaskEither.js'
import { attempt, settle } from '../codecs/attempt.js'
import type { Failure } from '../core/port/failure.js'
import { explain, failure, FailureError } from '../core/port/failure.js'
import { range } from '../core/port/ndarray.js'
import { symmetricEdges } from '../data/formats/csr.js'
import { goodsGraph } from '../data/sources/amazon.js'
import { sources } from '../data/sources/index.js'
import type { Source } from '../data/sources/source.js'
import { classSizes } from '../data/sources/source.js'
import type { Table } from '../data/table.js'
import { splitOf } from '../data/table.js'
import { dataFolderFiles, isAbsent } from '../storage/data-folder.js'
import type { DataOptions } from './environment.js'
import { environmentOf } from './environment.js'
import { findSource } from './find-source.js'
import { isTableFile } from '../storage/tablefile.js'
import type { TableShowOptions } from './table-show.js'
import { showTable } from './table-show.js'
import { answer, columns, command, Exit, grouped, wrapped } from './output.js'

/** What a loaded data set is, in numbers. */
interface Shown {
  readonly name: string
  readonly samples: number
  readonly features: number
  readonly classes: number
  readonly training: number
  readonly validation: number
  readonly test: number
  readonly sizes: readonly number[]
  readonly edges?: number
}

const shownOf = (table: Table, edges: number | undefined): Shown => {
  const { training, validation, test } = splitOf(table, 1)
  return {
    name: table.name,
    samples: table.x.shape[0],
    features: table.x.shape[1],
    classes: table.target.names.length,
    training: training.length,
    validation: validation.length,
    test: test.length,
    sizes: classSizes(table),
    ...(edges === undefined ? {} : { edges })
  }
}

const load = (source: Source, options: DataOptions): TE.TaskEither<Failure, Shown> =>
  attempt(async get => {
    const files = dataFolderFiles(source.name, environmentOf(options))
    const isGraph = source.name === 'photo' || source.name === 'computers'
    const table = await get(source.load(files))
    return shownOf(table, isGraph ? symmetricEdges(await get(goodsGraph(source, files))) : undefined)
  })

/** What the source publishes. */
const publishedOf = ({ name, facts }: Source): Shown => {
  const [training, validation, test] = facts.parts
  const { samples, features, classes, sizes } = facts
  return { name, samples, features, classes, training, validation, test, sizes }
}

const head = ['data set', 'samples', 'features', 'classes', 'training', 'validation', 'test', 'edges']
const cells = (s: Shown): readonly string[] => [
  s.name,
  ...[s.samples, s.features, s.classes, s.training, s.validation, s.test].map(grouped),
  s.edges === undefined ? '' : grouped(s.edges)
]

const showAll = async (options: DataOptions): Promise<number> => {
  const found: (Shown | { readonly name: string; readonly missing: string })[] = []
  for (const source of sources) {
    const loaded = await load(source, options)()
    if (E.isLeft(loaded)) found.push({ name: source.name, missing: explain(loaded.left) })
    else if (!found.some(f => f.name === loaded.right.name)) found.push(loaded.right)
  }
  const here = found.flatMap(f => ('missing' in f ? [] : [f]))
  const absent = found.flatMap(f => ('missing' in f ? [`${f.name}: ${f.missing}`] : []))
  answer(options, found, [columns([head, ...here.map(cells)]), ...absent].join('\n'))
  return absent.length === 0 ? Exit.done : Exit.failed
}

/** Classes side by side, so that they fit a terminal. */
const ABREAST = 10

const sizeLines = (sizes: readonly number[]): string =>
  range(Math.ceil(sizes.length / ABREAST))
    .map(block => {
      const here = sizes.slice(block * ABREAST, (block + 1) * ABREAST)
      return columns([
        ['class', ...here.map((_, i) => String(block * ABREAST + i))],
        ['rows', ...here.map(String)]
      ])
    })
    .join('\n')

/** sagp data show. Gives the exit code. */
export const showCommand = (
  data: readonly string[],
  options: TableShowOptions & { readonly all: boolean }
): Promise<number> =>
  command(async get => {
    const { all, ...others } = options
    if (all) return showAll(options)
    const [name] = data
    if (name !== undefined && (name === '-' || data.length > 1 || isTableFile(name))) {
      await get(showTable(data, others))
      return Exit.done
    }
    if (name === undefined)
      throw new FailureError(failure('usage', 'data show', 'no data set is named', 'Name one, or say --all'))
    const source = settle(findSource(name))
    const { title, division, terms } = source
    const loaded = await load(source, options)()
    // what is not here yet is no failure of a command that says what there is and under which terms; what is damaged is
    const missing = E.isLeft(loaded) && isAbsent(loaded.left) ? explain(loaded.left) : undefined
    const shown = missing === undefined ? settle(loaded) : publishedOf(source)
    const subset = shown.name === name ? '' : `\nOnly the files of the subset ${shown.name} are there.`
    const text = [
      `${title}${subset}`,
      columns([head, cells(shown)]),
      sizeLines(shown.sizes),
      wrapped(`split  ${division}`, 7),
      wrapped(`terms  ${terms}`, 7),
      ...(missing === undefined ? [] : [`Not here: the numbers are as published.\n${wrapped(missing)}`])
    ]
    answer(options, { ...shown, title, division, terms, ...(missing && { missing }) }, text.join('\n\n'))
    return Exit.done
  })
