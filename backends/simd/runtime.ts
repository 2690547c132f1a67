/** The kernels, their memory, and the one way to run them. */
import { sharedFlag } from './binary.js'
import type { Block } from './block.js'
import { blockAt } from './block.js'
import { ALIGNMENT, heap, rounded } from './heap.js'
import { startWorkers } from './workers.js'

/** Bytes of a page of WASM memory. */
const PAGE = 65536
/** Scratch of one thread. */
const SCRATCH = PAGE
/** Words at which the main thread and its workers meet: see assembly/threads.ts; then the arguments. */
const [JOBS, DONE, KERNEL, UNITS, SHARES, NEXT, ARGUMENTS] = [4, 5, 6, 7, 8, 9, 16] as const
/** Shares for each thread: whoever is kept from working takes fewer. */
const SHARES_EACH = 4
/** The word of the next share holds the number of the job too, so that a late worker cannot take a share of the next job. */
const [MOST_SHARES, MOST_JOBS] = [1024, 2 ** 20]
/** Spins before a worker counts as dead (some minutes). */
const PATIENCE = 1e11

/** Bytes in use now, at most so far, and taken from the system. */
export interface Usage {
  readonly live: number
  readonly peak: number
  readonly reserved: number
}

/** A running set of kernels. */
export interface Runtime {
  readonly take: (bytes: number) => Block
  readonly give: (block: Block) => void
  /** A part of a block, to be given back like one. */
  readonly within: (block: Block, offset: number, bytes: number) => Block
  /** A copy of the first numbers of a block. */
  readonly read: (block: Block, length: number) => Float32Array
  readonly write: (block: Block, values: ArrayLike<number>) => void
  /** The whole number at a position of a block. */
  readonly word: (block: Block, position: number) => number
  /** A block with these whole numbers, to be given back. */
  readonly numbers: (values: ArrayLike<number>) => Block
  /** Runs a kernel over `units` of work; shares of fewer than `grain` units are not worth a thread. */
  readonly run: (kernel: string, units: number, grain: number, args: readonly number[]) => void
  readonly usage: () => Usage
  /** Ends the worker threads. */
  readonly close: () => void
}

/** How to start the kernels. */
export interface MachineOptions {
  /** Threads that share the work of one kernel, the caller's included; the bits do not depend on it. */
  readonly threads: number
  readonly code: string
}

const converter = new Float32Array(1)
const asInteger = new Int32Array(converter.buffer)

/** A Float32 as an argument. */
export const float = (value: number): number => {
  converter[0] = value
  return asInteger[0] as number
}

/** The kernels' code: base64 inflated, for a memory that is shared or not. */
export const codeOf = async (code: string, shared: boolean): Promise<BufferSource> => {
  const { writable, readable } = new DecompressionStream('deflate-raw')
  const writer = writable.getWriter() // by hand: Node takes 30 ms to load what `Response` brings along
  void writer.write(Uint8Array.from(atob(code), c => c.charCodeAt(0)))
  void writer.close()
  const parts: number[] = []
  const reader = readable.getReader()
  for (let part = await reader.read(); !part.done; part = await reader.read())
    for (const byte of part.value) parts.push(byte)
  const bytes = Uint8Array.from(parts)
  bytes[sharedFlag] = shared ? 3 : 1
  return bytes
}

/** Starts the kernels. @throws where WebAssembly SIMD, or for several threads shared memory, is missing */
export const runtime = async ({ threads, code }: MachineOptions): Promise<Runtime> => {
  const shared = threads > 1
  if (shared && typeof SharedArrayBuffer === 'undefined') {
    throw new Error(
      'several threads need shared memory: serve the page with Cross-Origin-Opener-Policy: same-origin and ' +
        'Cross-Origin-Embedder-Policy: require-corp, or use one thread'
    )
  }
  const base = PAGE + threads * SCRATCH
  const memory = new WebAssembly.Memory({ initial: base / PAGE + 16, maximum: 65536, shared })
  const module = await WebAssembly.compile(await codeOf(code, shared))
  const { exports } = await WebAssembly.instantiate(module, { env: { memory } })
  const kernels = exports as Readonly<Record<string, (from: number, to: number, scratch: number) => void>>
  const names = Object.keys(kernels)
  const numbers = new Map(names.map((name, i) => [name, i]))
  const allocator = heap(base)
  // asked for once: nobody else makes the memory grow, and reading memory.buffer costs more than a small kernel
  let { buffer } = memory
  let words = new Int32Array(buffer)
  let floats = new Float32Array(buffer)
  const grown = (): void => {
    buffer = memory.buffer
    words = new Int32Array(buffer)
    floats = new Float32Array(buffer)
    allocator.extend(buffer.byteLength - ALIGNMENT) // kernels may read a little past a tensor
  }
  grown()
  const workers = await startWorkers(threads - 1, { module, memory, names, first: PAGE + SCRATCH, scratch: SCRATCH })
  const full = (bytes: number): never => {
    throw new RangeError(`simd: ${bytes} more bytes do not fit: ${buffer.byteLength} of at most 4 GiB are in use.`)
  }
  const grow = (bytes: number): void => {
    const wanted = Math.max(bytes + PAGE, buffer.byteLength / 8)
    try {
      memory.grow(Math.ceil(wanted / PAGE))
    } catch {
      full(bytes)
    }
    grown()
  }
  const take = (bytes: number): Block => {
    if (bytes === 0) return blockAt(0, bytes)
    const found = allocator.take(bytes)
    if (found !== undefined) return blockAt(found, bytes)
    grow(rounded(bytes))
    return blockAt(allocator.take(bytes) ?? full(bytes), bytes)
  }
  const give = (block: Block): void => {
    const { plain, transposed, panels, list, rowList } = block
    if (plain) give(plain)
    if (transposed) give(transposed)
    if (panels) give(panels)
    for (const lists of [list, rowList]) {
      if (!lists) continue
      give(lists.starts)
      give(lists.entries)
    }
    const whole = block.whole ?? block
    whole.views -= 1
    if (whole.views === 0) allocator.give(whole.at, whole.bytes)
  }
  let jobs = 0
  const runThreaded = (kernel: string, units: number): void => {
    const w = words
    const shares = Math.min(units, SHARES_EACH * threads)
    jobs = (jobs + 1) % MOST_JOBS
    w[KERNEL] = numbers.get(kernel) as number
    w[UNITS] = units
    w[SHARES] = shares
    Atomics.store(w, DONE, 0)
    Atomics.store(w, NEXT, jobs * MOST_SHARES)
    Atomics.store(w, JOBS, jobs)
    Atomics.notify(w, JOBS)
    const from = (share: number): number => Math.floor((units * share) / shares)
    for (;;) {
      const next = Atomics.load(w, NEXT)
      const share = next % MOST_SHARES
      if (share >= shares) break
      if (Atomics.compareExchange(w, NEXT, next, next + 1) !== next) continue
      kernels[kernel]?.(from(share), from(share + 1), PAGE)
      Atomics.add(w, DONE, 1)
    }
    // only for shares that somebody has taken: whoever sleeps holds up nobody
    for (let looks = 0; Atomics.load(w, DONE) < shares; looks++) {
      if (looks > PATIENCE) throw new Error('simd: a worker thread does not answer; use threads: 1.')
    }
  }
  return {
    take,
    give,
    within: (block, offset, bytes) => {
      const whole = block.whole ?? block
      whole.views += 1
      return blockAt(block.at + offset, bytes, whole)
    },
    read: ({ at }, length) => new Float32Array(floats.subarray(at / 4, at / 4 + length)),
    write: ({ at }, values) => floats.set(values, at / 4),
    numbers: values => {
      const block = take(4 * values.length)
      words.set(values, block.at / 4)
      return block
    },
    word: ({ at }, position) => words[at / 4 + position] as number,
    run: (kernel, units, grain, args) => {
      if (units === 0) return
      for (let i = 0; i < args.length; i++) words[ARGUMENTS + i] = args[i] ?? 0
      if (shared && units >= 2 * grain) runThreaded(kernel, units)
      else kernels[kernel]?.(0, units, PAGE)
    },
    usage: () => ({ ...allocator.usage(), reserved: buffer.byteLength }),
    close: workers.terminate
  }
}
