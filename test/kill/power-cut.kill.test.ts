import assert from 'node:assert/strict'
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import {
  type EventSummary,
  lostOrDoubledEvents,
  lostOrDoubledRuns,
  reacted,
  type RunSummary,
  shown,
} from './support/checker.ts'
import { createDisk, type Cut, type Disk } from './support/disk.ts'
import { createRandom, type Random, seedOfTest } from './support/random.ts'
import { endpointPath, groups, makeRules, plainRules, type Rule, senderToken } from './support/rules.ts'
import { newJournal, send, type SenderJournal } from './support/sender.ts'
import { all, type Signalbox, start, temporaryFolder } from './support/signalbox.ts'
import { startSink } from './support/sink.ts'
import { readTrace, type Step, straceTo } from './support/trace.ts'

const cuts = Number(process.env.KILL_CUTS ?? 32)
/** Enough for a checkpoint or two: SQLite folds its log back every 1,000 pages. */
const deliveries = 600

test(`After a power cut, at any of ${cuts} moments, every event that had got a 202 is there`, {
  timeout: 240_000,
}, async t => {
  const random = createRandom(seedOfTest())
  const folder = temporaryFolder(t)
  const recorded = join(folder, 'recorded')
  mkdirSync(recorded)
  const sink = await startSink(t)
  const journal = newJournal()
  const load = { path: endpointPath, token: senderToken, journal, random, groups, connections: 8 }

  const box = await start({
    directory: join(recorded, 'data'),
    under: straceTo(join(folder, 'trace')),
    // strace sees no writes that go through a ring.
    environment: { UV_USE_IO_URING: '0' },
  })
  const rules = await makeRules(box, plainRules(sink))
  await send(box, { ...load, limit: deliveries }).done
  await box.kill()

  const steps = await readTrace(join(folder, 'trace'), recorded)
  const promised = answers(steps)
  const moments = momentsOf(steps, promised, random)
  const disk = createDisk(recorded)
  let replayed = 0
  let kept = 0
  for (const [at, moment] of moments.entries()) {
    for (const step of steps.slice(replayed, moment + 1)) disk.step(step)
    replayed = moment + 1
    const before = promised.filter(answer => answer.place <= moment).map(answer => answer.eventId)
    const cut: Cut = at % 2 === 0 ? 'lost' : 'torn'
    const problems = await problemsAfter({ disk, cut, random, folder, rules, journal, before })
    kept += before.length
    const where = `power cut after step ${moment} of ${steps.length} (${cut}): ${JSON.stringify(steps[moment]!.call).slice(0, 120)}`
    assert.deepEqual(problems, [], `${where}: ${shown(problems)}`)
  }
  assert.deepEqual(journal.contradictions, [])
  assert.deepEqual(new Set(promised.map(answer => answer.eventId)), new Set(journal.accepted.values()))
  console.log(
    `${steps.length} steps traced, ${steps.filter(step => step.call.type === 'sync').length / 2} syncs, ` +
      `${promised.length} answers; ${moments.length} power cuts, ${kept} promises kept`,
  )
})

interface Answer {
  eventId: string
  /** The step that hands it to the network: from here on the sender may know. */
  place: number
}

/** Every 202, and every answer that a delivery was stored before. */
function answers(steps: readonly Step[]): Answer[] {
  return steps.flatMap(({ phase, call }, place) => {
    const eventId =
      phase === 'begin' &&
      call.type === 'sent' &&
      /^HTTP\/1\.1 20[02] [\s\S]*\r\n\r\n\{"id":"(evt_\w+)"/.exec(call.text)?.[1]
    return eventId ? [{ eventId, place }] : []
  })
}

/**
 * Half of them just as an answer leaves, the others spread evenly over the files that are changed: else nearly all
 * would fall on the log, and none on the first start or on a checkpoint.
 */
function momentsOf(steps: readonly Step[], promised: readonly Answer[], random: Random): number[] {
  const places = new Map<string, number[]>()
  for (const [place, { call }] of steps.entries())
    if ('path' in call) places.set(call.path, [...(places.get(call.path) ?? []), place])
  const files = [...places.values()]
  const moments = Array.from({ length: cuts }, (_, at) =>
    at % 2 === 0 ? random.pick(promised).place : random.pick(random.pick(files)),
  )
  return moments.sort((a, b) => a - b)
}

interface Recovery {
  disk: Disk
  cut: Cut
  random: Random
  folder: string
  rules: readonly Rule[]
  journal: SenderJournal
  /** The events that were promised before the cut. */
  before: readonly string[]
}

/** Starts on what the cut left, as after a reboot, and says what is missing. */
async function problemsAfter(recovery: Recovery): Promise<string[]> {
  const { disk, cut, random, folder, rules, journal, before } = recovery
  const rebuilt = join(folder, 'rebuilt')
  disk.putAfterCut(rebuilt, cut, random)
  const box = await start({ directory: join(rebuilt, 'data') })
  try {
    if (before.length === 0) return []
    await reacted(box)
    const known = new Set(before)
    const accepted = new Map([...journal.accepted].filter(([, eventId]) => known.has(eventId)))
    const events = await all<EventSummary>(box, '/api/events?kindType=external')
    const runs = await all<RunSummary>(box, '/api/runs')
    return [
      ...lostOrDoubledEvents(events, { ...journal, accepted }),
      ...lostOrDoubledRuns(events, runs, { journal, rules }),
      ...(await problemsOfSending(box, random)),
    ]
  } finally {
    await box.kill()
    rmSync(rebuilt, { recursive: true })
  }
}

/** The endpoint's secret is sealed: without the key that was promised with it, nothing is taken any more. */
async function problemsOfSending(box: Signalbox, random: Random): Promise<string[]> {
  const journal = newJournal()
  const load = { path: endpointPath, token: senderToken, journal, random, groups, connections: 1, limit: 1 }
  await send(box, load).done
  return journal.contradictions
}
