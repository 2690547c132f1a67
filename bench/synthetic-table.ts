/**
 * A table of FSDD's size (3,000 rows, 180 inputs, 10 classes) for runs of real length, on standard output as CSV: each class
 * has a few informative inputs of its own, the rest is noise. The same numbers each time.
 */
import { address, uniform } from '../core/port/random.js'
import { range } from '../core/port/ndarray.js'

const [ROWS, INPUTS, CLASSES, SPEAKERS] = [3000, 180, 10, 6]
const noise = uniform(address(1, 0, 0), range(ROWS), range(INPUTS), 1.7)
const centres = uniform(address(1, 1, 0), range(CLASSES * SPEAKERS), range(INPUTS), 1)
const lines = range(ROWS).map(i => {
  const kind = i % CLASSES
  const centre = (kind * SPEAKERS + (Math.floor(i / CLASSES) % SPEAKERS)) * INPUTS
  const values = range(INPUTS).map(j => {
    const informative = j % 4 === 0 ? (centres[centre + j] as number) : 0
    return (informative + (noise[i * INPUTS + j] as number)).toFixed(4)
  })
  return [...values, `digit ${kind}`].join(',')
})
process.stdout.write(`${[...range(INPUTS).map(j => `f${j}`), 'class'].join(',')}\n${lines.join('\n')}\n`)
