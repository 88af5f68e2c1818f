import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hurdles, keepScreenshot, openSignedIn, settled, startBrowser } from './support/browser.ts'
import { furnish } from './support/furnish.ts'
import { startSignalbox } from './support/signalbox.ts'
import { startTarget } from './support/target.ts'

const wide = { width: 1440, colours: 'light' } as const
const narrow = { width: 360, colours: 'dark' } as const

test('a value of a payload becomes the filter of a new reaction, and another one a part of what it sends', async t => {
  const box = await startSignalbox(t)
  const made = await furnish(box, await startTarget(t))
  const browser = await startBrowser(t)
  const seat = await browser.sit(box, wide)
  const { page, complaints } = seat
  await openSignedIn(seat, box)
  await page.goto(`/events/${made.push}`)
  await page.getByRole('button', { name: '"refs/heads/main"' }).click()
  await page.getByRole('button', { name: 'React when it is this' }).waitFor()
  await settled(page)
  await keepScreenshot(page, 'click-a-value', wide)
  assert.deepEqual(await hurdles(page), [])
  await page.getByRole('button', { name: 'React when it is this' }).press('Enter')
  await page.getByRole('heading', { name: 'New reaction' }).waitFor()
  const where = page.getByRole('textbox', { name: 'Where' })
  await where.getByText('body.ref == "refs/heads/main"').waitFor()

  await page.getByText('Its body: click a value to use it').click()
  await page.getByRole('button', { name: '"storefront"', exact: true }).click()
  await page.getByRole('button', { name: 'Only when it is this' }).click()
  await where.getByText('body.ref == "refs/heads/main" && body.repository.name == "storefront"').waitFor()
  await page.getByRole('button', { name: '"mona"', exact: true }).click()
  await page.getByRole('button', { name: 'Add it to the body' }).click()
  await page.getByRole('textbox', { name: 'Body' }).getByText('{{ toJson .body.pusher.name }}').waitFor()
  await page.setViewportSize({ width: narrow.width, height: 740 })
  await page.emulateMedia({ colorScheme: narrow.colours })
  await page.getByRole('button', { name: '"mona"', exact: true }).click()
  await page.getByRole('button', { name: 'Add it to the body' }).scrollIntoViewIfNeeded()
  await settled(page)
  await keepScreenshot(page, 'click-a-value', narrow)
  assert.deepEqual(await hurdles(page), [])
  assert.deepEqual(complaints, [])
})
