/** What a table was taken for, column by column, and why: to be shown before anything is trained. */
import type { Code } from './codes.js'
import { featuresOf } from './codes.js'
import type { Understood } from './meaning.js'
import type { Split } from './split.js'
import type { Target } from './table.js'

/** A column of a table: what it is used as, what it was taken for, and why. */
export interface ColumnProfile {
  readonly name: string
  readonly role: 'feature' | 'target' | 'left out' | 'ignored' | 'split' | 'time' | 'group' | 'weights'
  readonly kind: string
  readonly why: string
  /** Rows without a value. */
  readonly missing: number
  /** Different values. */
  readonly distinct: number
  /** Names of the features that it becomes. */
  readonly features: readonly string[]
}

/** Rows of a class in each part. */
export interface ClassCount {
  readonly name: string
  readonly training: number
  readonly validation: number
  readonly test: number
}

/** A table, understood. */
export interface TableProfile {
  readonly name: string
  readonly rows: number
  readonly columns: readonly ColumnProfile[]
  readonly target: {
    readonly columns: readonly string[]
    readonly kind: Target['kind']
    /** Rows by class, or rows that have each label; none for numbers. */
    readonly classes: readonly ClassCount[]
  }
  readonly parts: { readonly training: number; readonly validation: number; readonly test: number }
  /** Numbers of inputs that the columns become. */
  readonly inputs: number
  readonly remarks: readonly string[]
}

/** A column that has a role without being learned from. */
export const bystander = (
  { name, meaning, why, missing, distinct }: Understood,
  role: ColumnProfile['role'],
  because: string = why
): ColumnProfile => ({ name, role, kind: meaning.as, why: because, missing, distinct, features: [] })

/** A column that was learned to be encoded, or why it was not. */
export const featureProfile = (
  { name, meaning, why, missing, distinct }: Understood,
  code: Code | undefined,
  leftOut: string | undefined
): ColumnProfile => {
  const made = code ? featuresOf(code) : []
  const said = code?.as === 'date' && code.cycles.length > 0 ? `${why}, with ${code.cycles.join(', ')}` : why
  return {
    name,
    role: code ? 'feature' : 'left out',
    kind: meaning.as,
    why: leftOut === undefined || leftOut === meaning.as ? said : meaning.as === 'id' ? said : `${leftOut}; ${said}`,
    missing,
    distinct,
    features: made
  }
}

/** Rows of each class, or with each label, in each part. */
export const classCounts = (target: Target, split: Split): readonly ClassCount[] => {
  if (target.kind === 'numbers') return []
  const { names } = target
  // once through the rows: classes may be as many as they
  const countsIn = (rows: readonly number[]): Uint32Array => {
    const counts = new Uint32Array(names.length)
    const add = (j: number, n: number): void => void (counts[j] = (counts[j] as number) + n)
    for (const row of rows) {
      if (target.kind === 'classes') add(target.values[row] as number, 1)
      else names.forEach((_, j) => add(j, target.values.data[row * names.length + j] === 1 ? 1 : 0))
    }
    return counts
  }
  const [training, validation, test] = [countsIn(split.training), countsIn(split.validation), countsIn(split.test)]
  return names.map((name, j) => ({
    name,
    training: training[j] as number,
    validation: validation[j] as number,
    test: test[j] as number
  }))
}

const MOST_NAMED = 5

/** What of the parts is worth saying: those without rows, and classes that one of them lacks. */
export const partRemarks = (target: Target, split: Split): readonly string[] => {
  const parts = ['training', 'validation', 'test'] as const
  const empty = parts.filter(part => split[part].length === 0)
  const lacking = (part: 'training' | 'validation' | 'test'): readonly string[] => {
    if (target.kind !== 'classes' || split[part].length === 0) return []
    const there = new Set(split[part].map(row => target.values[row]))
    const names = target.names.filter((_, j) => !there.has(j))
    if (names.length === 0) return []
    const more = names.length > MOST_NAMED ? ` and ${names.length - MOST_NAMED} more` : ''
    return [`no ${part} row is of class ${names.slice(0, MOST_NAMED).join(', ')}${more}`]
  }
  return [...empty.map(part => `there are no ${part} rows`), ...parts.flatMap(lacking)]
}
