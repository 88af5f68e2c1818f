import assert from 'node:assert/strict'
import { test } from 'node:test'
import { run } from './testing/captured.ts'
import { endpoint, event, reaction } from './testing/examples.ts'
import { startStandIn } from './testing/stand-in.ts'

type Server = Parameters<typeof run>[1]

/** The line, of which the last word is being typed; answers what may stand there. */
async function complete(line: string, options?: Server): Promise<string[]> {
  const { code, stdout, stderr } = await run(['complete', 'bash', '--', ...line.split(' ')], options)
  assert.deepEqual([code, stderr], [0, ''])
  return stdout.split('\n').flatMap(one => (one === '' ? [] : [one.split('\t')[0] ?? '']))
}

test('commands are completed, and the commands below them', async () => {
  assert.deepEqual(await complete('e'), ['endpoint', 'event'])
  assert.deepEqual(await complete('endpoint s'), ['show'])
  assert.deepEqual(await complete('--json --url http://x endpoint s'), ['show'])
  assert.ok((await complete('')).includes('serve'))
  assert.deepEqual(await complete('nothing'), [])
})

test('flags are completed with those of the program, and none twice that counts once', async () => {
  assert.deepEqual(await complete('event list --lim'), ['--limit'])
  assert.deepEqual(await complete('event list --js'), ['--json'])
  assert.deepEqual(await complete('event list --json --js'), [])
  assert.deepEqual(await complete('endpoint create --method A --meth'), ['--method'], 'it is repeatable')
  assert.deepEqual(await complete('serve --po'), ['--port', '--postgres-url'])
})

test('values are completed from their choices, and files by the shell', async () => {
  assert.deepEqual(await complete('listen 3000 --retry a'), ['all'])
  assert.deepEqual(await complete('listen 3000 --retry=a'), ['--retry=all'])
  assert.deepEqual(await complete('practice s'), ['show', 'slow'])
  assert.deepEqual(await complete('completion '), ['bash', 'zsh', 'fish'])
  assert.deepEqual(await complete('endpoint create --file '), [':files'])
  assert.deepEqual(await complete('endpoint create --description '), [])
})

test('names of what the server has are completed with what they are', async context => {
  const hostile = { ...endpoint, name: '$(reboot)' }
  const server = await startStandIn(context, {
    'GET /api/endpoints': { items: [endpoint, hostile], next: null },
    'GET /api/reactions': { items: [reaction], next: null },
    'GET /api/events': { items: [event], next: null },
  })
  const { name } = endpoint
  assert.deepEqual(await complete('endpoint show ', { server }), [name], 'what is no word is left out')
  assert.deepEqual(await complete(`event list --endpoint=${name.slice(0, 2)}`, { server }), [
    `--endpoint=${name}`,
  ])
  // As bash divides the line.
  assert.deepEqual(await complete(`event list --endpoint = ${name.slice(0, 2)}`, { server }), [name])
  assert.deepEqual(await complete('reaction pause ', { server }), [reaction.definition.name])
  assert.deepEqual(await complete('why evt', { server }), [event.id])
  const { stdout } = await run(['complete', 'fish', '--', 'endpoint', 'show', ''], { server })
  assert.equal(stdout, `${name}\t${endpoint.url}\n`)
  const given = `--url ${server.url} --token ${server.token} endpoint show `
  assert.deepEqual(await complete(given), [name], 'the server may be named in the line')
})

test('without a server, or with one that refuses, there are no names, and nothing is said', async context => {
  const server = await startStandIn(context, {})
  assert.deepEqual(await complete('endpoint show '), [])
  assert.deepEqual(await complete('endpoint show ', { server }), [])
  await server.close()
  assert.deepEqual(await complete('endpoint show ', { server }), [])
})
