import type { Command } from 'commander'
import type { Runner } from './context.ts'
import { plural } from './text.ts'

export function signOutCommand(command: Command, run: Runner): void {
  command.action(
    run(async ({ api, print, output }) => {
      const answer = await api.send<{ ended: number }>('DELETE', '/api/sessions')
      print(answer, ({ ended }) => output.line(`${plural(ended, 'browser')} signed out.`))
    }),
  )
}
