import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hurdles, keepScreenshot, openSignedIn, startBrowser, type View } from './support/browser.ts'
import { deliver } from './support/see.ts'
import type { Endpoint } from './support/shapes.ts'
import { startSignalbox } from './support/signalbox.ts'

const views: View[] = [
  { width: 1440, colours: 'light' },
  { width: 360, colours: 'dark' },
]

for (const view of views)
  test(`somebody keeps a reaction's template to Go's own functions, and is told of one that is not, at ${view.width} px`, async t => {
    const box = await startSignalbox(t)
    const endpoint = await box.api<Endpoint>('POST', '/api/endpoints', { name: 'orders' })
    await deliver(endpoint, { order: 7 })
    await box.api('POST', '/api/reactions', {
      name: 'mirror',
      trigger: { type: 'endpoint', endpoint: 'orders' },
      action: { type: 'http', url: 'http://127.0.0.1:9/', bodyFrom: 'template', body: '{{toJson .body}}' },
    })
    const browser = await startBrowser(t)
    const seat = await browser.sit(box, view)
    const { page, complaints } = seat
    await openSignedIn(seat, box)
    await page.goto(`${box.url}/reactions/mirror/edit`)
    await page.getByText('It would fire on this event').waitFor()
    await page.getByText('Retries, time limits, signing and TLS').click()
    const own = page.getByRole('checkbox', { name: /Signalbox’s own template functions/ })
    assert.equal(await own.isChecked(), true)
    await own.uncheck()
    await own.scrollIntoViewIfNeeded()
    await keepScreenshot(page, 'own-functions', view)
    await page
      .getByText(/function "toJson" not defined/)
      .first()
      .waitFor()
    await page
      .getByText(/function "toJson" not defined/)
      .first()
      .scrollIntoViewIfNeeded()
    await keepScreenshot(page, 'own-functions-refused', view)
    assert.deepEqual(await hurdles(page), [])
    assert.deepEqual(complaints, [])
  })
