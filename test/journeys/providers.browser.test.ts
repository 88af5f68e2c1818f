import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hurdles, keepScreenshot, openSignedIn, startBrowser } from './support/browser.ts'
import { signalbox } from './support/command-line.ts'
import { startSignalbox } from './support/signalbox.ts'

const wide = { width: 1440, colours: 'light' } as const
const narrow = { width: 360, colours: 'dark' } as const

test('whoever makes an endpoint for a provider is told what to enter on its pages', async t => {
  const box = await startSignalbox(t)
  const browser = await startBrowser(t)
  for (const [view, provider, page, secret] of [
    [wide, 'GitHub', /Settings → Webhooks → Add webhook/, /into Secret, the same as here/],
    [narrow, 'Slack', /Event Subscriptions → Enable Events/, /App Credentials → Signing Secret/],
  ] as const) {
    const seat = await browser.sit(box, view)
    await openSignedIn(seat, { link: (await box.api<{ url: string }>('POST', '/api/session/link')).url })
    await seat.page.goto('/endpoints/new')
    await seat.page.getByLabel('Name', { exact: true }).fill(`from-${provider.toLowerCase()}`)
    await seat.page.getByRole('button', { name: 'Ask who sends' }).click()
    await seat.page.getByRole('button', { name: /^Remove/ }).click()
    await seat.page.getByText('None yet: a made-up path').waitFor()
    await seat.page.getByRole('button', { name: 'Ask who sends' }).click()
    await seat.page.getByLabel('Scheme').selectOption(provider)
    await seat.page.getByText(new RegExp(`^At ${provider}: `)).waitFor()
    await seat.page.getByLabel(/ecrets$/).fill('s3cret')
    await seat.page.getByRole('button', { name: 'Make the endpoint' }).click()
    const steps = seat.page.getByLabel(`At ${provider}`)
    await steps.getByText(page).waitFor()
    await steps.getByText(secret).waitFor()
    await steps.scrollIntoViewIfNeeded()
    assert.deepEqual(await hurdles(seat.page), [])
    await keepScreenshot(seat.page, 'provider-steps', view)
    assert.deepEqual(seat.complaints, [])
    await seat.page.context().close()
  }
  const { items } = await box.api<{ items: { type: string; title: string; page: string }[] }>(
    'GET',
    '/api/providers',
  )
  assert.equal(items.length, 12)
  const told = await Promise.all(
    items.slice(0, 3).map(async ({ type, title, page }) => {
      const line = ['endpoint', 'create', `by-${type}`, '--provider', type, '--secret', 's3cret']
      const { out } = await signalbox([...line, '--data', box.directory], { directory: box.directory })
      return out.includes(`At ${title}`) && out.includes(page)
    }),
  )
  assert.deepEqual(told, [true, true, true])
})
