/**
 * Training in a worker, so that the page or the server that asked for it does other things meanwhile.
 *
 * A model cannot cross between threads, its bytes can: the worker trains and sends `encodeModel(model)`, whoever asked decodes
 * them. Epochs are plain numbers and cross as they are. This is Node's `worker_threads`. In a browser the same thread is
 * written with `self` in place of `parentPort`, and started by
 *
 *     new Worker(new URL('./training-thread.js', import.meta.url), { type: 'module' })
 *
 * To cancel, send a message that aborts a signal there, or end the worker, which loses what it has learned.
 */
import { Worker } from 'node:worker_threads'
import { decodeModel } from '../index.js'
import { kinds, points } from './ring.js'
import type { TrainingMessage, TrainingTask } from './training-thread.js'

/** Trains elsewhere; `onEpoch` is told of it here. */
export const trainInWorker = (task: TrainingTask, onEpoch: (epoch: number) => void): Promise<Uint8Array> =>
  new Promise((resolve, reject) => {
    const thread = new Worker(new URL('./training-thread.js', import.meta.url))
    thread.on('error', reject)
    thread.on('message', (message: TrainingMessage) => {
      if (message.kind === 'epoch') return onEpoch(message.epoch.epoch)
      void thread.terminate()
      resolve(message.bytes)
    })
    thread.postMessage(task)
  })

/** Trains in a worker, answers here. */
export const example = async (): Promise<{
  readonly heard: readonly number[]
  readonly answers: readonly unknown[]
}> => {
  const heard: number[] = []
  const bytes = await trainInWorker({ rows: points, kinds, epochs: 100 }, epoch => heard.push(epoch))
  const model = await decodeModel(bytes)
  const answers = await model.predict([points[0] as readonly number[], points.at(-1) as readonly number[]])
  model.close()
  return { heard, answers }
}
