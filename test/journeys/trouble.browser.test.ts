import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { send } from './support/ask.ts'
import { keepScreenshot, openSignedIn, startBrowser } from './support/browser.ts'
import { deliver } from './support/see.ts'
import type { Endpoint } from './support/shapes.ts'
import { startSignalbox, temporaryFolder } from './support/signalbox.ts'
import { startTarget } from './support/target.ts'

const wide = { width: 1440, colours: 'light' } as const

test('a target that is down is seen being tried again, and gets its delivery once it is mended', async t => {
  const box = await startSignalbox(t)
  const target = await startTarget(t)
  const endpoint = await box.api<Endpoint>('POST', '/api/endpoints', { name: 'orders' })
  await box.api('POST', '/api/reactions', {
    name: 'forward',
    trigger: { type: 'endpoint', endpoint: 'orders' },
    action: { type: 'http', url: target.url, bodyFrom: 'original' },
    retry: { delaysMs: [500, 600_000] },
  })
  const browser = await startBrowser(t)
  const seat = await browser.sit(box)
  const { page, complaints } = seat
  await openSignedIn(seat, box)
  await page.getByRole('navigation').getByRole('link', { name: 'Runs' }).click()
  await target.down()
  await deliver(endpoint, { order: 7 })
  await page.getByLabel('Runs, newest first').getByText('retrying').waitFor()
  await page.getByLabel('Runs, newest first').getByRole('link').first().click()
  await page.getByRole('heading', { name: '2 attempts' }).waitFor()
  await page.getByText(/Next try/).waitFor()
  await page
    .getByText(/Nothing listens on 127\.0\.0\.1/)
    .first()
    .waitFor()
  await keepScreenshot(page, 'run-retrying', wide)
  await target.up()
  await page.getByRole('button', { name: 'Retry now' }).click()
  await target.have(1)
  await page.getByLabel('Runs, newest first').getByText('succeeded').waitFor()
  await page.getByText('A run that succeeded is never tried again', { exact: false }).waitFor()
  await keepScreenshot(page, 'run-mended', wide)
  assert.deepEqual(complaints, [])
})

test('a lost connection is shown, and then everything is caught up: no gap and no duplicate', async t => {
  const folder = temporaryFolder(t)
  const directory = join(folder, 'data')
  mkdirSync(directory)
  const box = await startSignalbox(t, { directory })
  const port = new URL(box.url).port
  const hook = { name: 'in', path: '/hooks/in', authentication: [{ type: 'none' }] }
  await box.api('POST', '/api/endpoints', hook)
  const browser = await startBrowser(t)
  const seat = await browser.sit(box)
  const { page } = seat
  await openSignedIn(seat, box)
  await page.getByRole('navigation').getByRole('link', { name: 'Events' }).click()
  await page.getByRole('status').getByText('Live').waitFor()
  await send(`${box.url}/hooks/in`, '"first"')
  const list = page.getByLabel('Events, newest first')
  await list.getByText('"first"').waitFor()

  await box.stop()
  await page.getByRole('status').getByText('Reconnecting…').waitFor()
  await keepScreenshot(page, 'reconnecting', wide)
  const back = await startSignalbox(t, { directory, args: ['--port', port] })
  for (const body of ['"second"', '"third"']) await send(`${back.url}/hooks/in`, body)
  await list.getByText('"third"').waitFor({ timeout: 30_000 })
  await page.getByRole('status').getByText('Live').waitFor()
  await send(`${back.url}/hooks/in`, '"fourth"')
  await list.getByText('"fourth"').waitFor()
  const shown = await list.getByRole('listitem').allInnerTexts()
  assert.deepEqual(
    shown.map(text => /"(\w+)"/.exec(text)?.[1]),
    ['fourth', 'third', 'second', 'first'],
  )
})

test('a mistake is told in the place where it was made', async t => {
  const box = await startSignalbox(t)
  const endpoint = await box.api<Endpoint>('POST', '/api/endpoints', { name: 'orders' })
  await deliver(endpoint, { id: 1 })
  const browser = await startBrowser(t)
  const seat = await browser.sit(box)
  const { page, complaints } = seat
  await openSignedIn(seat, box)
  await page.goto('/reactions/new?endpoint=' + endpoint.id)
  await page.getByLabel('Name', { exact: true }).fill('greet')
  await page.getByLabel('URL').fill('http://127.0.0.1:9/')
  await page.getByRole('textbox', { name: 'Where' }).fill('body.id = 1')
  await page
    .getByText(/^Column \d+: /)
    .first()
    .waitFor()
  await page.getByLabel('Body', { exact: true }).selectOption({ label: 'A template' })
  await page.getByRole('textbox', { name: 'Body template' }).fill('one\n{{ .body.id | nope }}')
  await page
    .getByText(/Line 2, column \d+: /i)
    .first()
    .waitFor()
  await keepScreenshot(page, 'mistakes', wide)
  assert.deepEqual(complaints, [])
})
