// Finishes a build: removes what is left of sources that are gone, and makes the command executable.
import { chmodSync, existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const dist = join(root, 'dist')
for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
  const path = join(entry.parentPath, entry.name)
  const source = join(root, path.slice(dist.length).replace(/(\.d\.ts|\.js)$/, '.ts'))
  if (entry.isFile() && entry.name !== '.tsbuildinfo' && !existsSync(source)) rmSync(path)
}
chmodSync(join(dist, 'cli', 'main.js'), 0o755)
