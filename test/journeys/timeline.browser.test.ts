import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hurdles, keepScreenshot, openSignedIn, startBrowser } from './support/browser.ts'
import { startSignalbox } from './support/signalbox.ts'
import { startTarget } from './support/target.ts'

const wide = { width: 1440, colours: 'light' } as const
const narrow = { width: 360, colours: 'dark' } as const
const inAll = 1_500
const rowsAtMost = 60

test('runs are seen along the time, with the tries to come, however many there are', async t => {
  const box = await startSignalbox(t)
  const target = await startTarget(t)
  for (const [name, status] of [
    ['well', 200],
    ['ill', 503],
  ]) {
    await box.api('POST', '/api/reactions', {
      name,
      trigger: { type: 'events' },
      filter: { kindNames: [`load.${name}`] },
      action: { type: 'http', url: `${target.url}/${status}`, bodyFrom: 'original' },
      retry: { delaysMs: [600_000] },
    })
  }
  target.answer = ({ path }) => ({ status: Number(path.slice(1)) })
  const some = (count: number, kind: string) => Array.from({ length: count }, () => ({ kind, data: {} }))
  await box.api('POST', '/api/events', some(inAll / 2, 'load.well'))
  await box.api('POST', '/api/events', some(inAll / 2, 'load.well'))
  await target.have(inAll, 30_000)
  await box.api('POST', '/api/events', some(1, 'load.ill'))
  await target.have(inAll + 1)

  const browser = await startBrowser(t)
  const seat = await browser.sit(box, wide)
  const { page, complaints } = seat
  await openSignedIn(seat, box)
  await page.goto('/runs')
  await page.getByRole('button', { name: 'Timeline' }).click()
  assert.match(page.url(), /view=timeline/)
  const rows = page.getByLabel('Runs, newest first').getByRole('listitem')
  await rows
    .first()
    .getByText(/next try in \d+ min/)
    .waitFor()
  await rows.nth(1).getByText('succeeded').waitFor()
  assert.ok((await rows.count()) <= rowsAtMost)
  await keepScreenshot(page, 'timeline', wide)
  assert.deepEqual(await hurdles(page), [])
  await rows.first().getByRole('link').click()
  await page.getByRole('heading', { name: '1 attempt' }).waitFor()
  assert.match(page.url(), /view=timeline/)
  await page.goBack()
  await page.setViewportSize({ width: 360, height: 740 })
  await page.emulateMedia({ colorScheme: 'dark' })
  await keepScreenshot(page, 'timeline', narrow)
  assert.deepEqual(await hurdles(page), [])
  assert.ok((await page.evaluate<number>('document.documentElement.scrollWidth')) <= narrow.width)
  assert.deepEqual(complaints, [])
})
