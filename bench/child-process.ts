/** The driver's side of a contestant: a child process that runs epochs on demand and tells its times. */
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

/** What a contestant answers: per epoch, and of its process so far. Peers in other languages may leave memory out. */
export interface Answer {
  readonly cpu_ms: number
  readonly wall_ms: number
  readonly loss: number
  readonly peak_bytes?: number
  readonly rss_bytes?: number
}

/** A contestant that is alive. */
export interface ChildProcess {
  readonly run: (epochs: number) => Promise<Answer>
  readonly end: () => void
}

/** Starts a contestant. @throws with its last words if it does not get ready */
export const childProcess = async (command: string, args: readonly string[]): Promise<ChildProcess> => {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] })
  let complaint = ''
  child.stderr.on('data', (text: Buffer) => (complaint = (complaint + text.toString()).slice(-2000)))
  child.on('error', error => (complaint = error.message))
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const answer = async (): Promise<unknown> => {
    const { value, done } = (await lines.next()) as { value: string; done?: boolean }
    if (done) throw new Error(complaint.trim().split('\n').at(-1) ?? 'it ended')
    return value.startsWith('{') ? JSON.parse(value) : answer() // libraries like to greet
  }
  await answer()
  return {
    run: async epochs => {
      child.stdin.write(`run ${epochs}\n`)
      return (await answer()) as Answer
    },
    end: () => {
      child.stdin.end('end\n')
      child.kill()
    }
  }
}
