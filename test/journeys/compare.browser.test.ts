import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hurdles, keepScreenshot, openSignedIn, settled, startBrowser } from './support/browser.ts'
import { startSignalbox } from './support/signalbox.ts'

const wide = { width: 1440, colours: 'light' } as const
const narrow = { width: 360, colours: 'dark' } as const

test('two payloads are compared key by key, and the address leads back to the comparison', async t => {
  const box = await startSignalbox(t)
  const send = async (data: object) =>
    (await box.api<{ events: { id: string }[] }>('POST', '/api/events', { kind: 'order.changed', data }))
      .events[0]!.id
  const lines = Array.from({ length: 30 }, (_, n) => ({ sku: `sku-${n}`, count: 1 }))
  const first = await send({ status: 'open', lines, total: 100 })
  const second = await send({ total: 100, status: 'open', lines: lines.slice(1) })
  const third = await send({ total: 100, status: 'paid', lines: lines.slice(1), paidBy: 'card' })
  const browser = await startBrowser(t)
  const seat = await browser.sit(box, wide)
  const { page, complaints } = seat
  await openSignedIn(seat, box)
  await page.goto(`/events/${third}`)
  await page.getByRole('tab', { name: 'Compare' }).click()
  const body = page.getByRole('group', { name: 'Differences of the body' })
  await body.waitFor()
  const linesOf = async (role: 'insertion' | 'deletion') =>
    (await body.getByRole(role).allInnerTexts()).map(line => line.trim())
  assert.deepEqual(await linesOf('deletion'), ['-  "status": "open",'])
  assert.deepEqual(await linesOf('insertion'), ['+  "paidBy": "card",', '+  "status": "paid",'])
  await settled(page)
  await keepScreenshot(page, 'compare', wide)
  assert.deepEqual(await hurdles(page), [])

  await page.getByLabel('Compared with').selectOption(first)
  await body.getByText('-      "sku": "sku-0"').waitFor()
  await page.setViewportSize({ width: narrow.width, height: 740 })
  await page.emulateMedia({ colorScheme: narrow.colours })
  await page.goto(page.url().replace(first, second))
  await page.getByRole('region', { name: 'Query' }).getByText('Nothing in either.').waitFor()
  await settled(page)
  await keepScreenshot(page, 'compare', narrow)
  assert.deepEqual(await hurdles(page), [])
  assert.deepEqual(complaints, [])
})
