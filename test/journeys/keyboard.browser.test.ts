import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { hurdles, keepScreenshot, openSignedIn, startBrowser } from './support/browser.ts'
import { furnish } from './support/furnish.ts'
import { startSignalbox } from './support/signalbox.ts'
import { startTarget } from './support/target.ts'

const wide = { width: 1440, colours: 'light' } as const
const narrow = { width: 360, colours: 'dark' } as const

const press = async (page: Page, ...keys: string[]): Promise<void> => {
  for (const key of keys) await page.keyboard.press(key)
}
const heading = (page: Page, name: string) => page.getByRole('heading', { name, exact: true, level: 1 })

test('every page, and what it lists, is within reach of single keys', async t => {
  const box = await startSignalbox(t)
  const target = await startTarget(t)
  const made = await furnish(box, target)
  const browser = await startBrowser(t)
  const seat = await browser.sit(box, wide)
  const { page, complaints } = seat
  await openSignedIn(seat, box)
  const pages = { o: 'Overview', e: 'Events', n: 'Endpoints', r: 'Reactions', u: 'Runs' }
  for (const [key, name] of Object.entries(pages)) {
    await press(page, 'g', key)
    await heading(page, name).waitFor()
  }

  // A row that is moved to has the focus, so that it is read out.
  const focused = () => page.evaluate<string>('document.activeElement.innerText')
  await press(page, 'g', 'r')
  await page.getByText('wake-on-call').waitFor()
  await press(page, 'j', 'j')
  const marked = await focused()
  await press(page, 'Enter')
  await page.getByRole('heading', { name: marked.split('\n')[0]!, level: 1 }).waitFor()
  await press(page, 'e')
  await page.waitForURL(/\/edit$/)

  await press(page, 'g', 'e')
  const list = page.getByLabel('Events, newest first')
  await list.getByRole('listitem').first().waitFor()
  await press(page, 'j', 'j')
  await list.locator('[aria-posinset="2"] a:focus').waitFor()
  await press(page, 'Enter')
  await page.getByRole('button', { name: 'Replay', exact: true }).waitFor()
  const opened = page.url()
  await press(page, 'j')
  await page.waitForURL(url => url.href !== opened)

  // What a key does is asked about first, and while it is asked, keys do nothing else.
  await page.goto(`/events/${made.order}`)
  await page.getByRole('button', { name: 'Replay', exact: true }).waitFor()
  await press(page, 'r')
  const dialog = page.getByRole('dialog')
  await dialog.getByText('Replay this event').waitFor()
  await press(page, 'j', 'g', 'e')
  assert.match(page.url(), new RegExp(made.order))
  await dialog.getByRole('button', { name: 'Replay', exact: true }).click()
  await page.getByText('1 new run').waitFor()

  await page.goto(`/runs/${made.failedRun}`)
  await page.getByRole('button', { name: 'Retry', exact: true }).waitFor()
  await press(page, 'r')
  await dialog.getByText('Retry this run').waitFor()
  await press(page, 'Escape')
  await dialog.waitFor({ state: 'detached' })
  assert.match(page.url(), new RegExp(made.failedRun), 'Escape closed the question, not the run')
  assert.deepEqual(complaints, [])
})

test('the help lists what the keys do on the page that is shown, and switches them off', async t => {
  const box = await startSignalbox(t)
  const browser = await startBrowser(t)
  for (const view of [wide, narrow]) {
    const seat = await browser.sit(box, view)
    const { page, complaints } = seat
    await openSignedIn(seat, { link: (await box.api<{ url: string }>('POST', '/api/session/link')).url })
    const help = page.getByRole('dialog', { name: 'Keyboard' })
    await press(page, '?')
    await help.getByText('Runs', { exact: true }).waitFor()
    assert.equal(await help.getByText('Next', { exact: true }).count(), 0, 'the start page has no list')
    await press(page, 'Escape')
    await help.waitFor({ state: 'detached' })
    await press(page, 'g', 'e')
    await heading(page, 'Events').waitFor()
    await press(page, '?')
    await help.getByText('Next', { exact: true }).waitFor()
    await help.getByText('Search', { exact: true }).first().waitFor()
    await keepScreenshot(page, 'keyboard', view)
    assert.deepEqual(await hurdles(page), [])

    await help.getByLabel('Single-key shortcuts').uncheck()
    await press(page, 'Escape')
    await help.waitFor({ state: 'detached' })
    await page.reload()
    await heading(page, 'Events').waitFor()
    await press(page, 'g', 'u', '?')
    await page.getByRole('button', { name: 'Keyboard help' }).filter({ visible: true }).click()
    await help.getByLabel('Single-key shortcuts').check()
    await press(page, 'Escape')
    await help.waitFor({ state: 'detached' })
    assert.match(page.url(), /\/events$/, 'no key did anything meanwhile')

    // Letters that are typed are text.
    await press(page, '/')
    await page.keyboard.type('gu?jr')
    assert.equal(await page.getByRole('searchbox', { name: 'Search', exact: true }).inputValue(), 'gu?jr')
    assert.match(page.url(), /\/events/)
    assert.deepEqual(complaints, [])
    await page.context().close()
  }
})
