import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { until } from '../kill/support/until.ts'
import { send } from './support/ask.ts'
import { hurdles, keepScreenshot, openSignedIn, startBrowser } from './support/browser.ts'
import { startSignalbox, temporaryFolder, type Signalbox } from './support/signalbox.ts'
import { startTarget } from './support/target.ts'

const wide = { width: 1440, colours: 'light' } as const
const narrow = { width: 360, colours: 'dark' } as const

interface Statistics {
  series: {
    key: string
    name: string
    total: {
      events: { success: number; error: number }
      attempts: { succeeded: number; failed: number }
      runs: { succeeded: number; failed: number }
      deliveryMs: { count: number; p50: number | null }
    }
  }[]
}

const totals = async (box: Signalbox) =>
  (await box.api<Statistics>('GET', '/api/statistics')).series[0]!.total

async function furnish(box: Signalbox, url: string): Promise<void> {
  await box.api('POST', '/api/endpoints', {
    name: 'in',
    path: '/hooks/in',
    authentication: [{ type: 'none' }],
  })
  await box.api('POST', '/api/reactions', {
    name: 'forward',
    trigger: { type: 'endpoint', endpoint: 'in' },
    action: { type: 'http', url, bodyFrom: 'original' },
    retry: { delaysMs: [] },
  })
}

const sendMany = async (box: Signalbox, count: number): Promise<void> => {
  for (let sent = 0; sent < count; sent++)
    assert.equal((await send(`${box.url}/hooks/in`, `{"n":${sent}}`)).status, 202)
}

test('the overview shows what was sent, moves by itself, and a spike leads to its events', async t => {
  const box = await startSignalbox(t)
  const target = await startTarget(t)
  await furnish(box, target.url)
  const browser = await startBrowser(t)
  const seat = await browser.sit(box, wide)
  const { page, complaints } = seat
  await openSignedIn(seat, box)
  await page.getByRole('navigation').getByRole('link', { name: 'Overview' }).click()
  await page.getByText('Nothing happened in this time').waitFor()
  await keepScreenshot(page, 'overview-empty', wide)

  await sendMany(box, 30)
  await target.have(30)
  target.answer = () => ({ status: 500, body: 'no' })
  await sendMany(box, 10)
  await target.have(40)
  await page.getByText('30 of 40 runs').waitFor()
  await page.getByText('75%', { exact: true }).waitFor()
  await page.getByRole('heading', { name: '1 failing reaction' }).waitFor()
  await page.getByRole('link', { name: '10 failures', exact: true }).waitFor()
  const total = await totals(box)
  assert.deepEqual(
    [total.events, total.attempts, { ...total.runs, cancelled: 0 }, total.deliveryMs.count],
    [
      { success: 40, error: 0 },
      { succeeded: 30, failed: 10 },
      { succeeded: 30, failed: 10, cancelled: 0 },
      30,
    ],
  )
  const waitForChart = page.locator('.u-over').first()
  await waitForChart.waitFor()
  await keepScreenshot(page, 'overview', wide)
  assert.deepEqual(await hurdles(page), [])

  // The newest point stands at the right edge.
  const box1 = (await waitForChart.boundingBox())!
  await page.mouse.click(box1.x + box1.width - 2, box1.y + box1.height / 2)
  await page.getByLabel('Events, newest first').getByRole('listitem').first().waitFor()
  assert.match(new URL(page.url()).search, /range=/)
  await page.goBack()

  await page.getByText('As a table').first().click()
  const table = page.getByRole('region', { name: 'Events per second, as a table' })
  await keepScreenshot(page, 'overview-table', wide)
  await table.getByRole('link').first().focus()
  await page.keyboard.press('Enter')
  await page.getByLabel('Events, newest first').getByRole('listitem').first().waitFor()
  assert.deepEqual(complaints, [])

  const small = await browser.sit(box, narrow)
  await openSignedIn(small, { link: (await box.api<{ url: string }>('POST', '/api/session/link')).url })
  await small.page.goto('/overview?range=15m')
  await small.page.getByText('30 of 40 runs').waitFor()
  await small.page.locator('.u-over').first().waitFor()
  await keepScreenshot(small.page, 'overview', narrow)
  assert.deepEqual(await hurdles(small.page), [])
  assert.ok((await small.page.evaluate<number>('document.documentElement.scrollWidth')) <= narrow.width)
  assert.deepEqual(small.complaints, [])
})

test('numbers are exact after a crash in the middle of everything', async t => {
  const directory = join(temporaryFolder(t), 'data')
  mkdirSync(directory)
  const target = await startTarget(t)
  let box = await startSignalbox(t, { directory })
  await furnish(box, target.url)
  for (const sent of [70, 55]) {
    await sendMany(box, sent)
    await box.kill()
    box = await startSignalbox(t, { directory })
  }
  const counted = async () => {
    const { events, deliveryMs } = await totals(box)
    return events.success === 125 && deliveryMs.count === 125
  }
  await until(() => 'all 125 are counted', counted, { deadlineMs: 20_000 })
  assert.deepEqual((await totals(box)).runs, { succeeded: 125, failed: 0, cancelled: 0 })
})
