// What every consumer is made of: a folder with packages and files, and commands that run in it.
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Longest time that a command may take, in milliseconds. */
const PATIENCE = 180_000

/** Runs a command in a folder and gives what it printed. @throws what it complained of */
export const run = (cwd, command, args = [], { path = '', errors = false, shell = false } = {}) => {
  const { status, signal, error, stdout, stderr } = spawnSync(command, args, {
    cwd,
    shell,
    encoding: 'utf8',
    timeout: PATIENCE,
    env: { ...process.env, PATH: `${path}${delimiter}${process.env.PATH}`, NODE_OPTIONS: '', NO_COLOR: '1' }
  })
  if (error !== undefined) throw error
  if (status !== 0)
    throw new Error(
      `${[command, ...args].join(' ')} ended with ${status ?? signal}:\n${`${stdout}${stderr}`.slice(-2000)}`
    )
  return errors ? `${stdout}${stderr}` : stdout
}

const page = readFileSync(new URL('../../docs/consumers.md', import.meta.url), 'utf8')

/** The line that docs/consumers.md gives for a consumer. */
export const lineOf = name => new RegExp(`^\\| ${name} *\\| \`(.*)\` *\\|$`, 'm').exec(page)[1]

/** Runs the line of docs/consumers.md for a consumer; `path` is where its command lies. */
export const runLine = (folder, name, options = {}) => run(folder, lineOf(name), [], { ...options, shell: true })

/** Writes files into a folder. */
export const files = (folder, texts) => {
  for (const [name, text] of Object.entries(texts)) writeFileSync(join(folder, name), text)
}

/** A page that loads a script; its icon is empty, so that no browser asks for one. */
export const pageOf = script =>
  `<!doctype html><link rel="icon" href="data:," /><script type="module" src="/${script}.js"></script>\n`

/** Installs packages, and nothing but them, into a fresh folder; their install scripts stay out. */
export const install = (folder, dependencies) => {
  files(folder, { 'package.json': JSON.stringify({ private: true, type: 'module', dependencies }) })
  run(folder, 'npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'])
}

/** The version of a package that is installed in a folder. */
export const versionOf = (folder, name) =>
  JSON.parse(readFileSync(join(folder, 'node_modules', name, 'package.json'), 'utf8')).version

const skips = new WeakSet()

/** Ends a consumer that cannot be here, with a word. */
export const skip = why => {
  const error = new Error(why)
  skips.add(error)
  throw error
}

/** Whether a consumer ended by `skip`. */
export const isSkip = error => skips.has(error)
