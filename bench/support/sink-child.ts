import { createServer } from 'node:http'
import { monotonicMs } from './clock.ts'

/** A target in a process of its own. Answers 1 KB at once, or as it is told, and keeps when each event's id arrived. */
export interface SinkOrder {
  delayMs?: number
  report?: boolean
}
export interface SinkReport {
  arrivals: [eventId: string, at: number][]
}

let delayMs = 0
let arrivals: SinkReport['arrivals'] = []
const answer = Buffer.alloc(1024, 'x')

const server = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    const id = /evt_[0-9a-f]{24}/.exec(Buffer.concat(chunks).toString('latin1'))?.[0] ?? ''
    arrivals.push([id, monotonicMs()])
    if (delayMs === 0) response.end(answer)
    else setTimeout(() => response.end(answer), delayMs)
  })
})
server.listen(0, '127.0.0.1', () => process.send!({ port: (server.address() as { port: number }).port }))
process.on('message', (order: SinkOrder) => {
  if (order.delayMs !== undefined) delayMs = order.delayMs
  if (!order.report) return
  process.send!({ arrivals } satisfies SinkReport)
  arrivals = []
})
