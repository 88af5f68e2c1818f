import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page, Route } from 'playwright-core'
import {
  hurdles,
  keepScreenshot,
  openSignedIn,
  type Seat,
  settled,
  startBrowser,
  type View,
} from './support/browser.ts'
import { furnish } from './support/furnish.ts'
import { startSignalbox, type Signalbox } from './support/signalbox.ts'
import { startTarget } from './support/target.ts'

const wide: View = { width: 1440, colours: 'light' }
const views: View[] = [wide, { width: 360, colours: 'dark' }]

async function signIn(seat: Seat, box: Signalbox): Promise<void> {
  await openSignedIn(seat, { link: (await box.api<{ url: string }>('POST', '/api/session/link')).url })
}

/** What holds of every page, whatever it shows. */
async function isWhole(
  { page, complaints }: Seat,
  name: string,
  view: View,
  /** What the browser says of requests that were meant to fail. */
  isMeant = (_complaint: string) => false,
): Promise<void> {
  await settled(page)
  await keepScreenshot(page, name, view)
  const where = `${name} at ${view.width} px, ${view.colours}`
  assert.deepEqual(await hurdles(page), [], where)
  const width = await page.evaluate<number>('document.documentElement.scrollWidth')
  assert.ok(width <= view.width, `${where} is ${width} px wide`)
  const headings = await page.getByRole('heading', { level: 1 }).filter({ visible: true }).count()
  assert.equal(headings, 1, `${where} has one title`)
  assert.equal(await page.getByRole('main').count(), 1, where)
  const others = complaints.splice(0).filter(complaint => !isMeant(complaint))
  assert.deepEqual(others, [], where)
}

const isFailedRequest = (complaint: string): boolean => complaint.startsWith('Failed to load resource')

test('a page with nothing to show says what belongs there, and how to make the first one', async t => {
  const box = await startSignalbox(t)
  const browser = await startBrowser(t)
  const pages = [
    { path: '/', says: 'See what a webhook sends', offers: 'Get my webhook' },
    { path: '/overview', says: 'Nothing happened in this time', offers: 'Get my webhook' },
    { path: '/events', says: 'No events yet', offers: 'Get my webhook' },
    { path: '/events?kind=nothing', says: 'No event matches', offers: 'Clear filters' },
    { path: '/endpoints', says: 'No endpoints yet', offers: 'New endpoint' },
    { path: '/reactions', says: 'No reactions yet', offers: 'New reaction' },
    { path: '/runs', says: 'No runs yet', offers: 'Make a reaction' },
    { path: '/runs?state=failed&view=timeline', says: 'No run matches', offers: 'Clear filters' },
  ]
  for (const view of views) {
    const seat = await browser.sit(box, view)
    await signIn(seat, box)
    const titles = new Set<string>()
    for (const { path, says, offers } of pages) {
      await seat.page.goto(path)
      await seat.page.getByText(says).first().waitFor()
      const way = seat.page.getByRole('main').getByText(offers).filter({ visible: true }).last()
      await way.waitFor()
      titles.add(await seat.page.title())
      await isWhole(seat, `empty-${path.slice(1).replaceAll(/\W+/g, '-') || 'start'}`, view)
    }
    assert.equal(titles.size, 6, `each page has a title of its own: ${[...titles].join(', ')}`)
    await seat.page.context().close()
  }
})

interface Trouble {
  name: string
  /** What is seen of it. */
  says: RegExp
  answer(route: Route): Promise<void>
}

const problem = (status: number, code: string, title: string) => (route: Route) =>
  route.fulfill({
    status,
    contentType: 'application/problem+json',
    body: JSON.stringify({ type: 'about:blank', status, code, title, detail: `Because of a ${status}` }),
  })

const troubles: Trouble[] = [
  { name: 'gone', says: /Signalbox did not answer/, answer: route => route.abort('connectionrefused') },
  {
    name: '403',
    says: /Not allowed\. Because of a 403/,
    answer: problem(403, 'access.denied', 'Not allowed'),
  },
  {
    name: '500',
    says: /Signalbox failed\. Because of a 500/,
    answer: problem(500, 'internal', 'Signalbox failed'),
  },
]

test('what cannot be read is told in its place, and read again when somebody asks', async t => {
  const box = await startSignalbox(t)
  const made = await furnish(box, await startTarget(t))
  const browser = await startBrowser(t)
  const pages = [
    { name: 'start', path: '/', asks: '/api/endpoints', sign: 'Your endpoints' },
    { name: 'overview', path: '/overview', asks: '/api/statistics', sign: 'Events per second' },
    { name: 'events', path: '/events', asks: '/api/events', sign: 'order.changed' },
    {
      name: 'event',
      path: `/events/${made.push}`,
      asks: `/api/events/${made.push}`,
      sign: 'refs/heads/main',
    },
    { name: 'endpoints', path: '/endpoints', asks: '/api/endpoints', sign: '/hooks/shops/' },
    {
      name: 'endpoint',
      path: `/endpoints/${made.orders.id}`,
      asks: `/api/endpoints/${made.orders.id}`,
      sign: 'Rotate token',
    },
    { name: 'reactions', path: '/reactions', asks: '/api/reactions', sign: 'wake-on-call' },
    {
      name: 'reaction',
      path: `/reactions/${made.reaction.id}`,
      asks: `/api/reactions/${made.reaction.id}`,
      sign: 'Versions',
    },
    {
      name: 'reaction-edit',
      path: `/reactions/${made.reaction.id}/edit`,
      asks: `/api/reactions/${made.reaction.id}`,
      sign: 'tell-fulfilment',
    },
    { name: 'runs', path: '/runs', asks: '/api/runs', sign: 'deploy-main' },
    { name: 'run', path: `/runs/${made.failedRun}`, asks: `/api/runs/${made.failedRun}`, sign: 'The run' },
    { name: 'settings', path: '/settings', asks: '/api/settings', sign: 'max-hops' },
    { name: 'health', path: '/settings', asks: '/api/status', sign: 'A 202 means' },
    { name: 'retention', path: '/settings', asks: '/api/retention', sign: 'Largest store' },
  ]
  for (const view of views) {
    const seat = await browser.sit(box, view)
    const { page } = seat
    await signIn(seat, box)
    // Each page has one sort of trouble at one width, and another at the other: they are told by one and the same part.
    for (const [at, { name, path, asks, sign }] of pages.entries()) {
      const trouble = troubles[(at + views.indexOf(view)) % troubles.length]!
      const isAsked = (url: URL) => url.pathname === asks
      await page.route(isAsked, trouble.answer)
      await page.goto(path)
      const alert = page.getByRole('main').getByRole('alert').filter({ hasText: trouble.says })
      await alert.first().waitFor()
      await isWhole(seat, `${trouble.name}-${name}`, view, isFailedRequest)
      await page.unroute(isAsked, trouble.answer)
      await alert.first().getByRole('button', { name: 'Try again' }).click()
      await page.getByRole('main').getByText(sign).filter({ visible: true }).first().waitFor()
      assert.equal(await alert.count(), 0, `${trouble.name} on ${name} is over`)
    }
    await page.context().close()
  }
})

test('what does not exist is told where it would be, with a way on', async t => {
  const box = await startSignalbox(t)
  const browser = await startBrowser(t)
  for (const view of views) {
    const seat = await browser.sit(box, view)
    const { page } = seat
    await signIn(seat, box)
    const paths = [
      '/?endpoint=ep_none',
      '/events/evt_000000000000000000000000',
      '/endpoints/ep_none',
      '/reactions/rea_none',
      '/reactions/rea_none/edit',
      '/runs/r_0000000000000000',
    ]
    for (const path of paths) {
      await page.goto(path)
      await page
        .getByRole('main')
        .getByRole('alert')
        .getByText(/There is no/)
        .waitFor()
      await isWhole(seat, `missing-${path.slice(1).replaceAll(/\W+/g, '-')}`, view, isFailedRequest)
    }
    await page.goto('/nowhere/at/all')
    await page.getByText('No such page').waitFor()
    await isWhole(seat, 'missing-page', view)
    const stranger = await browser.sit(box, view)
    await stranger.page.goto('/runs')
    await stranger.page.getByText('Sign in to see this page').waitFor()
    await isWhole(stranger, 'sign-in-first', view)
    await stranger.page.goto('/events')
    await stranger.page.getByText('You have no endpoint yet').waitFor()
    await isWhole(stranger, 'no-endpoint-yet', view)
    await stranger.page.context().close()
    await page.context().close()
  }
})

const inAll = 10_000
const rowsAtMost = 60

test('ten thousand runs scroll, as a list and along the time, with a handful of rows in the page', async t => {
  const box = await startSignalbox(t)
  await box.api('POST', '/api/reactions', {
    name: 'held',
    trigger: { type: 'events' },
    filter: { kindNames: ['load.tested'] },
    action: { type: 'http', url: 'http://practice.localhost/' },
  })
  await box.api('POST', '/api/reactions/held/pause')
  for (let sent = 0; sent < inAll; sent += 1000) {
    const events = Array.from({ length: 1000 }, (_, n) => ({ kind: 'load.tested', data: { n: sent + n } }))
    await box.api('POST', '/api/events', events)
  }
  const browser = await startBrowser(t)
  const seat = await browser.sit(box, wide)
  const { page, complaints } = seat
  await openSignedIn(seat, box)
  for (const path of ['/runs', '/runs?view=timeline']) {
    await page.goto(path)
    await reachesAll(page, path, message => t.diagnostic(message))
    await keepScreenshot(page, path === '/runs' ? 'ten-thousand-runs' : 'ten-thousand-timeline', wide)
  }
  // By key from end to end, too: what is moved to is there, and has the focus.
  const list = page.getByLabel('Runs, newest first')
  await list.hover()
  await page.mouse.wheel(0, -100_000_000)
  await list.locator('[aria-posinset="1"]').waitFor()
  await page.locator('main').focus()
  for (let count = 0; count < 40; count++) await page.keyboard.press('j')
  await list.locator('[aria-posinset="40"] a:focus').waitFor()
  assert.ok((await list.getByRole('listitem').count()) <= rowsAtMost)
  assert.deepEqual(complaints, [])
})

/** Scrolls to the end, and says what the main thread was kept busy for; only the number of rows is asserted. */
async function reachesAll(page: Page, name: string, tell: (message: string) => void): Promise<void> {
  const list = page.getByLabel('Runs, newest first')
  const rows = list.getByRole('listitem')
  await rows.first().waitFor()
  await page.evaluate(`globalThis.longTasks = []
    new PerformanceObserver(found => longTasks.push(...found.getEntries().map(one => one.duration)))
      .observe({ type: 'longtask' })`)
  const loaded = async () => Number(await rows.first().getAttribute('aria-setsize'))
  await list.hover()
  const startedAt = Date.now()
  let most = 0
  while ((await loaded()) < inAll && Date.now() - startedAt < 60_000) {
    await page.mouse.wheel(0, 200_000)
    await page.evaluate('new Promise(requestAnimationFrame)')
    most = Math.max(most, await rows.count())
  }
  assert.equal(await loaded(), inAll, 'all of them are within reach')
  for (let turn = 0; turn < 40; turn++) {
    await page.mouse.wheel(0, turn % 2 === 0 ? -40_000 : 30_000)
    await page.evaluate('new Promise(requestAnimationFrame)')
    most = Math.max(most, await rows.count())
  }
  assert.ok(most <= rowsAtMost, `${most} rows were in the page`)
  const tasks = await page.evaluate<number[]>('longTasks')
  tell(
    `${name}: ${most} rows at most; ${tasks.length} tasks over 50 ms, the longest ${Math.max(0, ...tasks).toFixed(0)} ms`,
  )
}
