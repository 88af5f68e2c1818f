import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hurdles, keepScreenshot, openSignedIn, settled, startBrowser } from './support/browser.ts'
import { startSignalbox } from './support/signalbox.ts'

const wide = { width: 1440, colours: 'light' } as const
const narrow = { width: 360, colours: 'dark' } as const

test('while a reaction is edited it says how often it would have fired, and on what', async t => {
  const box = await startSignalbox(t)
  const events = Array.from({ length: 120 }, (_, n) => ({
    kind: n % 3 === 0 ? 'order.refunded' : 'order.placed',
    targets: [{ type: 'app', value: 'shop' }],
    data: { amount: n },
  }))
  await box.api('POST', '/api/events', events)
  const browser = await startBrowser(t)
  const seat = await browser.sit(box, wide)
  const { page, complaints } = seat
  await openSignedIn(seat, box)
  await page.goto('/reactions/new')
  const past = page.getByRole('region', { name: 'The past' })
  await page.getByLabel('Started by').selectOption('events')
  await past.getByText('It would have fired 120 times').waitFor()

  await page.getByRole('textbox', { name: 'Where' }).fill('body.amount >= 100')
  await past.getByText('It would have fired 20 times').waitFor()
  await past.getByText('Of 120 events of its trigger.').waitFor()
  const list = past.getByRole('list', { name: 'Events on which it would have fired' })
  assert.equal(await list.getByRole('listitem').count(), 20)
  await settled(page)
  await keepScreenshot(page, 'backtest', wide)
  assert.deepEqual(await hurdles(page), [])

  await page.setViewportSize({ width: narrow.width, height: 740 })
  await page.emulateMedia({ colorScheme: narrow.colours })
  await past.scrollIntoViewIfNeeded()
  await settled(page)
  await keepScreenshot(page, 'backtest', narrow)
  assert.deepEqual(await hurdles(page), [])

  await page.getByRole('textbox', { name: 'Where' }).press('End')
  await page.keyboard.type(' &&')
  await past.getByText('Mend the trigger and the filter').waitFor()
  await page.keyboard.type(' body.amount < 0')
  await past.getByText('It would not have fired').waitFor()
  assert.deepEqual(complaints, [])
})
