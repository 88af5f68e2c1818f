import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hurdles, keepScreenshot, openSignedIn, settled, startBrowser } from './support/browser.ts'
import { startSignalbox } from './support/signalbox.ts'
import { startTarget } from './support/target.ts'

const wide = { width: 1440, colours: 'light' } as const
const narrow = { width: 360, colours: 'dark' } as const

test('a pasted curl line fills in a reaction, which then sends what the line sent', async t => {
  const box = await startSignalbox(t)
  const target = await startTarget(t)
  const browser = await startBrowser(t)
  const seat = await browser.sit(box, wide)
  const { page } = seat
  await openSignedIn(seat, box)
  await page.goto('/reactions/new')
  await page.getByRole('button', { name: 'Paste a curl or tsuru line' }).click()
  const dialog = page.getByRole('dialog', { name: 'Paste a line' })
  const line = `curl -X PUT '${target.url}/deployed?from=paste' -H 'X-Team: shop' -d `
  await dialog.getByLabel('The line').fill(`${line}"$BODY"`)
  await dialog.getByRole('button', { name: 'Fill in' }).click()
  await dialog.getByText(/Only your shell knows what \$BODY is/).waitFor()
  await settled(page)
  await keepScreenshot(page, 'paste', wide)
  assert.deepEqual(await hurdles(page), [])
  await page.setViewportSize({ width: narrow.width, height: 740 })
  await page.emulateMedia({ colorScheme: narrow.colours })
  await settled(page)
  await keepScreenshot(page, 'paste', narrow)
  assert.deepEqual(await hurdles(page), [])
  await page.setViewportSize({ width: wide.width, height: 900 })

  await dialog.getByLabel('The line').fill(`${line}'state=done'`)
  await dialog.getByRole('button', { name: 'Fill in' }).click()
  await page.getByText('The line is filled in.').waitFor()
  await page.getByLabel('Name', { exact: true }).fill('tell-deployed')
  await page.getByLabel('Started by').selectOption('events')
  await page.getByLabel('Kinds').fill('app.deployed')
  await page.getByRole('button', { name: 'Make the reaction' }).click()
  await page.getByRole('heading', { name: 'tell-deployed', level: 1 }).waitFor()
  await box.api('POST', '/api/events', { kind: 'app.deployed', data: {} })
  const [request] = await target.have(1)
  assert.deepEqual(
    [request!.method, request!.path, request!.headers['x-team'], String(request!.body)],
    ['PUT', '/deployed?from=paste', 'shop', 'state=done'],
  )
  assert.deepEqual(
    seat.complaints.filter(text => !text.includes('status of 422')),
    [],
  )
})
