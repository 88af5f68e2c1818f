import { path } from './client.ts'
import type { Context } from './context.ts'
import { runColumns } from './run-table.ts'
import type { Event } from './shapes.ts'
import { plural } from './text.ts'
import { relative } from './times.ts'

export function printEvent(context: Context, event: Event): void {
  const { output, terminal, global } = context
  if (global.quiet) return output.line(event.id)
  const { request, cause, body } = event
  output.fields([
    ['Event', { text: event.id, style: 'strong' }],
    ['Time', `${event.time} (${relative(event.time, terminal.nowMs())})`],
    ['Kind', `${event.kind.name} (${event.kind.type})`],
    ['Targets', event.targets.map(({ type, value }) => `${type}:${value}`).join(', ')],
    ['Owner', `${event.owner.type}:${event.owner.name}`],
    ['Error', event.error === null ? null : { text: event.error, style: 'bad' }],
    ['Request', request && `${request.method} ${request.path}${request.query ? `?${request.query}` : ''}`],
    ['Sender', request?.sender],
    ['Verified', request?.verified],
    ['Delivery', request?.deliveryId],
    ['Caused by', cause && `${cause.runId}, for ${cause.eventId} (${plural(event.hops, 'hop')})`],
    ['Body', `${plural(body.bytes, 'byte')}${body.contentType ? ` of ${body.contentType}` : ''}`],
    [
      'Came as',
      request?.inflated && `${plural(request.inflated.bytes, 'byte')} of ${request.inflated.encoding}`,
    ],
  ])
  for (const [name, value] of Object.entries(request?.headers ?? {})) {
    for (const one of [value].flat()) output.line({ text: `  ${name}: `, style: 'faint' }, one)
  }
  for (const [index, part] of (body.parts ?? []).entries()) {
    const { name, filename, contentType } = part
    const said = [name, filename, contentType, plural(part.bytes, 'byte')].filter(one => one !== null)
    output.line({ text: `  part ${index}: `, style: 'faint' }, said.join(', '))
  }
  if (body.text !== null && body.text !== '') {
    output.line('')
    output.block(body.text)
  } else if (body.bytes > 0) {
    output.note(
      `The body is no text, or too large to be shown: signalbox event show ${event.id} --body > file`,
    )
  }
  if (event.runs.length === 0) return output.note(`No run. signalbox why ${event.id} says why.`)
  output.line('')
  output.table(runColumns(context), event.runs)
}

/** The bytes as they came, unless they would go to a terminal: they could drive it. */
export async function printBody(
  { api, terminal, output }: Context,
  id: string,
  part?: number,
): Promise<void> {
  const url =
    part === undefined ? path`/api/events/${id}/body` : path`/api/events/${id}/parts/${String(part)}`
  const response = await api.exchange('GET', url)
  const bytes = Buffer.from(await response.arrayBuffer())
  if (terminal.stdout.isTTY === true) output.block(bytes.toString('utf8'))
  else terminal.stdout.write(bytes)
}
