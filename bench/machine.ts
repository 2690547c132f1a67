/** What a measurement was made on. */
import { execFileSync } from 'node:child_process'
import { cpus, platform, release, totalmem } from 'node:os'
import { version } from '../version.js'

/** A machine, in words and numbers. */
export interface Description {
  readonly processor: string
  readonly cores: number
  readonly memoryGiB: number
  readonly system: string
  readonly node: string
  readonly v8: string
  readonly sagp: string
  /** PyTorch's version, or why there is none. */
  readonly torch: string
}

/** The Python that has PyTorch: SAGP_PYTHON, or python3. */
export const python: string = process.env['SAGP_PYTHON'] ?? 'python3'

const torch = (): string => {
  try {
    return execFileSync(python, ['-c', 'import torch; print(torch.__version__)'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore']
    }).trim()
  } catch {
    return ''
  }
}

/** This machine. */
export const describe = (): Description => ({
  processor: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  memoryGiB: Math.round(totalmem() / 2 ** 30),
  system: `${platform()} ${release()}`,
  node: process.versions.node,
  v8: process.versions.v8,
  sagp: version,
  torch: torch()
})
