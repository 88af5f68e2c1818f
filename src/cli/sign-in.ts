import type { Command } from 'commander'
import type { Runner } from './context.ts'
import { exitCodes, Failure } from './failure.ts'

interface SessionState {
  signedIn: boolean
  actor: string | null
}

export function signInCommand(command: Command, run: Runner): void {
  command.action(
    run(async context => {
      const { api, output } = context
      const { url, urlFrom, token, tokenFrom } = api.connection
      const answer = await api.get<SessionState>('/api/session')
      if (!answer.data.signedIn) {
        throw new Failure(
          token === null
            ? `${url.origin} answers, but there is no token`
            : `${url.origin} does not know the token from ${tokenFrom}`,
          {
            exitCode: exitCodes.refused,
            document: answer.text,
            todo: 'Give the admin token by --token or SIGNALBOX_TOKEN, or name the data folder of the server by --data: it holds the token in `admin-token`.',
          },
        )
      }
      context.print(answer, ({ actor }) => {
        output.fields([
          ['Server', `${url.origin} (from ${urlFrom})`],
          ['Signed in as', `${actor ?? 'admin'} (token from ${tokenFrom})`],
        ])
      })
    }),
  )
}
