/** Epochs of a SAGP, as `train` makes them: census and rules, noise, forward, backward, Adam, the numbers of a frame. */
import type { Backend } from '../core/port/backend.js'
import type { Rule } from '../core/life/census.js'
import { noChange } from '../core/life/census.js'
import { engine } from '../core/life/engine.js'
import type { Frame } from '../core/life/frame.js'
import { initialStateOn } from '../core/learning/initial-state.js'
import { train } from '../core/life/train.js'
import { paperRule } from '../rules/paper.js'
import { hyperparametersOf, samplesOf, streamOf } from './problem.js'
import type { Setting } from './setting.js'

/** Runs some epochs more; gives the last loss. */
export type Runner = (count: number) => Promise<number>

/** Runs frames of a training. */
export const runner =
  (frames: AsyncIterator<Pick<Frame<unknown>, 'losses'>, void>): Runner =>
  async count => {
    let loss = NaN
    for (let i = 0; i < count; i++) {
      const { value } = await frames.next()
      if (value) loss = value.losses.task
    }
    return loss
  }

/** A SAGP whose rules are asked but not obeyed, so that its size stays. */
export const sagp = <T>(b: Backend<T>, setting: Setting): Runner => {
  const h = hyperparametersOf(setting)
  const rule = paperRule(h)
  const asked: Rule = census => {
    rule(census)
    return noChange
  }
  const e = engine(b, h, asked)
  const frames = train(
    e,
    { training: setting.batch > 0 ? streamOf(b, setting) : samplesOf(b, setting) },
    initialStateOn(e, setting.I, setting.O, 1)
  )
  return runner(frames)
}
