import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { until } from '../kill/support/until.ts'
import { send } from './support/ask.ts'
import type { Scope } from './support/at-end.ts'
import {
  type CommandOptions,
  type Ended,
  shellWords,
  signalbox,
  startCommand,
} from './support/command-line.ts'
import { onlyRunFor, runInState, runWhich } from './support/see.ts'
import type { Endpoint, Event, EventSummary, List, Problem, RunSummary } from './support/shapes.ts'
import { type Signalbox, startSignalbox, temporaryFolder } from './support/signalbox.ts'
import { startTarget } from './support/target.ts'

/** Somebody who sits in a folder whose `data` belongs to a running Signalbox. */
async function startInFolder(t: Scope): Promise<{
  box: Signalbox
  run(...args: string[]): Promise<Ended>
  here: CommandOptions
}> {
  const folder = temporaryFolder(t)
  mkdirSync(join(folder, 'data'))
  const box = await startSignalbox(t, { directory: join(folder, 'data') })
  const here = { directory: folder }
  return { box, here, run: (...args) => signalbox(args, here) }
}

const done = (ended: Ended): string => {
  assert.equal(ended.exitCode, 0, `${ended.out}${ended.err}`)
  return ended.out
}

/** The commands in the README's first five minutes, a line each. */
function readmeCommands(): string[] {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
  const [section = ''] = /## The first five minutes\n.*?(?=\n## )/s.exec(readme) ?? []
  const blocks = [...section.matchAll(/```sh\n(.*?)```/gs)].map(([, block = '']) => block)
  const quoted = [...section.matchAll(/`(signalbox [^`]+)`/g)].map(([, command = '']) => command)
  return [...blocks.flatMap(block => block.trim().split(/(?<!\\)\n/)), ...quoted]
}

const practised = (box: Signalbox) =>
  box.api<{ requests: { body: string; run: { id: string } | null }[] }>('GET', '/api/practice')

test('the first five minutes go as the README says, command by command', async t => {
  const { box, here } = await startInFolder(t)
  const commands = readmeCommands()
  const takeFrom = (beginning: string): string[] => {
    const at = commands.findIndex(command => command.startsWith(beginning))
    assert.ok(at >= 0, `the README has a command that begins with: ${beginning}\n${commands.join('\n')}`)
    const [command = ''] = commands.splice(at, 1)
    return shellWords(command).slice(1)
  }
  const take = async (beginning: string): Promise<string> => done(await signalbox(takeFrom(beginning), here))
  takeFrom('alias signalbox=$PWD/bin/signalbox.js')

  // 1. Get a webhook.
  const created = await take('signalbox endpoint create')
  const token = /sb_send_[\w-]+/.exec(created)?.[0] ?? ''
  assert.match(created, /orders/)
  assert.match(created, /curl -XPOST/)

  // 2. Send something.
  const tail = startCommand(takeFrom('signalbox event tail'), here)
  await until(
    () => `the tail has begun: ${tail.out()}${tail.err()}`,
    () => tail.err().includes('Waiting for events'),
  )
  const curl = takeFrom('curl ')
  const valuesOf = (option: string) =>
    curl.flatMap((word, at) => (word === option ? [curl[at + 1] ?? ''] : []))
  const sendIt = async (): Promise<string> => {
    const headers = Object.fromEntries(
      valuesOf('-H').map(line => line.replace('<token>', token).split(': ') as [string, string]),
    )
    const url = curl.find(word => word.startsWith('http://127.0.0.1:4620')) ?? ''
    const answer = await send(url.replace('http://127.0.0.1:4620', box.url), valuesOf('-d')[0], headers)
    assert.equal(answer.status, 202)
    return (answer.json() as { id: string }).id
  }
  const first = await sendIt()
  await until(
    () => `the event is in the tail: ${tail.out()}${tail.err()}`,
    () => tail.out().includes(first),
  )
  assert.match(tail.out(), /"ok": "hello"/)
  tail.interrupt()
  assert.equal((await tail.ended).exitCode, 130)

  // 3. Make a reaction of it.
  await take('signalbox reaction create greet')
  assert.deepEqual((await practised(box)).requests, [], 'it does not see what came before')
  await runInState(box, (await onlyRunFor(box, await sendIt())).id, 'succeeded')
  assert.match(await take('signalbox practice'), /\{"text": "hello from orders"\}/)

  // 4. Break it.
  assert.match(await take('signalbox practice down'), /practice target is down/)
  const second = await sendIt()
  const { id } = await onlyRunFor(box, second)
  const waiting = await runWhich(box, id, ({ state, attempts }) => state === 'due' && attempts === 1)
  const seconds = (Date.parse(waiting.dueAt ?? '') - Date.parse(waiting.attemptList[0]?.endedAt ?? '')) / 1000
  assert.ok(seconds > 3.9 && seconds < 6.1, `after 5 s: ${seconds}`)
  const why = await signalbox(
    takeFrom('signalbox why').map(word => word.replace('<event>', second)),
    here,
  )
  assert.match(done(why), new RegExp(`✓ greet fired and made run ${id}`))
  const unseen = done(await signalbox(['why', first, 'greet'], here))
  assert.match(unseen, /greet did not fire.*replay it.*reaction\.younger/)

  // 5. Mend it.
  assert.match(await take('signalbox practice ok'), /practice target is ok/)
  await runInState(box, id, 'succeeded')
  const [delivered] = (await practised(box)).requests
  assert.equal(delivered?.body, '{"text": "hello from orders"}')
  assert.equal(delivered?.run?.id, id)
  assert.deepEqual(commands, [], 'every command of the README was tried')
})

test('a program reads the exit code, and with --json exactly what the API says', async t => {
  const { box, run, here } = await startInFolder(t)
  const json = async (...args: string[]): Promise<unknown> => JSON.parse(done(await run(...args, '--json')))

  const created = (await json('endpoint', 'create', 'orders')) as Endpoint
  assert.deepEqual(created, await box.api('GET', '/api/endpoints/orders'))
  const sent = (await json('event', 'send', '--endpoint', 'orders', '--data', '{"n": 1}')) as { id: string }
  assert.deepEqual(
    await json('event', 'show', sent.id),
    await box.api<Event>('GET', `/api/events/${sent.id}`),
  )
  assert.deepEqual(await json('event', 'list'), await box.api<List<EventSummary>>('GET', '/api/events'))
  const body = await run('event', 'show', sent.id, '--body')
  assert.equal(body.out, '{"n": 1}')

  const refused = await run('endpoint', 'create', 'orders', '--json')
  assert.equal(refused.exitCode, 1)
  assert.equal((JSON.parse(refused.out) as Problem).code, 'name-taken')
  const plainly = await run('endpoint', 'create', 'orders')
  assert.equal(plainly.exitCode, 1)
  assert.equal(plainly.out, '', 'errors go to stderr')
  assert.match(plainly.err, /taken \(409 name-taken\)/)

  const misspelt = await run('endpoint', 'craete')
  assert.equal(misspelt.exitCode, 2)
  assert.match(misspelt.err, /create/, 'says what was meant')
  assert.equal((await run('event', 'show', 'evt_nowhere')).exitCode, 4)
  const unreachable = await run('--url', 'http://127.0.0.1:1', '--token', 'x', 'status')
  assert.equal(unreachable.exitCode, 3)
  assert.match(unreachable.err, /127\.0\.0\.1:1/)
  const elsewhere = await signalbox(['status'], { directory: temporaryFolder(t) })
  assert.equal(elsewhere.exitCode, 3)
  assert.match(elsewhere.err, /--data/)
  const stranger = await signalbox(['status'], {
    ...here,
    environment: { SIGNALBOX_URL: box.url, SIGNALBOX_TOKEN: 'wrong' },
  })
  assert.equal(stranger.exitCode, 1)
  assert.match(stranger.err, /401/)
  assert.match(done(await run('status')), /fsynced/)
  assert.match(done(await run('sign-in')), new RegExp(box.url))
  assert.match(done(await run('open')), /\/sign-in#sb_signin_/)
})

test('a reaction is kept in a file, tried, paused and mended without leaving the terminal', async t => {
  const { box, run, here } = await startInFolder(t)
  const target = await startTarget(t)
  done(await run('endpoint', 'create', 'in'))
  done(await run('reaction', 'create', 'mirror', '--endpoint', 'in', '--url', target.url, '--no-retry'))
  const file = join(here.directory, 'mirror.yaml')
  const yaml = done(await run('reaction', 'show', 'mirror', '--yaml'))
  writeFileSync(
    file,
    yaml.replace(/bodyFrom: .*/, 'bodyFrom: template').replace(/body: .*/, 'body: "{{.body.n"'),
  )
  const broken = await run('reaction', 'edit', 'mirror', '--file', file)
  assert.equal(broken.exitCode, 1)
  assert.match(broken.err, /mirror\.yaml:\d+:\d+ \/action\/body/, 'the mistake has its line in the file')
  writeFileSync(
    file,
    yaml.replace(/bodyFrom: .*/, 'bodyFrom: template').replace(/body: .*/, 'body: "n={{.body.n}}"'),
  )

  const event = done(await run('event', 'send', '--endpoint', 'in', '--data', '{"n": 7}', '--quiet')).trim()
  await target.have(1)
  const dry = done(await run('reaction', 'test', '--file', file, '--event', event))
  assert.match(dry, /n=7/)
  assert.equal(target.received.length, 1, 'nothing was sent')
  done(await run('reaction', 'edit', 'mirror', '--file', file))
  target.answer = () => ({ status: 500, body: 'broken' })
  done(await run('event', 'replay', event))
  await target.have(2)
  assert.equal(target.received[1]?.body.toString(), 'n=7')

  const failed = await until(
    () => 'the run has failed',
    async () => {
      const list = JSON.parse(
        done(await run('run', 'list', '--state', 'failed', '--json')),
      ) as List<RunSummary>
      return list.items[0]
    },
  )
  const shown = done(await run('run', 'show', failed.id))
  assert.match(shown, /500/)
  assert.match(shown, /broken/)
  target.answer = () => ({ status: 200 })
  done(await run('run', 'retry', failed.id))
  await runInState(box, failed.id, 'succeeded')

  done(await run('reaction', 'pause', 'mirror'))
  const heldEvent = done(
    await run('event', 'send', '--endpoint', 'in', '--data', '{"n": 8}', '--quiet'),
  ).trim()
  assert.match(done(await run('why', heldEvent)), /held because the reaction is paused/)
  done(await run('reaction', 'resume', 'mirror'))
  await target.have(4)
  done(await run('reaction', 'delete', 'mirror'))
  assert.equal((await run('reaction', 'show', 'mirror')).exitCode, 4)
})

test('a hostile payload cannot steer the terminal that shows it', async t => {
  const { box, run } = await startInFolder(t)
  const { url } = await box.api<Endpoint>('POST', '/api/endpoints', { name: 'in' })
  await send(url, 'red \u001b[31m and \u202e backwards \u0007', { 'content-type': 'text/plain' })
  const list = await run('event', 'list')
  done(list)
  for (const steering of ['\u001b', '\u0007', '\u202e']) assert.ok(!list.out.includes(steering))
  assert.match(list.out, /red/)
})

test('the tail of a feed goes on where it was when the server is gone for a while', async t => {
  const folder = temporaryFolder(t)
  const data = join(folder, 'data')
  mkdirSync(data)
  const box = await startSignalbox(t, { directory: data })
  const port = new URL(box.url).port
  await box.api<Endpoint>('POST', '/api/endpoints', {
    name: 'in',
    path: '/hooks/in',
    authentication: [{ type: 'none' }],
  })
  const tail = startCommand(['event', 'tail', '--json'], { directory: folder })
  const seen = () =>
    tail
      .out()
      .split('\n')
      .filter(line => line !== '')
      .map(line => (JSON.parse(line) as EventSummary).preview)
  await until(
    () => `the tail has begun: ${tail.err()}`,
    () => tail.err().includes('Waiting for events'),
  )
  await send(`${box.url}/hooks/in`, 'before')
  await until(
    () => 'the tail has caught up',
    () => seen().includes('before'),
  )
  await box.stop()
  await until(
    () => `the tail says that the connection is lost: ${tail.err()}`,
    () => /lost|again/i.test(tail.err()),
  )
  const back = await startSignalbox(t, { directory: data, args: ['--port', port] })
  for (const body of ['one', 'two', 'three']) await send(`${back.url}/hooks/in`, body)
  await until(
    () => `the tail goes on: ${tail.err()}`,
    () => seen().includes('three'),
    { deadlineMs: 25_000 },
  )
  assert.deepEqual(seen(), ['before', 'one', 'two', 'three'], 'no gap and no duplicate')
  tail.interrupt()
  assert.equal((await tail.ended).exitCode, 130)
})
