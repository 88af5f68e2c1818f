import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hurdles, keepScreenshot, openSignedIn, startBrowser, type View } from './support/browser.ts'
import { deliver } from './support/see.ts'
import type { Endpoint } from './support/shapes.ts'
import { startSignalbox } from './support/signalbox.ts'
import { startTarget } from './support/target.ts'

const views: View[] = [
  { width: 1440, colours: 'light' },
  { width: 360, colours: 'dark' },
]

for (const view of views)
  test(`what is wrong stands on every page until it is right again, at ${view.width} px`, async t => {
    const box = await startSignalbox(t, { args: ['--alarm-calm-ms', '500'] })
    const target = await startTarget(t)
    target.answer = ({ path }) => ({ status: path === '/alarms' ? 200 : 422 })
    const browser = await startBrowser(t)
    const seat = await browser.sit(box, view)
    const { page, complaints } = seat
    await openSignedIn(seat, box)
    const orders = await box.api<Endpoint>('POST', '/api/endpoints', { name: 'orders' })
    await box.api('POST', '/api/reactions', {
      name: 'forward',
      trigger: { type: 'endpoint', endpoint: 'orders' },
      action: { type: 'http', url: `${target.url}/in` },
    })
    const alarms = page.getByRole('status', { name: 'Alarms' })
    for (let count = 0; count < 3; count++) await deliver(orders, { count })
    const failing = 'The last 3 runs of forward failed: The target answered 422 Unprocessable Entity'
    await alarms.getByRole('link', { name: failing }).waitFor()

    // Nobody is told yet: the banner says how.
    await alarms.getByRole('button', { name: 'Tell me of alarms' }).click()
    const dialog = page.getByRole('dialog', { name: 'Tell me of alarms' })
    await dialog.getByLabel('URL of the webhook').fill('hooks')
    await dialog.getByRole('button', { name: 'Make the reaction' }).click()
    await dialog.getByText('It begins with http:// or https://').waitFor()
    await dialog.getByLabel('URL of the webhook').fill(`${target.url}/alarms`)
    await keepScreenshot(page, 'tell-me', view)
    assert.deepEqual(await hurdles(page), [])
    await dialog.getByRole('button', { name: 'Make the reaction' }).click()
    await page.getByRole('heading', { name: 'tell-me' }).waitFor()

    // Whether it would be heard is tried at once, by a real run.
    await page.getByRole('button', { name: 'Send a test message' }).click()
    const tested = page.getByRole('status', { name: 'Test message' })
    await tested.getByText('200 OK').waitFor()
    const heard = target.received.filter(({ path }) => path === '/alarms')
    assert.match(String(heard.at(-1)?.body), /This is a test message, asked for by admin/)
    await tested.scrollIntoViewIfNeeded()
    await keepScreenshot(page, 'tell-me-test', view)
    assert.deepEqual(await hurdles(page), [])

    await box.api('PATCH', '/api/endpoints/orders', { silentAfterMs: 1500 })
    await alarms.getByText('and 1 other alarm').waitFor()
    await alarms.getByRole('button', { name: 'and 1 other alarm' }).click()
    const silent = alarms.getByRole('link', { name: /^Nothing has come in on orders for/ })
    await silent.waitFor()
    await keepScreenshot(page, 'alarms', view)
    assert.deepEqual(await hurdles(page), [])
    await silent.click()
    await page.getByRole('heading', { name: 'orders' }).waitFor()
    await silent.waitFor()
    await alarms.getByRole('button', { name: `Put away: ${failing}` }).click()
    await alarms.getByRole('link', { name: failing }).waitFor({ state: 'detached' })
    await page.reload()
    await silent.waitFor()
    assert.equal(await alarms.getByRole('link', { name: failing }).count(), 0, 'put away in this tab')

    await box.api('PATCH', '/api/endpoints/orders', { silentAfterMs: 3_600_000 })
    await silent.waitFor({ state: 'detached' })
    const width = await page.evaluate<number>('document.documentElement.scrollWidth')
    assert.ok(width <= view.width, `${width} px wide`)
    assert.deepEqual(
      complaints.filter(complaint => !/422/.test(complaint)),
      [],
    )
  })
