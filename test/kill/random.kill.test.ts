import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import {
  drained,
  type EventSummary,
  findProblems,
  lostOrDoubledEvents,
  type Replays,
  type RunSummary,
  shown,
  witness,
  type Witnessed,
} from './support/checker.ts'
import { createRandom, type Random, seedOfTest } from './support/random.ts'
import { endpointPath, groups, makeRules, plainRules, senderToken } from './support/rules.ts'
import { newJournal, send, type SenderJournal } from './support/sender.ts'
import { all, launch, type Signalbox, start, temporaryFolder } from './support/signalbox.ts'
import { type Sink, startSink } from './support/sink.ts'
import { until } from './support/until.ts'

const rounds = Number(process.env.KILL_ROUNDS ?? 50)
const connections = 12
/** Deliveries of one round: bounds what the last check has to read. */
const mostAnswers = 120

test(`Killed at ${rounds} random moments under load, it loses no event, makes each run once, and drains`, {
  timeout: 240_000,
}, async t => {
  const random = createRandom(seedOfTest())
  const directory = join(temporaryFolder(t), 'data')
  const sink = await startSink(t)
  const flaky = await startSink(t)
  const journal = newJournal()
  const load = { path: endpointPath, token: senderToken, journal, random, groups, connections }
  const witnessed: Witnessed = new Map()
  const replays: Replays = { reaction: 'few', confirmed: [], unknown: new Map() }
  let kills = 0

  let box = await start({ directory })
  const rules = await makeRules(box, {
    ...plainRules(sink),
    flaky: { url: flaky.url, groups: ['b', 'c'] },
    stubborn: { url: sink.url, groups: ['c'], retryDelaysMs: [] },
  })
  await box.stop()
  box = await start({ directory })

  for (let round = 1; round <= rounds; round++) {
    const broken = random.chance(0.4)
    breakTargets({ sink, flaky, random, broken })
    const answers = journal.accepted.size + random.integer(1, mostAnswers)
    const sending = send(box, { ...load, limit: mostAnswers * 2 })
    const byHand = Promise.all([
      replayOne(box, journal, replays, random),
      retryFailed(box, random.integer(1, 10)),
    ])
    await until(
      () =>
        `${answers} deliveries are accepted in round ${round}, not ${journal.accepted.size}; ${shown(journal.contradictions)}`,
      () => journal.accepted.size >= answers || box.hasEnded(),
      { everyMs: 1, deadlineMs: 10_000 },
    )
    assert.ok(!box.hasEnded(), `Signalbox ended by itself in round ${round}: ${await endOf(box)}`)
    if (random.chance(0.5)) await witness(box, witnessed)
    await pause(random.integer(0, 40))
    await box.kill()
    kills++
    await Promise.all([sending.done, byHand])
    if (random.chance(0.1)) {
      const starting = launch({ directory })
      await pause(random.integer(0, 1500))
      await starting.kill()
      kills++
    }
    box = await start({ directory })
    const lost = await lostOfNewest(box, journal)
    assert.deepEqual(lost, [], `after round ${round}: ${shown(lost)}`)
  }

  breakTargets({ sink, flaky, random, broken: false })
  await send(box, { ...load, limit: 50 }).done
  await drained(box)
  for (let left = 1; left > 0; ) {
    left = await retryFailed(box, 500)
    await drained(box)
  }
  const problems = await findProblems(box, {
    journal,
    rules,
    witnessed,
    replays,
    kills,
    calls: [...sink.calls, ...flaky.calls],
  })
  const { accepted } = journal
  console.log(
    `${accepted.size} deliveries accepted, ${sink.calls.length + flaky.calls.length} calls, ${witnessed.size} successes ` +
      `witnessed before a kill, ${replays.confirmed.length} replays, ${kills} kills`,
  )
  assert.deepEqual(problems, [], shown(problems))
})

const endOf = (box: Signalbox): Promise<string> => Promise.race([box.ended, Promise.resolve('')])

/** Broken: the flaky target fails in several ways, the other one refuses what is stubborn. */
function breakTargets(options: { sink: Sink; flaky: Sink; random: Random; broken: boolean }): void {
  const { sink, flaky, random, broken } = options
  flaky.answer = () => (broken ? random.pick([500, 429, 0, 200]) : 200)
  sink.answer = call => (broken && call.reaction === 'stubborn' ? 400 : 200)
}

/** Puts a stored event before a reaction again. The kill may come before the answer: then it may have happened or not. */
async function replayOne(
  box: Signalbox,
  { accepted, sent }: SenderJournal,
  { reaction, confirmed, unknown }: Replays,
  random: Random,
): Promise<void> {
  const fitting = [...accepted].filter(([delivery]) => sent.get(delivery)!.group === 'a')
  if (fitting.length === 0) return
  const eventId = random.pick(fitting)[1]
  try {
    await box.api('POST', `/api/events/${eventId}/replay`, { reaction })
    confirmed.push(eventId)
  } catch (error) {
    if (!box.hasEnded() && !(error instanceof TypeError)) throw error
    unknown.set(eventId, (unknown.get(eventId) ?? 0) + 1)
  }
}

/** Opens runs again that were refused for good. Answers how many there were. */
async function retryFailed(box: Signalbox, most: number): Promise<number> {
  try {
    const page: { items: RunSummary[] } = await box.api(
      'GET',
      `/api/runs?reaction=stubborn&state=failed&limit=${most}`,
    )
    for (const { id } of page.items) await box.api('POST', `/api/runs/${id}/retry`)
    return page.items.length
  } catch (error) {
    // The kill came first: fetch fails with a TypeError when the connection breaks.
    if (!(error instanceof TypeError)) throw error
    return 0
  }
}

/** A look at the newest events only, so that a loss is seen in its round. */
async function lostOfNewest(box: Signalbox, journal: SenderJournal): Promise<string[]> {
  const newest: { items: EventSummary[] } = await box.api('GET', '/api/events?kindType=external&limit=300')
  const recent = [...journal.accepted].slice(-100)
  const missing = recent.filter(([, eventId]) => !newest.items.some(event => event.id === eventId))
  // One that was sent twice may be older than those on the page.
  if (missing.length === 0) return []
  return lostOrDoubledEvents(await all<EventSummary>(box, '/api/events?kindType=external'), journal)
}
