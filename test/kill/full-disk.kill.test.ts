// A small disk of its own, filled until nothing more is taken: what was answered 202 is there, and room is enough to go on.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { send } from '../journeys/support/ask.ts'
import { atEnd } from '../journeys/support/at-end.ts'
import type { Endpoint, EventSummary, List } from '../journeys/support/shapes.ts'
import { type Signalbox, startSignalbox, temporaryFolder } from '../journeys/support/signalbox.ts'
import { lostOrDoubledEvents, shown } from './support/checker.ts'
import { newJournal, type SenderJournal } from './support/sender.ts'
import { until } from './support/until.ts'

const diskMiB = 40

function smallDisk(t: TestContext): string {
  const folder = join(temporaryFolder(t), 'disk')
  mkdirSync(folder)
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${diskMiB}m`, 'tmpfs', folder], { timeout: 10_000 })
  atEnd(t, () => void execFileSync('umount', ['-l', folder], { timeout: 10_000 }))
  return folder
}

interface Sender {
  journal: SenderJournal
  /** One delivery; answers the status, and the seconds after which to come again. */
  deliver(bytes: number): Promise<{ status: number; retryAfter: number }>
}

function newSender(endpoint: Endpoint): Sender {
  const journal = newJournal()
  return {
    journal,
    async deliver(bytes) {
      const id = `d${journal.sent.size}`
      journal.sent.set(id, { id, group: '', padding: bytes })
      const answer = await send(endpoint.url, JSON.stringify({ id, padding: 'p'.repeat(bytes) }))
      if (answer.status === 202) journal.accepted.set(id, (answer.json() as { id: string }).id)
      return { status: answer.status, retryAfter: Number(answer.headers['retry-after'] ?? 0) }
    },
  }
}

const mostDeliveries = 1_500

/** Until it has been refused so often; every refusal says when to come again. */
async function fill(sender: Sender, bytes: number): Promise<void> {
  for (let sent = 0, refused = 0; refused < 5; sent++) {
    assert.ok(sent < mostDeliveries, 'the disk is full by now')
    const { status, retryAfter } = await sender.deliver(bytes)
    // As fast as it can be watched.
    await new Promise(resolve => setTimeout(resolve, 5))
    if (status === 202) continue
    assert.equal(status, 503)
    assert.ok(retryAfter > 0, 'the refusal says when to come again')
    refused++
  }
}

const takenAgain = (sender: Sender): Promise<true> =>
  until(
    () => 'events are taken again, without a restart',
    async () => ((await sender.deliver(100)).status === 202 ? true : null),
    { deadlineMs: 15_000, everyMs: 100 },
  )

async function stored(box: Signalbox): Promise<EventSummary[]> {
  const events: EventSummary[] = []
  for (let cursor = ''; ; ) {
    const page = await box.api<List<EventSummary>>('GET', `/api/events?kindType=external&limit=500${cursor}`)
    events.push(...page.items)
    if (page.next === null) return events
    cursor = `&cursor=${encodeURIComponent(page.next)}`
  }
}

async function losesNothing(box: Signalbox, { journal }: Sender): Promise<void> {
  const problems = lostOrDoubledEvents(await stored(box), journal)
  assert.deepEqual(problems, [], shown(problems))
}

const diskEvents = async (box: Signalbox) =>
  (await box.api<List<{ error: string | null }>>('GET', '/api/events?kind=disk.low')).items.toReversed()

test('a disk that fills up refuses, loses nothing, can be read, tells of it, and recovers by itself', async t => {
  const disk = smallDisk(t)
  const filler = join(disk, 'filler')
  writeFileSync(filler, Buffer.alloc(14 * 1024 * 1024, 1))
  const box = await startSignalbox(t, { directory: join(disk, 'data') })
  const endpoint = await box.api<Endpoint>('POST', '/api/endpoints', { name: 'shop' })
  const sender = newSender(endpoint)
  await fill(sender, 30_000)

  const state = await until(
    () => 'the status says that the disk is full',
    async () => {
      const { disk: told } = await box.api<{ disk: { level: string; note: string } }>('GET', '/api/status')
      return told.level === 'full' ? told : null
    },
  )
  assert.match(state.note, /no events are taken until there is more/)
  const ready = await box.ask('GET', '/readyz')
  assert.equal(ready.status, 503)
  assert.equal((ready.json() as { ready: boolean }).ready, false)
  await losesNothing(box, sender)
  const [low] = await diskEvents(box)
  assert.match(low?.error ?? '', /^Only \d+ KiB of \d+ KiB are left$/)

  rmSync(filler)
  await takenAgain(sender)
  await until(
    () => 'the recovery is told',
    async () => ((await diskEvents(box)).length === 2 ? true : null),
  )
  assert.equal((await diskEvents(box))[1]?.error, null)
  assert.equal((await box.ask('GET', '/readyz')).status, 200)
  await losesNothing(box, sender)
})

test('a disk that somebody else fills to the last byte does no more harm', async t => {
  const disk = smallDisk(t)
  const box = await startSignalbox(t, { directory: join(disk, 'data') })
  const endpoint = await box.api<Endpoint>('POST', '/api/endpoints', { name: 'shop' })
  const sender = newSender(endpoint)
  for (let count = 0; count < 20; count++) assert.equal((await sender.deliver(20_000)).status, 202)
  const filler = join(disk, 'filler')
  assert.throws(() => writeFileSync(filler, Buffer.alloc(diskMiB * 1024 * 1024, 1)), { code: 'ENOSPC' })
  await fill(sender, 60_000)
  await losesNothing(box, sender)
  rmSync(filler)
  await takenAgain(sender)
  await losesNothing(box, sender)
  await box.stop()
  const again = await startSignalbox(t, { directory: join(disk, 'data') })
  await losesNothing(again, sender)
})
