import type { Command } from 'commander'
import { path } from './client.ts'
import type { Context, Runner } from './context.ts'
import { durationOption } from './times.ts'
import type { Endpoint } from './shapes.ts'

/** What is done to an endpoint that is there: stop and start it, and change its token. */
export function endpointStateCommands(
  group: Command,
  run: Runner,
  print: (context: Context, endpoint: Endpoint) => void,
): void {
  for (const [name, state, meaning] of [
    ['disable', 'disabled', 'take no requests: senders are answered 403 until it is enabled again'],
    ['enable', 'active', 'take requests again'],
  ] as const) {
    group
      .command(`${name} <endpoint>`)
      .description(meaning)
      .action(
        run(async (context, endpoint: string) => {
          const answer = await context.api.send<Endpoint>('PATCH', path`/api/endpoints/${endpoint}`, {
            state,
          })
          context.print(answer, one => print(context, one))
        }),
      )
  }

  group
    .command('rotate-token <endpoint>')
    .description('give an endpoint a new send token; the old one is taken for a while besides')
    .option('--overlap <duration>', 'how long the old one is taken (24h); 0s ends it at once', durationOption)
    .action(
      run(async (context, name: string, { overlap }: { overlap?: number }) => {
        const answer = await context.api.send<{ token: string; curl: string; formerEndsAt: string }>(
          'POST',
          path`/api/endpoints/${name}/token`,
          overlap === undefined ? {} : { overlapSeconds: Math.round(overlap / 1000) },
        )
        context.print(answer, ({ token, curl, formerEndsAt }) => {
          if (context.global.quiet) return context.output.line(token)
          context.output.fields([
            ['Token', token],
            ['Former until', overlap === 0 ? 'now' : formerEndsAt],
            ['Send', curl],
          ])
          context.output.note(
            `See whether anybody still uses the former one: signalbox endpoint show ${name}`,
          )
        })
      }),
    )

  group
    .command('end-token <endpoint>')
    .description('end the token before the last rotation now')
    .action(
      run(async (context, name: string) => {
        const answer = await context.api.send('DELETE', path`/api/endpoints/${name}/former-token`)
        context.print(answer, () => context.output.note(`The former token of ${name} is not taken any more.`))
      }),
    )
}
