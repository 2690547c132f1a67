// Every law on one backend: `npm run contract -- node`. Says how to get it where it is missing.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const names = ['simd', 'wasm', 'node', 'cuda', 'webgpu', 'reference']
const [name, ...rest] = process.argv.slice(2)
if (!names.includes(name)) {
  console.error(`contract: name a backend: ${names.join(', ')}. For example: npm run contract -- node`)
  process.exit(2)
}
const { open } = await import('../dist/backends/open.js')
const { explain } = await import('../dist/core/port/failure.js')
const opened = await open(name)()
if (opened._tag === 'Left') {
  console.error(`contract: ${explain(opened.left)}`)
  console.error('Packages of another folder are found by SAGP_MODULES=FOLDER, which holds its node_modules.')
  process.exit(1)
}
console.log(`contract: ${opened.right.about}`)
const { status } = spawnSync(
  process.execPath,
  [
    fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url)),
    'run',
    'properties/laws.test.ts',
    ...rest
  ],
  { stdio: 'inherit', env: { ...process.env, CONTRACT: name } }
)
process.exit(status ?? 1)
