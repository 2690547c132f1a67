/** A thread that reads Parquet files: what a damaged one does to its reader does not hang the program. Node only. */
import { parentPort } from 'node:worker_threads'
import { readParquet } from '../data/formats/parquet.js'

/** A file to read. */
export interface ParquetTask {
  readonly bytes: Uint8Array
  readonly place: string
}

parentPort?.on('message', ({ bytes, place }: ParquetTask) => {
  void readParquet(bytes, place)().then(sheet => parentPort?.postMessage(sheet))
})
