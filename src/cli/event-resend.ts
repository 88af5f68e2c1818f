import { isUtf8 } from 'node:buffer'
import type { Command } from 'commander'
import { path } from './client.ts'
import type { Context } from './context.ts'
import { collect, parseHeader, readValue } from './input.ts'

export interface ResendOptions {
  data?: string
  contentType?: string
  header?: string[]
  withoutHeader?: string[]
  method?: string
  query?: string
}

export const resendCommandOptions = (command: Command): Command =>
  command
    .option('--data <value>', 'another body: text, @file, or - for stdin; of any bytes')
    .option('--content-type <type>', 'another media type')
    .option('--header <header>', "another header, 'Name: value' (repeatable)", collect)
    .option('--without-header <name>', 'take a header away (repeatable)', collect)
    .option('--method <method>', 'another method')
    .option('--query <query>', 'another query, such as a=1&b=2')

/** What an edit changes, as the API takes it. */
interface Edit {
  body?: string
  bodyBase64?: string
  contentType?: string
  method?: string
  query?: string
  headers?: Record<string, string | string[] | null>
}

export async function resendEvent(context: Context, id: string, options: ResendOptions): Promise<void> {
  const { data, header = [], withoutHeader = [], contentType, method, query } = options
  const edit: Edit = {
    ...(data === undefined ? {} : bodyOf(await readValue(data, context.terminal))),
    ...(contentType === undefined ? {} : { contentType }),
    ...(method === undefined ? {} : { method: method.toUpperCase() }),
    ...(query === undefined ? {} : { query: query.replace(/^\?/, '') }),
  }
  if (header.length > 0 || withoutHeader.length > 0) {
    const given = Map.groupBy(header.map(parseHeader), ({ name }) => name)
    edit.headers = Object.fromEntries([
      ...withoutHeader.map((name): [string, null] => [name, null]),
      ...[...given].map(([name, same]): [string, string | string[]] => {
        const [first, ...more] = same.map(({ value }) => value)
        return [name, more.length === 0 ? (first ?? '') : [first ?? '', ...more]]
      }),
    ])
  }
  const answer = await context.api.send<{ id: string }>('POST', path`/api/events/${id}/resend`, edit)
  context.print(answer, event => context.output.line(event.id))
}

const bodyOf = (bytes: Buffer): Pick<Edit, 'body' | 'bodyBase64'> =>
  isUtf8(bytes) ? { body: bytes.toString('utf8') } : { bodyBase64: bytes.toString('base64') }
