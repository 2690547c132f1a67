/** For tests: the built command, as a child process or in the test's own. */
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { vi } from 'vitest'

const main = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url))

/** A life in one stage, by the settings of sagp 0.5.0's swift for few columns: births, deaths, a best network before the last. */
export const oneLife: readonly string[] = [
  ...['--preset', 'paper', '--newborn', 'fresh', '--growth-patience', '2', '--max-hidden', '16'],
  ...['--gamma2', '0.02', '--dropout', '0.1']
]

/** How a child ended, and what it said. */
export interface Spoken {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

/** When and how a child is stopped: so many milliseconds after its start, or once something is so. */
export interface Stop {
  readonly when: number | (() => boolean)
  readonly signal?: NodeJS.Signals
}

/** Whether a run has a checkpoint of that epoch or a later one. */
export const reached = (run: string, epoch: number) => (): boolean => {
  const checkpoints = join(run, 'checkpoints')
  return existsSync(checkpoints) && readdirSync(checkpoints).some(n => n.endsWith('.sagp') && parseInt(n, 10) >= epoch)
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
    const { when = Infinity, signal = 'SIGKILL' } = stop ?? {}
    const start = performance.now()
    const due = typeof when === 'number' ? (): boolean => performance.now() - start >= when : when
    const watch = setInterval(() => {
      if (!due()) return
      clearInterval(watch)
      child.kill(signal)
    }, 5)
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()))
    child.on('close', code => {
      clearInterval(watch)
      resolve({ code, out, err })
    })
  })

/** Runs a line of bash in a folder, in which `$sagp` is the command. */
export const shell = (folder: string, line: string): Promise<Spoken> =>
  new Promise(resolve => {
    const child = spawn('bash', ['-c', `sagp="${process.execPath} ${main}"; ${line}`], { cwd: folder })
    let [out, err] = ['', '']
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()))
    child.on('close', code => resolve({ code, out, err }))
  })

let calls = 0

/** The same in the test's own process, thirty times as fast: for what a command says and leaves, not how its process ends. */
export const sagpHere = async (folder: string, args: readonly string[]): Promise<Spoken> => {
  const { argv } = process
  const home = process.cwd()
  const streams = [process.stdout, process.stderr]
  const listeners = streams.flatMap(stream => stream.listeners('error'))
  let [out, err] = ['', '']
  const hear = (stream: NodeJS.WriteStream, take: (text: string) => void) =>
    vi.spyOn(stream, 'write').mockImplementation((text: string | Uint8Array, ...rest: readonly unknown[]) => {
      take(typeof text === 'string' ? text : new TextDecoder().decode(text))
      const done = rest.at(-1)
      if (typeof done === 'function') (done as () => void)()
      return true
    })
  const ears = [hear(process.stdout, text => (out += text)), hear(process.stderr, text => (err += text))]
  process.argv = [process.execPath, main, ...args]
  process.chdir(folder)
  try {
    await import(`${pathToFileURL(main).href}?${calls++}`) // runs once more under each new name
    return { code: Number(process.exitCode), out, err }
  } finally {
    for (const ear of ears) ear.mockRestore()
    for (const stream of streams)
      for (const added of stream.listeners('error'))
        if (!listeners.includes(added)) stream.off('error', added as () => void)
    process.argv = argv
    process.chdir(home)
    process.exitCode = undefined
  }
}

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
