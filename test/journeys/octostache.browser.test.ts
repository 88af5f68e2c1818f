import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hurdles, keepScreenshot, openSignedIn, settled, startBrowser } from './support/browser.ts'
import { furnish } from './support/furnish.ts'
import { startSignalbox } from './support/signalbox.ts'
import { startTarget } from './support/target.ts'

const wide = { width: 1440, colours: 'light' } as const
const narrow = { width: 360, colours: 'dark' } as const

test('a reaction is written in Octostache, is seen before it is saved, and says where it is wrong', async t => {
  const box = await startSignalbox(t)
  const made = await furnish(box, await startTarget(t))
  const browser = await startBrowser(t)
  const seat = await browser.sit(box, wide)
  const { page, complaints } = seat
  await openSignedIn(seat, box)
  await page.goto(`/events/${made.push}`)
  await page.getByRole('button', { name: '"refs/heads/main"' }).click()
  await page.getByRole('button', { name: 'Send it in a reaction' }).press('Enter')
  await page.getByRole('heading', { name: 'New reaction' }).waitFor()
  await page.getByLabel('Template language').selectOption('octostache')
  await page.getByLabel('URL').fill('https://hooks.example.com/#{body.repository.name | UriDataEscape}')
  const body = page.getByRole('textbox', { name: 'Body' })
  await body.fill('{"text": "#{body.pusher.name | ToUpper} pushed #{Nope}"}')
  await page.getByText('"text": "MONA pushed #{Nope}"').waitFor()
  await page.getByText('https://hooks.example.com/storefront').first().waitFor()

  await page.getByText('Its body: click a value to use it').click()
  await page.getByRole('button', { name: '"mona"', exact: true }).click()
  await page.getByRole('button', { name: 'Add it to the body' }).click()
  await body.getByText('"#{body.pusher.name | JsonEscape}"').waitFor()
  await settled(page)
  await keepScreenshot(page, 'octostache', wide)
  assert.deepEqual(await hurdles(page), [])

  await body.fill('{"text": "#{body.pusher.name | Uppercase}"}')
  await page.getByText('there is no filter Uppercase').first().waitFor()
  await page.setViewportSize({ width: narrow.width, height: 740 })
  await page.emulateMedia({ colorScheme: narrow.colours })
  await page.getByLabel('Template language').scrollIntoViewIfNeeded()
  await settled(page)
  await keepScreenshot(page, 'octostache', narrow)
  assert.deepEqual(await hurdles(page), [])
  assert.deepEqual(complaints, [])
})
