import { Argument, type Command } from 'commander'
import type { Context, Runner } from './context.ts'
import { wrongUsage } from './failure.ts'
import { printMessage } from './run-show.ts'
import type { Practice } from './shapes.ts'
import { durationOption, relative } from './times.ts'

const positions = ['ok', 'fail', 'slow', 'down', 'gone', 'redirect']

export function practiceCommand(command: Command, run: Runner): void {
  command
    .addArgument(
      new Argument(
        '[what]',
        'show it, clear what it received, or turn its switch: ok (200), fail (500), slow, down (nothing listens), gone (410), redirect',
      )
        .choices(['show', 'clear', ...positions])
        .default('show'),
    )
    .option('--delay <duration>', 'how long `slow` takes (5s)', durationOption)
    .action(
      run(async (context, what: string, { delay }: { delay?: number }) => {
        if (delay !== undefined && what !== 'slow') throw wrongUsage('--delay goes with `practice slow`')
        if (what === 'clear') {
          await context.api.send('DELETE', '/api/practice/requests')
          return context.output.note('What the practice target received is forgotten.')
        }
        if (what === 'show') {
          const answer = await context.api.get<Practice>('/api/practice')
          return context.print(answer, practice => printPractice(context, practice))
        }
        const change = { behaviour: what, ...(delay === undefined ? {} : { delayMs: delay }) }
        const answer = await context.api.send<Practice>('PUT', '/api/practice', change)
        context.print(answer, ({ behaviour, url }) =>
          context.output.line('The practice target is ', { text: behaviour, style: 'strong' }, `: ${url}`),
        )
      }),
    )
}

const shownWhole = 3

function printPractice({ output, terminal, global }: Context, practice: Practice): void {
  const { enabled, url, behaviour, requests, received } = practice
  if (global.quiet) return output.line(behaviour)
  output.fields([
    ['Practice target', { text: url, style: 'strong' }],
    ['Switch', enabled ? behaviour : 'off: the operator started Signalbox with --practice no'],
    ['Received', `${received} since the start`],
  ])
  for (const request of requests.slice(0, shownWhole)) {
    const { number, receivedAt, method, path, headers, body, answeredStatus, signature, run } = request
    output.line('')
    output.line(
      { text: `#${number}`, style: 'strong' },
      ` ${method} ${path} ${relative(receivedAt, terminal.nowMs())}, answered ${answeredStatus ?? 'not yet'}`,
    )
    output.line(
      `  ${run ? `run ${run.id} of ${run.reactionName}; ` : ''}signature ${signature.state}: ${signature.detail}`,
    )
    printMessage(output, headers, body)
  }
}
