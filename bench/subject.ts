/**
 * One contestant in its own process: `node subject.js KIND BACKEND [--B 1800 ...]`. It says {"ready": true}, and for each
 * line "run N" on standard input runs N epochs and answers with its times; any other line ends it.
 */
import { createInterface } from 'node:readline'
import type { Tensor } from '../backends/open.js'
import { open } from '../backends/open.js'
import type { Simd } from '../backends/simd.js'
import { simd } from '../backends/simd.js'
import type { BackendName } from '../backends/open.js'
import type { Backend } from '../core/port/backend.js'
import { explain } from '../core/port/failure.js'
import { autograd } from './autograd.js'
import { consolidation } from './consolidation.js'
import { brain, javascriptExport, onnxExport } from './exports.js'
import { dense, sparse } from './inference.js'
import { mlp } from './mlp.js'
import { plain } from './plain.js'
import { products } from './products.js'
import type { Runner } from './sagp.js'
import { sagp } from './sagp.js'
import type { Setting } from './setting.js'
import { settingOf } from './setting.js'

const [kind = 'sagp', name = 'simd', ...rest] = process.argv.slice(2)
const setting = settingOf(rest)

const opened = async (): Promise<Backend<Tensor>> => {
  if (name === 'simd' || name === 'relaxed') {
    const backend: Simd = await simd({ threads: setting.threads, relaxed: name === 'relaxed' })
    return backend as unknown as Backend<Tensor>
  }
  const found = await open(name as BackendName)()
  if (found._tag === 'Left') throw new Error(explain(found.left))
  const { about = '' } = found.right as { readonly about?: string }
  if (/llvmpipe|swiftshader/i.test(about))
    throw new Error(`${about} is a GPU in software: good for tests, not for times.`)
  return found.right
}

const kinds: Readonly<Record<string, (b: Backend<Tensor>, setting: Setting) => Runner>> = {
  sagp,
  consolidation,
  mlp,
  products,
  sparse,
  dense
}

/** Those that need no backend of ours. */
const apart: Readonly<Record<string, (setting: Setting) => Promise<Runner>>> = {
  autograd,
  plain,
  'export js': javascriptExport,
  'export onnx': onnxExport,
  brain
}

const start = async (): Promise<{ readonly run: Runner; readonly peak: () => number }> => {
  const own = apart[kind]
  if (own) return { run: await own(setting), peak: () => 0 }
  const b = await opened()
  const make = kinds[kind]
  if (!make) throw new Error(`No contestant ${kind}.`)
  return { run: make(b, setting), peak: () => ('usage' in b ? (b as unknown as Simd).usage().peak : 0) }
}

const { run, peak } = await start().catch((error: unknown): never => {
  process.stderr.write((error as Error).message) // the driver repeats it
  process.exit(1)
})
const say = (answer: object): void => void process.stdout.write(`${JSON.stringify(answer)}\n`)
say({ ready: true })
for await (const line of createInterface({ input: process.stdin })) {
  const [word, text] = line.split(' ')
  if (word !== 'run') break
  const count = Number(text)
  const cpu = process.cpuUsage()
  const wall = performance.now()
  const loss = await run(count)
  const { user, system } = process.cpuUsage(cpu)
  say({
    cpu_ms: (user + system) / 1e3 / count,
    wall_ms: (performance.now() - wall) / count,
    loss,
    peak_bytes: peak(),
    rss_bytes: process.memoryUsage.rss()
  })
}
process.exit(0)
