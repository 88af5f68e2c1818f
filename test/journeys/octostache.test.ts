import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Scope } from './support/at-end.ts'
import { signalbox } from './support/command-line.ts'
import { deliver } from './support/see.ts'
import type { Endpoint } from './support/shapes.ts'
import { startSignalbox, temporaryFolder } from './support/signalbox.ts'
import { startTarget } from './support/target.ts'

/** As Octopus Deploy posts it for a subscription; what its message refers to has a place in it. */
const message = 'Deploy to Production failed for "Core Web" release 2.4.1 #{Secrets.SLACK}'
const at = (text: string, id: string) => ({
  ReferencedDocumentId: id,
  StartIndex: message.indexOf(text),
  Length: text.length,
})
const payload = {
  Timestamp: '2026-04-16T15:19:42.54+00:00',
  EventType: 'SubscriptionPayload',
  Payload: {
    ServerUri: 'https://octopus.example.com',
    ServerAuditUri: null,
    Subscription: { Id: 'Subscriptions-21', Name: 'Failures', IsDisabled: false },
    Event: {
      Id: 'Events-55136',
      RelatedDocumentIds: ['Projects-7', 'Releases-90', 'Environments-3', 'Deployments-412'],
      Category: 'DeploymentFailed',
      Username: 'ada',
      IsService: false,
      Occurred: '2026-04-16T15:19:40.1234567+00:00',
      Message: message,
      MessageReferences: [
        at('Production', 'Environments-3'),
        at('Core Web', 'Projects-7'),
        at('2.4.1', 'Releases-90'),
      ],
      Comments: null,
      SpaceId: 'Spaces-142',
    },
    BatchId: '8a7e5f5e-6c1f-4a29-8f53-7ad8e1a0a001',
    TotalEventsInBatch: 2,
    EventNumberInBatch: 1,
  },
}

test('what an Octopus subscription sends reaches Slack, by the templates that Octopus has', async t => {
  const box = await startSignalbox(t)
  const slack = await startTarget(t)
  const endpoint = await box.api<Endpoint>('POST', '/api/endpoints', { name: 'octopus' })
  await box.api('POST', '/api/secrets', { name: 'SLACK', value: 'xoxb-very-secret' })
  await box.api('POST', '/api/reactions', {
    name: 'tell-slack',
    trigger: { type: 'endpoint', endpoint: 'octopus' },
    action: {
      type: 'http',
      language: 'octostache',
      url: `${slack.url}/services/#{Octopus.Space.Id | UriDataEscape}`,
      headers: [
        { name: 'Content-Type', value: 'application/json' },
        { name: 'Authorization', value: 'Bearer #{Secrets.SLACK}' },
      ],
      bodyFrom: 'template',
      body: `{"channel": "#{if Octopus.Environment.Name == "Production"}\\#alarms#{else}\\#deploys#{/if}",
 "text": "#{Octopus.Project.Name | JsonEscape} #{Octopus.Release.Number} to #{Octopus.Environment.Name} by #{body.Payload.Event.Username}#{unless body.Payload.Event.Comments}, no comment#{/unless}",
 "at": "#{body.Payload.Event.Occurred | Format "dd MMM yyyy HH:mm"}",
 "ids": [#{each id in body.Payload.Event.RelatedDocumentIds}"#{id}"#{unless Octopus.Template.Each.Last}, #{/unless}#{/each}],
 "of": #{calc body.Payload.EventNumberInBatch + 1},
 "message": "#{body.Payload.Event.Message | JsonEscape}"}`.replaceAll('\\#', '#'),
    },
  })
  await deliver(endpoint, payload)
  const [received] = await slack.have(1)
  assert.ok(received)
  assert.equal(received.path, '/services/Spaces-142')
  assert.equal(received.headers['authorization'], 'Bearer xoxb-very-secret')
  assert.deepEqual(JSON.parse(received.body.toString()), {
    channel: '#alarms',
    text: 'Core Web 2.4.1 to Production by ada, no comment',
    at: '16 Apr 2026 15:19',
    ids: ['Projects-7', 'Releases-90', 'Environments-3', 'Deployments-412'],
    of: 2,
    message,
  })
})

async function startWithCommands(t: Scope) {
  const folder = temporaryFolder(t)
  mkdirSync(join(folder, 'data'))
  const box = await startSignalbox(t, { directory: join(folder, 'data') })
  const endpoint = await box.api<Endpoint>('POST', '/api/endpoints', { name: 'octopus' })
  return { box, endpoint, run: (args: string[], input = '') => signalbox(args, { directory: folder, input }) }
}

test('a template that can never do what it says is refused when it is saved, at its line and column', async t => {
  const { run } = await startWithCommands(t)
  const create = (body: string) =>
    run([
      ...'reaction create tell --endpoint octopus --language octostache --url https://hooks.example.com/'.split(
        ' ',
      ),
      '--body',
      body,
    ])
  const open = await create('a\n #{if body.x}never closed #{body.y | Uppercase}')
  assert.notEqual(open.exitCode, 0)
  assert.match(open.err, /2:2.*not closed/)
  assert.match(open.err, /2:27.*no filter Uppercase/)
  assert.match((await create('#{body.x | Match "(?=a)"}')).err, /linear time/)
  assert.match((await create('#{body.x |')).err, /1:11.*the name of a filter/)
  assert.equal((await create('#{body.x | ToUpper}')).exitCode, 0)
})

test('a template is tried with variables of one’s own; what came is not evaluated, what has no value is named', async t => {
  const { endpoint, run } = await startWithCommands(t)
  const event = await deliver(endpoint, { host: 'WEB01', evil: '#{Port}' })
  const variables = ['Url=http://#{Host | ToLower}:#{Port}', 'Host=#{body.host}', 'Port=80']
  const rendered = await run(
    [
      ...'template render --language octostache --event'.split(' '),
      event,
      ...variables.flatMap(variable => ['--variable', variable]),
    ],
    '#{Url}/ #{body.evil} #{ Nope|ToUpper }',
  )
  assert.deepEqual(rendered, {
    exitCode: 0,
    out: 'http://web01:80/ #{Port} #{Nope | ToUpper}',
    err: 'no value: #{Nope | ToUpper}\n',
  })
  const loop = await run(
    ['template', 'render', '--language', 'octostache', '--variable', 'A=#{B}', '--variable', 'B=#{A}'],
    '#{A}',
  )
  assert.equal(loop.exitCode, 1)
  assert.match(loop.err, /stdin:1:1: .*A -> B -> A/)
})
