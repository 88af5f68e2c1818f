import assert from 'node:assert/strict'
import fc from 'fast-check'
import { newEventId } from '../../core/ids.ts'
import type { AppendEvent } from '../hot.ts'
import type { Storage } from '../port.ts'
import type { EventFilter } from '../queries/event-filter.ts'
import type { EventList } from '../queries/events.ts'
import type { listRuns, RunFilter } from '../queries/runs.ts'
import { anAttempt, anEvent, append, claim, makeRuns } from './builders.ts'
import type { Scenario } from './store.ts'

type RunList = Awaited<ReturnType<typeof listRuns>>

const inTime = () => Date.now() + 30_000

const listed = async (storage: Storage, filter: EventFilter, limit = 100): Promise<string[]> => {
  const input = { filter, before: null, limit, deadlineAtMs: inTime() }
  return (await storage.query('listEvents', input)).events.map(event => event.id)
}

/** Appends events one after the other; answers their ids by the names they were given. */
async function appendNamed<N extends string>(
  storage: Storage,
  events: Record<N, Partial<AppendEvent>>,
): Promise<Record<N, string>> {
  const ids = {} as Record<N, string>
  for (const name of Object.keys(events) as N[]) {
    const event = anEvent(events[name])
    await storage.execute('appendEvent', event)
    ids[name] = event.id
  }
  return ids
}

export function eventListScenarios(scenario: Scenario): void {
  scenario('events are listed newest first, with the beginning of their bodies', async ({ storage }) => {
    const ids = await appendNamed(storage, { first: {}, second: { body: Buffer.alloc(5_000, 'ab') } })
    const list = await storage.query('listEvents', {
      filter: {},
      before: null,
      limit: 10,
      deadlineAtMs: inTime(),
    })
    assert.deepEqual(
      list.events.map(event => event.id),
      [ids.second, ids.first],
    )
    assert.deepEqual([list.before, list.searchedTo], [null, null])
    assert.equal(Buffer.from(list.events[0]!.preview).toString(), 'ab'.repeat(1024))
    assert.equal(list.events[0]!.body_bytes, 5_000)
  })

  scenario(
    'a time finds all events of its first second, whose ids stand in no order',
    async ({ storage }) => {
      const atMs = 1_800_000_000_000
      const count = 40
      for (let n = 0; n < count; n++)
        await append(storage, { id: newEventId(atMs + n * 50), receivedAtMs: atMs + n * 50 })
      assert.equal((await listed(storage, { sinceMs: atMs - 3_600_000 })).length, count)
      assert.equal((await listed(storage, { sinceMs: atMs, untilMs: atMs + 3_600_000 })).length, count)
    },
  )

  scenario('the beginning of an empty body is empty', async ({ storage }) => {
    await append(storage, { body: new Uint8Array() })
    const list = await storage.query('listEvents', {
      filter: {},
      before: null,
      limit: 10,
      deadlineAtMs: inTime(),
    })
    assert.equal(list.events[0]!.preview?.length, 0)
  })

  scenario('events are listed by endpoint, kind, outcome, time and team', async ({ storage }) => {
    const ids = await appendNamed(storage, {
      a: { endpointId: 'ep_1', kindName: 'app.update', receivedAtMs: 10, team: 'core' },
      b: { endpointId: 'ep_2', kindName: 'app.update.env', receivedAtMs: 20, error: 'no' },
      c: { kindType: 'internal', kindName: 'app.updated', receivedAtMs: 30 },
      d: { kindType: 'platform', kindName: 'app', receivedAtMs: 40, endpointId: 'ep_3' },
    })
    const expect = async (filter: EventFilter, names: string) =>
      assert.deepEqual(
        await listed(storage, filter),
        names.split('').map(name => ids[name as keyof typeof ids]),
        JSON.stringify(filter),
      )
    await expect({}, 'dcba')
    await expect({ endpointIds: ['ep_1'] }, 'a')
    await expect({ endpointIds: ['ep_1', 'ep_3'] }, 'da')
    await expect({ endpointIds: [] }, '')
    await expect({ kindTypes: ['external'] }, 'ba')
    await expect({ kindTypes: ['internal', 'platform'] }, 'dc')
    await expect({ kindNames: ['app.update'] }, 'ba')
    await expect({ kindNames: ['app'] }, 'dcba')
    await expect({ kindNames: ['app.updated', 'app.update.env'] }, 'cb')
    await expect({ outcome: 'error' }, 'b')
    await expect({ outcome: 'success' }, 'dca')
    await expect({ sinceMs: 20 }, 'dcb')
    await expect({ untilMs: 20 }, 'ba')
    await expect({ sinceMs: 20, untilMs: 30 }, 'cb')
    await expect({ teams: ['core'] }, 'a')
    await expect({ teams: ['core', 'none'], kindNames: ['app'] }, 'a')
    await expect({ teams: [] }, '')
    await expect({ kindNames: ['app'], outcome: 'success', sinceMs: 20 }, 'dc')
  })

  scenario(
    'the kinds that are stored are told once each, with their last event and a count',
    async ({ storage }) => {
      assert.deepEqual(await storage.query('seenKinds', { teams: 'all' }), [])
      await appendNamed(storage, {
        a: { kindName: 'app.update', receivedAtMs: 10, kindType: 'platform', detail: '{"targets":[1]}' },
        b: { kindName: 'app', receivedAtMs: 20 },
        c: { kindName: 'app.update', receivedAtMs: 30, kindType: 'internal', detail: '{"targets":[2]}' },
      })
      const seen = await storage.query('seenKinds', { teams: 'all' })
      assert.deepEqual(
        seen.map(({ name, type, lastAtMs, count }) => ({ name, type, lastAtMs, count })),
        [
          { name: 'app', type: 'external', lastAtMs: 20, count: 1 },
          { name: 'app.update', type: 'internal', lastAtMs: 30, count: 2 },
        ],
      )
      assert.equal(seen[1]!.detail, '{"targets":[2]}')
    },
  )

  scenario('events are listed by a target, or by its value alone', async ({ storage }) => {
    const ids = await appendNamed(storage, {
      app: { targets: [{ type: 'app', value: 'web' }] },
      both: {
        targets: [
          { type: 'pool', value: 'blue' },
          { type: 'job', value: 'web' },
        ],
      },
      twice: {
        targets: [
          { type: 'app', value: 'web' },
          { type: 'app', value: 'web' },
        ],
      },
      odd: { targets: [{ type: '__proto__', value: "'; drop table event; --" }] },
    })
    assert.deepEqual(await listed(storage, { target: { type: 'app', value: 'web' } }), [ids.twice, ids.app])
    assert.deepEqual(await listed(storage, { target: { value: 'web' } }), [ids.twice, ids.both, ids.app])
    assert.deepEqual(await listed(storage, { target: { type: 'app', value: 'blue' } }), [])
    assert.deepEqual(
      await listed(storage, { target: { type: '__proto__', value: "'; drop table event; --" } }),
      [ids.odd],
    )
    assert.deepEqual(await listed(storage, { target: { value: 'web' }, endpointIds: ['ep_9'] }), [])
  })

  scenario(
    'text is found in bodies and details, whatever the case of its ASCII letters',
    async ({ storage }) => {
      const ids = await appendNamed(storage, {
        json: { body: Buffer.from('{"City":"Zürich 100%_\\\\ done"}') },
        binary: { body: Buffer.from([0, 255, 0, ...Buffer.from('Needle'), 0, 200, 0x30]) },
        path: { detail: JSON.stringify({ request: { path: '/hooks/Harbor' }, cause: null }) },
      })
      const find = (text: string) => listed(storage, { text })
      assert.deepEqual(await find('CITY'), [ids.json])
      assert.deepEqual(await find('zürich'), [ids.json])
      assert.deepEqual(await find('100%_\\'), [ids.json])
      assert.deepEqual(await find('1%0'), [], 'no pattern, just text')
      assert.deepEqual(await find('_'), [ids.json])
      assert.deepEqual(await find('needle'), [ids.binary])
      assert.deepEqual(await find('310'), [], 'bytes are not found by their numbers')
      assert.deepEqual(await find('\\310'), [])
      assert.deepEqual(await find('hooks/harbor'), [ids.path])
      assert.deepEqual(await find("'; --"), [])
      assert.deepEqual((await find('')).length, 3, 'no text, no filter')
    },
  )

  scenario('text is found in any case and however JSON spells it', async ({ storage }) => {
    const json = (text: string) => ({ body: Buffer.from(text), contentType: 'application/json' })
    const ids = await appendNamed(storage, {
      plain: json('{"city":"ZÜRICH"}'),
      escaped: json(String.raw`{"city":"Z\u00fcrich"}`),
      quoted: json(String.raw`{"text":"50% \"off\" at a\/b"}`),
      other: json('{"city":"Zurich"}'),
      binary: { body: Buffer.from([0, 255, 0, ...Buffer.from('zürich')]), contentType: 'image/png' },
    })
    const find = (text: string) => listed(storage, { text })
    assert.deepEqual(await find('zürich'), [ids.binary, ids.escaped, ids.plain])
    assert.deepEqual(await find('Ü'), [ids.binary, ids.escaped, ids.plain])
    assert.deepEqual(await find('50% "off" at a/b'), [ids.quoted])
    assert.deepEqual(await find('5_%'), [])
    assert.deepEqual(await find('targets'), [], 'a name of ours is no text')
  })

  scenario('an expression judges bodies, along with every other filter', async ({ storage }) => {
    const json = (value: object) => ({
      body: Buffer.from(JSON.stringify(value)),
      contentType: 'application/json',
    })
    const ids = await appendNamed(storage, {
      small: json({ amount: 1 }),
      large: json({ amount: 900 }),
      failed: { ...json({ amount: 950 }), error: 'no' },
      other: { body: Buffer.from('no json') },
    })
    const where = 'body.amount > 100.0'
    assert.deepEqual(await listed(storage, { where }), [ids.failed, ids.large])
    assert.deepEqual(await listed(storage, { where, outcome: 'success' }), [ids.large])
    assert.deepEqual(await listed(storage, { where, text: '"amount":9' }), [ids.failed, ids.large])
    assert.deepEqual(await listed(storage, { where: 'event.kind == "none"' }), [])
    const seen: string[] = []
    for (let before: number | null = null; ; ) {
      const page: EventList = await storage.query('listEvents', {
        filter: { where },
        before,
        limit: 1,
        deadlineAtMs: 0,
      })
      seen.push(...page.events.map(event => event.id))
      before = page.before
      if (before === null) break
    }
    assert.deepEqual(seen, [ids.failed, ids.large], 'one look at a time comes to the same')
  })

  scenario('a range of time holds what happened in it, also what came long after', async ({ storage }) => {
    const hour = 3_600_000
    const at = (hours: number) => Date.parse('2026-11-01T00:00:00Z') + hours * hour
    const came = (hours: number, told = hours) => ({ id: newEventId(at(hours)), receivedAtMs: at(told) })
    const ids = await appendNamed(storage, {
      first: came(0),
      second: came(10),
      third: came(20),
      late: came(30, 11),
      last: came(40),
    })
    const within = (sinceMs?: number, untilMs?: number) =>
      listed(storage, {
        ...(sinceMs === undefined ? {} : { sinceMs }),
        ...(untilMs === undefined ? {} : { untilMs }),
      })
    assert.deepEqual(await within(at(9), at(12)), [ids.late, ids.second])
    assert.deepEqual(await within(at(15)), [ids.last, ids.third])
    assert.deepEqual(await within(undefined, at(10)), [ids.second, ids.first])
    assert.deepEqual(await within(at(50)), [])
    assert.deepEqual(await within(at(35), at(100)), [ids.last])
    assert.deepEqual(await listed(storage, { sinceMs: at(9), untilMs: at(12), outcome: 'error' }), [])
  })

  scenario(
    'what two filters name is found, however rare the one and common the other',
    async ({ storage }) => {
      const events = Array.from({ length: 1_200 }, (_, index) =>
        anEvent({
          kindName: index === 5 ? 'deployment.failed' : `deployment.step-${index % 40}`,
          endpointId: 'ep_1',
          targets: [{ type: index % 2 === 0 ? 'app' : 'pool', value: index % 5 === 0 ? 'shop' : 'blog' }],
        }),
      )
      await Promise.all(events.map(event => storage.execute('appendEvent', event)))
      const whole = (await listed(storage, {}, 2_000)).toReversed()
      const is = (test: (event: (typeof events)[number]) => boolean) =>
        whole.filter(id => test(events.find(event => event.id === id)!)).toReversed()
      const rare = { kindNames: ['deployment.failed'] }
      assert.deepEqual(
        await listed(storage, { ...rare, target: { value: 'shop' } }),
        is(one => one.kindName === 'deployment.failed'),
      )
      assert.deepEqual(await listed(storage, { ...rare, endpointIds: ['ep_2'] }), [])
      assert.deepEqual(
        await listed(storage, { kindNames: ['deployment'], target: { type: 'app', value: 'shop' } }, 2_000),
        is(one => one.targets[0]!.type === 'app' && one.targets[0]!.value === 'shop'),
      )
      assert.deepEqual(
        await listed(
          storage,
          { kindNames: ['deployment.step-1', 'deployment.step-2'], target: { value: 'blog' } },
          2_000,
        ),
        is(one => /step-[12]$/.test(one.kindName) && one.targets[0]!.value === 'blog'),
      )
    },
  )

  scenario('pages of any length are together the whole list, however few match', async ({ storage }) => {
    const events = Array.from({ length: 70 }, (_, index) =>
      anEvent({
        kindName: index % 3 === 0 ? 'app.update' : 'app.create',
        error: index % 7 === 0 ? 'no' : null,
        targets: [{ type: 'app', value: index % 2 === 0 ? 'shop' : 'blog' }],
      }),
    )
    for (const event of events) await storage.execute('appendEvent', event)
    const shop = { type: 'app', value: 'shop' }
    const filters: EventFilter[] = [
      {},
      { kindNames: ['app.update'] },
      { outcome: 'error' },
      { kindNames: ['app.update'], target: shop },
    ]
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...filters),
        fc.integer({ min: 1, max: 80 }),
        async (filter, limit) => {
          const whole = await listed(storage, filter, 1_000)
          assert.ok(whole.length > 0)
          const seen: string[] = []
          for (let before: number | null = null; ; ) {
            const page: EventList = await storage.query('listEvents', {
              filter,
              before,
              limit,
              deadlineAtMs: inTime(),
            })
            assert.ok(page.events.length <= limit)
            seen.push(...page.events.map(event => event.id))
            before = page.before
            if (before === null) break
          }
          assert.deepEqual(seen, whole)
        },
      ),
      { numRuns: 20 },
    )
  })

  scenario('a search whose time is up says how far it got, and goes on from there', async ({ storage }) => {
    const [needle] = [anEvent({ body: Buffer.from('needle') })]
    await storage.execute('appendEvent', needle)
    await Promise.all(Array.from({ length: 4_500 }, () => append(storage)))
    const seen: string[] = []
    let searches = 0
    for (let before: number | null = null; ; searches++) {
      const page: EventList = await storage.query('listEvents', {
        filter: { text: 'needle' },
        before,
        limit: 10,
        deadlineAtMs: 0,
      })
      seen.push(...page.events.map(event => event.id))
      if (page.before === null) break
      assert.equal(page.searchedTo, page.before)
      before = page.before
    }
    assert.deepEqual(seen, [needle.id])
    assert.ok(searches > 1)
  })

  scenario('a query past its deadline is ended, and the next one is answered', async ({ storage }) => {
    const body = Buffer.alloc(1 << 20, 'a')
    for (let index = 0; index < 8; index++) await append(storage, { body })
    const search = (deadlineMs: number) =>
      storage.query(
        'listEvents',
        { filter: { text: 'b' }, before: null, limit: 10, deadlineAtMs: inTime() },
        deadlineMs,
      )
    const small = storage.query('countWaitingRuns', null)
    await assert.rejects(search(1), { code: 'storage.deadline', retryable: true })
    assert.deepEqual(await small, { due: 0, held: 0 }, "another one's deadline is its own")
    assert.deepEqual((await search(30_000)).events, [])
  })
}

export function runListScenarios(scenario: Scenario): void {
  scenario('what events have set off is counted by how it stands', async ({ storage }) => {
    const runs = await makeRuns(storage, {}, {}, { state: 'held', dueAtMs: null })
    const [first] = await claim(storage, 1_000, [{ lane: 'example.com', limit: 1 }])
    await storage.execute(
      'recordAttempt',
      anAttempt(first!.run, { outcome: 'failed', next: { state: 'due', dueAtMs: 9_000, label: '503' } }),
    )
    const eventId = runs[0]!.eventId
    const counted = await storage.query('setOffBy', { eventIds: [eventId, 'evt_none'], teams: 'all' })
    assert.deepEqual(
      counted
        .map(one => [one.eventId, one.standing, one.count].join(' '))
        .toSorted((a, b) => (a < b ? -1 : 1)),
      [`${eventId} due 1`, `${eventId} held 1`, `${eventId} retrying 1`],
    )
    assert.deepEqual(await storage.query('setOffBy', { eventIds: [], teams: 'all' }), [])
    assert.deepEqual(await storage.query('setOffBy', { eventIds: [eventId], teams: ['core'] }), [])
  })

  scenario('runs are listed newest first by reaction, event, state, time and team', async ({ storage }) => {
    const [a, b] = await makeRuns(storage, { createdAtMs: 10, team: 'core' }, { createdAtMs: 20 })
    const [c] = await makeRuns(storage, { createdAtMs: 30, state: 'held', dueAtMs: null })
    const expect = async (filter: RunFilter, runs: (typeof a)[]) => {
      const list = await storage.query('listRuns', { filter, before: null, limit: 10 })
      assert.deepEqual(
        list.runs.map(run => run.id),
        runs.map(run => run!.id),
        JSON.stringify(filter),
      )
      assert.equal(list.before, null)
    }
    await expect({}, [c, b, a])
    await expect({ reactionId: 'rea_1' }, [c, a])
    await expect({ eventId: a!.eventId }, [b, a])
    await expect({ states: ['held'] }, [c])
    await expect({ states: ['held', 'due'] }, [c, b, a])
    await expect({ sinceMs: 20 }, [c, b])
    await expect({ untilMs: 20 }, [b, a])
    await expect({ teams: ['core'] }, [a])
    await expect({ teams: [] }, [])
    await expect({ teams: ['core'], eventId: a!.eventId }, [a])
    await expect({ teams: ['web', 'core'], reactionId: 'rea_1' }, [a])
    await expect({ teams: [], reactionId: 'rea_1' }, [])
  })

  scenario('pages of runs of any length are together the whole', async ({ storage }) => {
    await makeRuns(storage, ...Array.from({ length: 30 }, () => ({})))
    const whole = (await storage.query('listRuns', { filter: {}, before: null, limit: 100 })).runs
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 31 }), async limit => {
        const seen: string[] = []
        for (let before: number | null = null; ; ) {
          const page: RunList = await storage.query('listRuns', { filter: {}, before, limit })
          seen.push(...page.runs.map(run => run.id))
          before = page.before
          if (before === null) break
        }
        assert.deepEqual(
          seen,
          whole.map(run => run.id),
        )
      }),
      { numRuns: 15 },
    )
  })

  scenario('the latest states of each reaction are told newest first', async ({ storage }) => {
    const occasions = ['', 'a', 'b'].map((occasion, index) => ({
      reactionId: 'rea_1',
      occasion,
      createdAtMs: index,
    }))
    await makeRuns(storage, ...occasions)
    const [first] = await claim(storage, 1_000, [{ lane: 'example.com', limit: 1 }])
    await storage.execute('recordAttempt', anAttempt(first!.run))
    const states = await storage.query('latestRunStates', { reactionIds: ['rea_1', 'rea_none'], limit: 3 })
    assert.deepEqual(states, {
      rea_1: [
        { state: 'due', createdAtMs: 2 },
        { state: 'due', createdAtMs: 1 },
        { state: 'succeeded', createdAtMs: 0 },
      ],
      rea_none: [],
    })
    const latest = await storage.query('latestRunStates', { reactionIds: ['rea_1'], limit: 1 })
    assert.deepEqual(latest, { rea_1: [{ state: 'due', createdAtMs: 2 }] })
  })
}
