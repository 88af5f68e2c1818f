import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { signalbox } from './support/command-line.ts'
import { hurdles, keepScreenshot, openSignedIn, startBrowser } from './support/browser.ts'
import { furnish } from './support/furnish.ts'
import { startSignalbox } from './support/signalbox.ts'
import { startTarget } from './support/target.ts'

const wide = { width: 1440, colours: 'light' } as const
const narrow = { width: 360, colours: 'dark' } as const

test('a list with its filters gets a name, is pinned, opened by whoever is signed in, renamed and deleted', async t => {
  const box = await startSignalbox(t)
  await furnish(box, await startTarget(t))
  const browser = await startBrowser(t)
  const seat = await browser.sit(box, wide)
  const other = await browser.sit(box, narrow)
  const { page, complaints } = seat
  await openSignedIn(seat, box)
  await openSignedIn(other, { link: (await box.api<{ url: string }>('POST', '/api/session/link')).url })

  const views = page.getByRole('button', { name: 'Views', exact: true })
  const dialog = page.getByRole('dialog')
  await page.goto('/events')
  await views.click()
  await dialog.getByText('Filter the list, then save it here.').waitFor()
  await page.keyboard.press('Escape')
  await page.goto('/events?kind=deployment&outcome=error&range=24h')
  await page.getByLabel('Events, newest first').getByText('deployment.failed').waitFor()
  await views.click()
  await dialog.getByLabel('Name of what is shown').fill('Failed <b>deployments</b>')
  await dialog.getByLabel('Pin it to the navigation').check()
  await dialog.getByRole('button', { name: 'Save this view' }).click()
  await dialog.getByText('shown now').waitFor()
  assert.deepEqual(await hurdles(page), [])
  await keepScreenshot(page, 'views', wide)
  await page.keyboard.press('Escape')

  const pinned = page.getByRole('navigation', { name: 'Pinned views' })
  await page.goto('/runs')
  await pinned.getByRole('link', { name: 'Failed <b>deployments</b>' }).click()
  await page.waitForURL(url => url.pathname === '/events' && url.searchParams.get('kind') === 'deployment')
  await pinned.locator('[aria-current=page]').waitFor()
  await keepScreenshot(page, 'views-pinned', wide)

  // Runs have their own, and the timeline is part of it.
  await page.goto('/runs?state=failed&view=timeline')
  await page.getByLabel('Runs, newest first').getByRole('listitem').first().waitFor()
  await views.click()
  await dialog.getByText('None yet. Save the one that is shown.').waitFor()
  await dialog.getByLabel('Name of what is shown').fill('Failed runs')
  await dialog.getByRole('button', { name: 'Save this view' }).click()
  await dialog.getByText('shown now').waitFor()
  await page.keyboard.press('Escape')

  // Somebody else, at a telephone, has them at once.
  await other.page.goto('/events')
  await other.page.getByRole('button', { name: 'Views', exact: true }).click()
  await other.page
    .getByRole('dialog')
    .getByRole('link', { name: /deployments/ })
    .waitFor()
  assert.deepEqual(await hurdles(other.page), [])
  await keepScreenshot(other.page, 'views', narrow)
  await other.page
    .getByRole('dialog')
    .getByRole('link', { name: /deployments/ })
    .click()
  await other.page.waitForURL(/outcome=error/)
  await keepScreenshot(other.page, 'views-opened', narrow)

  // So has the command line.
  const onCommandLine = (...args: string[]) =>
    signalbox([...args, '--data', box.directory], { directory: box.directory })
  const listed = await onCommandLine('event', 'list', '--view', 'Failed <b>deployments</b>')
  assert.equal(listed.exitCode, 0, listed.err)
  assert.match(listed.out, /deployment\.failed/)
  assert.doesNotMatch(listed.out, /order\.changed|release\.cut/)
  const runs = await onCommandLine('run', 'list', '--view', 'Failed runs')
  assert.match(runs.out, /deploy-main/)
  assert.doesNotMatch(runs.out, /tell-fulfilment/)
  const unknown = await onCommandLine('event', 'list', '--view', 'Nothing')
  assert.equal(unknown.exitCode, 4)
  assert.match(unknown.err, /There are "Failed <b>deployments<\/b>"/)
  await onCommandLine('view', 'save', 'Releases', 'events', '--filter', 'kind=release', '--pin')
  await pinned.getByRole('link', { name: 'Releases' }).waitFor()

  await page.goto('/events?kind=release')
  await page.getByRole('button', { name: 'Releases', exact: true }).click()
  await dialog.getByRole('button', { name: 'Rename Releases' }).click()
  await dialog.getByLabel('New name of Releases').fill('Failed <b>deployments</b>')
  await dialog.getByRole('button', { name: 'Rename', exact: true }).click()
  await dialog.getByText('The name is taken').waitFor()
  await dialog.getByLabel('New name of Releases').fill('What was released')
  await page.keyboard.press('Enter')
  await dialog.getByRole('button', { name: 'Unpin What was released' }).click()
  await pinned.getByRole('link', { name: 'What was released' }).waitFor({ state: 'detached' })
  await dialog.getByRole('button', { name: 'Delete What was released' }).click()
  // While the answer is on its way, the question stays and keeps the keys.
  const letGo = await holdBack(page, 'DELETE')
  const really = page.getByRole('button', { name: 'Delete the view' })
  await really.click()
  await page.keyboard.press('Escape')
  await page.locator('[aria-busy]:focus', { hasText: 'Delete the view' }).waitFor()
  letGo()
  await really.waitFor({ state: 'detached' })
  await dialog.getByRole('link', { name: 'What was released' }).waitFor({ state: 'detached' })
  await page.locator('[role=dialog]:focus-within').waitFor()
  const complaintsBut409 = complaints.filter(text => !/409/.test(text))
  assert.deepEqual([...complaintsBut409, ...other.complaints], [])

  // Whoever works by keyboard is still inside of the dialog, and gets out of it.
  await dialog.and(page.locator(':has(:focus)')).waitFor()
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'detached' })
  await page.keyboard.press('Control+k')
  await dialog.getByRole('combobox').pressSequentially('failed runs')
  await page.getByRole('option', { name: /^Failed runs/ }).waitFor()
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/runs\?state=failed&view=timeline/)
})

/** Requests of that method wait until they are let go. */
async function holdBack(page: Page, method: string): Promise<() => void> {
  const gate = Promise.withResolvers<void>()
  await page.route('**/api/views/*', async route => {
    if (route.request().method() === method) await gate.promise
    await route.continue()
  })
  return gate.resolve
}
