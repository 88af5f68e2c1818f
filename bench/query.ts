import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { encodeCursor } from '../src/api/paging.ts'
import { aWebhook, fill } from './support/fill.ts'
import { atMost, ms, percentile, perSecond, type Row, told } from './support/measure.ts'
import { type Signalbox, send, startSignalbox } from './support/processes.ts'
import { createEndpoint, signedBody } from './support/setup.ts'
import { verify } from './support/verify.ts'

/** Lists and searches over a long history, while new events arrive. */
export async function query({ rounds, history }: { rounds: number; history: number }): Promise<Row[]> {
  const directory = mkdtempSync(join(tmpdir(), 'signalbox-query-'))
  try {
    const filledMs = await fillHistory(directory, history)
    const filled = told('query', 'stored through the storage port', [(history * 1000) / filledMs], perSecond)
    return [filled, ...(await ask(directory, { rounds, history }))]
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const nowhere = 'nobody ever wrote this'
/** Less than the 30 days for which events are kept. */
const historyMs = 28 * dayMs
const kinds = ['order', 'invoice', 'parcel', 'customer', 'deployment', 'build', 'alarm', 'machine'].flatMap(
  thing => ['created', 'changed', 'failed', 'closed', 'assigned'].map(verb => `${thing}.${verb}`),
)
const apps = 2000

/** Events of 40 kinds about 2,000 apps, evenly over four weeks. Answers how long it took. */
async function fillHistory(directory: string, events: number): Promise<number> {
  const box = await startSignalbox({ directory })
  const { id } = await createEndpoint(box, 'query')
  await box.stop({ keepStore: true })
  const random = createRandom(1)
  const encoder = new TextEncoder()
  const startMs = Date.now() - historyMs
  const startedAt = performance.now()
  await fill({
    directory,
    events,
    seen: true,
    at(place) {
      const name = kinds[random(kinds.length)]!
      const app = `app-${random(apps)}`
      const body = encoder.encode(
        JSON.stringify({
          action: name,
          number: place,
          app,
          sender: { login: `user-${random(5000)}`, email: `user-${random(5000)}@example.org` },
          message: `${name} in the shop, as it should be, and nobody needs to look: ${random(1e9)}`,
          amount: random(100_000) / 100,
        }),
      )
      return aWebhook({ id, name: 'query' }, startMs + (place * historyMs) / events, body, {
        kind: { type: 'external', name },
        targets: [
          { type: 'app', value: app },
          { type: 'endpoint', value: 'query' },
        ],
      })
    },
  })
  return performance.now() - startedAt
}

const queriesARound = 200
const pageLimit = 50

interface Asked {
  what: 'newest page' | 'kind and target' | 'page in the middle'
  tookMs: number
}

async function ask(
  directory: string,
  { rounds, history }: { rounds: number; history: number },
): Promise<Row[]> {
  const box = await startSignalbox({ directory })
  const asked: Asked[][] = []
  const searches: Search[] = []
  const since = new Date().toISOString()
  const ingest = keepSending(box)
  await sleep(1000)
  const random = createRandom(2)
  for (let round = 0; round < rounds; round++) {
    asked.push(await askAtRandom(box, history, random))
    searches.push(await search(box, nowhere, hourMs))
  }
  const often = await search(box, 'octo', hourMs)
  const day = await search(box, nowhere, dayMs)
  const sent = await ingest.stop()
  await verify(box, sent.ids, null, 0, `kindType=external&since=${since}`)
  await box.stop({ keepStore: true })

  const p95 = (what: Asked['what'] | null) =>
    asked.map(round => {
      const chosen = round.filter(one => what === null || one.what === what)
      return percentile(
        chosen.map(one => one.tookMs),
        95,
      )
    })
  const size = history.toLocaleString('en')
  return [
    told('query', 'the store', [statSync(join(directory, 'signalbox.db')).size / 1e9], gigabytes),
    atMost('query', `${size} events: p95 of ${queriesARound} random queries`, p95(null), 50, ms),
    told('query', 'the newest page, p95', p95('newest page'), ms),
    told('query', 'a kind and a target, p95', p95('kind and target'), ms),
    told('query', 'a page in the middle, p95', p95('page in the middle'), ms),
    atMost(
      'query',
      'a text that is nowhere in the last hour',
      searches.map(one => one.tookMs),
      1000,
      ms,
    ),
    told('query', 'events in the last hour', [sent.ids.length + (history * hourMs) / historyMs], count),
    told('query', 'the same in the last day', [day.tookMs], ms),
    told('query', 'a text that is often there: first results', [often.firstMs], ms),
    told('query', 'p99 of the 202 meanwhile', [percentile(sent.tookMs, 99)], ms),
  ]
}

async function askAtRandom(
  box: Signalbox,
  history: number,
  random: (below: number) => number,
): Promise<Asked[]> {
  const asked: Asked[] = []
  for (let at = 0; at < queriesARound; at++) {
    const what = (['newest page', 'kind and target', 'page in the middle'] as const)[random(3)]!
    const filter = {
      'newest page': '',
      'kind and target': `&kind=${kinds[random(kinds.length)]}&target=app:app-${random(apps)}`,
      'page in the middle': `&cursor=${encodeCursor(1 + random(history))}`,
    }[what]
    const startedAt = performance.now()
    const page = await box.api<Page>('GET', `/api/events?limit=${pageLimit}${filter}`)
    asked.push({ what, tookMs: performance.now() - startedAt })
    if (page.searchedTo !== null) throw new Error(`${what}: the search ended early${filter}`)
    if (what === 'newest page' && page.items.length !== pageLimit)
      throw new Error(`${page.items.length} events stand on the newest page`)
  }
  return asked
}

interface Page {
  items: { id: string; kind: { name: string } }[]
  next: string | null
  searchedTo: string | null
}

interface Search {
  firstMs: number
  tookMs: number
}

/** As the dashboard does: part after part, each shown when it comes. */
async function search(box: Signalbox, text: string, lastMs: number): Promise<Search> {
  const since = new Date(Date.now() - lastMs).toISOString()
  const path = `/api/events?limit=${pageLimit}&searchMs=400&since=${since}`
  const startedAt = performance.now()
  let firstMs = Number.NaN
  let cursor: string | null = ''
  while (cursor !== null) {
    const page: Page = await box.api('GET', `${path}&text=${encodeURIComponent(text)}${cursor}`)
    if (page.items.length > 0 && Number.isNaN(firstMs)) firstMs = performance.now() - startedAt
    const isEnough = page.items.length >= pageLimit
    cursor = page.next === null || isEnough ? null : `&cursor=${encodeURIComponent(page.next)}`
  }
  return { firstMs, tookMs: performance.now() - startedAt }
}

/** A thousand signed requests a second, until it is told to stop. */
function keepSending(box: Signalbox): { stop(): Promise<{ ids: string[]; tookMs: number[] }> } {
  let stopped = false
  const journal = { ids: [] as string[], tookMs: [] as number[] }
  const load = { ...signedBody(1024), paths: ['/hooks/query'], port: box.port, connections: 16, rate: 1000 }
  const sending = (async () => {
    while (!stopped) {
      const { ids, tookMs } = await send({ ...load, durationMs: 4000, count: null })
      journal.ids.push(...ids)
      journal.tookMs.push(...tookMs)
    }
  })()
  return {
    async stop() {
      stopped = true
      await sending
      return journal
    },
  }
}

const count = (value: number): string => Math.round(value).toLocaleString('en')
const gigabytes = (value: number): string => `${value.toFixed(1)} GB`

/** The same numbers each time: mulberry32. */
function createRandom(seed: number): (below: number) => number {
  let state = seed
  return below => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * below)
  }
}
