/** A table made ready for training: split, scaled, targets as matrices. */
import * as E from 'fp-ts/lib/Either.js'
import type { Failure } from '../core/port/failure.js'
import { failure } from '../core/port/failure.js'
import type { Loss, TargetKind, TargetScale, TaskLoss } from '../core/port/objective.js'
import { losses, lossNames } from '../core/port/objective.js'
import type { NdArray } from '../core/port/ndarray.js'
import { range, tabulate } from '../core/port/ndarray.js'
import type { Matrix, Scaling } from './matrix.js'
import { bytesOf, firstBad, take, varying } from './matrix.js'
import type { Preparation } from './preparation.js'
import { scalingBy, standardising, standardisingRobustly } from './preparation.js'
import type { Split } from './split.js'
import { rowsOf } from './submatrix.js'
import type { Image, Table, Target } from './table.js'

/** Rows ready for a network. */
export interface Part {
  /** Inputs of rows by their place in this part, all of them if left out: made when asked for. `[rows, features]` */
  readonly inputs: (places?: readonly number[]) => NdArray
  /** One-hot classes, labels, or scaled numbers. `[rows, outputs]` */
  readonly y: NdArray
  /** What answers are judged by: y, or numbers in their own units, in Float64. `[rows, outputs]` */
  readonly truth: NdArray
  /** Their row numbers in the table. */
  readonly rows: readonly number[]
}

/** What a network is to learn: the loss that suits it and the names of its outputs. */
export interface Task {
  readonly kind: Target['kind']
  readonly outputs: readonly string[]
}

/** A data set ready for training. */
export interface Dataset {
  readonly name: string
  readonly features: readonly string[]
  readonly task: Task
  /** Names of the target columns. */
  readonly targets: readonly string[]
  readonly image?: Image
  readonly split: Split
  readonly preparation: Preparation
  readonly training: Part
  readonly validation: Part
  readonly test: Part
  /** Weights of the table's rows in training; 1 for each if left out. */
  readonly weights?: readonly number[]
  /** Bytes of the table's inputs, from which every part is made. */
  readonly bytes: number
}

/** The losses that suit a kind of target. */
const suiting = (kind: TargetKind): readonly Loss[] => lossNames.filter(name => losses[name].suits === kind)

/** The usual loss of a task. */
export const lossOf: Readonly<Record<Target['kind'], Loss>> = {
  classes: suiting('classes')[0] as Loss,
  labels: suiting('labels')[0] as Loss,
  numbers: suiting('numbers')[0] as Loss
}

/** The loss, if it suits what is to be learned. */
export const suited = (kind: Target['kind'], loss: Loss, where: string): E.Either<Failure, Loss> =>
  losses[loss].suits === kind
    ? E.right(loss)
    : E.left(
        failure('usage', where, `${loss} does not suit ${kind}`, `Leave it out, or say ${suiting(kind).join(' or ')}`)
      )

/** In which units a loss wants its numbers; what has no loss yet takes the usual ones. */
export const scaleOf = (loss: Loss | undefined): TargetScale => {
  const known: TaskLoss | undefined = loss !== undefined && lossNames.includes(loss) ? losses[loss] : undefined
  return known?.scale ?? 'standard'
}

/** Targets of the named rows as a matrix. */
export const targetsOf = (target: Target, preparation: Preparation, rows: readonly number[]): NdArray => {
  if (target.kind === 'classes') {
    return tabulate([rows.length, target.names.length], (i, j) => (target.values[rows[i] as number] === j ? 1 : 0))
  }
  const columns = target.names.length
  const plain = { offset: range(columns).map(() => 0), factor: range(columns).map(() => 1) }
  return take(target.values, rows, preparation.targets ?? plain)
}

const at = (columns: number, i: number): readonly [row: number, column: number] => [
  Math.floor(i / columns),
  i % columns
]

/** The named rows of a table under a preparation. */
export const partOf = (x: Matrix, target: Target, preparation: Preparation, rows: readonly number[]): Part => {
  const y = targetsOf(target, preparation, rows)
  return {
    inputs: places =>
      take(x, places === undefined ? rows : places.map(place => rows[place] as number), preparation.features),
    y,
    truth: target.kind === 'numbers' ? rowsOf(target.values, rows) : y,
    rows
  }
}

/** Numbers of all answers together, one for each row and class, label or number: two gibibytes of them. */
const MOST_ANSWERS = 2 ** 29

/** What makes a table unfit for training, if anything does. */
export const unfit = ({ name, features, x, target }: Table): Failure | undefined => {
  const bad = (what: string, cure: string): Failure => failure('input', name, what, cure)
  if (x.shape[0] === 0) return bad('it has no rows', 'Give at least two rows')
  if (x.shape[1] === 0) return bad('it has no features', 'Give at least one column beside the target')
  if (x.shape[0] * target.names.length > MOST_ANSWERS) {
    const answers = target.kind === 'classes' ? 'classes' : 'answers'
    return bad(
      `${target.names.length} ${answers} for each of ${x.shape[0]} rows are more than fit into memory`,
      target.kind === 'classes'
        ? 'Take a target with fewer classes, or learn it as numbers'
        : 'Give fewer of them, or fewer rows'
    )
  }
  const wrong = firstBad(x)
  if (wrong) {
    const place = `row ${wrong.row + 1}, column ${features[wrong.column]}`
    return bad(`${place}: ${wrong.value} is not a finite number`, 'Remove or replace it')
  }
  if (target.kind === 'classes') {
    if (new Set(target.values).size < 2)
      return bad(
        `all rows are of one class, ${target.names[target.values[0] ?? 0]}`,
        'Give rows of at least two classes'
      )
  } else {
    const odd = target.values.data.findIndex(
      v => !Number.isFinite(v) || (target.kind === 'labels' && v !== 0 && v !== 1)
    )
    if (odd >= 0) {
      const [row, column] = at(target.names.length, odd)
      const kind = target.kind === 'labels' ? '0 or 1' : 'a finite number'
      return bad(
        `row ${row + 1}, target ${target.names[column]}: ${target.values.data[odd]} is not ${kind}`,
        'Correct it'
      )
    }
  }
  return varying(x, range(x.shape[0])).every(v => !v)
    ? bad('every feature is the same in all rows', 'Give features that vary')
    : undefined
}

const targetScaling: Readonly<Record<TargetScale, (x: NdArray, rows: readonly number[]) => Scaling>> = {
  standard: standardising,
  robust: standardisingRobustly
}

const preparationOf = (
  { x, target, scale, encoding, missing, targetFormats }: Table,
  training: readonly number[],
  targets: TargetScale
): Preparation => ({
  features: scalingBy(scale ?? { kind: 'standard', except: [] }, x, training),
  ...(target.kind === 'numbers' ? { targets: targetScaling[targets](target.values, training) } : {}),
  ...(encoding ? { encoding } : {}),
  ...(targetFormats ? { targetFormats } : {}),
  ...(missing ? { missing } : {})
})

/** A number that becomes infinite where a column's deviation is the measure, if there is one. */
const beyond = (
  { name, features, x, target }: Table,
  { features: scaling, targets }: Preparation
): Failure | undefined => {
  const said = (columns: readonly string[], bad: ReturnType<typeof firstBad>): Failure | undefined =>
    bad &&
    failure(
      'input',
      name,
      `row ${bad.row + 1}, column ${columns[bad.column]}: ${bad.value} is too far from the numbers of the training rows`,
      'Correct it, or leave the row or the column out'
    )
  const odd = said(features, firstBad(x, scaling))
  return (
    odd ?? (target.kind === 'numbers' && targets ? said(target.names, firstBad(target.values, targets)) : undefined)
  )
}

/** What a table is prepared by. */
export interface PrepareOptions {
  /** How numbers to be learned are standardised: as the loss wants them; by mean and deviation if left out. */
  readonly targets?: TargetScale
  /** A preparation to go by, a model's; statistics are taken from the training rows alone if left out. */
  readonly known?: Preparation
}

/** A table split and scaled. */
export const prepare = (
  table: Table,
  split: Split,
  { targets = 'standard', known }: PrepareOptions = {}
): E.Either<Failure, Dataset> => {
  const fault = unfit(table)
  if (fault) return E.left(fault)
  if (split.training.length === 0)
    return E.left(failure('input', table.name, 'no rows are left for training', 'Give more rows'))
  const preparation = known ?? preparationOf(table, split.training, targets)
  const far = beyond(table, preparation)
  if (far) return E.left(far)
  const part = (rows: readonly number[]): Part => partOf(table.x, table.target, preparation, rows)
  return E.right({
    name: table.name,
    features: table.features,
    task: { kind: table.target.kind, outputs: table.target.names },
    targets: table.targets,
    ...(table.image ? { image: table.image } : {}),
    ...(table.weights ? { weights: table.weights } : {}),
    split,
    preparation,
    training: part(split.training),
    validation: part(split.validation),
    test: part(split.test),
    bytes: bytesOf(table.x)
  })
}
