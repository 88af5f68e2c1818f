import assert from 'node:assert/strict'
import { test } from 'node:test'
import { send } from './support/ask.ts'
import { keepScreenshot, openSignedIn, startBrowser } from './support/browser.ts'
import { deliver } from './support/see.ts'
import type { Endpoint } from './support/shapes.ts'
import { startSignalbox } from './support/signalbox.ts'

const narrow = { width: 360, colours: 'light' } as const
const wide = { width: 1440, colours: 'light' } as const

test('two visitors at two browsers see their own payloads, and a share link shows one to the other', async t => {
  const box = await startSignalbox(t)
  const browser = await startBrowser(t)
  const ada = await browser.sit(box, narrow)
  const bob = await browser.sit(box)
  const urls: string[] = []
  for (const { page } of [ada, bob]) {
    await page.goto('/')
    await page.getByRole('button', { name: 'Get my webhook' }).click()
    await page.getByText('Waiting for the first request').waitFor()
    urls.push(
      (
        await page
          .getByText(/^http:\/\/127\.0\.0\.1:\d+\/hooks\//)
          .first()
          .innerText()
      ).trim(),
    )
  }
  await keepScreenshot(ada.page, 'visitor-waiting', narrow)
  await ada.page.getByRole('button', { name: 'Copy Share link' }).click()
  const shareUrl = await ada.page.evaluate<string>('navigator.clipboard.readText()')
  assert.match(shareUrl, /\/view#sb_view_/)

  await send(urls[0] ?? '', '{"from": "Ada"}')
  await send(urls[1] ?? '', '{"from": "Bob"}')
  await ada.page.getByText('{"from": "Ada"}').first().waitFor()
  await bob.page.getByText('{"from": "Bob"}').first().waitFor()
  await keepScreenshot(bob.page, 'visitor-payload', wide)
  for (const [{ page }, other] of [
    [ada, 'Bob'],
    [bob, 'Ada'],
  ] as const) {
    await page.goto('/events')
    await page.getByLabel('Events, newest first').getByRole('listitem').first().waitFor()
    assert.equal(await page.getByText(`"from": "${other}"`).count(), 0)
    assert.equal(await page.getByRole('link', { name: 'Reactions' }).count(), 0)
  }

  await bob.page.goto(shareUrl)
  await bob.page.getByText('"Ada"').first().waitFor()
  assert.equal(new URL(bob.page.url()).hash, '', 'the key has left the address')
  assert.deepEqual([...ada.complaints, ...bob.complaints], [])
})

test('everything in the list of events is within reach of the keyboard', async t => {
  const box = await startSignalbox(t)
  const endpoint = await box.api<Endpoint>('POST', '/api/endpoints', { name: 'in' })
  for (const word of ['oldest', 'middle', 'newest']) await deliver(endpoint, { word })
  const browser = await startBrowser(t)
  const seat = await browser.sit(box)
  const { page, complaints } = seat
  await openSignedIn(seat, box)
  await page.goto('/events')
  const list = page.getByLabel('Events, newest first')
  await list.getByText('newest').waitFor()

  await page.keyboard.press('j')
  await page.keyboard.press('j')
  await page.keyboard.press('Enter')
  await page.getByRole('tabpanel').getByText('"middle"').waitFor()
  await page.keyboard.press('j')
  await page.getByRole('tabpanel').getByText('"oldest"').waitFor()
  await page.keyboard.press('k')
  await page.keyboard.press('k')
  await page.getByRole('tabpanel').getByText('"newest"').waitFor()
  await page.keyboard.press('Escape')
  await page.getByText('Choose an event').waitFor()

  await page.keyboard.press('/')
  await page.keyboard.type('middle')
  await list.getByText('newest').waitFor({ state: 'detached' })
  await list.getByText('middle').waitFor()
  assert.match(page.url(), /text=middle/, 'the address says what is shown')
  await page.reload()
  await list.getByText('middle').waitFor()
  assert.equal(await list.getByRole('listitem').count(), 1, 'and shows it again')

  await page.keyboard.press('?')
  const help = page.getByRole('dialog')
  await help.getByText('Search', { exact: true }).waitFor()
  await keepScreenshot(page, 'keyboard-help', wide)
  await page.keyboard.press('Escape')
  await help.waitFor({ state: 'detached' })

  await page.goto('/')
  await page.getByRole('button', { name: 'Get my webhook' }).waitFor()
  await page.keyboard.press('Tab')
  assert.equal(await page.evaluate('document.activeElement.textContent'), 'Skip to the page')
  assert.deepEqual(complaints, [])
})

test('colours follow the system until somebody chooses, and the choice is kept', async t => {
  const box = await startSignalbox(t)
  const browser = await startBrowser(t)
  const { page, complaints } = await browser.sit(box, { colours: 'dark' })
  const brightness = () =>
    page.evaluate<number>(
      `(() => { const c = document.createElement('canvas').getContext('2d'); c.fillStyle = getComputedStyle(document.body).backgroundColor; c.fillRect(0, 0, 1, 1); const [r, g, b] = c.getImageData(0, 0, 1, 1).data; return (r + g + b) / 3 })()`,
    )
  await page.goto('/')
  await page.getByRole('button', { name: 'Get my webhook' }).waitFor()
  assert.ok((await brightness()) < 80, 'dark')
  await page
    .getByRole('button', { name: /^Colours/ })
    .first()
    .click()
  assert.ok((await brightness()) > 200, 'light')
  await page.reload()
  await page.getByRole('button', { name: 'Get my webhook' }).waitFor()
  assert.ok((await brightness()) > 200, 'still light')
  assert.deepEqual(complaints, [])
})
