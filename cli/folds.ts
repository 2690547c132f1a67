/** sagp train --folds: ordinary runs under one folder, each judged by another part of the rows. */
import { attempt, settle } from '../codecs/attempt.js'
import { whole } from '../codecs/strict.js'
import { crossValidate, foldsFile } from '../experiments/cross-validate.js'
import type { CrossValidation } from '../experiments/cross-validation.js'
import { choicesOf } from './choices.js'
import { conductShown, liveEnvironment } from './conduct-live.js'
import { flagValue } from './flag-value.js'
import { answer, columns, command, Exit, say } from './output.js'
import { inputOf } from './standard-input.js'
import type { TrainOptions } from './train-options.js'

/** Fewest and most folds: one is for the test, one for validation. */
const [FEWEST, MOST] = [3, 1000] as const

const linesOf = ({ spread, effectiveSynapses }: CrossValidation): readonly (readonly string[])[] => {
  const names = Object.keys(spread.test)
  const cell = (part: 'validation' | 'test', name: string): string => {
    const found = spread[part][name]
    return found ? `${found.mean.toFixed(4)} +- ${found.deviation.toFixed(4)}` : '-'
  }
  const { mean, deviation } = effectiveSynapses
  return [
    ['', 'validation', 'test'],
    ...names.map(name => [name, cell('validation', name), cell('test', name)]),
    ['effective synapses', '', `${mean.toFixed(0)} +- ${deviation.toFixed(0)}`]
  ]
}

/** Trains all folds, those that are finished already left as they are. Gives the exit code. */
export const foldsCommand = (data: readonly string[], options: TrainOptions): Promise<number> =>
  command(async get => {
    const folds = settle(flagValue('--folds', whole(FEWEST, MOST), options.folds))
    const input = await get(inputOf(data))
    const choices = { ...(await get(choicesOf(data, options))), folds }
    let code: number = Exit.done
    const { home, made } = await get(
      crossValidate(choices, {
        home: options.out,
        environment: { ...liveEnvironment(options), input },
        fresh: options.fresh,
        conductFold: (opening, fold) =>
          attempt(async get => {
            say(options, `fold ${fold + 1} of ${folds}`)
            const conducted = await conductShown(get, options, () => opening)
            code = conducted.code
            return conducted
          })
      })
    )
    if (!made) return code
    const text = `${columns(linesOf(made))}\n\nruns    ${home}\nfolds   ${foldsFile(home)}`
    answer(options, { run: home, ...made }, text)
    return Exit.done
  })
