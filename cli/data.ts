/** sagp data, sagp features: the public data sets, and sounds as features. */
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { hint } from '../codecs/nearest.js'
import type { Failure } from '../core/port/failure.js'
import { explain, failure } from '../core/port/failure.js'
import type { Rate } from '../data/audio/features.js'
import { FEATURES, featureNames } from '../data/audio/features.js'
import { symmetricEdges } from '../data/formats/csr.js'
import { writeNpz } from '../data/formats/npy.js'
import { goodsGraph } from '../data/sources/amazon.js'
import { sourceNamed, sourceNames, sources } from '../data/sources/index.js'
import type { Source } from '../data/sources/source.js'
import { classSizes } from '../data/sources/source.js'
import type { Table } from '../data/table.js'
import { splitOf } from '../data/table.js'
import { exportFormats, tableCsv, tableNpz } from '../storage/export-table.js'
import { fetchSource } from '../storage/fetch.js'
import { writeWhole } from '../storage/files.js'
import { soundFeatures } from '../storage/sound-features.js'
import { dataFolder } from '../storage/environment.js'
import { dataFolderFiles } from '../storage/data-folder.js'
import type { DataOptions } from './environment.js'
import { environmentOf } from './environment.js'
import { answer, columns, Exit, fail, say } from './output.js'

const grouped = (n: number): string => n.toLocaleString('en-US')

const named = (name: string): E.Either<Failure, Source> =>
  E.fromNullable(failure('usage', `data ${name}`, 'no such data set', hint(name, sourceNames)))(sourceNamed(name))

/** sagp data list. */
export const listCommand = (voice: DataOptions): Promise<number> => {
  const rows = sources.map(({ name, title, facts, division, terms }) => ({ name, title, ...facts, division, terms }))
  const text = columns(
    [
      ['name', 'samples', 'features', 'classes', ' what'],
      ...rows.map(r => [r.name, grouped(r.samples), grouped(r.features), String(r.classes), ` ${r.title}`])
    ].map(([a = '', b = '', c = '', d = '', e = '']) => [a, b, c, d, e.padEnd(80)])
  )
  answer(voice, rows, `${text}\n\nfolder  ${dataFolder(voice.dataDir)}`)
  return Promise.resolve(Exit.done)
}

/** sagp data fetch. */
export const fetchCommand = async (
  name: string,
  options: DataOptions & { readonly mirror?: string; readonly force: boolean }
): Promise<number> => {
  const made = await pipe(
    TE.fromEither(named(name)),
    TE.chain(source => fetchSource(source, { ...environmentOf(options), mirror: options.mirror, force: options.force }))
  )()
  if (E.isLeft(made)) return fail(made.left)
  const { files, table } = made.right
  const found = `${table.name}: ${grouped(table.x.shape[0])} samples, counts and class sizes as they should be`
  const text = [...files.map(f => `${f.path}: ${f.what}; checked by ${f.checked}`), found].join('\n')
  answer(options, { name: table.name, folder: dataFolder(options.dataDir), files, samples: table.x.shape[0] }, text)
  return Exit.done
}

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

const show = (source: Source, voice: DataOptions): TE.TaskEither<Failure, Shown> => {
  const shelf = dataFolderFiles(source.name, environmentOf(voice))
  const isGraph = source.name === 'photo' || source.name === 'computers'
  return pipe(
    source.load(shelf),
    TE.bindTo('table'),
    TE.bind('edges', () => (isGraph ? TE.map(symmetricEdges)(goodsGraph(source, shelf)) : TE.right(undefined))),
    TE.map(({ table, edges }) => shownOf(table, edges))
  )
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
    const made = await show(source, options)()
    const known = E.isRight(made) && found.some(f => f.name === made.right.name)
    if (known) continue
    found.push(E.isRight(made) ? made.right : { name: source.name, missing: explain(made.left) })
  }
  const here = found.flatMap(f => ('missing' in f ? [] : [f]))
  const absent = found.flatMap(f => ('missing' in f ? [`${f.name}: ${f.missing}`] : []))
  answer(options, found, [columns([head, ...here.map(cells)]), ...absent].join('\n'))
  return absent.length === 0 ? Exit.done : Exit.failed
}

/** sagp data show. */
export const showCommand = async (
  name: string | undefined,
  options: DataOptions & { readonly all: boolean }
): Promise<number> => {
  if (options.all) return showAll(options)
  if (name === undefined) return fail(failure('usage', 'data show', 'no data set is named', 'Name one, or say --all'))
  const made = await pipe(
    TE.fromEither(named(name)),
    TE.bindTo('source'),
    TE.bind('shown', ({ source }) => show(source, options))
  )()
  if (E.isLeft(made)) return fail(made.left)
  const { source, shown } = made.right
  const kinds = columns([
    ['class', ...shown.sizes.map((_, i) => String(i))],
    ['rows', ...shown.sizes.map(String)]
  ])
  const told = shown.name === name ? '' : `\nOnly the files of the subset ${shown.name} are there.`
  const text = [
    `${source.title}${told}`,
    columns([head, cells(shown)]),
    kinds,
    `split  ${source.division}`,
    `terms  ${source.terms}`
  ]
  answer(options, { ...shown, title: source.title, division: source.division, terms: source.terms }, text.join('\n\n'))
  return Exit.done
}

/** sagp data export. */
export const exportCommand = async (
  name: string,
  options: DataOptions & { readonly to: string; readonly out?: string; readonly seed: string }
): Promise<number> => {
  const seed = Number(options.seed)
  if (!Number.isSafeInteger(seed) || seed < 0)
    return fail(failure('usage', '--seed', `must be a whole number from 0, not ${options.seed}`, 'Correct it'))
  if (!(exportFormats as readonly string[]).includes(options.to))
    return fail(failure('usage', '--to', `must be one of ${exportFormats.join(', ')}, not ${options.to}`, 'Choose one'))
  const made = await pipe(
    TE.fromEither(named(name)),
    TE.chain(source => source.load(dataFolderFiles(source.name, environmentOf(options)))),
    TE.bindTo('table'),
    TE.bind('path', ({ table }) => TE.right(options.out ?? `${table.name}.${options.to}`)),
    TE.chainFirst(({ table, path }) =>
      writeWhole(path, options.to === 'npz' ? tableNpz(table, seed) : tableCsv(table, seed))
    )
  )()
  if (E.isLeft(made)) return fail(made.left)
  const { table, path } = made.right
  answer(options, { name: table.name, out: path, samples: table.x.shape[0], features: table.x.shape[1] }, path)
  return Exit.done
}

const rateOf = (raw: string): E.Either<Failure, Rate> => {
  const n = Number(raw)
  return raw === 'native' || (Number.isInteger(n) && n >= 1000 && n <= 192_000)
    ? E.right(raw === 'native' ? raw : n)
    : E.left(
        failure('usage', '--rate', `must be native or samples a second from 1000 to 192000, not ${raw}`, 'Correct it')
      )
}

/** sagp features. */
export const featuresCommand = async (
  files: readonly string[],
  options: DataOptions & { readonly out: string; readonly frames: boolean; readonly rate: string }
): Promise<number> => {
  const made = await pipe(
    TE.fromEither(rateOf(options.rate)),
    TE.chain(rate =>
      soundFeatures(files, { rate, frames: options.frames, onProgress: environmentOf(options).onProgress })
    ),
    TE.chainFirst(({ x, starts }) =>
      writeWhole(
        options.out,
        writeNpz({
          X: { shape: [...x.shape], data: x.data as Float32Array },
          starts: { shape: [starts.length], data: Int32Array.from(starts) },
          names: { shape: [files.length], data: files },
          features: { shape: [FEATURES], data: featureNames }
        })
      )
    )
  )()
  if (E.isLeft(made)) return fail(made.left)
  const [rows] = made.right.x.shape
  say(options, `${files.length} sounds, ${rows} ${options.frames ? 'frames' : 'means'} of ${FEATURES} features`)
  answer(options, { out: options.out, sounds: files.length, rows, features: FEATURES }, options.out)
  return Exit.done
}
