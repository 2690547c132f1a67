/** The data of a run once more: those that it was begun with, or none. Node only. */
import * as TE from 'fp-ts/lib/TaskEither.js'
import { attempt } from '../codecs/attempt.js'
import type { Failure } from '../core/port/failure.js'
import { failure, FailureError } from '../core/port/failure.js'
import { readWhole } from '../storage/files.js'
import type { RunEnvironment } from './environment.js'
import type { Experiment } from './experiment.js'
import type { Loaded } from './load.js'
import { load } from './load.js'
import { paths, readCard } from './run-folder.js'

/** The data set of a run, checked against the one it was begun with. */
export const sameData = (
  folder: string,
  experiment: Experiment,
  environment: RunEnvironment
): TE.TaskEither<Failure, Loaded> =>
  attempt(async get => {
    const card = await get(readCard(folder))
    const { from } = experiment
    const known = from === '' ? {} : { known: card, from }
    const place = experiment.input === '' ? experiment.data : paths(folder).input
    const input = experiment.input === '' ? undefined : await get(readWhole(place))
    const here = { ...environment, input }
    const loading = load(experiment, experiment.seed, here, { loss: experiment.hyperparameters.loss, ...known })
    const begunWith = (f: Failure): Failure => ({ ...f, cure: `${f.cure}; the run in ${folder} was begun with it` })
    const loaded = await get(TE.mapLeft(begunWith)(loading))
    const refuse = (what: string): never => {
      const cure = 'Put the old data back, or train a new run (predict needs no old data)'
      throw new FailureError(failure('input', place, what, cure))
    }
    if (card.fingerprint !== loaded.fingerprint)
      return refuse('the data are not those that the run was begun with, or an older sagp read them otherwise')
    const parts = ['training', 'validation', 'test'] as const
    const moved = parts.find(part => card.split[part].join() !== loaded.dataset.split[part].join())
    return moved === undefined ? loaded : refuse(`its ${moved} rows are not those that the run was begun with`)
  })
