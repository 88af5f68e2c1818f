import { createHmac, timingSafeEqual } from 'node:crypto'
import { createServer } from 'node:http'

/** What a receiver costs that does the same HMAC and JSON.parse, answers 202 and stores nothing. */
const secret = process.argv[2]!

const server = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    const body = Buffer.concat(chunks)
    const expected = createHmac('sha256', secret).update(body).digest()
    const given = Buffer.from(String(request.headers['x-hub-signature-256']).slice(7), 'hex')
    const right = given.length === expected.length && timingSafeEqual(given, expected)
    JSON.parse(body.toString())
    response
      .writeHead(right ? 202 : 401, { 'content-type': 'application/json' })
      .end('{"id":"evt_000000000000000000000000"}')
  })
})
server.listen(0, '127.0.0.1', () => process.send!({ port: (server.address() as { port: number }).port }))
