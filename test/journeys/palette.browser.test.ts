import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hurdles, keepScreenshot, openSignedIn, startBrowser } from './support/browser.ts'
import { furnish } from './support/furnish.ts'
import { startSignalbox } from './support/signalbox.ts'
import { startTarget } from './support/target.ts'

const wide = { width: 1440, colours: 'light' } as const
const narrow = { width: 360, colours: 'dark' } as const

test('everything that has a name is a few letters away, and so is what can be done', async t => {
  const box = await startSignalbox(t)
  const made = await furnish(box, await startTarget(t))
  const browser = await startBrowser(t)
  const seat = await browser.sit(box, wide)
  const { page, complaints } = seat
  await openSignedIn(seat, box)
  const palette = page.getByRole('dialog', { name: 'Go anywhere, do anything' })
  const input = palette.getByRole('combobox')
  /** By keys alone: opens, types, takes the first. */
  const take = async (text: string, expected: string | RegExp) => {
    await page.keyboard.press('Control+k')
    await palette.locator('input:focus').waitFor()
    await page.keyboard.type(text)
    await palette.getByRole('option').first().filter({ hasText: expected }).waitFor()
    await page.keyboard.press('Enter')
    await palette.waitFor({ state: 'detached' })
  }

  await take('runs', 'Runs')
  await page.getByRole('heading', { name: 'Runs', level: 1 }).waitFor()
  await take('fulfil', 'tell-fulfilment')
  await page.getByRole('heading', { name: 'tell-fulfilment', level: 1 }).waitFor()
  await take('edit fulfil', 'Edit tell-fulfilment')
  await page.waitForURL(/\/edit$/)
  await take('orders', 'orders')
  await page.waitForURL(url => url.pathname === `/endpoints/${made.orders.id}`)
  await take(made.push, 'Open the event')
  await page.getByRole('tabpanel').getByText('refs/heads/main').first().waitFor()
  await take(made.failedRun, 'Open the run')
  await page.getByRole('heading', { name: 'deploy-main' }).waitFor()
  await take('copy github', 'Copy the URL of github')
  await page.getByText('The URL of github is copied.').waitFor()
  assert.equal(await page.evaluate('navigator.clipboard.readText()'), made.github.url)
  await take('practice 500', 'Practice target answers 500')
  await page.getByText('From now on the practice target answers 500.').waitFor()
  assert.equal((await box.api<{ behaviour: string }>('GET', '/api/practice')).behaviour, 'fail')
  await take('new endp', 'New endpoint')
  await page.getByRole('button', { name: 'Make the endpoint' }).waitFor()

  // While somebody types it opens too, and what was typed stays.
  await page.getByLabel('Name', { exact: true }).fill('half a name')
  await page.keyboard.press('Control+k')
  await input.waitFor()
  await page.keyboard.press('Escape')
  await palette.waitFor({ state: 'detached' })
  assert.equal(await page.getByLabel('Name', { exact: true }).inputValue(), 'half a name')
  await page.getByLabel('Name', { exact: true }).and(page.locator(':focus')).waitFor()

  await page.keyboard.press('Control+k')
  await palette.getByRole('option', { name: 'Overview' }).waitFor()
  await page.keyboard.press('ArrowDown')
  assert.match(
    (await palette.locator('[role=option][data-highlighted]').innerText()).trim(),
    /^Overview/,
    'the arrows move',
  )
  assert.deepEqual(await hurdles(page), [])
  await keepScreenshot(page, 'palette', wide)
  await page.keyboard.type('no such thing, I hope')
  await palette.getByRole('option', { name: /Search the events/ }).waitFor()
  await page.keyboard.press('Enter')
  await page.getByText('No event matches').waitFor()
  await take('colours dark', 'Colours: dark')
  assert.equal(await page.evaluate('document.documentElement.dataset.theme'), 'dark')
  assert.deepEqual(complaints, [])
})

test('on a telephone it opens by a button; a visitor finds only what is theirs', async t => {
  const box = await startSignalbox(t)
  const browser = await startBrowser(t)
  const { page, complaints } = await browser.sit(box, narrow)
  await page.goto('/')
  await page.getByRole('button', { name: 'Get my webhook' }).click()
  await page.getByText('Waiting for the first request').waitFor()
  await page.getByRole('button', { name: 'Go anywhere, do anything' }).click()
  const palette = page.getByRole('dialog', { name: 'Go anywhere, do anything' })
  await palette.getByRole('option', { name: 'Events' }).waitFor()
  const offered = await palette.getByRole('option').allInnerTexts()
  for (const hidden of ['Runs', 'Reactions', 'New reaction', 'Practice', 'Sign out'])
    assert.ok(!offered.some(text => text.startsWith(hidden)), `${hidden} is not for visitors`)
  assert.deepEqual(await hurdles(page), [])
  await keepScreenshot(page, 'palette', narrow)
  await palette.getByRole('option', { name: 'Events' }).click()
  await page.getByRole('heading', { name: 'Events', level: 1 }).waitFor()
  assert.deepEqual(complaints, [])
})
