// Builds where install scripts are switched off, and after a source has changed; costs little where nothing has.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const stamp = join(root, 'dist', '.tsbuildinfo')
const skipped = new Set(['node_modules', 'dist', 'runs', '.git', '.stryker-tmp', 'docs'])
const newest = folder =>
  Math.max(
    0,
    ...readdirSync(folder, { withFileTypes: true })
      .filter(
        entry =>
          !skipped.has(entry.name) &&
          (entry.isDirectory() || /\.ts$|^package.*\.json$|^tsconfig.*\.json$/.test(entry.name))
      )
      .map(entry =>
        entry.isDirectory() ? newest(join(folder, entry.name)) : statSync(join(folder, entry.name)).mtimeMs
      )
  )
/** Runs a program of Node; what it says of a fault is all that is to be said. */
const run = (...program) => {
  const { status } = spawnSync(process.execPath, program, { stdio: 'inherit', cwd: root })
  if (status !== 0) process.exit(status ?? 1)
}
if (!existsSync(stamp) || statSync(stamp).mtimeMs < newest(root)) {
  run(join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', join(root, 'tsconfig.build.json'))
  run(join(root, 'scripts', 'finish-build.mjs'))
}
