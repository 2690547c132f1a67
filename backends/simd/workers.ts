/** Worker threads that run shares of kernels, in Node and in browsers. */
import { failure, FailureError } from '../../core/port/failure.js'

/** What a worker is told once. */
export interface WorkerInit {
  readonly module: WebAssembly.Module
  readonly memory: WebAssembly.Memory
  /** Names of the kernels by number. */
  readonly names: readonly string[]
  /** Scratch of the first worker, and bytes of each. */
  readonly first: number
  readonly scratch: number
}

/** Workers at work. */
export interface Workers {
  readonly terminate: () => void
}

/**
 * What a worker does: waits inside the kernels for a job, does its share, and waits again. Text, because it has to
 * start from within a bundle, in a browser and in Node alike.
 */
const serving = `
const serve = ({ module, memory, names, index, first, scratch }) => {
  const own = first + (index - 1) * scratch
  const kernels = new WebAssembly.Instance(module, { env: { memory } }).exports
  return () => {
    const words = new Int32Array(memory.buffer, 0, 16)
    for (let job = 0; ; ) {
      job = kernels.wait(job)
      for (;;) {
        const next = Atomics.load(words, 9) // before what it is about: see machine.ts
        const [kernel, units, shares] = [kernels[names[words[6]]], words[7], words[8]]
        const share = next % 1024
        if (share >= shares) break
        if (Atomics.compareExchange(words, 9, next, next + 1) !== next) continue
        const from = n => Math.floor((units * n) / shares)
        kernel(from(share), from(share + 1), own)
        Atomics.add(words, 5, 1)
      }
    }
  }
}
`

/** Its program where threads are Node's, which Bun and Deno have too. */
const programInNode = `${serving}
const { parentPort } = process.getBuiltinModule('node:worker_threads')
parentPort.once('message', task => { const run = serve(task); parentPort.postMessage('ready'); setTimeout(run) })
`

/** The same in a browser. */
const programInBrowser = `${serving}
self.onmessage = ({ data }) => { const run = serve(data); self.postMessage('ready'); setTimeout(run) }
`

/** Milliseconds in which a thread must be ready: it takes some fifty, on a busy machine a second. */
const PATIENCE = 15_000

/** A worker of either kind, as far as it is needed. */
interface WorkerHandle {
  readonly post: (task: object) => void
  readonly ready: Promise<void>
  readonly end: () => void
}

const inNode = (): WorkerHandle => {
  const { Worker } = process.getBuiltinModule('node:worker_threads') // no import, that bundles for browsers would follow
  const worker = new Worker(programInNode, { eval: true })
  worker.unref() // a program ends without waiting for idle hands
  return {
    post: task => worker.postMessage(task),
    ready: new Promise((done, fail) =>
      worker
        .once('message', () => done())
        .once('error', fail)
        .once('exit', () => fail(new Error('it ended at once')))
    ),
    end: () => void worker.terminate()
  }
}

const inBrowser = (): WorkerHandle => {
  const url = URL.createObjectURL(new Blob([programInBrowser], { type: 'text/javascript' }))
  const worker = new Worker(url)
  return {
    post: task => worker.postMessage(task),
    ready: new Promise((done, fail) => {
      worker.onmessage = () => done()
      worker.onerror = event => fail(new Error(event.message))
    }),
    end: () => {
      worker.terminate()
      URL.revokeObjectURL(url)
    }
  }
}

/** Rejects when there has been time enough; `end` calls it off. */
const deadline = (): { readonly late: Promise<never>; readonly end: () => void } => {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, fail) => {
    timer = setTimeout(() => fail(new Error(`not ready within ${PATIENCE / 1000} s`)), PATIENCE)
  })
  return { late, end: () => clearTimeout(timer) }
}

/** Starts `count` workers and waits until each of them is ready.
 * @throws FailureError when one of them does not start, as where a machine grants no more threads; those that did are ended
 */
export const startWorkers = async (count: number, employment: WorkerInit): Promise<Workers> => {
  const node = typeof process !== 'undefined' && typeof process.getBuiltinModule === 'function'
  const hands: WorkerHandle[] = []
  const terminate = (): void => hands.forEach(hand => hand.end())
  const { late, end } = deadline()
  try {
    for (let i = 0; i < count; i++) hands.push(node ? inNode() : inBrowser())
    hands.forEach((hand, i) => hand.post({ ...employment, index: i + 1 }))
    await Promise.race([Promise.all(hands.map(hand => hand.ready)), late])
  } catch (error) {
    hands.forEach(hand => void hand.ready.catch(() => undefined)) // the others may fail too
    terminate()
    const what = `a thread does not start: ${(error as Error).message}`
    throw new FailureError(failure('backend', 'backend simd', what, 'Ask for fewer threads; with one, none is started'))
  } finally {
    end()
  }
  return { terminate }
}
