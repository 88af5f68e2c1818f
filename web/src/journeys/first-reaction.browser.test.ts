import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startSignalbox } from '../../../test/journeys/support/signalbox.ts'
import { startTarget } from '../../../test/journeys/support/target.ts'
import { openPage } from './browser.ts'

async function send(curl: string, body: object): Promise<void> {
  const [, token, url] = /Bearer (\S+)" (\S+)/.exec(curl) ?? []
  assert.ok(token !== undefined && url !== undefined, `a curl line that can be pasted: ${curl}`)
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
  assert.equal(answer.status, 202)
}

test('from the printed link to a webhook that arrived, and on to a reaction that fired', async scope => {
  const box = await startSignalbox(scope)
  const target = await startTarget(scope)
  const { page, complaints } = await openPage()

  await page.goto(box.link)
  await page.getByRole('button', { name: 'Get my webhook' }).click()
  await page.getByText('Waiting for the first request…').waitFor()
  assert.equal(new URL(page.url()).hash, '', 'the one-time token has left the address')

  const curl = await page.getByRole('region', { name: 'curl line' }).innerText()
  await send(curl, { repository: 'shop', id: 12345678901234 })
  await page.getByRole('tabpanel').getByText('"shop"').waitFor()

  await page.getByRole('link', { name: 'Make a reaction of this' }).click()
  await page.getByLabel('Name', { exact: true }).fill('tell-target')
  await page.getByLabel('URL').fill(`${target.url}/{{ .body.repository }}`)
  await page.getByText('It would fire on this event').waitFor()
  await page.getByText(`POST ${target.url}/shop`).waitFor()
  assert.equal(target.received.length, 0, 'the preview sends nothing')

  await page.getByRole('button', { name: 'Make the reaction' }).click()
  await page.getByRole('heading', { name: 'tell-target' }).waitFor()
  await page.getByRole('navigation').getByRole('link', { name: 'Runs' }).click()
  await page.getByText('No runs yet').waitFor()
  await send(curl, { repository: 'cart', id: 1 })
  await page.getByLabel('Runs, newest first').getByText('succeeded').waitFor()
  const [received] = await target.have(1)
  assert.equal(received?.path, '/cart')
  assert.deepEqual(JSON.parse(received?.body.toString() ?? ''), {
    event: 'webhook.received',
    repository: 'cart',
    id: 1,
  })
  assert.deepEqual(complaints, [])
})

test('a visitor sees their own endpoint and is told how to see more', async scope => {
  const box = await startSignalbox(scope)
  const { page } = await openPage({ width: 360 })
  await page.goto(box.url)
  await page.getByRole('button', { name: 'Get my webhook' }).click()
  const curl = await page.getByRole('region', { name: 'curl line' }).innerText()
  await send(curl, { hello: '<img src=x onerror=alert(1)>' })
  await page.getByRole('button', { name: /webhook\.received/ }).click()
  await page.getByRole('tabpanel').getByText('<img src=x onerror=alert(1)>').waitFor()
  assert.equal(await page.locator('img').count(), 0, 'a payload is text and nothing else')
  assert.equal(await page.getByRole('link', { name: 'Reactions' }).count(), 0)
  await page.goto(`${box.url}/reactions`)
  await page.getByText('Sign in to see this page').waitFor()
})

test('a mistake in an expression is told at its field, with its column', async scope => {
  const box = await startSignalbox(scope)
  await box.api('POST', '/api/events', { kind: 'deployment.failed', data: { app: 'shop' } })
  const { page } = await openPage()
  await page.goto(box.link)
  await page.getByRole('button', { name: 'Get my webhook' }).waitFor()
  await page.goto(`${box.url}/reactions/new`)
  await page.getByLabel('Started by').selectOption('events')
  await page.getByLabel('URL').fill('https://example.com')
  await page.getByText('It would fire on this event').waitFor()
  await page.getByRole('textbox', { name: 'Where' }).fill('body.app == ')
  await page.getByText(/^Column \d+: /).waitFor()
  await page.getByRole('textbox', { name: 'Where' }).fill('body.app == "cart"')
  await page.getByText('It would not fire on this event').waitFor()
})
