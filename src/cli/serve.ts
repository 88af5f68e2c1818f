import type { Command } from 'commander'
import type { Runner } from './context.ts'

/** For completion: the server declares them, not commander. */
export async function serveFlags(): Promise<{ value: string; about: string }[]> {
  const { serverFlags } = await import('../main.ts')
  return (await serverFlags()).map(({ flag, meaning }) => ({ value: flag, about: meaning }))
}

/** The one command that is not a client: it runs the server in this process, with the server's own flags and help. */
export function serveCommand(command: Command, run: Runner): void {
  command
    .argument('[flags...]', "the server's flags, such as --port and --data; --help lists them")
    .helpOption(false)
    .allowUnknownOption()
    .passThroughOptions()
    .action(
      run(async ({ global }, flags: string[]) => {
        const { main } = await import('../main.ts')
        await main(global.data === undefined ? flags : ['--data', global.data, ...flags])
      }),
    )
}
