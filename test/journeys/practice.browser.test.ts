import assert from 'node:assert/strict'
import { test } from 'node:test'
import { send } from './support/ask.ts'
import { hurdles, keepScreenshot, openSignedIn, startBrowser, type View } from './support/browser.ts'
import type { Endpoint, List, RunSummary } from './support/shapes.ts'
import { startSignalbox } from './support/signalbox.ts'

const views: View[] = [
  { width: 1440, colours: 'light' },
  { width: 360, colours: 'dark' },
]

for (const view of views)
  test(`without a server of their own, somebody breaks a target and mends it, at ${view.width} px`, async t => {
    const box = await startSignalbox(t)
    const browser = await startBrowser(t)
    const seat = await browser.sit(box, view)
    const { page, complaints } = seat
    await openSignedIn(seat, box)
    await page.getByRole('button', { name: 'Get my webhook' }).click()
    await page.getByText('Waiting for the first request').waitFor()
    const { items } = await box.api<List<Endpoint>>('GET', '/api/endpoints')
    const [endpoint] = items
    assert.ok(endpoint)
    await send(endpoint.url, '{"ok": "hello"}')
    if (view.width < 600) await page.getByRole('button', { name: /webhook\.received/ }).click()
    await page.getByRole('link', { name: 'Make a reaction of this' }).click()
    await page.getByLabel('Name', { exact: true }).fill('greet')
    await page.getByRole('button', { name: 'Send it to the practice target' }).click()
    await page.getByText('It would fire on this event').waitFor()
    await page.getByText('Nothing has reached it yet').waitFor()
    await keepScreenshot(page, 'practice-editor', view)
    await page.getByRole('button', { name: 'Make the reaction' }).click()
    await page.getByRole('heading', { name: 'greet' }).waitFor()

    const received = page.getByLabel('Received by the practice target')
    await send(endpoint.url, '{"ok": "one"}')
    await received.getByText('POST /').waitFor()
    await received.getByText('POST /').click()
    await received.getByText('"one"').waitFor()
    await received.getByText('The reaction has no signing secret').waitFor()

    await page.getByText('Down', { exact: true }).click()
    await page.getByText('Nothing listens: connections are refused.').waitFor()
    await send(endpoint.url, '{"ok": "two"}')
    await page
      .getByText(/Nothing listens on practice\.localhost:80/)
      .first()
      .waitFor()
    await page.getByText('Practice target', { exact: true }).scrollIntoViewIfNeeded()
    await keepScreenshot(page, 'practice-down', view)

    await page.getByLabel('200', { exact: true }).focus()
    await page.keyboard.press('Space')
    await page.getByText('It answers 200.').waitFor()
    await page.getByText('Received 2').waitFor()
    const { items: runs } = await box.api<List<RunSummary>>('GET', '/api/runs')
    assert.equal(runs.length, 2)
    await page.getByText('succeeded').nth(1).waitFor()
    await keepScreenshot(page, 'practice-mended', view)
    assert.deepEqual(await hurdles(page), [])
    const width = await page.evaluate<number>('document.documentElement.scrollWidth')
    assert.ok(width <= view.width, `${width} px wide`)
    assert.deepEqual(complaints, [])
  })
