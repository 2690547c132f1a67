/** What a run is called: the path of its folder, or RUN@EPOCH. Node only. */
import { stat } from 'node:fs/promises'

/** A run's folder, and the epoch that was asked for, if any. */
export interface RunName {
  readonly folder: string
  readonly epoch?: number
}

/** What a name may mean, the likelier first: a folder whose own name ends like an epoch is meant itself. */
export const meaningsOf = (name: string): readonly RunName[] => {
  const [, folder, epoch] = /^(.+)@(\d+)$/s.exec(name) ?? []
  return [{ folder: name }, ...(folder === undefined ? [] : [{ folder, epoch: Number(epoch) }])]
}

/** A name as it is written. */
export const nameOf = ({ folder, epoch }: RunName): string => (epoch === undefined ? folder : `${folder}@${epoch}`)

/** Whether there is a folder of that path. */
export const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    s => s.isDirectory(),
    () => false
  )
