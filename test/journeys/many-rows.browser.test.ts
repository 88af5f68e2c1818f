import assert from 'node:assert/strict'
import { test } from 'node:test'
import { keepScreenshot, openSignedIn, startBrowser } from './support/browser.ts'
import { startSignalbox } from './support/signalbox.ts'

const wide = { width: 1440, colours: 'light' } as const
const inAll = 10_000
const rowsAtMost = 60

test('ten thousand events scroll with a handful of rows in the page, and new ones still come in at once', async t => {
  const box = await startSignalbox(t)
  for (let sent = 0; sent < inAll; sent += 1000) {
    const events = Array.from({ length: 1000 }, (_, n) => ({
      kind: 'load.tested',
      targets: [{ type: 'app', value: `app-${(sent + n) % 40}` }],
      data: { number: sent + n },
    }))
    await box.api('POST', '/api/events', events)
  }
  const browser = await startBrowser(t)
  const seat = await browser.sit(box)
  const { page, complaints } = seat
  await openSignedIn(seat, box)
  await page.goto('/events')
  const list = page.getByLabel('Events, newest first')
  const rows = list.getByRole('listitem')
  await rows.first().waitFor()
  assert.ok((await rows.count()) <= rowsAtMost)

  const loaded = async () => Number(await rows.first().getAttribute('aria-setsize'))
  await list.hover()
  const startedAt = Date.now()
  while ((await loaded()) < inAll && Date.now() - startedAt < 45_000) {
    await page.mouse.wheel(0, 200_000)
    await page.evaluate('new Promise(requestAnimationFrame)')
  }
  assert.equal(await loaded(), inAll, 'all of them are within reach')
  assert.ok((await rows.count()) <= rowsAtMost, `${await rows.count()} rows are in the page`)

  // How long a frame takes while the list flies by; what a scroll costs does not depend on how many there are.
  await page.evaluate(`
    globalThis.frames = []
    const measure = at => { frames.push(at); requestAnimationFrame(measure) }
    requestAnimationFrame(measure)`)
  for (let turn = 0; turn < 60; turn++) await page.mouse.wheel(0, turn % 2 === 0 ? -30_000 : 20_000)
  const gaps = await page.evaluate<number[]>(
    'frames.slice(1).map((at, n) => at - frames[n]).sort((a, b) => a - b)',
  )
  const median = gaps[Math.floor(gaps.length / 2)] ?? Number.POSITIVE_INFINITY
  t.diagnostic(
    `${gaps.length} frames, median ${median.toFixed(1)} ms, 95th ${gaps[Math.floor(gaps.length * 0.95)]?.toFixed(1)} ms`,
  )
  assert.ok(gaps.length > 20)
  assert.ok(median < 50, `a frame takes ${median} ms`)

  await page.mouse.wheel(0, -10_000_000)
  const seen = list.getByText('one more').waitFor()
  const sentAt = Date.now()
  await box.api('POST', '/api/events', { kind: 'load.tested', data: 'one more' })
  await seen
  assert.ok(Date.now() - sentAt < 2000, `${Date.now() - sentAt} ms`)
  assert.ok((await rows.count()) <= rowsAtMost)
  await keepScreenshot(page, 'ten-thousand', wide)
  assert.deepEqual(complaints, [])
})
