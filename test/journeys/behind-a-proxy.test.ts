import assert from 'node:assert/strict'
import { request } from 'node:http'
import { test } from 'node:test'
import { until } from '../kill/support/until.ts'
import { ask, send } from './support/ask.ts'
import { watch } from './support/feed.ts'
import { newPerson } from './support/person.ts'
import { startReverseProxy } from './support/reverse-proxy.ts'
import type { Endpoint, Status } from './support/shapes.ts'
import { startAndFail, startSignalbox, temporaryFolder } from './support/signalbox.ts'
import { shellWords, signalbox } from './support/command-line.ts'

for (const prefix of ['kept', 'stripped'] as const) {
  test(`below a base path that its proxy has ${prefix}, everything is found where it is said to be`, async t => {
    let target = new URL('http://127.0.0.1')
    const proxy = await startReverseProxy(t, { target: () => target, basePath: '/signalbox', prefix })
    const directory = temporaryFolder(t)
    const { port } = new URL(await freeAddress())
    target = new URL(`http://127.0.0.1:${port}`)
    const box = await startSignalbox(t, {
      directory,
      args: ['--public-url', proxy.url, '--trusted-proxies', '127.0.0.1', '--port', port],
    })
    assert.equal(box.url, proxy.url, 'the printed link leads through the proxy')

    const person = newPerson(box)
    const signedIn = await person.ask('POST', '/api/session', { token: new URL(box.link).hash.slice(1) })
    assert.equal(signedIn.status, 204)
    assert.match(String(signedIn.headers['set-cookie']), /; Path=\/signalbox;/)

    const endpoint = await box.api<Endpoint>('POST', '/api/endpoints', { name: 'shop' })
    assert.ok(endpoint.url.startsWith(`${proxy.url}/hooks/`), endpoint.url)
    const feed = await watch(t, box, { headers: { cookie: person.cookies() } })

    assert.equal((await send(endpoint.url, '{"by":"url"}')).status, 202)
    const [, , , authorization = '', url = '', , body = ''] = shellWords(endpoint.curl)
    const [name = '', value = ''] = authorization.split(': ')
    assert.equal((await send(url, body, { [name]: value })).status, 202, 'the curl line works as it is')
    await feed.have('both arrive over the WebSocket', ({ events }) => events().length === 2)

    const page = await ask(`${proxy.url}/events`, { headers: { accept: 'text/html' } })
    assert.equal(page.status, 200)
    assert.match(page.text, /<base href="\/signalbox\/"/)
    const description = (await ask(`${proxy.url}/api/openapi.json`)).json() as { servers: { url: string }[] }
    assert.deepEqual(description.servers, [{ url: '/signalbox' }])
    assert.match((await ask(`${proxy.url}/api/docs`)).text, /src="\/signalbox\/api\/docs\/static\//)

    const listed = await signalbox(['endpoint', 'list', '--json', '--url', proxy.url, '--token', box.token], {
      directory,
    })
    assert.equal(listed.exitCode, 0, listed.err)
    assert.match(listed.out, /"shop"/)
    assert.equal((await ask(`http://127.0.0.1:${port}/healthz`)).status, 200, 'probes come without the path')
  })
}

test('the sender is who asked the proxy, and what senders write themselves is not believed', async t => {
  let target = new URL('http://127.0.0.1')
  const proxy = await startReverseProxy(t, { target: () => target, basePath: '', prefix: 'kept' })
  const box = await startSignalbox(t, { args: ['--trusted-proxies', '127.0.0.1'] })
  target = new URL(box.url)
  const endpoint = await box.api<Endpoint>('POST', '/api/endpoints', {})
  const senderOf = async (answer: { status: number; id: string }) => {
    assert.equal(answer.status, 202)
    return (await box.api<{ sender: string }>('GET', `/api/events/${answer.id}`)).sender
  }
  const through = proxy.url + endpoint.path
  assert.equal(await senderOf(await sendFrom('127.0.0.7', through)), '127.0.0.7')
  const forged = { 'x-forwarded-for': '203.0.113.1' }
  assert.equal(await senderOf(await sendFrom('127.0.0.7', through, forged)), '127.0.0.7')
  assert.equal(
    await senderOf(await sendFrom('127.0.0.7', endpoint.url, forged)),
    '127.0.0.7',
    'not through it',
  )
  const both = await sendFrom('127.0.0.7', through, { forwarded: 'for=203.0.113.1' })
  assert.equal(await senderOf(both), 'unknown, through 127.0.0.1')
  const { visitors } = await box.api<Status>('GET', '/api/status')
  assert.deepEqual(visitors, { allowed: false, reason: 'Trusted proxies are configured' })
})

test('a base path or a proxy that cannot be used ends the start with a sentence', async t => {
  const starts: [string[], RegExp][] = [
    [['--trusted-proxies', '10.0.0.0/99'], /"10\.0\.0\.0\/99" is neither an address/],
    [['--base-path', 'signalbox'], /--base-path or SIGNALBOX_BASE_PATH takes a path such as \/signalbox/],
    [['--base-path', '/api/x'], /does not begin with one of our own/],
    [
      ['--base-path', '/a', '--public-url', 'https://x.example/b'],
      /--public-url ends in \/b and --base-path is \/a/,
    ],
  ]
  for (const [args, reason] of starts) {
    const { exitCode, printed } = await startAndFail(t, { directory: temporaryFolder(t), args })
    assert.equal(exitCode, 1)
    assert.match(printed, reason)
  }
})

test('an endpoint takes whom it lists, and its owner sees who else knocked', async t => {
  let target = new URL('http://127.0.0.1')
  const proxy = await startReverseProxy(t, { target: () => target, basePath: '', prefix: 'kept' })
  const directory = temporaryFolder(t)
  const box = await startSignalbox(t, { directory, args: ['--trusted-proxies', '127.0.0.1'] })
  target = new URL(box.url)
  const data = ['--data', directory]
  const made = await signalbox(
    ['endpoint', 'create', 'shop', '--allow-from', '127.0.0.0/29', '--allow-from', '2001:db8::/32', ...data],
    { directory },
  )
  assert.equal(made.exitCode, 0, made.err)
  const endpoint = await box.api<Endpoint>('GET', '/api/endpoints/shop')
  const through = proxy.url + endpoint.path
  assert.equal((await sendFrom('127.0.0.7', through)).status, 202)
  const refused = await sendFrom('127.0.0.9', through, { 'x-forwarded-for': '127.0.0.7' })
  assert.equal(refused.status, 403)
  assert.doesNotMatch(refused.text, /127\./, 'the sender is not told what would be taken')
  const byToken = await sendFrom('127.0.0.9', `${proxy.url}/data`, {
    authorization: `Bearer ${endpoint.token}`,
  })
  assert.equal(byToken.status, 403, 'the token does not open it either')

  const shown = await until(
    () => 'both refusals are shown to the owner',
    async () => {
      const answer = await signalbox(['endpoint', 'show', 'shop', ...data], { directory })
      return answer.out.includes('2 requests, last') && answer
    },
    { everyMs: 100 },
  )
  assert.match(shown.out, /Senders +127\.0\.0\.0\/29, 2001:db8::\/32/)
  assert.match(
    shown.out,
    /2 requests, last .* from 127\.0\.0\.9: address\.not-allowed \(The address 127\.0\.0\.9 /,
  )

  const wrong = await box.ask('PATCH', '/api/endpoints/shop', { allowedAddresses: ['127.0.0.1', 'my.host'] })
  assert.equal(wrong.status, 422)
  assert.match(wrong.text, /\/allowedAddresses\/1/)
  const opened = await signalbox(['endpoint', 'edit', 'shop', '--allow-from', 'all', ...data], { directory })
  assert.match(opened.out, /Senders +all/)
  assert.equal((await sendFrom('127.0.0.9', through)).status, 202)
})

/** From an address of this machine: all of 127.0.0.0/8 is. */
function sendFrom(
  localAddress: string,
  url: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; id: string; text: string }> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { method: 'POST', localAddress, headers, agent: false })
    asked.on('error', reject).on('response', response => {
      let text = ''
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, text, id: /"id":"(\w+)"/.exec(text)?.[1] ?? '' }),
      )
    })
    asked.end('{}')
  })
}

async function freeAddress(): Promise<string> {
  const { createServer } = await import('node:net')
  const probe = createServer().listen(0, '127.0.0.1')
  await new Promise(resolve => probe.once('listening', resolve))
  const address = probe.address()
  await new Promise(resolve => probe.close(resolve))
  return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
}
