import { audited } from './audit/audited.ts'
import type { Command, Failure, Outcome } from './command.ts'
import { coldCommands } from './commands/index.ts'
import type { Transaction } from './hot.ts'
import type { CommandInput, Commands } from './port.ts'
import { Refusal } from './refusal.ts'

/** Undoes one command inside the transaction that many share. */
export type Savepoint = <T>(work: () => Promise<T>) => Promise<T>

/**
 * Runs the commands that waited together, inside one transaction. They were concurrent, so any order is right: hot
 * ones of a kind go as one statement list, the others follow one by one. A refusal undoes its own command; any
 * other error is the transaction's and fails all of them.
 */
export async function runBatch(
  trx: Transaction,
  commands: readonly Command[],
  savepoint: Savepoint,
): Promise<Outcome[]> {
  const outcomes = new Array<Outcome>(commands.length)
  const settle = (places: number[], values: readonly unknown[]) =>
    places.forEach((place, index) => (outcomes[place] = { ok: true, value: values[index] }))
  const of = <N extends keyof Commands>(name: N): [places: number[], inputs: CommandInput<N>[]] => {
    const places: number[] = []
    const inputs: CommandInput<N>[] = []
    commands.forEach((command, place) => {
      if (command.name !== name) return
      places.push(place)
      inputs.push(command.input as CommandInput<N>)
    })
    return [places, inputs]
  }

  const [appends, events] = of('appendEvent')
  if (events.length > 0) settle(appends, await trx.appendEvents(events))
  for (const [place, command] of commands.entries()) {
    if (Object.hasOwn(coldCommands, command.name)) outcomes[place] = await runCold(trx, command, savepoint)
  }
  const [records, attempts] = of('recordAttempt')
  if (attempts.length > 0) settle(records, await trx.recordAttempts(attempts))
  const [reacted, commits] = of('commitReacted')
  for (const [index, commit] of commits.entries())
    settle([reacted[index]!], [await trx.commitReacted(commit)])
  const [claimed, claims] = of('claimRuns')
  for (const [index, claim] of claims.entries()) settle([claimed[index]!], [await trx.claimRuns(claim)])
  return outcomes
}

async function runCold(
  trx: Transaction,
  { name, input, audit }: Command,
  savepoint: Savepoint,
): Promise<Outcome> {
  const cold = name as keyof typeof coldCommands
  const command = coldCommands[cold] as (trx: Transaction, input: unknown) => Promise<unknown>
  const run = () => command(trx, input)
  try {
    return { ok: true, value: await savepoint(audit ? () => audited(trx, cold, input, audit, run) : run) }
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, refused: error.code, message: error.message }
    throw error
  }
}

/** One transaction: every command's outcome, or why all of it was rolled back. */
export type Transact = (
  commands: Command[],
) => Promise<Outcome[] | { failure: Failure; spoiledByOne: boolean }>

/**
 * One command that the engine cannot take (too large, a broken constraint) must not fail the strangers it shares a
 * transaction with: what it spoiled is committed in halves, until it stands alone.
 */
export async function commitBatch(commands: Command[], transact: Transact): Promise<Outcome[]> {
  const result = await transact(commands)
  if (Array.isArray(result)) return result
  if (!result.spoiledByOne || commands.length === 1)
    return commands.map(() => ({ ok: false, failure: result.failure }))
  const half = commands.length >> 1
  const first = await commitBatch(commands.slice(0, half), transact)
  return [...first, ...(await commitBatch(commands.slice(half), transact))]
}
