import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hurdles, keepScreenshot, openSignedIn, startBrowser } from './support/browser.ts'
import { onlyRunFor, runInState } from './support/see.ts'
import { startSignalbox } from './support/signalbox.ts'
import { tsuruEvent } from './support/tsuru-server.ts'
import { overTheWire, startWireTarget } from './support/wire.ts'

const wide = { width: 1440, colours: 'light' } as const
const narrow = { width: 360, colours: 'dark' } as const

test('a hook made by the tsuru command is seen with its run in the dashboard, and edited there', async t => {
  const box = await startSignalbox(t)
  const target = await startWireTarget(t)
  const tsuru = (method: string, json?: object) =>
    overTheWire(
      box.url,
      `${method} /1.6/events/webhooks${method === 'POST' ? '' : '/tell-slack'} HTTP/1.1\nHost: HOST\nAuthorization: bearer ${box.token}\nContent-Type: application/json`,
      json === undefined ? '' : JSON.stringify(json),
    )
  const hook = {
    name: 'tell-slack',
    url: target.url,
    headers: { 'Content-Type': ['application/x-www-form-urlencoded'], 'X-Key': ['s3cret-of-hers'] },
    event_filter: { kind_names: ['app.deploy'], success_only: true },
    body: 'payload={"text": "[{{.Kind.Name}}]: {{.Target.Type}} {{.Target.Value}}"}',
  }
  assert.equal((await tsuru('POST', hook)).status, 200)
  const sent = tsuruEvent('5d8f0c1e2a3b4c5d6e7f8091', Date.now())
  const { events } = await box.api<{ events: { id: string }[] }>('POST', '/api/events', sent)
  await runInState(box, (await onlyRunFor(box, events[0]!.id)).id, 'succeeded')

  const browser = await startBrowser(t)
  const seat = await browser.sit(box, wide)
  const { page, complaints } = seat
  await openSignedIn(seat, box)
  await page.getByRole('navigation').getByRole('link', { name: 'Reactions' }).click()
  await page.getByText(`POST ${target.url}`).waitFor()
  await page.getByRole('link', { name: 'tell-slack' }).first().click()
  await page.getByLabel('Body template over tsuru’s event').waitFor()
  await page.getByText('{{.Target.Value}}').first().waitFor()
  await keepScreenshot(page, 'tsuru-hook', wide)
  assert.deepEqual(await hurdles(page), [])
  await page.setViewportSize({ width: 360, height: 740 })
  await page.emulateMedia({ colorScheme: 'dark' })
  await keepScreenshot(page, 'tsuru-hook', narrow)
  assert.deepEqual(await hurdles(page), [])
  assert.ok((await page.evaluate<number>('document.documentElement.scrollWidth')) <= narrow.width)

  await page.getByRole('link', { name: 'Edit', exact: true }).click()
  await page.getByText('What is no template is sent as it stands').waitFor()
  await keepScreenshot(page, 'tsuru-hook-edit', narrow)
  assert.deepEqual(await hurdles(page), [])
  await page.setViewportSize({ width: 1440, height: 900 })
  await page.emulateMedia({ colorScheme: 'light' })
  await page.getByLabel('Description').fill('Tells the channel')
  await keepScreenshot(page, 'tsuru-hook-edit', wide)
  await page.getByRole('button', { name: 'Save as a new version' }).click()
  await page.getByText('Tells the channel').first().waitFor()
  // What the form has no field for, and what it never shows, is as it was.
  const { body } = await tsuru('GET')
  assert.deepEqual(JSON.parse(body), {
    ...(JSON.parse(body) as object),
    ...hook,
    description: 'Tells the channel',
    method: '',
    event_filter: {
      target_types: [],
      target_values: [],
      kind_types: [],
      kind_names: ['app.deploy'],
      error_only: false,
      success_only: true,
    },
  })
  assert.deepEqual(complaints, [])
})
