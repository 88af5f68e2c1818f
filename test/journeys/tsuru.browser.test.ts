import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hurdles, keepScreenshot, openSignedIn, startBrowser } from './support/browser.ts'
import { onlyRunFor, runInState } from './support/see.ts'
import { startSignalbox } from './support/signalbox.ts'
import { startTsuruServer, tsuruEvent } from './support/tsuru-server.ts'
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

test('a tsuru server is added as a source on the page of settings, and its events come in', async t => {
  const box = await startSignalbox(t, { args: ['--source-interval-ms', '200'] })
  const theirs = await startTsuruServer(t)
  const browser = await startBrowser(t)
  const seat = await browser.sit(box, wide)
  const { page, complaints } = seat
  await openSignedIn(seat, box)
  await page.goto('/settings')
  await page.getByRole('button', { name: 'Add a tsuru server' }).click()
  const dialog = page.getByRole('dialog', { name: 'Add a tsuru server' })
  await dialog.getByLabel('Name').fill('cloud')
  await dialog.getByLabel('URL').fill('ftp://tsuru')
  await dialog.getByLabel('Token').fill('another')
  await dialog.getByRole('button', { name: 'Add' }).click()
  await dialog.getByText(/does not start with http/).waitFor()
  await keepScreenshot(page, 'add-source', wide)
  assert.deepEqual(await hurdles(page), [])
  await dialog.getByLabel('URL').fill(theirs.url)
  await dialog.getByRole('button', { name: 'Add' }).click()
  const row = page.getByRole('list', { name: 'Sources' }).getByRole('listitem')
  await row.getByText('It does not take the token (401)').waitFor()
  await row.scrollIntoViewIfNeeded()
  await keepScreenshot(page, 'sources', wide)
  assert.deepEqual(await hurdles(page), [])
  await page.getByRole('button', { name: 'Delete cloud' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Delete', exact: true }).click()
  await row.waitFor({ state: 'detached' })

  await page.setViewportSize({ width: 360, height: 740 })
  await page.emulateMedia({ colorScheme: 'dark' })
  await page.getByRole('button', { name: 'Add a tsuru server' }).click()
  await dialog.getByLabel('Name').fill('cloud')
  await dialog.getByLabel('URL').fill(theirs.url)
  await dialog.getByLabel('Token').fill(theirs.token)
  await keepScreenshot(page, 'add-source', narrow)
  assert.deepEqual(await hurdles(page), [])
  await dialog.getByRole('button', { name: 'Add' }).click()
  await row.getByText(/^asked/).waitFor()
  await keepScreenshot(page, 'sources', narrow)
  assert.ok((await page.evaluate<number>('document.documentElement.scrollWidth')) <= narrow.width)
  theirs.events.push(tsuruEvent('5d8f0c1e2a3b4c5d6e7f8091', Date.now()))
  await page.goto('/events')
  await page.getByLabel('Events, newest first').getByText('app.deploy').first().waitFor()
  // The browser tells the refusal of the first try.
  assert.deepEqual(
    complaints.filter(text => !text.includes('422')),
    [],
  )
})
