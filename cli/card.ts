/** sagp card: what anybody should know of a network before using it. */
import { settle } from '../codecs/attempt.js'
import { modelCard } from '../experiments/model-card.js'
import { cardText } from '../experiments/model-card-text.js'
import { pretty } from '../experiments/run-folder.js'
import { writeWhole } from '../storage/files.js'
import type { DataOptions } from './environment.js'
import { environmentOf } from './environment.js'
import { findRun } from './find-run.js'
import type { NetworkOptions } from './network-flag.js'
import { networkChoice } from './network-flag.js'
import { answer, command, Exit } from './output.js'

/** Options of card. */
export interface CardOptions extends DataOptions, NetworkOptions {
  readonly out?: string
}

/** sagp card. Gives the exit code. */
export const cardCommand = (argument: string, options: CardOptions): Promise<number> =>
  command(async get => {
    const found = await get(findRun(argument))
    const choice = settle(networkChoice(found, options))
    const card = await get(modelCard(found.folder, choice, environmentOf(options)))
    if (options.out === undefined) answer(options, card, cardText(card))
    else {
      await get(writeWhole(options.out, options.out.endsWith('.json') ? pretty(card) : cardText(card)))
      answer(options, { out: options.out }, options.out)
    }
    return Exit.done
  })
