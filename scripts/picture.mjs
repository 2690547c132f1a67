// Draws the network of a run as a picture that stands alone: node scripts/picture.mjs RUN > media/digits.svg
import * as Reports from '../dist/reports/index.js'
import { newestIntact, readCard, readConfig } from '../dist/experiments/index.js'

const folder = process.argv[2] ?? ''
const right = made => {
  if (made._tag === 'Left') throw new Error(`${made.left.where}: ${made.left.what}`)
  return made.right
}
const { found: state } = right(await newestIntact(folder)())
const card = right(await readCard(folder)())
const config = right(await readConfig(folder)())
const style = `<style>.plus{stroke:#2563a8}.minus{stroke:#d9622b}.input{fill:#2f8f5b}.hidden{fill:#8a4fb0}.output{fill:#1c2430}.unused{fill:none;stroke:#c8ced6}text{font:12px system-ui,sans-serif;fill:#6b7686}</style><rect width="100%" height="100%" fill="#fdfdfb"/>`
const { svg } = Reports.topologyPicture(
  state,
  config.hyperparameters,
  { inputs: card.features, outputs: card.task.outputs },
  card.image
)
console.log(svg.replace(/<title>/, `${style}<title>`))
