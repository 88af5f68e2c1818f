import assert from 'node:assert/strict'
import { test } from 'node:test'
import { send } from './support/ask.ts'
import { hurdles, keepScreenshot, openSignedIn, startBrowser } from './support/browser.ts'
import type { Endpoint } from './support/shapes.ts'
import { startSignalbox } from './support/signalbox.ts'

test('the answer to senders is written on the page of the endpoint, seen as it is typed, and given', async t => {
  const box = await startSignalbox(t)
  const { id, url } = await box.api<Endpoint>('POST', '/api/endpoints', { name: 'orders' })
  const browser = await startBrowser(t)
  for (const view of [
    { width: 1440, colours: 'light' },
    { width: 360, colours: 'dark' },
  ] as const) {
    const seat = await browser.sit(box, view)
    const { page } = seat
    await openSignedIn(seat, { link: (await box.api<{ url: string }>('POST', '/api/session/link')).url })
    await page.goto(`/endpoints/${id}`)
    await page.getByText('Senders are answered 202 and the id of the event.').waitFor()
    await page.getByRole('button', { name: 'Answer otherwise' }).click()
    const preview = page.getByRole('region', { name: 'Answer to the newest event' })
    if (view.width === 1440) await preview.getByText('No event has come here yet').waitFor()
    assert.equal((await send(url, '{"order": "<b>7</b>"}')).status, 202)
    const body = page.getByLabel('Body of the answer')
    await body.fill('{{ .body.order ')
    await page.getByText(/Column \d+: /).waitFor()
    await body.fill('{"order": {{toJson .body.order}}}')
    await page.getByLabel('Status').fill('201')
    await preview.getByText(/^201\n[\s\S]*\{"order": "/).waitFor()
    assert.match(await preview.innerText(), /content-type: application\/json/i)
    assert.deepEqual(await hurdles(page), [])
    await page.getByLabel('Status').scrollIntoViewIfNeeded()
    await keepScreenshot(page, 'endpoint-answer', view)
    await page.getByRole('button', { name: 'Save the answer' }).click()
    await page.getByText('Saved. The next sender is answered so.').waitFor()
    const answered = await send(url, '{"order": 8}')
    assert.equal(answered.status, 201)
    assert.equal(answered.text, '{"order": 8}')
    await page.getByRole('button', { name: 'Plain answer' }).click()
    await page.getByText('Senders get the plain answer again.').waitFor()
    assert.equal((await send(url, '{"order": 9}')).status, 202)
    await page.context().close()
  }
})
