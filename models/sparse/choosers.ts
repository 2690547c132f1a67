/** Who goes and who comes: SET (Mocanu et al. 2018) and RigL (Evci et al. 2020). */
import type { Chooser } from './rewiring.js'
import { dropShare, smallest } from './rewiring.js'

/**
 * SET: of the positive weights the share `zeta` nearest 0 goes, of the negative ones as well, and with them whatever is 0: all
 * from the largest negative to the smallest positive one that stay. As many come anywhere in what is then empty.
 */
export const setChooser =
  (zeta: number): Chooser =>
  ({ model, places }, _, { words }) => {
    const { data } = model.parameters.weights
    const weight = (place: number): number => data[place] as number
    const nearest = (side: readonly number[]): readonly number[] =>
      smallest(side, place => Math.abs(weight(place)), Math.floor(zeta * side.length))
    const drop = [
      ...places.filter(p => weight(p) === 0),
      ...nearest(places.filter(p => weight(p) > 0)),
      ...nearest(places.filter(p => weight(p) < 0))
    ]
    const drawn = words()
    return Promise.resolve({
      drop: smallest(drop, p => Math.abs(weight(p)), drop.length),
      score: place => -(drawn[place] as number)
    })
  }

/** RigL: the share of `dropShare` with the smallest |weight| goes, as many with the largest |gradient| come, in each matrix. */
export const riglChooser =
  (share: number, end: number): Chooser =>
  async ({ model, places }, { stageEpoch }, { gradient }) => {
    const { data } = model.parameters.weights
    const count = Math.floor(dropShare(share, stageEpoch, end) * places.length)
    const drop = smallest(places, place => Math.abs(data[place] as number), count)
    const { data: slope } = await gradient()
    return { drop, score: place => Math.abs(slope[place] as number) }
  }
