import assert from 'node:assert/strict'
import { test } from 'node:test'
import { until } from '../kill/support/until.ts'
import { send } from './support/ask.ts'
import { hurdles, keepScreenshot, openSignedIn, startBrowser } from './support/browser.ts'
import type { List, RunSummary } from './support/shapes.ts'
import { startSignalbox } from './support/signalbox.ts'
import { startTarget } from './support/target.ts'

const wide = { width: 1440, colours: 'light' } as const
const narrow = { width: 360, colours: 'light' } as const

test('after an outage somebody retries all that failed, then replays all and stops it', async t => {
  const box = await startSignalbox(t)
  const target = await startTarget(t)
  target.answer = () => ({ status: 400, body: 'no' })
  await box.api('POST', '/api/endpoints', {
    name: 'in',
    path: '/hooks/in',
    authentication: [{ type: 'none' }],
  })
  await box.api('POST', '/api/reactions', {
    name: 'forward',
    trigger: { type: 'endpoint', endpoint: 'in' },
    action: { type: 'http', url: target.url, bodyFrom: 'original' },
    retry: { delaysMs: [] },
  })
  for (let sent = 0; sent < 40; sent++) await send(`${box.url}/hooks/in`, `{"n":${sent}}`)
  const failed = async () =>
    (await box.api<List<RunSummary>>('GET', '/api/runs?state=failed&limit=100')).items.length
  await until(
    () => 'all have failed',
    async () => (await failed()) === 40,
  )

  const browser = await startBrowser(t)
  const seat = await browser.sit(box, wide)
  const { page, complaints } = seat
  await openSignedIn(seat, box)
  await page.goto('/runs?state=failed')
  target.answer = () => ({ status: 200 })
  await page.getByRole('button', { name: 'Retry all' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText('40 failed runs will be tried again').waitFor()
  await dialog.getByLabel('Only those whose error says').fill('nothing says this')
  await dialog.getByText('No run has failed so.').waitFor()
  assert.ok(await dialog.getByRole('button', { name: 'Retry 0' }).isDisabled())
  await dialog.getByLabel('Only those whose error says').fill('400 bad')
  await dialog.getByText('40 failed runs will be tried again').waitFor()
  await keepScreenshot(page, 'retry-all', wide)
  assert.deepEqual(await hurdles(page), [])
  await dialog.getByRole('button', { name: 'Retry 40 failed runs' }).click()
  await page.getByText('Retried: 40 of 40 failed runs').waitFor()
  await target.have(80)
  await page.getByText('No run matches').waitFor()
  await keepScreenshot(page, 'retried-all', wide)

  await page.goto('/events?endpoint=in')
  await page.setViewportSize({ width: 360, height: 740 })
  await page.getByRole('button', { name: 'Replay all' }).click()
  await dialog.getByText('Puts 40 events before the reactions').waitFor()
  await dialog.getByText('→ forward').first().waitFor()
  await dialog.getByLabel('At most a second').fill('10')
  await keepScreenshot(page, 'replay-all', narrow)
  await dialog.getByRole('button', { name: 'Replay 40 events' }).click()
  await page.getByText(/Replaying: [1-9]\d* of 40 events/).waitFor()
  await page.getByRole('button', { name: 'Stop' }).click()
  await page.getByText(/Replay stopped: \d+ of 40 events/).waitFor()
  await keepScreenshot(page, 'replay-stopped', narrow)
  assert.deepEqual(await hurdles(page), [])
  assert.ok((await page.evaluate<number>('document.documentElement.scrollWidth')) <= narrow.width)
  const before = target.received.length
  await page.getByRole('button', { name: 'Go on' }).click()
  await page.getByText('Replayed: 40 of 40 events').waitFor()
  await target.have(120)
  assert.ok(before < 120, 'it had been stopped before its end')
  const replayed = (await box.api<List<RunSummary>>('GET', '/api/runs?limit=200')).items.filter(
    run => run.replay,
  )
  assert.equal(new Set(replayed.map(run => run.eventId)).size, 40)
  assert.equal(replayed.length, 40)
  assert.deepEqual(complaints, [])
})
