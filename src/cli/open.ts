import type { Command } from 'commander'
import type { Runner } from './context.ts'
import { relative } from './times.ts'

export function openCommand(command: Command, run: Runner): void {
  command.action(
    run(async ({ api, print, output, terminal }) => {
      const answer = await api.send<{ url: string; expiresAt: string }>('POST', '/api/session/link')
      print(answer, ({ url, expiresAt }) => {
        output.line(url)
        output.note({
          text: `Open it in a browser: it signs in once, and expires ${relative(expiresAt, terminal.nowMs())}.`,
          style: 'faint',
        })
      })
    }),
  )
}
