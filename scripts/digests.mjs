// The pinned runs under this engine: node scripts/digests.mjs, bun scripts/digests.mjs; --write pins them anew.
import { readFileSync, writeFileSync } from 'node:fs'
import { open } from '../dist/backends/open.js'
import { pinnedResult, pinnedRuns } from '../dist/properties/pinned.js'
import { wordsOf } from './words.mjs'

const file = new URL('../properties/digests.json', import.meta.url)
const write = wordsOf('npm run digests [-- --write]', words => words.every(word => word === '--write')).length > 0
const pinned = write ? {} : JSON.parse(readFileSync(file, 'utf8'))
const found = {}
let different = 0
for (const name of ['simd', 'wasm', 'reference']) {
  const opened = await open(name)()
  if (opened._tag === 'Left') {
    console.log(`${name}: not there (${opened.left.what})`)
    continue
  }
  for (const run of pinnedRuns.filter(({ only }) => only?.includes(name) ?? true)) {
    const { digest, births, deaths } = await pinnedResult(opened.right, run)
    found[run.name] = { ...found[run.name], [name]: digest }
    const same = write || pinned[run.name]?.[name] === digest
    if (!same) different += 1
    console.log(
      `${same ? 'same' : 'DIFFERENT'}  ${digest.slice(0, 16)}  ${name}: ${run.name} (${births} births, ${deaths} deaths)`
    )
  }
}
if (write) writeFileSync(file, `${JSON.stringify(found, null, 2)}\n`)
console.log(
  `${process.versions.bun ? `Bun ${process.versions.bun}` : `Node ${process.versions.node}`}: ${different} different`
)
process.exitCode = different === 0 ? 0 : 1
