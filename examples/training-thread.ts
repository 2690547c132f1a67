/** The thread of worker.ts: takes rows and classes, tells every tenth epoch, gives the model's bytes. */
import { parentPort } from 'node:worker_threads'
import type { EpochReport } from '../index.js'
import { encodeModel, fitClassifier } from '../index.js'

/** What the thread is asked. */
export interface TrainingTask {
  readonly rows: readonly (readonly number[])[]
  readonly kinds: readonly string[]
  readonly epochs: number
}

/** What it says. */
export type TrainingMessage =
  { readonly kind: 'epoch'; readonly epoch: EpochReport } | { readonly kind: 'model'; readonly bytes: Uint8Array }

const say = (message: TrainingMessage): void => parentPort?.postMessage(message)

parentPort?.once('message', ({ rows, kinds, epochs }: TrainingTask) => {
  void fitClassifier(rows, kinds, {
    epochs,
    onEpoch: epoch => {
      if (epoch.epoch % 10 === 0) say({ kind: 'epoch', epoch })
    }
  }).then(async model => {
    say({ kind: 'model', bytes: await encodeModel(model) })
    model.close()
  })
})
