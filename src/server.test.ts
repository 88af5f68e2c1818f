import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { connect as connectTls } from 'node:tls'
import { until } from '../test/support/store.ts'
import { ConfigError, readConfig } from './config.ts'
import { createServer } from './server.ts'

async function listen(t: TestContext, ...args: string[]): Promise<number> {
  const server = createServer(readConfig(args, {}))
  server.get('/', async () => 'here')
  await server.listen({ host: '127.0.0.1', port: 0 })
  t.after(() => server.close())
  const address = server.server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

function certificates(t: TestContext): (name: string) => { cert: string; key: string } {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-tls-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  return name => {
    const [cert, key] = [join(folder, `${name}.crt`), join(folder, `${name}.key`)]
    const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
    const files = ['-keyout', key, '-out', cert, '-subj', `/CN=${name}`]
    execFileSync('openssl', ['req', '-x509', ...curve, ...files], { stdio: 'pipe', timeout: 20_000 })
    return { cert, key }
  }
}

/** Whose certificate the server shows. */
const shownBy = (port: number): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false }, () => {
      const { CN } = socket.getPeerCertificate().subject
      resolve(String(CN))
      socket.destroy()
    })
    socket.on('error', reject)
  })

test('what is no HTTP, or too much of it, is answered with a problem', async t => {
  const port = await listen(t)
  for (const [sent, status, code] of [
    ['HELLO\r\n\r\n', 400, 'request.malformed'],
    [`GET /?${'a'.repeat(20_000)} HTTP/1.1\r\nHost: x\r\n\r\n`, 431, 'request.headers-too-large'],
  ] as const) {
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => {})
    socket.write(sent)
    let text = ''
    for await (const chunk of socket) text += String(chunk)
    assert.match(text, new RegExp(`^HTTP/1\\.1 ${status} `))
    assert.match(text, /\r\nContent-Type: application\/problem\+json\r\n/)
    assert.equal((JSON.parse(text.slice(text.indexOf('{'))) as { code: string }).code, code)
  }
})

test('headers that come too slowly get a 408, and the connection is closed', async t => {
  const port = await listen(t, '--body-timeout-ms', '200')
  const socket = connect(port, '127.0.0.1')
  let text = ''
  socket.on('data', chunk => (text += chunk.toString()))
  socket.write('GET / HTTP/1.1\r\nHost: box\r\nX-Slow: ')
  await new Promise(resolve => socket.once('close', resolve))
  assert.match(text, /^HTTP\/1\.1 408 /)
})

test('a connection that is kept open outlasts a sender’s minute', async t => {
  const port = await listen(t)
  const answer = await fetch(`http://127.0.0.1:${port}/`)
  await answer.text()
  const seconds = Number(/timeout=(\d+)/.exec(answer.headers.get('keep-alive') ?? '')?.[1])
  assert.ok(seconds > 60 && seconds <= 75, `${seconds}`)
})

test('a certificate that cannot be used ends the start with a sentence that names the files', async t => {
  const make = certificates(t)
  const [one, other] = [make('one'), make('other')]
  const start = (cert: string, key: string) => () =>
    createServer(readConfig(['--tls-cert', cert, '--tls-key', key], {}))
  const names =
    (...files: string[]) =>
    (error: unknown) => {
      assert.ok(error instanceof ConfigError)
      for (const file of files) assert.ok(error.message.includes(file), error.message)
      return true
    }
  assert.throws(start(`${one.cert}.nope`, one.key), names(`${one.cert}.nope`))
  assert.throws(start(one.cert, other.key), names(one.cert, other.key))
  writeFileSync(other.cert, 'no PEM')
  assert.throws(start(other.cert, other.key), names(other.cert))
})

test('a certificate is renewed as often as its files are put in place', { timeout: 30_000 }, async t => {
  const make = certificates(t)
  const served = make('first')
  const port = await listen(t, '--tls-cert', served.cert, '--tls-key', served.key)
  assert.equal(await shownBy(port), 'first')
  t.mock.method(console, 'error', () => {})
  for (const name of ['second', 'third']) {
    const next = make(name)
    renameSync(next.cert, served.cert)
    renameSync(next.key, served.key)
    await until(`${name} is shown`, async () => (await shownBy(port)) === name)
  }
})
