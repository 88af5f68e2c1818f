import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { signalbox } from './support/command-line.ts'
import { watch } from './support/feed.ts'
import { send } from './support/ask.ts'
import { deliver, onlyRunFor, runInState } from './support/see.ts'
import type { Endpoint } from './support/shapes.ts'
import { type Signalbox, startSignalbox } from './support/signalbox.ts'
import { startTarget } from './support/target.ts'

/** One of each kind of secret, none like another. */
const canaries = {
  named: 'canary/named "1" +Zq7',
  proxyPassword: 'canary-proxy-Zq7/+',
  header: 'canary/header+Zq7',
  signing: `whsec_${Buffer.from('canary-signing-key-of-Zq7-x').toString('base64')}`,
  bearer: 'canary/bearer+Zq7',
  apiKey: 'canary/api-key+Zq7',
  basic: 'canary/basic+Zq7',
  github: 'canary/github+Zq7',
  source: 'canary/source+Zq7',
  password: 'canary/password+Zq7',
}

/** As it may stand in a text: plain, in a URL, in JSON, in base64 wherever it begins there. */
function formsOf(secret: string): string[] {
  const url = encodeURIComponent(secret)
  const base64 = [0, 1, 2].flatMap(offset => {
    const shifted = Buffer.concat([Buffer.alloc(offset), Buffer.from(secret)])
    const own = [Math.ceil((offset * 8) / 6), Math.floor((shifted.length * 8) / 6)]
    return (['base64', 'base64url'] as const).map(encoding => shifted.toString(encoding).slice(...own))
  })
  return [secret, url, url.replaceAll('%20', '+'), JSON.stringify(secret).slice(1, -1), ...base64]
}

function assertClear(place: string, text: string, kinds: readonly string[] = Object.keys(canaries)): void {
  for (const [kind, secret] of Object.entries(canaries)) {
    if (!kinds.includes(kind)) continue
    for (const form of formsOf(secret)) {
      const at = text.indexOf(form)
      if (at >= 0)
        assert.fail(`${place} shows the secret "${kind}": …${text.slice(Math.max(0, at - 60), at + 60)}…`)
    }
  }
}

test('what looks for canaries finds them in every form', () => {
  for (const secret of Object.values(canaries))
    for (const text of [
      `x ${secret} x`,
      JSON.stringify({ secret }),
      `?a=${encodeURIComponent(secret)}`,
      Buffer.from(`me:${secret}!`).toString('base64'),
      Buffer.from(`m:${secret}`).toString('base64url'),
    ])
      assert.throws(() => assertClear('this', text), /shows the secret/)
  assertClear('this', 'canary and nothing else')
})

/** Everything that somebody furnishes an installation with, and traffic over it, echoed by the target in every form. */
async function furnish(t: Parameters<typeof startSignalbox>[0], box: Signalbox) {
  const target = await startTarget(t)
  const echoed = [canaries.named, canaries.header, canaries.signing].flatMap(formsOf)
  target.answer = ({ path }) => ({
    status: path.includes('redirect') ? 307 : path.includes('fail') ? 400 : 200,
    headers: {
      'x-echo': encodeURIComponent(canaries.named),
      ...(path.includes('redirect') ? { location: `/fail?k=${encodeURIComponent(canaries.named)}` } : {}),
    },
    body: JSON.stringify(echoed),
  })
  await box.api('POST', '/api/secrets', { name: 'NAMED', value: canaries.named, description: 'of the test' })
  await box.api('POST', '/api/secrets', { name: 'PROXY', value: canaries.proxyPassword })
  const authentication = {
    open: [{ type: 'none' }],
    bearer: [{ type: 'bearer', secrets: [canaries.bearer] }],
    key: [{ type: 'api-key', in: 'header', name: 'X-Key', keys: [canaries.apiKey] }],
    basic: [{ type: 'basic', username: 'me', passwords: [canaries.basic] }],
    github: [{ type: 'github', secrets: [canaries.github] }],
  }
  const endpoints: Record<string, Endpoint> = {}
  for (const [name, schemes] of Object.entries(authentication))
    endpoints[name] = await box.api<Endpoint>('POST', '/api/endpoints', { name, authentication: schemes })

  const action = {
    type: 'http',
    headers: [
      { name: 'Authorization', value: `Bearer ${canaries.header}` },
      { name: 'X-Named', value: '{{secret "NAMED" | b64enc}}' },
    ],
    signingSecrets: [canaries.signing],
    bodyFrom: 'template',
    body: '{"a": {{secret "NAMED" | toJson}}, "b": "{{printf "me:%s" (secret "NAMED") | b64enc}}"}',
    followRedirects: 2,
  }
  const trigger = { type: 'endpoint', endpoint: 'open' }
  const reactions = {
    works: { url: `${target.url}/ok?k={{secret "NAMED" | urlquery}}` },
    fails: { url: `${target.url}/fail` },
    redirects: { url: `${target.url}/redirect` },
    'no-url': { url: '{{secret "NAMED"}}/{{.body.n}}' },
    'no-template': { url: target.url, body: '{{fromJson (secret "NAMED")}}' },
    proxied: { url: target.url, proxyUrl: 'http://me:{{secret "PROXY" | urlquery}}@127.0.0.1:9' },
  }
  for (const [name, more] of Object.entries(reactions))
    await box.api('POST', '/api/reactions', {
      name,
      trigger: name === 'works' ? trigger : { type: 'endpoint', endpoint: 'bearer' },
      action: { ...action, ...more },
      retry: { delaysMs: [] },
      tellWhen: ['created', 'succeeded'],
    })
  await box.api('POST', '/api/sources', {
    name: 'other',
    product: 'tsuru',
    url: target.url,
    token: canaries.source,
  })

  const { id } = await onlyRunFor(box, await deliver(endpoints['open']!, { n: 1 }))
  await runInState(box, id, 'succeeded')
  await deliver(endpoints['bearer']!, { n: 2 }, { authorization: `Bearer ${canaries.bearer}` })
  await deliver(endpoints['key']!, { n: 3 }, { 'x-key': canaries.apiKey })
  const basic = Buffer.from(`me:${canaries.basic}`).toString('base64')
  await deliver(endpoints['basic']!, { n: 4 }, { authorization: `Basic ${basic}` })
  const signature = createHmac('sha256', canaries.github).update('{}').digest('hex')
  await deliver(endpoints['github']!, '{}', { 'x-hub-signature-256': `sha256=${signature}` })
  // Turned away, with the secret of another endpoint.
  const refused = await send(endpoints['key']!.url, '{}', { 'x-key': canaries.apiKey.slice(0, -1) })
  assert.equal(refused.status >= 400, true)
  return { target, run: id }
}

interface Described {
  paths: Record<string, Record<string, unknown>>
}

/** The ids that stand in lists, for the parameters of routes below them. */
async function addressesOf(box: Signalbox): Promise<string[]> {
  const { paths } = await box.api<Described>('GET', '/api/openapi.json')
  const addresses: string[] = []
  for (const [path, methods] of Object.entries(paths)) {
    if (!('get' in methods)) continue
    if (!path.includes('{')) addresses.push(path)
    else addresses.push(...(await filledIn(box, path)))
  }
  return addresses
}

async function filledIn(box: Signalbox, path: string): Promise<string[]> {
  const list = path.slice(0, path.indexOf('/{'))
  const { items = [] } = (await box.ask('GET', list)).json() as {
    items?: { id?: string; name?: string }[]
  }
  return items.map(({ id, name }) => path.replace(/\{[^}]*\}/, id ?? name ?? '').replace(/\{[^}]*\}/, '0'))
}

test('no secret shows in any answer, frame, line of the log, output of the command line, or byte of the store', {
  timeout: 180_000,
}, async t => {
  const box = await startSignalbox(t, { args: ['--log-level', 'debug'] })
  const feed = await watch(t, box, { headers: { authorization: `Bearer ${box.token}` } })
  const { run } = await furnish(t, box)
  const failed = await runsEnded(box)
  assert.deepEqual(
    failed.map(({ reactionName }) => reactionName).toSorted((a, b) => a.localeCompare(b)),
    ['fails', 'no-template', 'no-url', 'proxied', 'redirects'],
  )

  const { invitation } = await box.api<{ invitation: { url: string } }>('POST', '/api/users', {
    email: 'ada@example.com',
  })
  const invited = { token: invitation.url.split('#')[1], password: canaries.password }
  await box.api('POST', '/api/invitation', invited)

  const addresses = await addressesOf(box)
  let answered = 0
  for (const address of addresses) {
    const { status, text } = await box.ask('GET', address)
    if (status === 200) answered += 1
    assertClear(`GET ${address} (${status})`, text)
  }
  for (const name of ['runs', 'reactions', 'endpoints', 'secrets', 'events'])
    assert.ok(
      addresses.some(address => new RegExp(`^/api/${name}/[^/]+$`).test(address)),
      `${name} were looked at`,
    )
  assert.ok(answered > 60, `${answered} of ${addresses.length} answered`)
  for (const address of ['/metrics', '/healthz', '/readyz', '/1.6/events/webhooks', '/1.1/events'])
    assertClear(`GET ${address}`, (await box.ask('GET', address)).text)

  await feed.have('the runs are told', ({ messages }) => JSON.stringify(messages).includes(run))
  assert.ok(feed.changes.length > 20)
  assertClear('the feed', JSON.stringify(feed.messages))

  const environment = { SIGNALBOX_DATA: box.directory }
  for (const line of [
    'reaction list --json',
    'reaction show works --json',
    'reaction show proxied',
    'endpoint list --json',
    'endpoint show bearer',
    'secret list --json',
    'secret show NAMED',
    'event list --json',
    'run list --json',
    `run show ${run} --json`,
    `run show ${failed[0]!.id}`,
    'settings --json',
    'status --json',
  ]) {
    const { exitCode, out, err } = await signalbox(line.split(' '), { directory: box.directory, environment })
    assert.equal(exitCode, 0, `${line}: ${err}`)
    assertClear(`signalbox ${line}`, out + err)
  }
  assert.match(box.printed(), /"attempt"/)
  assertClear('the log', box.printed())

  const read = () =>
    readdirSync(box.directory)
      .filter(name => /\.db|sqlite/.test(name))
      .map(name => ({ name, text: readFileSync(join(box.directory, name)).toString('latin1') }))
  const files = read()
  assert.ok(
    files.some(({ text }) => text.includes('of the test')),
    'what is no secret is found in the store',
  )
  for (const { name, text } of files) assertClear(name, text)
  await box.stop()
  for (const { name, text } of read()) assertClear(`${name}, after the end`, text)
})

const runsEnded = async (box: Signalbox): Promise<{ id: string; reactionName: string }[]> => {
  for (let left = 200; left > 0; left--) {
    const { items } = await box.api<{ items: { id: string; state: string; reactionName: string }[] }>(
      'GET',
      '/api/runs?state=failed',
    )
    if (items.length >= 5) return items
    await new Promise(resolve => setTimeout(resolve, 50))
  }
  throw new Error('The runs that are to fail have not ended')
}
