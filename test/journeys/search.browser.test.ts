import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hurdles, keepScreenshot, openSignedIn, settled, startBrowser } from './support/browser.ts'
import { startSignalbox } from './support/signalbox.ts'

const wide = { width: 1440, colours: 'light' } as const
const narrow = { width: 360, colours: 'dark' } as const
const inAll = 30_000
/** Looks at every line of every body several times: some seconds for all of them. */
const slow = ['needle', 'pin', 'nail', 'thorn', 'awl', 'bodkin']
  .map(sku => `body.lines.exists(line, line.sku == "${sku}")`)
  .join(' || ')

test('a search says how far back it has looked, is stopped and goes on, and finds the needle', async t => {
  const box = await startSignalbox(t)
  await box.api('POST', '/api/events', {
    kind: 'order.placed',
    targets: [{ type: 'app', value: 'shop' }],
    data: { customer: 'Zoë', amount: 4711, lines: [{ sku: 'needle' }] },
  })
  const lines = Array.from({ length: 40 }, (_, n) => ({ sku: `straw-${n}` }))
  for (let sent = 0; sent < inAll; sent += 1000) {
    const events = Array.from({ length: 1000 }, (_, n) => ({
      kind: 'order.placed',
      data: { customer: `c-${n}`, lines },
    }))
    await box.api('POST', '/api/events', events)
  }
  const browser = await startBrowser(t)
  const seat = await browser.sit(box, wide)
  const { page, complaints } = seat
  await openSignedIn(seat, box)
  await page.goto('/events')
  const list = page.getByLabel('Events, newest first')
  await list.getByRole('listitem').first().waitFor()

  await t.test('by an expression that looks into every body', async () => {
    await page.getByRole('button', { name: 'Filters' }).click()
    await page.getByRole('textbox', { name: 'Where' }).fill(slow)
    await page.getByRole('button', { name: 'Search with it' }).click()
    const progress = page.getByRole('status').filter({ hasText: /searched back to/ })
    await progress.filter({ hasText: 'Searching:' }).waitFor()
    await page.getByRole('button', { name: 'Stop' }).click()
    await progress.filter({ hasText: 'Stopped:' }).waitFor()
    await settled(page)
    let asked = 0
    page.on('request', request => (asked += Number(request.url().includes('searchMs'))))
    await keepScreenshot(page, 'search-stopped', wide)
    assert.deepEqual(await hurdles(page), [])
    assert.equal(asked, 0, 'it does not go on by itself')
    await page.getByRole('button', { name: 'Go on' }).click()
    await list.getByRole('listitem').filter({ hasText: 'shop' }).waitFor()
    await progress.waitFor({ state: 'detached' })
    assert.equal(await list.getByRole('listitem').count(), 1)
    await keepScreenshot(page, 'search-found', wide)
  })

  await t.test('a mistake in the expression is told under it', async () => {
    await page.getByRole('textbox', { name: 'Where' }).click()
    await page.keyboard.press('Control+a')
    await page.keyboard.type('body.amount >')
    await page.getByRole('button', { name: 'Search with it' }).click()
    await page
      .getByText(/does not compile/)
      .first()
      .waitFor()
    await page.setViewportSize({ width: narrow.width, height: 740 })
    await page.emulateMedia({ colorScheme: narrow.colours })
    await settled(page)
    await keepScreenshot(page, 'search-mistake', narrow)
    assert.deepEqual(await hurdles(page), [])
    await page.emulateMedia({ colorScheme: wide.colours })
    await page.setViewportSize({ width: wide.width, height: 900 })
    await page.getByRole('button', { name: 'Clear filters' }).click()
  })

  await t.test(
    'by a text in any case, from the keyboard, and what comes meanwhile is found too',
    async () => {
      await page.setViewportSize({ width: 1440, height: 900 })
      await page.locator('body').click({ position: { x: 700, y: 5 } })
      await page.keyboard.press('/')
      await page.keyboard.type('zoë')
      await list.getByRole('listitem').filter({ hasText: 'shop' }).waitFor()
      await page.waitForURL(/text=/)
      await box.api('POST', '/api/events', { kind: 'order.placed', data: { note: 'for ZOË again' } })
      await list.getByRole('listitem').filter({ hasText: 'again' }).waitFor()
      await page.getByRole('searchbox', { name: 'Search' }).fill('nothing holds this')
      await page.getByText('No event matches').waitFor()
      await keepScreenshot(page, 'search-nothing', wide)
    },
  )
  // The answer to the mistake is the browser's complaint, not the page's.
  assert.deepEqual(
    complaints.filter(line => !line.includes('422') && !line.includes('400')),
    [],
  )
})
