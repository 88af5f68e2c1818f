import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hurdles, keepScreenshot, openSignedIn, startBrowser, type View } from './support/browser.ts'
import { startSignalbox } from './support/signalbox.ts'

const views: View[] = [
  { width: 1440, colours: 'light' },
  { width: 360, colours: 'light' },
]

test('the editor completes kinds and targets, those of the vocabulary and those that were really seen', async t => {
  const box = await startSignalbox(t)
  const targets = [{ type: 'app', value: 'billing' }]
  await box.api('POST', '/api/events', { kind: 'app.scaled', targets, owner: { type: 'user', name: 'mona' } })
  const browser = await startBrowser(t)
  for (const view of views) {
    const seat = await browser.sit(box, view)
    const { page, complaints } = seat
    await openSignedIn(seat, { link: (await box.api<{ url: string }>('POST', '/api/session/link')).url })
    await page.goto('/reactions/new')
    const offered = (id: string) =>
      page
        .locator(`#${id} option`)
        .evaluateAll(all => all.map(one => (one as { value?: string }).value ?? ''))
    const field = page.getByLabel('Kinds')
    await field.fill('dep')
    await page.locator('#kindNames-options option').first().waitFor({ state: 'attached' })
    const kinds = await offered('kindNames-options')
    assert.ok(kinds.includes('deployment.failed'), 'of the vocabulary')
    assert.ok(kinds.includes('app.scaled'), 'seen here')
    await field.fill('deployment.failed, app')
    const next = await offered('kindNames-options')
    assert.ok(next.includes('deployment.failed, app.scaled'), 'the word before stays')
    assert.ok(!next.includes('deployment.failed, deployment.failed'), 'no word twice')
    assert.ok((await offered('targetTypes-options')).includes('app'))
    assert.deepEqual(await offered('targetValues-options'), ['billing'])
    await keepScreenshot(page, 'kinds', view)
    assert.deepEqual(await hurdles(page), [])
    assert.deepEqual(complaints, [])
    await page.context().close()
  }
})
