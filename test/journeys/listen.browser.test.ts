import assert from 'node:assert/strict'
import { test } from 'node:test'
import { until } from '../kill/support/until.ts'
import { hurdles, keepScreenshot, openSignedIn, startBrowser } from './support/browser.ts'
import { signalbox, startCommand } from './support/command-line.ts'
import { atEnd } from './support/at-end.ts'
import { deliver, runInState } from './support/see.ts'
import type { Endpoint, Event } from './support/shapes.ts'
import { startSignalbox, temporaryFolder } from './support/signalbox.ts'
import { startTarget } from './support/target.ts'

const wide = { width: 1440, colours: 'light' } as const
const narrow = { width: 360, colours: 'dark' } as const

test('who listens to an endpoint, and what their server answered, is seen in the dashboard', async t => {
  const box = await startSignalbox(t)
  const target = await startTarget(t)
  target.answer = () => ({ status: 422, body: '{"error":"no such customer"}' })
  const endpoint = await box.api<Endpoint>('POST', '/api/endpoints', { name: 'orders' })
  const directory = temporaryFolder(t)
  const listening = startCommand(['listen', `${target.url}/webhooks`, '--endpoint', 'orders'], {
    directory,
    environment: { SIGNALBOX_URL: box.url, SIGNALBOX_TOKEN: box.token, XDG_STATE_HOME: directory },
  })
  atEnd(t, async () => {
    listening.kill()
    await listening.ended
  })
  await until(
    () => `it listens. It says: ${listening.err()}`,
    () => listening.err().includes('Waiting for requests'),
  )
  const id = await deliver(endpoint, { order: 7 })
  await target.have(1)
  const { runs } = await box.api<Event>('GET', `/api/events/${id}`)
  await runInState(box, runs[0]!.id, 'failed')

  const browser = await startBrowser(t)
  const seat = await browser.sit(box, wide)
  const { page, complaints } = seat
  await openSignedIn(seat, box)
  await page.goto(`/endpoints/${endpoint.id}`)
  await page.getByText('listening', { exact: true }).waitFor()
  await page.getByText(`${target.url}/webhooks`).waitFor()
  await keepScreenshot(page, 'listener', wide)
  assert.deepEqual(await hurdles(page), [])
  await page.setViewportSize({ width: 360, height: 740 })
  await page.emulateMedia({ colorScheme: 'dark' })
  await page.getByText('listening', { exact: true }).scrollIntoViewIfNeeded()
  await keepScreenshot(page, 'listener', narrow)
  assert.deepEqual(await hurdles(page), [])

  await page.setViewportSize({ width: 1440, height: 900 })
  await page.emulateMedia({ colorScheme: 'light' })
  await page.getByRole('link', { name: 'Its runs' }).click()
  await page.getByRole('link', { name: /listen http/ }).click()
  await page.getByRole('heading', { name: '1 attempt' }).waitFor()
  await page.getByText('no such customer').first().waitFor()
  await page.getByText(`${target.url}/webhooks`).first().waitFor()
  await keepScreenshot(page, 'listener-run', wide)
  assert.deepEqual(await hurdles(page), [])
  await page.setViewportSize({ width: 360, height: 740 })
  await page.emulateMedia({ colorScheme: 'dark' })
  await keepScreenshot(page, 'listener-run', narrow)
  assert.deepEqual(await hurdles(page), [])

  // By hand it is taken away, and whoever still listens is told.
  await page.goto(`/endpoints/${endpoint.id}`)
  await page.getByRole('button', { name: /^Delete the listener to/ }).click()
  await page.getByText('What it had left to forward is cancelled').waitFor()
  await keepScreenshot(page, 'listener-delete', narrow)
  assert.deepEqual(await hurdles(page), [])
  await page.getByRole('button', { name: 'Delete the listener', exact: true }).click()
  await page.locator('code', { hasText: `${target.url}/webhooks` }).waitFor({ state: 'detached' })
  const { exitCode } = await listening.ended
  assert.equal(exitCode, 4)
  assert.match(listening.err(), /listener/)
  const onCommandLine = (...args: string[]) =>
    signalbox([...args, '--data', box.directory], { directory: box.directory })
  assert.match((await onCommandLine('listener', 'list', 'orders')).err, /Nobody listens/)
  const made = await box.api<{ id: string }>('POST', '/api/listeners', {
    endpoint: 'orders',
    target: 'http://localhost:1/',
    settings: { where: '', kindNames: [], retry: 'down', timeoutMs: 1_000 },
  })
  assert.match((await onCommandLine('listener', 'list', 'orders')).out, /http:\/\/localhost:1/)
  assert.equal((await onCommandLine('listener', 'delete', made.id)).exitCode, 0)
  const again = await onCommandLine('listener', 'delete', made.id)
  assert.equal(again.exitCode, 4)
  assert.match(again.err, /no listener/i)
  assert.deepEqual(complaints, [])
})
