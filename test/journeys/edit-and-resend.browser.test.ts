import assert from 'node:assert/strict'
import { test } from 'node:test'
import { send } from './support/ask.ts'
import { hurdles, keepScreenshot, openSignedIn, settled, startBrowser } from './support/browser.ts'
import { furnish } from './support/furnish.ts'
import { startSignalbox } from './support/signalbox.ts'
import { startTarget } from './support/target.ts'

const wide = { width: 1440, colours: 'light' } as const
const narrow = { width: 360, colours: 'dark' } as const

test('a request is sent in again with another method, query, header and body, and what is no text stays', async t => {
  const box = await startSignalbox(t)
  const made = await furnish(box, await startTarget(t))
  const browser = await startBrowser(t)
  const seat = await browser.sit(box, wide)
  const { page, complaints } = seat
  await openSignedIn(seat, box)
  const resent = async () => {
    await page.getByRole('link', { name: 'a new event' }).last().click()
    await page.getByText('Sent as').waitFor({ state: 'hidden' })
    const id = new URL(page.url()).pathname.split('/').at(-1)
    return box.api<{ request: { method: string; query: string; headers: object }; body: { text: string } }>(
      'GET',
      `/api/events/${id}`,
    )
  }
  await page.goto(`/events/${made.push}`)
  await page.getByRole('button', { name: 'Edit and resend' }).click()
  const dialog = page.getByRole('dialog', { name: 'Edit and resend' })
  await dialog.getByLabel('Headers').fill('nonsense')
  await dialog.getByText(/"nonsense" is no header/).waitFor()
  await dialog.getByLabel('Method').fill('put')
  await dialog.getByLabel('Query').fill('a=1&b=2')
  await dialog.getByLabel('Headers').fill('content-type: application/json\nx-edited: yes')
  await dialog.getByLabel('Body').fill('{"ref":"refs/heads/other"}')
  await settled(page)
  await keepScreenshot(page, 'edit-and-resend', wide)
  assert.deepEqual(await hurdles(page), [])
  await dialog.getByRole('button', { name: 'Resend' }).click()
  const { request, body } = await resent()
  assert.deepEqual(
    [request.method, request.query, body.text],
    ['PUT', 'a=1&b=2', '{"ref":"refs/heads/other"}'],
  )
  assert.deepEqual(request.headers, { 'content-type': 'application/json', 'x-edited': 'yes' })

  const bytes = Buffer.from([0, 255, 1])
  const sent = await send(made.github.url, bytes, { 'content-type': 'application/octet-stream' })
  const { id } = JSON.parse(sent.text) as { id: string }
  await page.goto(`/events/${id}`)
  await page.setViewportSize({ width: narrow.width, height: 740 })
  await page.emulateMedia({ colorScheme: narrow.colours })
  await page.getByRole('button', { name: 'Edit and resend' }).click()
  await dialog.getByText('it is sent as it came').waitFor()
  await settled(page)
  await keepScreenshot(page, 'edit-and-resend', narrow)
  assert.deepEqual(await hurdles(page), [])
  assert.deepEqual(complaints, [])
})
