import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hurdles, keepScreenshot, openSignedIn, settled, startBrowser } from './support/browser.ts'
import { furnish } from './support/furnish.ts'
import { startSignalbox } from './support/signalbox.ts'
import { startTarget } from './support/target.ts'

const wide = { width: 1440, colours: 'light' } as const
const narrow = { width: 360, colours: 'dark' } as const

test('one payload is shown to somebody else by a link, without what was masked, until it is ended', async t => {
  const box = await startSignalbox(t)
  const made = await furnish(box, await startTarget(t))
  const browser = await startBrowser(t)
  const seat = await browser.sit(box, wide)
  const { page } = seat
  await openSignedIn(seat, box)
  await page.goto(`/events/${made.push}`)
  await page.getByRole('button', { name: 'Share' }).click()
  const dialog = page.getByRole('dialog', { name: 'Share this event' })
  await dialog.getByText('mona@example.com').first().waitFor()
  await dialog.getByLabel('Mask these too').fill('body.pusher.email\nbody.commits[0].author\nnowhere')
  await dialog.getByText(/Line 3 is no path/).waitFor()
  await dialog.getByLabel('Mask these too').fill('body.pusher.email\nheaders.user-agent')
  await dialog.getByText('mona@example.com').waitFor({ state: 'detached' })
  await dialog.getByRole('button', { name: 'Make a link' }).click()
  const link = await dialog.getByRole('status').locator('code').innerText()
  await dialog.getByText(/^By admin, until/).waitFor()
  await settled(page)
  await keepScreenshot(page, 'share-dialog', wide)
  assert.deepEqual(await hurdles(page), [])

  const other = await browser.sit(box, narrow)
  await other.page.goto(link)
  await other.page.getByRole('heading', { name: 'An event that was shared with you' }).waitFor()
  await other.page.getByText('refs/heads/main').first().waitFor()
  const seen = await other.page.locator('body').innerText()
  assert.equal(seen.includes('mona@example.com'), false)
  assert.equal(
    seen.includes(new URL(made.github.url).pathname),
    false,
    'the path of the endpoint is not shown',
  )
  assert.match(seen, /user-agent\s*•••/)
  assert.match(seen, /Shared by Signalbox, until/)
  assert.doesNotMatch(seen, /Endpoints|Reactions|Overview/, 'nothing of the dashboard is around it')
  assert.equal(await other.page.title(), 'An event that was shared with you · Signalbox')
  await other.page
    .getByRole('button', { name: 'Sign in' })
    .or(other.page.getByRole('link', { name: 'Sign in' }))
    .waitFor()
  await settled(other.page)
  await keepScreenshot(other.page, 'shared', narrow)
  assert.deepEqual(await hurdles(other.page), [])
  assert.deepEqual(other.complaints, [])

  await dialog.getByRole('button', { name: 'End it' }).click()
  await dialog.getByText(/^By admin, until/).waitFor({ state: 'detached' })
  await other.page.reload()
  await other.page.getByText('The link shows nothing any more').waitFor()
  // The browser tells of the answer to the path that is none.
  assert.deepEqual(
    seat.complaints.filter(line => !line.includes('status of 422')),
    [],
  )
})
