import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { connect } from 'node:tls'
import { until } from '../kill/support/until.ts'
import { ask, send } from './support/ask.ts'
import { signIn } from './support/person.ts'
import { deliver, onlyRunFor, runInState, verdictsOn } from './support/see.ts'
import type { Endpoint, Event, EventSummary, List, Reaction, RunSummary, Session } from './support/shapes.ts'
import { startAndFail, startSignalbox, temporaryFolder } from './support/signalbox.ts'
import { startTarget } from './support/target.ts'

test('a second Signalbox on the same folder is refused, and told what to do', async t => {
  const directory = temporaryFolder(t)
  const box = await startSignalbox(t, { directory })
  const second = await startAndFail(t, { directory })
  assert.equal(second.exitCode, 1)
  assert.match(second.printed, /in use by another Signalbox \(process \d+\).*--data/)
  assert.doesNotMatch(second.printed, /^\s+at /m, 'a sentence, no stack')
  assert.equal((await ask(`${box.url}/healthz`)).status, 200, 'the first one goes on')
  assert.equal((await box.ask('GET', '/api/status')).status, 200, 'with the same token')
})

test('a mistake in the settings ends the start with a sentence', async t => {
  const box = await startSignalbox(t)
  const cases: [string[], RegExp][] = [
    [['--prot', '80'], /There is no setting --prot/],
    [['--max-hops', 'many'], /--max-hops.*whole number.*many/],
    [['--tls-cert', 'cert.pem'], /--tls-cert and --tls-key belong together/],
    [['--tls-cert', '/nowhere/c.pem', '--tls-key', '/nowhere/k.pem'], /TLS files could not be read.*c\.pem/],
    [['--host', '192.0.2.1'], /192\.0\.2\.1.*--host/],
    [['--port', new URL(box.url).port], /already.*--port/],
    [['--data', join(box.directory, 'secret.key', 'x')], /A file is in the way.*--data/],
  ]
  for (const [args, sentence] of cases) {
    const ended = await startAndFail(t, { directory: temporaryFolder(t), args })
    assert.equal(ended.exitCode, 1, args.join(' '))
    assert.match(ended.printed, sentence)
    assert.doesNotMatch(ended.printed, /^\s+at |"level"/m, `a sentence alone: ${ended.printed}`)
  }
})

test('a restart keeps everything: sessions, tokens, secrets, what is held and what is due', async t => {
  const directory = temporaryFolder(t)
  const target = await startTarget(t)
  const secret = `whsec_${Buffer.from('a secret of twenty-four b').toString('base64')}`
  const before = await startSignalbox(t, { directory })
  const port = new URL(before.url).port
  const me = await signIn(before)
  const endpoint = await before.api<Endpoint>('POST', '/api/endpoints', {
    name: 'in',
    authentication: [{ type: 'api-key', in: 'header', name: 'x-key', keys: ['k3y'] }],
  })
  const reaction = (name: string) => ({
    name,
    trigger: { type: 'endpoint', endpoint: 'in' },
    action: {
      type: 'http',
      url: `${target.url}/${name}`,
      bodyFrom: 'original',
      signingSecrets: [secret],
    },
    retry: { delaysMs: [500, 500] },
  })
  await before.api('POST', '/api/reactions', reaction('works'))
  await before.api('POST', '/api/reactions', reaction('rests'))
  await before.api('POST', '/api/reactions/rests/pause')
  target.answer = () => ({ status: 503 })
  const eventId = await deliver(endpoint, { n: 1 }, { 'x-key': 'k3y' })
  await target.have(1)
  const snapshot = async (box: typeof before) => ({
    endpoints: await box.api<List<Endpoint>>('GET', '/api/endpoints'),
    reactions: (await box.api<List<Reaction>>('GET', '/api/reactions')).items.map(
      ({ id, version, state, definition }) => ({ id, version, state, definition }),
    ),
    events: await box.api<List<EventSummary>>('GET', '/api/events'),
    verdicts: (await box.api<{ verdicts: unknown }>('GET', `/api/events/${eventId}/verdicts`)).verdicts,
  })
  await verdictsOn(before, eventId)
  const was = await snapshot(before)
  assert.equal(await before.stop(), 0)

  target.answer = () => ({ status: 200 })
  const after = await startSignalbox(t, { directory, args: ['--port', port] })
  assert.equal(after.token, before.token)
  assert.deepEqual(await snapshot(after), was)
  assert.equal(((await me.ask('GET', '/api/session')).json() as Session).signedIn, true)
  const { runs } = await after.api<Event>('GET', `/api/events/${eventId}`)
  const runOf = (name: string) => {
    const run = runs.find(({ reactionName }) => reactionName === name)
    assert.ok(run, name)
    return run
  }
  await runInState(after, runOf('works').id, 'succeeded')
  assert.equal(runOf('rests').state, 'held')
  await after.api('POST', '/api/reactions/rests/resume')
  await runInState(after, runOf('rests').id, 'succeeded')
  assert.ok(target.received.every(({ headers }) => headers['webhook-signature']?.startsWith('v1,')))
  const byToken = await send(endpoint.dataUrl, '{}', {
    authorization: `Bearer ${endpoint.token}`,
    'x-key': 'k3y',
  })
  assert.equal(byToken.status, 202, 'the send token still works')
  assert.equal((await send(endpoint.url, '{}', { 'x-key': 'wrong' })).status, 401)

  const modeOf = (file: string) => statSync(join(directory, file)).mode & 0o077
  for (const file of ['admin-token', 'secret.key'])
    assert.equal(modeOf(file), 0, `${file} is its owner’s alone`)
  const stored = readFileSync(join(directory, 'signalbox.db'))
  assert.equal(stored.includes(secret.slice(6)), false, 'the secret is sealed in the store')
})

test('an orderly stop lets what is under way finish', async t => {
  const directory = temporaryFolder(t)
  const target = await startTarget(t)
  let answerNow = () => {}
  target.answer = () => new Promise(resolve => (answerNow = () => resolve({ status: 200 })))
  const box = await startSignalbox(t, { directory })
  const endpoint = await box.api<Endpoint>('POST', '/api/endpoints', { name: 'in' })
  await box.api('POST', '/api/reactions', {
    name: 'slow',
    trigger: { type: 'endpoint', endpoint: 'in' },
    action: { type: 'http', url: target.url },
  })
  const { id } = await onlyRunFor(box, await deliver(endpoint, {}))
  await target.have(1)
  const stopping = box.stop()
  await until(
    () => 'it says that it stops',
    () => /finishing what is under way/.test(box.printed()),
  )
  answerNow()
  assert.equal(await stopping, 0)
  const again = await startSignalbox(t, { directory })
  const run = await again.api<RunSummary>('GET', `/api/runs/${id}`)
  assert.equal(run.state, 'succeeded')
  assert.equal(run.attempts, 1)
  assert.equal(target.received.length, 1)
})

/** A self-signed certificate for 127.0.0.1; answers it. */
function makeCertificate(folder: string, name: string): { cert: string; certFile: string; keyFile: string } {
  const certFile = join(folder, `${name}.crt`)
  const keyFile = join(folder, `${name}.key`)
  const about = ['-subj', `/CN=${name}`, '-addext', 'subjectAltName=IP:127.0.0.1', '-days', '2']
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  execFileSync('openssl', ['req', '-x509', ...newKey, ...about, '-keyout', keyFile, '-out', certFile], {
    stdio: 'pipe',
    timeout: 20_000,
  })
  return { cert: readFileSync(certFile, 'utf8'), certFile, keyFile }
}

/** The common name in the certificate that is shown to a new connection. */
const certificateShown = (url: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port: Number(new URL(url).port), rejectUnauthorized: false })
    socket.once('error', reject)
    socket.once('secureConnect', () => {
      resolve(String(socket.getPeerCertificate().subject.CN))
      socket.destroy()
    })
  })

test('with a certificate it serves https, and takes a renewed one without a restart', async t => {
  const folder = temporaryFolder(t)
  const first = makeCertificate(folder, 'first')
  const second = makeCertificate(folder, 'second')
  const certFile = join(folder, 'served.crt')
  const keyFile = join(folder, 'served.key')
  writeFileSync(certFile, first.cert)
  writeFileSync(keyFile, readFileSync(first.keyFile))
  const box = await startSignalbox(t, {
    args: ['--tls-cert', certFile, '--tls-key', keyFile],
    ca: first.cert,
  })
  assert.match(box.url, /^https:/)
  const endpoint = await box.api<Endpoint>('POST', '/api/endpoints', { name: 'in' })
  assert.match(endpoint.url, /^https:/)
  const sent = await ask(endpoint.url, { method: 'POST', body: '{}', ca: first.cert })
  assert.equal(sent.status, 202)
  const signedIn = await ask(`${box.url}/api/session`, {
    method: 'POST',
    json: { token: new URL(box.link).hash.slice(1) },
    ca: first.cert,
  })
  assert.match(String(signedIn.headers['set-cookie']), /; Secure/)
  assert.equal(await certificateShown(box.url), 'first')

  // As tools that renew certificates do: a new file is put in the place of the old one.
  for (const [from, to] of [
    [second.keyFile, keyFile],
    [second.certFile, certFile],
  ] as const) {
    writeFileSync(`${to}.new`, readFileSync(from))
    renameSync(`${to}.new`, to)
  }
  await until(
    () => `the renewed certificate is shown. Printed: ${box.printed()}`,
    async () => (await certificateShown(box.url)) === 'second',
    { everyMs: 50 },
  )

  // And once more: a file that was replaced is still watched.
  writeFileSync(`${keyFile}.new`, readFileSync(first.keyFile))
  renameSync(`${keyFile}.new`, keyFile)
  writeFileSync(`${certFile}.new`, first.cert)
  renameSync(`${certFile}.new`, certFile)
  await until(
    () => `the next one as well. Printed: ${box.printed()}`,
    async () => (await certificateShown(box.url)) === 'first',
    { everyMs: 50, deadlineMs: 15_000 },
  )
  assert.equal((await ask(`${box.url}/healthz`, { ca: first.cert })).status, 200)
})

test('a broken certificate is not taken, and the former one is kept', async t => {
  const folder = temporaryFolder(t)
  const { cert, certFile, keyFile } = makeCertificate(folder, 'good')
  const box = await startSignalbox(t, { args: ['--tls-cert', certFile, '--tls-key', keyFile], ca: cert })
  writeFileSync(certFile, 'no certificate')
  await until(
    () => 'it says that the new certificate is not used',
    () => /new TLS certificate is not used/.test(box.printed()),
  )
  assert.equal(await certificateShown(box.url), 'good')
  assert.equal((await ask(`${box.url}/healthz`, { ca: cert })).status, 200)
})
