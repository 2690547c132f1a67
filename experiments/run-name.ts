/** What a run is called: the path of its folder, RUN@EPOCH or RUN@stage:NUMBER. Node only. */
import { stat } from 'node:fs/promises'

/** A run's folder, and the epoch or the stage (1 is the first) that was asked for, if any. */
export interface RunName {
  readonly folder: string
  readonly epoch?: number
  readonly stage?: number
}

/** What a name may mean, the likelier first: a folder whose own name ends like an epoch is meant itself. */
export const meaningsOf = (name: string): readonly RunName[] => {
  const [, folder, kind, number] = /^(.+)@(stage:)?(\d+)$/s.exec(name) ?? []
  const meant = kind === undefined ? { epoch: Number(number) } : { stage: Number(number) }
  return [{ folder: name }, ...(folder === undefined ? [] : [{ folder, ...meant }])]
}

/** A name as it is written. */
export const nameOf = ({ folder, epoch, stage }: RunName): string =>
  epoch !== undefined ? `${folder}@${epoch}` : stage !== undefined ? `${folder}@stage:${stage}` : folder

/** Whether there is a folder of that path. */
export const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    s => s.isDirectory(),
    () => false
  )
