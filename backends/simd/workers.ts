/** Worker threads that run shares of kernels, in Node and in browsers. */

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
 * The program of a worker: waits inside the kernels for a job, does its share, and waits again. Text, because it has to
 * start from within a bundle, in a browser and in Node alike.
 */
const program = `
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
if (typeof self === 'undefined') {
  const { parentPort } = process.getBuiltinModule('node:worker_threads')
  parentPort.once('message', task => { const run = serve(task); parentPort.postMessage('ready'); setTimeout(run) })
} else {
  self.onmessage = ({ data }) => { const run = serve(data); self.postMessage('ready'); setTimeout(run) }
}
`

/** A worker of either kind, as far as it is needed. */
interface WorkerHandle {
  readonly post: (task: object) => void
  readonly ready: Promise<void>
  readonly end: () => void
}

const inNode = (): WorkerHandle => {
  const { Worker } = process.getBuiltinModule('node:worker_threads') // no import, that bundles for browsers would follow
  const worker = new Worker(program, { eval: true })
  worker.unref() // a program ends without waiting for idle hands
  return {
    post: task => worker.postMessage(task),
    ready: new Promise((done, fail) => worker.once('message', () => done()).once('error', fail)),
    end: () => void worker.terminate()
  }
}

const inBrowser = (): WorkerHandle => {
  const url = URL.createObjectURL(new Blob([program], { type: 'text/javascript' }))
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

/** Starts `count` workers and waits until each of them is ready. */
export const startWorkers = async (count: number, employment: WorkerInit): Promise<Workers> => {
  const node = typeof process !== 'undefined' && typeof process.getBuiltinModule === 'function'
  const hands = Array.from({ length: count }, () => (node ? inNode() : inBrowser()))
  hands.forEach((hand, i) => hand.post({ ...employment, index: i + 1 }))
  await Promise.all(hands.map(hand => hand.ready))
  return { terminate: () => hands.forEach(hand => hand.end()) }
}
