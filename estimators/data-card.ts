/** data.json: what a model must know of its data to be used on other rows. */
import type { Codec } from '../codecs/strict.js'
import { choice, list, optional, record, text, whole } from '../codecs/strict.js'
import type { Dataset, Task } from '../data/dataset.js'
import type { Preparation } from '../data/preparation.js'
import type { Split } from '../data/split.js'
import type { Image } from '../data/table.js'
import { EncodingCodec, NumberFormatCodec, ScalingCodec } from '../exports/json/table-codec.js'

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

const rows = list(whole(0))

/** The codec of what is to be learned. */
export const TaskCodec: Codec<Task> = record<Task>('a task', {
  kind: choice('classes', 'labels', 'numbers'),
  outputs: list(text(100_000))
})

/** The codec of a preparation. */
export const PreparationCodec: Codec<Preparation> = record<Preparation>('a preparation', {
  features: ScalingCodec,
  targets: optional(ScalingCodec),
  encoding: optional(EncodingCodec),
  targetFormats: optional(list(NumberFormatCodec, 10_000)),
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
