/** What stages as values must be: who writes some of their own is told what is wrong with which, before or when it shows. */
import type { Hyperparameters } from '../network/hyperparameters.js'
import { hyperparameterRows } from '../network/hyperparameters.js'
import type { Kind } from '../port/checks.js'
import { mustFit, shown } from '../port/checks.js'
import { FailureError, refuse } from '../port/failure.js'
import { hint } from '../port/nearest.js'
import type { Rule } from './census.js'
import type { Stage } from './stage.js'
import { scheduleEpochs, stageHyperparameterNames } from './stage.js'

const isRecord = (u: unknown): u is Readonly<Record<string, unknown>> =>
  typeof u === 'object' && u !== null && !Array.isArray(u)

/** What each field of a stage must be. */
const kinds: Readonly<Record<keyof Stage, Kind | 'function' | 'record'>> = {
  epochs: hyperparameterRows.epochs,
  hyperparameters: 'record',
  rule: 'function',
  rewire: 'function',
  correct: 'function',
  contest: 'record',
  busy: { whole: [0, 1e9] },
  above: { number: [0, 1e6] }
}

const checkFields = (where: string, given: unknown): void => {
  if (!isRecord(given))
    return refuse(where, `it must be a record, not ${shown(given)}`, 'Write it as in { epochs: 100 }')
  if ('name' in given) refuse(where, 'it has a name, and is no stage as a value', 'Give stageNamed of it')
  const stranger = Object.keys(given).find(name => !Object.hasOwn(kinds, name))
  if (stranger !== undefined) refuse(where, `${stranger} is unknown`, hint(stranger, Object.keys(kinds)))
  for (const [name, kind] of Object.entries(kinds)) {
    const value = given[name]
    if (value === undefined && name !== 'epochs') continue
    if (typeof kind !== 'string') mustFit(where, name, kind, value)
    else if (kind === 'record' ? !isRecord(value) : typeof value !== kind)
      refuse(where, `${name} must be a ${kind}, not ${shown(value)}`, 'Give one, or leave it out')
  }
  const { hyperparameters = {}, contest } = given as Partial<Stage>
  const names: readonly string[] = stageHyperparameterNames
  const fixed = Object.keys(hyperparameters).find(name => !names.includes(name))
  if (fixed !== undefined) refuse(where, `${fixed} is nothing that a stage changes`, hint(fixed, names))
  if (contest) mustFit(where, 'the size of contest', { number: [0, 1e9] }, contest.size)
}

/** Refuses what a function of a stage gave, if it lacks a part. */
const checkGiven = (where: string, name: string, made: unknown, parts: readonly string[]): void => {
  if (isRecord(made) && parts.every(part => isRecord(made[part]))) return
  const what = `${name} must give a record of ${parts.join(', ')}, not ${isRecord(made) ? 'another' : shown(made)}`
  refuse(where, what, 'Give what it is given, or that with something otherwise')
}

const checkedStageValue = (given: Stage, i: number): Stage => {
  const where = `stage ${i + 1}`
  checkFields(where, given)
  const { rewire, correct } = given
  return {
    ...given,
    ...(rewire && {
      rewire: async (...args) => {
        const made = await rewire(...args)
        checkGiven(where, 'rewire', made, ['model', 'moments'])
        return made
      }
    }),
    ...(correct && {
      correct: (...args) => {
        const made = correct(...args)
        checkGiven(where, 'correct', made, ['clock', 'model', 'moments'])
        return made
      }
    })
  }
}

/** Stages as values, of which what they make is looked at when they make it.
 * @throws FailureError if they are no list, or one of them is no stage
 * @example checkedStageValues([{ epochs: 9 }]) // => [{ epochs: 9 }]
 */
export const checkedStageValues = (stages: readonly Stage[]): readonly Stage[] => {
  if (!Array.isArray(stages))
    refuse('stages', `they must be a list, not ${shown(stages)}`, 'Write it as in { stages: [{ epochs: 100 }] }')
  return stages.map(checkedStageValue)
}

/** All epochs of stages, which must not be more than a training may have.
 * @throws FailureError
 */
export const checkedEpochs = (where: string, stages: readonly Pick<Stage, 'epochs'>[]): number => {
  const epochs = scheduleEpochs(stages)
  mustFit(where, "the sum of all stages' epochs", hyperparameterRows.epochs, epochs)
  return epochs
}

/** Refuses fewer epochs than the shortest stages that they are to be divided among.
 * @throws FailureError
 */
export const checkEnough = (where: string, epochs: number, stages: readonly Pick<Stage, 'epochs'>[]): void => {
  const least = scheduleEpochs(stages)
  if (epochs < least)
    refuse(where, `stages to a number of synapses need at least ${least}, not ${epochs}`, 'Give as many')
}

/** The rule that is made of hyperparameters.
 * @throws FailureError if it is none
 */
export const madeRule = (where: string, make: (h: Hyperparameters) => Rule, h: Hyperparameters): Rule => {
  const cure = 'Write it as in { rule: () => none }'
  const made = ((): unknown => {
    try {
      return make(h)
    } catch (error) {
      if (error instanceof FailureError) throw error
      return refuse(where, `given the hyperparameters it threw ${String(error)}`, cure) // a census is what it wants, likely
    }
  })()
  if (typeof made !== 'function')
    refuse(where, `given the hyperparameters it must give a rule, not ${shown(made)}`, cure)
  return made as Rule
}
