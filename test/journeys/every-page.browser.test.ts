import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ask } from './support/ask.ts'
import { hurdles, keepScreenshot, openSignedIn, settled, startBrowser, type View } from './support/browser.ts'
import { type Furnished, furnish } from './support/furnish.ts'
import { startSignalbox } from './support/signalbox.ts'
import { startTarget } from './support/target.ts'

interface Sight {
  name: string
  path: string
  /** A text that is there once the page is. */
  sign: string
}

const sights = (made: Furnished): Sight[] => [
  { name: 'start', path: '/', sign: 'Your endpoints' },
  { name: 'desk', path: `/?endpoint=${made.github.id}`, sign: 'Watching' },
  { name: 'overview', path: '/overview', sign: 'Events per second' },
  { name: 'events', path: '/events', sign: 'Choose an event' },
  { name: 'event-body', path: `/events/${made.push}`, sign: 'refs/heads/main' },
  { name: 'event-headers', path: `/events/${made.push}?tab=headers`, sign: 'x-github-event' },
  { name: 'event-sender', path: `/events/${made.order}?tab=facts`, sign: 'berlin' },
  { name: 'event-raw', path: `/events/${made.push}?tab=raw`, sign: 'POST /hooks/' },
  { name: 'event-reactions', path: `/events/${made.smallOrder}?tab=reactions`, sign: 'did not fire' },
  { name: 'endpoints', path: '/endpoints', sign: 'New endpoint' },
  { name: 'endpoint', path: `/endpoints/${made.orders.id}`, sign: 'Rotate token' },
  { name: 'endpoint-new', path: '/endpoints/new', sign: 'Make the endpoint' },
  { name: 'reactions', path: '/reactions', sign: 'New reaction' },
  { name: 'reaction', path: `/reactions/${made.reaction.id}`, sign: 'Versions' },
  { name: 'reaction-edit', path: `/reactions/${made.reaction.id}/edit`, sign: 'It would' },
  { name: 'reaction-new', path: `/reactions/new?sample=${made.order}`, sign: 'Make the reaction' },
  { name: 'runs', path: '/runs', sign: 'Any reaction' },
  { name: 'run-mended', path: `/runs/${made.mendedRun}`, sign: 'The run' },
  { name: 'run-failed', path: `/runs/${made.failedRun}`, sign: 'Retry' },
  { name: 'settings', path: '/settings', sign: 'Settings of the start' },
  { name: 'not-found', path: '/nowhere', sign: 'Start' },
]

const views: View[] = [
  { width: 1440, colours: 'light' },
  { width: 360, colours: 'light' },
  { width: 1440, colours: 'dark' },
]

test('every page can be used by everybody, at every width, and speaks to nobody else', async t => {
  const box = await startSignalbox(t)
  const made = await furnish(box, await startTarget(t))
  const browser = await startBrowser(t)
  for (const view of views) {
    const seat = await browser.sit(box, view)
    const { page, complaints } = seat
    if (view === views[0]) await openSignedIn(seat, box)
    else await openSignedIn(seat, { link: (await box.api<{ url: string }>('POST', '/api/session/link')).url })
    for (const { name, path, sign } of sights(made)) {
      const response = await page.goto(path)
      await page.getByText(sign).first().waitFor({ state: 'attached' })
      await settled(page)
      await keepScreenshot(page, name, view)
      assert.deepEqual(await hurdles(page), [], `${name} at ${view.width} px, ${view.colours}`)
      const width = await page.evaluate<number>('document.documentElement.scrollWidth')
      assert.ok(width <= view.width, `${name} is ${width} px wide, in ${view.width}`)
      const policy = response?.headers()['content-security-policy'] ?? ''
      assert.match(policy, /default-src 'self'/)
      assert.doesNotMatch(policy, /unsafe/, name)
      assert.deepEqual(complaints.splice(0), [], `${name} at ${view.width} px, ${view.colours}`)
    }
    await page.context().close()
  }
})

test('the description of the API is a page that works', async t => {
  const box = await startSignalbox(t)
  const browser = await startBrowser(t)
  const seat = await browser.sit(box)
  await seat.page.goto('/api/docs')
  await seat.page.getByText('/api/events/{id}/replay').first().waitFor()
  await keepScreenshot(seat.page, 'api-docs', { width: 1440, colours: 'light' })
  assert.deepEqual(seat.complaints, [])
  const description = (await ask(`${box.url}/api/openapi.json`)).json() as { openapi: string }
  assert.match(description.openapi, /^3\.1/)
})
