/** data.json: what a model must know of its data to be used on other rows. */
import type { Codec } from '../codecs/strict.js'
import { boolean, choice, either, list, number, optional, record, text, whole } from '../codecs/strict.js'
import type { Dataset, Task } from '../data/dataset.js'
import type { NumberFormat } from '../data/cells.js'
import { cycles } from '../data/dates.js'
import type { DateCode, Encoding, NumberCode, WordsCode, YesCode } from '../data/codes.js'
import type { Scaling } from '../data/matrix.js'
import type { Preparation } from '../data/preparation.js'
import type { Split } from '../data/split.js'
import type { Image } from '../data/table.js'

/** The data set of a run without its rows. */
export interface DataCard {
  readonly name: string
  readonly fingerprint: string
  readonly features: readonly string[]
  readonly task: Task
  readonly targets: readonly string[]
  readonly image?: Image | undefined
  readonly split: Split
  readonly preparation: Preparation
}

const real = number(-Infinity, Infinity)
const rows = list(whole(0))
const scaling: Codec<Scaling> = record<Scaling>('a scaling', { offset: list(real), factor: list(real) })

const format: Codec<NumberFormat> = record<NumberFormat>('a format of numbers', {
  decimal: choice('.', ','),
  group: text(1),
  unit: text(8)
})

const codes = {
  number: record<NumberCode>('a column of numbers', {
    as: choice('number'),
    column: text(),
    fill: real,
    marked: boolean,
    format: optional(format)
  }),
  date: record<DateCode>('a column of dates', {
    as: choice('date'),
    column: text(),
    format: text(100),
    cycles: list(choice(...cycles), cycles.length),
    fill: real,
    marked: boolean
  }),
  'yes/no': record<YesCode>('a column of yes and no', {
    as: choice('yes/no'),
    column: text(),
    yes: text(),
    fill: real,
    marked: boolean
  }),
  words: record<WordsCode>('a column of words', {
    as: choice('words'),
    column: text(),
    words: list(text()),
    marked: boolean
  })
}

const encoding: Codec<Encoding> = list(
  either<NumberCode | DateCode, YesCode | WordsCode>(
    either<NumberCode, DateCode>(codes.number, codes.date),
    either<YesCode, WordsCode>(codes['yes/no'], codes.words)
  )
)

/** The codec of what is to be learned. */
export const TaskCodec: Codec<Task> = record<Task>('a task', {
  kind: choice('classes', 'labels', 'numbers'),
  outputs: list(text(100_000))
})

/** The codec of a preparation. */
export const PreparationCodec: Codec<Preparation> = record<Preparation>('a preparation', {
  features: scaling,
  targets: optional(scaling),
  encoding: optional(encoding),
  targetFormats: optional(list(format, 10_000)),
  missing: optional(list(text(), 1000))
})

/** The codec of data.json. */
export const DataCardCodec: Codec<DataCard> = record<DataCard>('a data card', {
  name: text(),
  fingerprint: text(64),
  features: list(text(100_000)),
  task: TaskCodec,
  targets: list(text(100_000)),
  image: optional(record<Image>('an image', { width: whole(1), height: whole(1), channels: whole(1) })),
  split: record<Split>('a split', { training: rows, validation: rows, test: rows }),
  preparation: PreparationCodec
})

/** The card of a data set. */
export const cardOf = (d: Dataset, fingerprint: string): DataCard => ({
  name: d.name,
  fingerprint,
  features: d.features,
  task: d.task,
  targets: d.targets,
  ...(d.image ? { image: d.image } : {}),
  split: d.split,
  preparation: d.preparation
})
