// What every consumer is made of: a folder with packages and files, and commands that run in it.
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Longest time that a command may take. */
const PATIENCE = 180_000

/** Runs a command in a folder; gives what it printed, throws what it complained of. */
export const run = (cwd, command, args) => {
  const { status, signal, error, stdout, stderr } = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    timeout: PATIENCE,
    env: { ...process.env, NODE_OPTIONS: '', NO_COLOR: '1' }
  })
  if (error !== undefined) throw error
  if (status !== 0)
    throw new Error(`${command} ${args.join(' ')} ended with ${status ?? signal}:\n${`${stdout}${stderr}`.slice(-2000)}`)
  return stdout
}

/** Writes files into a folder. */
export const files = (folder, texts) => {
  for (const [name, text] of Object.entries(texts)) writeFileSync(join(folder, name), text)
}

/** Installs packages, and nothing but them, into a fresh folder; their install scripts stay out. */
export const install = (folder, dependencies) => {
  files(folder, { 'package.json': JSON.stringify({ private: true, type: 'module', dependencies }) })
  run(folder, 'npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'])
}

/** The version of a package that is installed in a folder. */
export const versionOf = (folder, name) =>
  JSON.parse(run(folder, 'npm', ['ls', name, '--json', '--depth=0'])).dependencies[name].version

const skips = new WeakMap()

/** Ends a consumer that cannot be here, with a word. */
export const skip = why => {
  const error = new Error(why)
  skips.set(error, why)
  throw error
}

/** Why a consumer was skipped; undefined for an error of another kind. */
export const skipped = error => skips.get(error)
