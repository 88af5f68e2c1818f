import assert from 'node:assert/strict'
import { test } from 'node:test'
import { send } from './support/ask.ts'
import { hurdles, keepScreenshot, openSignedIn, startBrowser } from './support/browser.ts'
import { startSignalbox } from './support/signalbox.ts'
import { startTarget } from './support/target.ts'

const wide = { width: 1440, colours: 'light' } as const
const narrow = { width: 360, colours: 'dark' } as const

test('the list of events says what each has set off, and keeps it true', async t => {
  const box = await startSignalbox(t)
  const target = await startTarget(t)
  await box.api('POST', '/api/endpoints', {
    name: 'in',
    path: '/hooks/in',
    authentication: [{ type: 'none' }],
  })
  for (const name of ['first', 'second']) {
    await box.api('POST', '/api/reactions', {
      name,
      trigger: { type: 'endpoint', endpoint: 'in' },
      action: { type: 'http', url: `${target.url}/${name}`, bodyFrom: 'original' },
      retry: { delaysMs: [600_000] },
    })
  }
  const browser = await startBrowser(t)
  const seat = await browser.sit(box, wide)
  const { page, complaints } = seat
  await openSignedIn(seat, box)
  await page.getByRole('navigation').getByRole('link', { name: 'Events' }).click()
  target.answer = ({ path }) => ({ status: path === '/first' ? 200 : 503 })
  await send(`${box.url}/hooks/in`, '"one"')
  const row = page.getByLabel('Events, newest first').getByRole('listitem').filter({ hasText: '"one"' })
  await row.getByText('2 runs: 1 delivered, 1 failing').waitFor()
  await keepScreenshot(page, 'set-off', wide)
  assert.deepEqual(await hurdles(page), [])

  target.answer = () => ({ status: 200 })
  const runs = await box.api<{ items: { id: string; state: string }[] }>('GET', '/api/runs')
  await box.api('POST', `/api/runs/${runs.items.find(run => run.state === 'due')!.id}/retry`)
  await row.getByText('2 runs: 2 delivered').waitFor()
  await page.setViewportSize({ width: 360, height: 740 })
  await page.emulateMedia({ colorScheme: 'dark' })
  await keepScreenshot(page, 'set-off', narrow)
  assert.deepEqual(await hurdles(page), [])
  assert.ok((await page.evaluate<number>('document.documentElement.scrollWidth')) <= narrow.width)
  assert.deepEqual(complaints, [])
})
