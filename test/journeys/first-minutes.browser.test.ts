import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { keepScreenshot, openSignedIn, startBrowser } from './support/browser.ts'
import type { Endpoint, EventSummary, List } from './support/shapes.ts'
import { startSignalbox } from './support/signalbox.ts'
import { startTarget } from './support/target.ts'

const sh = (line: string) => promisify(execFile)('sh', ['-c', line], { timeout: 10_000 })
const wide = { width: 1440, colours: 'light' } as const

test('from the start page to the first payload, and on to a reaction that was delivered', async t => {
  const box = await startSignalbox(t)
  const target = await startTarget(t)
  const browser = await startBrowser(t)
  const seat = await browser.sit(box)
  const { page, complaints } = seat
  await openSignedIn(seat, box)
  await keepScreenshot(page, 'start', wide)
  await page.getByRole('button', { name: 'Get my webhook' }).click()
  await page.getByText('Waiting for the first request').waitFor()
  await keepScreenshot(page, 'waiting', wide)
  await page.getByRole('button', { name: 'Copy curl line' }).click()
  const curl = await page.evaluate<string>('navigator.clipboard.readText()')
  assert.match(curl, /^curl -XPOST -H "Authorization: Bearer sb_send_/)

  const seen = page.getByRole('tabpanel').getByText('"hello"')
  const seenAt = seen.waitFor().then(() => Date.now())
  const { stdout } = await sh(curl)
  assert.match(stdout, /"id":"evt_/)
  const at = await seenAt
  const { items } = await box.api<List<EventSummary>>('GET', '/api/events')
  const tookMs = at - Date.parse(items[0]?.time ?? '')
  t.diagnostic(`the first payload was seen ${tookMs} ms after its arrival`)
  assert.ok(tookMs < 1000, `the first payload is seen within a second of its arrival: ${tookMs} ms`)
  await keepScreenshot(page, 'first-payload', wide)

  await page.getByRole('link', { name: 'Make a reaction of this' }).click()
  await page.getByLabel('Name', { exact: true }).fill('greet')
  await page.getByLabel('URL').fill(`${target.url}/greetings`)
  await page.getByRole('textbox', { name: 'Where' }).fill('body.ok == "hello"')
  await page.getByText('It would fire on this event').waitFor()
  await page.getByRole('textbox', { name: 'Body template' }).fill('{"text": {{ .body.ok | upper | toJson }}}')
  await page
    .getByLabel('Rendered request')
    .getByText(/"HELLO"/)
    .waitFor()
  await page.getByLabel('Rendered request').getByText(`POST ${target.url}/greetings`).waitFor()
  await keepScreenshot(page, 'new-reaction', wide)
  assert.equal(target.received.length, 0, 'the preview sends nothing')
  await page.getByRole('button', { name: 'Make the reaction' }).click()
  await page.getByRole('heading', { name: 'greet' }).waitFor()

  await page.getByRole('navigation').getByRole('link', { name: 'Runs' }).click()
  await page.getByText('No runs yet').waitFor()
  await sh(curl)
  const [delivered] = await target.have(1)
  assert.equal(delivered?.body.toString(), '{"text": "HELLO"}', 'exactly what the preview showed')
  await page.getByLabel('Runs, newest first').getByText('succeeded').waitFor()
  await page.getByLabel('Runs, newest first').getByRole('link').first().click()
  await page.getByRole('heading', { name: '1 attempt' }).waitFor()
  await page.getByText('thank you').waitFor()
  await keepScreenshot(page, 'run-delivered', wide)
  assert.deepEqual(complaints, [])
})

test('why a reaction did not fire, a replay and an edited resend are told beside the event', async t => {
  const box = await startSignalbox(t)
  const target = await startTarget(t)
  const endpoint = await box.api<Endpoint>('POST', '/api/endpoints', { name: 'orders' })
  for (const [name, where] of [
    ['large', 'body.total > 100'],
    ['small', 'body.total <= 100'],
  ])
    await box.api('POST', '/api/reactions', {
      name,
      trigger: { type: 'endpoint', endpoint: 'orders' },
      filter: { where },
      action: { type: 'http', url: `${target.url}/${name}`, bodyFrom: 'original' },
    })
  const browser = await startBrowser(t)
  const seat = await browser.sit(box)
  const { page, complaints } = seat
  await openSignedIn(seat, box)
  await page.getByRole('navigation').getByRole('link', { name: 'Events' }).click()
  await page.getByText('No events yet').waitFor()
  await sh(endpoint.curl.replace('{"ok": "hello"}', '{"total": 250}'))
  await page.getByLabel('Events, newest first').getByText('{"total": 250}').click()
  await page.getByRole('tab', { name: 'Reactions' }).click()
  const tab = page.getByRole('tabpanel')
  await tab.getByText('did not fire').waitFor()
  await tab.getByText('The expression is false: body.total <= 100').waitFor()
  await tab.getByText('succeeded').waitFor()
  await keepScreenshot(page, 'verdicts', wide)

  await page.getByRole('button', { name: 'Replay', exact: true }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Reactions').selectOption({ label: 'Only large' })
  await dialog.getByRole('button', { name: 'Replay' }).click()
  await page.getByText('1 new run').waitFor()
  await target.have(2)
  await tab.getByText('From replays').waitFor()

  await page.getByRole('button', { name: 'Edit and resend' }).click()
  await dialog.getByLabel('Body').fill('{"total": 5}')
  await keepScreenshot(page, 'resend-another', wide)
  await dialog.getByRole('button', { name: 'Resend' }).click()
  await page.getByLabel('Events, newest first').getByText('{"total": 5}').waitFor()
  await target.have(3)
  assert.deepEqual(
    target.received.map(({ path, body }) => `${path} ${body.toString()}`),
    ['/large {"total": 250}', '/large {"total": 250}', '/small {"total": 5}'],
  )
  assert.deepEqual(complaints, [])
})
