// Installs the packed package where its users would, and runs the README's example with each of them: npm run consumers.
// What each prints must be what Node prints, to the last digit. `-- --all` adds other versions of Node, `-- NAME` takes only
// those whose name has NAME in it. Everything lies in a folder of its own outside this one, with pinned versions; what cannot
// be there (no browser, no binary for this machine) is skipped with a word. Exit code 1 if one failed.
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { browsers } from './consumers/browsers.mjs'
import { bundlers } from './consumers/bundlers.mjs'
import { compilers } from './consumers/compilers.mjs'
import { engines, otherNodes } from './consumers/engines.mjs'
import { files, install, isSkip, pageOf, run } from './consumers/folder.mjs'
import { wordsOf } from './words.mjs'

const words = wordsOf('npm run consumers [-- --all] [NAME ...]', found =>
  found.every(word => word === '--all' || !word.startsWith('-'))
)
const only = words.filter(word => word !== '--all')
const chosen = [
  ...engines,
  ...bundlers,
  ...compilers,
  ...browsers,
  ...(words.includes('--all') ? otherNodes : [])
].filter(({ name }) => only.length === 0 || only.some(word => name.toLowerCase().includes(word.toLowerCase())))
if (chosen.length === 0) throw new Error(`no consumer is called ${only.join(' or ')}`)

const root = new URL('..', import.meta.url)
const example = /^## Ten lines\n\n```ts\n([\s\S]*?)```/m.exec(readFileSync(new URL('README.md', root), 'utf8'))[1]
const home = mkdtempSync(join(tmpdir(), 'sagp-consumers-'))

/** Bytes of a folder and all that is in it. */
const bytesOf = folder => Number(run(folder, 'du', ['-sk', '.']).split('\t')[0]) * 1024

const packed = () => {
  const [{ filename }] = JSON.parse(run(root, 'npm', ['pack', '--json', '--silent', '--pack-destination', home]))
  const tarball = join(home, filename)
  const folder = join(home, 'alone')
  mkdirSync(folder)
  install(folder, { sagp: `file:${tarball}` })
  const names = readdirSync(join(folder, 'node_modules')).filter(name => !name.startsWith('.'))
  const heavy = names.filter(name => /tensorflow|fast-check|webgpu/.test(name))
  if (heavy.length > 0) throw new Error(`the package alone brings ${heavy.join(', ')}`)
  const mega = (bytesOf(join(folder, 'node_modules')) / 1e6).toFixed(1)
  console.log(`${filename}, ${(statSync(tarball).size / 1000).toFixed(0)} kB; installed alone it brings ${mega} MB:`)
  console.log(`${names.join(', ')}\n`)
  files(folder, { 'example.mjs': example })
  return { tarball, expected: run(folder, process.execPath, ['example.mjs']) }
}

const visit = async ({ name, packages = {}, use }, { tarball, expected }) => {
  const folder = join(home, name.replace(/\W+/g, '-'))
  mkdirSync(folder)
  const began = performance.now()
  const told = word => `${name.padEnd(28)} ${word} (${((performance.now() - began) / 1000).toFixed(0)} s)`
  try {
    install(folder, { sagp: `file:${tarball}`, ...packages })
    files(folder, { 'example.js': example, 'example.ts': example, 'index.html': pageOf('example') })
    const { version, printed } = await use({ folder, example, expected })
    if (printed !== undefined && printed !== expected) throw new Error(`it printed\n${printed}and not\n${expected}`)
    console.log(told(`ok       ${version}`))
    return 'ok'
  } catch (error) {
    console.log(told(`${isSkip(error) ? 'skipped ' : 'FAILED  '} ${error.message}`))
    return isSkip(error) ? 'skipped' : 'failed'
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

try {
  const pack = packed()
  const ends = []
  for (const consumer of chosen) ends.push(await visit(consumer, pack))
  const count = end => ends.filter(each => each === end).length
  console.log(`${count('ok')} ok, ${count('failed')} failed, ${count('skipped')} skipped`)
  process.exitCode = count('failed') > 0 ? 1 : 0
} finally {
  rmSync(home, { recursive: true, force: true })
}
