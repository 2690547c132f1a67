/** For tests: the built command as a child process. */
import { spawn } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const main = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url))

/** How a child ended, and what it said. */
export interface Spoken {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

/** When and how a child is stopped: some milliseconds after its start, or after what it says matches `on`. */
export interface Stop {
  readonly after: number
  readonly on?: RegExp
  readonly signal?: NodeJS.Signals
}

/** Runs `sagp` with arguments in a folder; `limit` is the largest file it may write, in blocks of 1 KiB. */
export const sagp = (
  folder: string,
  args: readonly string[],
  { stop, limit }: { readonly stop?: Stop; readonly limit?: number } = {}
): Promise<Spoken> =>
  new Promise(resolve => {
    const child =
      limit === undefined
        ? spawn(process.execPath, [main, ...args], { cwd: folder })
        : spawn('bash', ['-c', `ulimit -f ${limit}; exec "$0" "$@"`, process.execPath, main, ...args], { cwd: folder })
    let [out, err] = ['', '']
    let timer: NodeJS.Timeout | undefined
    const arm = (): void => {
      if (stop && !timer) timer = setTimeout(() => child.kill(stop.signal ?? 'SIGKILL'), stop.after)
    }
    if (!stop?.on) arm()
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => {
      err += chunk.toString()
      if (stop?.on?.test(err)) arm()
    })
    child.on('close', code => {
      clearTimeout(timer)
      resolve({ code, out, err })
    })
  })

/** A fresh folder. */
export const folder = (): string => mkdtempSync(join(tmpdir(), 'sagp-'))

/** Three classes of 3 features, the class telling in two of them; rows are made by a plain formula. */
export const table = (rows: number = 90): string =>
  [
    'a,b,c,kind',
    ...Array.from({ length: rows }, (_, i) => {
      const noise = (k: number): number => Math.sin(i * 12.9898 + k * 78.233)
      const kind = i % 3
      return (
        [kind + 0.4 * noise(1), noise(2), -2 * kind + 0.5 * noise(3)].map(v => v.toFixed(4)).join() +
        `,${['red', 'green', 'blue'][kind]}`
      )
    })
  ].join('\n')

/** Writes a file into a folder; gives its path. */
export const put = (inside: string, name: string, content: string): string => {
  const path = join(inside, name)
  writeFileSync(path, content)
  return path
}

/** Writes bytes into a folder. */
export const putBytes = (inside: string, name: string, content: Uint8Array): void =>
  writeFileSync(join(inside, name), content)
