import assert from 'node:assert/strict'
import { test } from 'node:test'
import { signalbox } from './support/command-line.ts'
import { hurdles, keepScreenshot, openSignedIn, startBrowser } from './support/browser.ts'
import { deliver } from './support/see.ts'
import type { Endpoint } from './support/shapes.ts'
import { startSignalbox } from './support/signalbox.ts'

const wide = { width: 1440, colours: 'light' } as const
const narrow = { width: 360, colours: 'dark' } as const

test('settings tell who said so, secrets stay hidden, and both say the same here and on the command line', async t => {
  const key = Buffer.alloc(32, 5).toString('base64')
  const box = await startSignalbox(t, {
    args: ['--max-hops', '6', '--secret-key', key],
    environment: { SIGNALBOX_HOST_CONCURRENCY: '12' },
  })
  const browser = await startBrowser(t)
  for (const view of [wide, narrow]) {
    const seat = await browser.sit(box, view)
    const { page, complaints } = seat
    await openSignedIn(seat, { link: (await box.api<{ url: string }>('POST', '/api/session/link')).url })
    await page.getByRole('link', { name: 'Settings' }).filter({ visible: true }).click()
    const settings = page.getByLabel('Settings', { exact: true }).filter({ hasText: 'max-hops' })
    await settings.getByText('by --max-hops').waitFor()
    await settings.getByText('by SIGNALBOX_HOST_CONCURRENCY').waitFor()
    assert.match(await settings.innerText(), /secret-key\s+•••/)
    assert.ok(!(await page.content()).includes(key))
    await page.getByText('takes events').waitFor()
    await page.getByText(/on Node 24/).waitFor()
    assert.deepEqual(await hurdles(page), [])
    await keepScreenshot(page, 'settings', view)
    await page.getByText('Only those that were given').click()
    await settings.getByText('allow-hosts').waitFor({ state: 'detached' })
    await settings.scrollIntoViewIfNeeded()
    await keepScreenshot(page, 'settings-given', view)
    assert.deepEqual(complaints, [])
    await page.context().close()
  }
  const told = await signalbox(['settings', '--given', '--data', box.directory], { directory: box.directory })
  assert.equal(told.exitCode, 0, told.err)
  assert.match(told.out, /max-hops +6 +--max-hops/)
  assert.match(told.out, /host-concurrency +12 +SIGNALBOX_HOST_CONCURRENCY/)
  assert.match(told.out, /secret-key +••• +--secret-key/)
  assert.ok(!told.out.includes(key) && !told.out.includes('allow-hosts'))
})

test('before a retention is changed, it says how many events would go', async t => {
  const box = await startSignalbox(t)
  const endpoint = await box.api<Endpoint>('POST', '/api/endpoints', { name: 'in' })
  for (let sent = 0; sent < 40; sent++) await deliver(endpoint, 'x'.repeat(100_000))
  const browser = await startBrowser(t)
  const seat = await browser.sit(box, wide)
  const { page, complaints } = seat
  await openSignedIn(seat, box)
  await page.goto('/settings')
  const days = page.getByLabel('Days')
  assert.equal(await days.inputValue(), '30')
  await days.fill('soon')
  await page.getByText('A number above 0, such as 30 or 0.5').waitFor()
  assert.ok(await page.getByRole('button', { name: 'Keep them so' }).isDisabled())
  await days.fill('60')
  await page.getByText('This would delete no event.').waitFor()
  await days.fill('30')
  await page.getByLabel('Largest store, in GB').fill('0.002')
  const told = page.getByText(/This would delete about \d+ events, those of/)
  await told.first().waitFor()
  await keepScreenshot(page, 'retention-preview', wide)
  const expected = Number(/about (\d+) events/.exec(await told.first().innerText())?.[1])
  assert.ok(expected > 10 && expected < 40, `${expected} of 40`)

  const onCommandLine = await signalbox(
    ['retention', 'set', '--max-gb', '0.002', '--preview', '--data', box.directory],
    { directory: box.directory },
  )
  assert.match(onCommandLine.out, /take away about \d+ events, the newest of .*Nothing was changed/)
  assert.equal((await box.api<{ maxGb: number | null }>('GET', '/api/retention')).maxGb, null)

  await page.getByRole('button', { name: 'Keep them so' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText(/This would delete about/).waitFor()
  await dialog.getByRole('button', { name: 'Keep them so' }).click()
  await page.getByText(/^\d+ events, last/).waitFor()
  const { retention } = await box.api<{ retention: { forgotten: number } }>('GET', '/api/status')
  // They go in steps of about a megabyte.
  assert.ok(Math.abs(retention.forgotten - expected) <= 12, `${retention.forgotten} went, of ${expected}`)
  await page.getByRole('button', { name: 'Back to the settings of the start' }).click()
  await page.getByText('The settings of the start hold again.').waitFor()
  assert.equal(await page.getByLabel('Largest store, in GB').inputValue(), '')
  assert.deepEqual(complaints, [])
})

test('another browser is signed in by a link that is made here', async t => {
  const box = await startSignalbox(t)
  const browser = await startBrowser(t)
  const seat = await browser.sit(box, wide)
  await openSignedIn(seat, box)
  await seat.page.goto('/settings')
  await seat.page.getByRole('button', { name: 'Make a sign-in link for another browser' }).click()
  const link = (await seat.page.getByRole('region', { name: 'Sign-in link' }).innerText()).trim()
  const other = await browser.sit(box, wide)
  await openSignedIn(other, { link })
  await other.page.goto('/settings')
  await other.page.getByText('Settings of the start').waitFor()
  await seat.page.reload()
  await seat.page.getByText('1 other browser signed in.').waitFor()
  await seat.page.getByRole('button', { name: 'Sign them out' }).click()
  await seat.page.getByRole('dialog').getByRole('button', { name: 'Sign them out' }).click()
  await seat.page.getByText('No other browser is signed in.').waitFor()
  await other.page.goto('/runs')
  await other.page.getByText('Sign in to see this page').waitFor()
  const stranger = await browser.sit(box, wide)
  await stranger.page.goto('/settings')
  await stranger.page.getByText('Sign in to see this page').waitFor()
  // Whatever it was just then reading is refused once it is signed out.
  const complaintsBut401 = other.complaints.filter(text => !/401/.test(text))
  assert.deepEqual([...seat.complaints, ...complaintsBut401], [])
})
