import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hurdles, keepScreenshot, openSignedIn, startBrowser } from './support/browser.ts'
import { startSignalbox } from './support/signalbox.ts'

const wide = { width: 1440, colours: 'light' } as const
const narrow = { width: 360, colours: 'dark' } as const

test('a secret is set in the dashboard, never shown again, says who names it, and is changed and deleted', async t => {
  const box = await startSignalbox(t)
  const browser = await startBrowser(t)
  const seat = await browser.sit(box, wide)
  const { page, complaints } = seat
  await openSignedIn(seat, box)
  await page.goto('/settings')
  await page.getByRole('button', { name: 'New secret' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name').fill('1 WRONG')
  await dialog.getByLabel('Value').fill('canary-of-the-dashboard')
  await dialog.getByLabel('Hosts').fill('https://api.example.com')
  await dialog.getByRole('button', { name: 'Set it' }).click()
  await dialog.getByText(/Does not have the right form/).waitFor()
  await dialog.getByLabel('Name').fill('API_TOKEN')
  await dialog.getByRole('button', { name: 'Set it' }).click()
  await dialog.getByText(/Is no host: write a name or an address/).waitFor()
  assert.deepEqual(await hurdles(page), [])
  await keepScreenshot(page, 'secret-new', wide)
  await dialog.getByLabel('Hosts').fill('api.example.com\n*.corp.example')
  await dialog.getByLabel('Description').fill('comments on pull requests')
  await dialog.getByRole('button', { name: 'Set it' }).click()
  await page.getByText('API_TOKEN is set.').waitFor()

  await box.api('POST', '/api/reactions', {
    name: 'comment',
    trigger: { type: 'events' },
    action: {
      type: 'http',
      url: 'https://api.example.com/',
      headers: [{ name: 'Authorization', value: 'Bearer {{secret "API_TOKEN"}}' }],
    },
  })
  await page.reload()
  const list = page.getByRole('list', { name: 'Secrets' })
  await list.getByText('To api.example.com, *.corp.example only; named by comment').waitFor()
  await list.getByText('never used').waitFor()
  assert.ok(!(await page.content()).includes('canary-of'), 'the value is nowhere on the page')
  assert.deepEqual(await hurdles(page), [])
  await list.scrollIntoViewIfNeeded()
  await keepScreenshot(page, 'secrets', wide)

  await page.getByRole('button', { name: 'Change API_TOKEN' }).click()
  assert.equal(await dialog.getByLabel('Value').inputValue(), '')
  await dialog.getByLabel('Hosts').fill('')
  await dialog.getByRole('button', { name: 'Change it' }).click()
  await list.getByText('To any host; named by comment').waitFor()

  const small = await browser.sit(box, narrow)
  await openSignedIn(small, { link: (await box.api<{ url: string }>('POST', '/api/session/link')).url })
  await small.page.goto('/settings')
  await small.page.getByText('To any host; named by comment').scrollIntoViewIfNeeded()
  assert.deepEqual(await hurdles(small.page), [])
  await keepScreenshot(small.page, 'secrets', narrow)
  await small.page.getByRole('button', { name: 'New secret' }).click()
  await small.page.getByLabel('Hosts').waitFor()
  await keepScreenshot(small.page, 'secret-new', narrow)

  await page.getByRole('button', { name: 'Delete API_TOKEN' }).click()
  await dialog.getByText('It is named by comment: their runs fail without it.').waitFor()
  await dialog.getByRole('button', { name: 'Delete API_TOKEN' }).click()
  await page.getByText('None yet.').waitFor()
  assert.deepEqual(
    [...complaints, ...small.complaints].filter(text => !/status of 422/.test(String(text))),
    [],
  )
})
