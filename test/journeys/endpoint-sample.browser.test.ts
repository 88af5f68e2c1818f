import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hurdles, keepScreenshot, openSignedIn, startBrowser } from './support/browser.ts'
import { send } from './support/ask.ts'
import type { Endpoint } from './support/shapes.ts'
import { startSignalbox } from './support/signalbox.ts'
import { startTarget } from './support/target.ts'

const wide = { width: 1440, colours: 'light' } as const
const narrow = { width: 360, colours: 'dark' } as const

test('an endpoint is tested with a sample from its page, and what became of it is told there', async t => {
  const box = await startSignalbox(t)
  const target = await startTarget(t)
  await box.api('POST', '/api/endpoints', {
    name: 'repo',
    authentication: [{ type: 'github', secrets: ['s3cret'] }],
  })
  await box.api('POST', '/api/reactions', {
    name: 'on-main',
    trigger: { type: 'endpoint', endpoint: 'repo' },
    filter: { where: 'body.ref == "refs/heads/main"' },
    action: { type: 'http', url: target.url },
  })
  const { id } = await box.api<Endpoint>('GET', '/api/endpoints/repo')
  const browser = await startBrowser(t)
  for (const view of [wide, narrow]) {
    const seat = await browser.sit(box, view)
    const { page, complaints } = seat
    await openSignedIn(seat, { link: (await box.api<{ url: string }>('POST', '/api/session/link')).url })
    await page.goto(`/endpoints/${id}`)
    await page.getByRole('button', { name: 'Test with a sample' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Sample', { exact: true }).waitFor()
    await dialog.getByRole('button', { name: 'Send it' }).click()
    await dialog.getByText('signature by secret', { exact: true }).waitFor()
    await dialog.getByRole('link', { name: 'github.push' }).waitFor()
    await dialog.getByText('on-main fired').waitFor()
    assert.deepEqual(await hurdles(page), [])
    await keepScreenshot(page, 'sample', view)
    await dialog.getByLabel('Sample', { exact: true }).selectOption('github ping')
    await dialog.getByRole('button', { name: 'Send another' }).click()
    await dialog.getByText(/on-main did not fire: /).waitFor()
    await box.api('PATCH', `/api/endpoints/${id}`, { state: 'disabled' })
    await dialog.getByRole('button', { name: 'Send another' }).click()
    await dialog.getByText('endpoint.disabled: The endpoint is disabled').waitFor()
    await keepScreenshot(page, 'sample-refused', view)
    await box.api('PATCH', `/api/endpoints/${id}`, { state: 'active' })
    await page.context().close()
    assert.deepEqual(complaints, [])
  }
})

test('a token is rotated with an overlap, its page says who still uses the former one, and ends it', async t => {
  const box = await startSignalbox(t)
  const { id, token, dataUrl } = await box.api<Endpoint>('POST', '/api/endpoints', { name: 'orders' })
  const withFormer = () => send(dataUrl, '{}', { authorization: `Bearer ${token}` })
  const browser = await startBrowser(t)
  const seat = await browser.sit(box, narrow)
  const { page, complaints } = seat
  await openSignedIn(seat, box)
  await page.goto(`/endpoints/${id}`)
  await page.getByRole('button', { name: 'Rotate token' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Take the present one for').selectOption('7 days')
  assert.deepEqual(await hurdles(page), [])
  await dialog.getByRole('button', { name: 'Rotate', exact: true }).click()
  await page.getByText(/The former token is taken until .*; nobody has used it/).waitFor()
  assert.equal((await withFormer()).status, 202)
  const former = page.getByText(
    /The former token is taken until .*; used 1 time since, last .* from 127\.0\.0\.1\./,
  )
  for (let tries = 0; tries < 20 && !(await former.isVisible()); tries++) {
    await page.reload()
    await page.getByText(/The former token is taken until/).waitFor()
  }
  await former.waitFor()
  assert.deepEqual(await hurdles(page), [])
  await keepScreenshot(page, 'former-token', narrow)
  await page.getByRole('button', { name: 'End it now' }).click()
  await dialog.getByRole('button', { name: 'End it', exact: true }).click()
  await page.getByText(/The former token ended at/).waitFor()
  assert.equal((await withFormer()).status, 401)
  assert.deepEqual(complaints, [])
})

test('expiry and rate limit are set in the form and hold, and the list says who proves what and who was rejected', async t => {
  const box = await startSignalbox(t)
  const { id, url } = await box.api<Endpoint>('POST', '/api/endpoints', {
    name: 'shop',
    authentication: [{ type: 'shopify', secrets: ['s3cret'] }],
  })
  const browser = await startBrowser(t)
  const seat = await browser.sit(box, wide)
  const { page, complaints } = seat
  await openSignedIn(seat, box)
  await page.goto(`/endpoints/${id}`)
  await page.getByLabel('Ends').fill('2020-01-01T00:00:00')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByText('lies in the past; to stop the endpoint now, disable it').first().waitFor()
  await page.getByLabel('Ends').fill('2099-01-01T00:00:00')
  await page.getByLabel('Rate limit').fill('1')
  await page.getByLabel('Per', { exact: true }).selectOption('minute')
  assert.deepEqual(await hurdles(page), [])
  await keepScreenshot(page, 'endpoint-rules', wide)
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByText('Saved. It holds for the next request.').waitFor()
  const stored = await box.api<Endpoint>('GET', `/api/endpoints/${id}`)
  assert.ok(Date.parse(stored.expiresAt ?? '') > Date.UTC(2098, 11, 30))
  assert.equal((await send(url, '{}')).status, 401)
  assert.equal((await send(url, '{}')).status, 429, 'one a minute')

  await page.goto('/endpoints')
  const row = page.getByRole('listitem').filter({ hasText: 'shop' })
  const rejected = row.getByText(/last rejected: .* from 127\.0\.0\.1/)
  for (let tries = 0; tries < 20 && !(await rejected.isVisible()); tries++) {
    await page.reload()
    await row.waitFor()
  }
  await row.getByText('Shopify').waitFor()
  assert.deepEqual(await hurdles(page), [])
  await keepScreenshot(page, 'endpoint-list', wide)
  const small = await browser.sit(box, narrow)
  await openSignedIn(small, { link: (await box.api<{ url: string }>('POST', '/api/session/link')).url })
  await small.page.goto('/endpoints')
  await small.page.getByText(/last rejected: .* from 127\.0\.0\.1/).waitFor()
  assert.deepEqual(await hurdles(small.page), [])
  await keepScreenshot(small.page, 'endpoint-list', narrow)
  const others = [...complaints, ...small.complaints].filter(text => !text.includes('status of 422'))
  assert.deepEqual(others, [], 'but for the refusal that was asked for')
})
