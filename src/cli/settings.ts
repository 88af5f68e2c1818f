import type { Command } from 'commander'
import type { Runner } from './context.ts'

interface Setting {
  name: string
  flag: string
  variable: string
  meaning: string
  value: string | number | boolean | string[] | null
  source: 'default' | 'environment' | 'flag' | 'administrator'
  secret: boolean
  given: boolean
}

export function settingsCommand(command: Command, run: Runner): void {
  command.option('--given', 'only those that are not as the default has them').action(
    run(async (context, options: { given?: boolean }) => {
      const answer = await context.api.get<{ items: Setting[] }>('/api/settings')
      context.print(answer, ({ items }) =>
        context.output.table(
          [
            { title: 'SETTING', value: ({ name }) => name },
            { title: 'VALUE', value: valueText, shrinks: true },
            { title: 'SET BY', value: sourceText },
            { title: 'MEANING', value: ({ meaning }) => meaning, shrinks: true },
          ],
          options.given ? items.filter(({ given }) => given) : items,
        ),
      )
    }),
  )
}

function valueText({ value, secret, given }: Setting): string {
  if (secret) return given ? '•••' : ''
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  return [value ?? ''].flat().join(', ')
}

function sourceText({ source, flag, variable }: Setting): string {
  if (source === 'flag') return flag
  if (source === 'environment') return variable
  return source === 'administrator' ? 'signalbox retention' : ''
}
