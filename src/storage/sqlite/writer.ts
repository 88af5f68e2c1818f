import type { Command, Outcome } from '../command.ts'
import { createGroupCommit } from '../group-commit.ts'
import { StorageError } from '../port.ts'
import { startThread } from './thread.ts'
import type { WriterAnswer } from './writer-thread.ts'

export interface Writer {
  execute(command: Command): Promise<unknown>
  health(): { ok: true } | { ok: false; reason: string }
  close(): Promise<void>
}

/** The main thread's side: hands each batch to the thread, and its outcomes back. */
export async function startWriter(
  file: string,
  onCommitted: (commands: readonly Command[]) => void,
): Promise<Writer> {
  const thread = startThread('writer-thread', { file })
  await new Promise<void>((resolve, reject) => {
    thread.once('message', () => resolve())
    thread.once('error', reject)
  })

  let answered: (outcomes: Outcome[]) => void = () => {}
  const commits = createGroupCommit(
    commands =>
      new Promise(resolve => {
        answered = resolve
        thread.postMessage(commands)
      }),
    onCommitted,
  )
  thread.on('message', (answer: WriterAnswer) => {
    if (answer.type === 'done') answered(answer.outcomes)
  })
  const end = (cause: unknown) =>
    commits.end(
      new StorageError('storage.closed', 'The store was closed', {
        retryable: false,
        cause: cause ?? undefined,
      }),
    )
  thread.on('error', end)
  const exited = new Promise<void>(resolve => {
    thread.on('exit', () => {
      end(null)
      resolve()
    })
  })

  return {
    execute: commits.execute,
    health: commits.health,
    async close() {
      await commits.drain()
      thread.postMessage('close')
      await exited
    },
  }
}
