import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A call as the target saw it. */
export interface Call {
  /** The run's, the same in each of its attempts. */
  webhookId: string
  /** Which reaction called: the last part of the path. */
  reaction: string
  eventId: string
  deliveryId: string
  attempt: number
  atMs: number
  /** The status that it was answered with; 0: the connection was cut. */
  answer: number
}

export interface Sink {
  url: string
  calls: Call[]
  /** How a call is answered from now on: with a status, 0 to cut the connection, or whenever a promise says. */
  answer: (call: Readonly<Call>) => number | Promise<number>
  close(): Promise<void>
}

/** What a reaction must send for its calls to be understood here. */
export const callTemplate =
  '{"event":"{{.event.id}}","delivery":"{{.body.id}}","run":"{{.run.id}}","attempt":{{.run.attempt}}}'

/** A target that keeps a journal of all that reaches it. */
export async function startSink(t: { after(end: () => Promise<void>): void }): Promise<Sink> {
  const server = createServer((request, response) => void take(request, response).catch(() => {}))
  const sink: Sink = {
    url: '',
    calls: [],
    answer: () => 200,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  const take = async (request: IncomingMessage, response: ServerResponse) => {
    let text = ''
    for await (const chunk of request) text += String(chunk)
    const said = JSON.parse(text) as { event: string; delivery: string; run: string; attempt: number }
    const call: Call = {
      webhookId: String(request.headers['webhook-id']),
      reaction: request.url!.slice(1),
      eventId: said.event,
      deliveryId: said.delivery,
      attempt: said.attempt,
      atMs: Date.now(),
      answer: -1,
    }
    sink.calls.push(call)
    call.answer = await sink.answer(call)
    if (call.answer === 0) request.socket.destroy()
    else response.writeHead(call.answer).end(`attempt ${call.attempt}`)
  }
  // Longer than a test: a connection that ends by itself would look like a failure of the target.
  server.keepAliveTimeout = 600_000
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  sink.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  t.after(sink.close)
  return sink
}
