import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { ask, send } from './support/ask.ts'
import { hurdles, keepScreenshot, openSignedIn, startBrowser, type View } from './support/browser.ts'
import type { Endpoint } from './support/shapes.ts'
import { startSignalbox } from './support/signalbox.ts'
import { startTarget } from './support/target.ts'

const views: View[] = [
  { width: 1440, colours: 'light' },
  { width: 360, colours: 'dark' },
]
const order = `<?xml version="1.0" encoding="UTF-8"?>
<o:order xmlns:o="urn:orders" id="7">
  <o:customer>Zoë &amp; Co</o:customer>
  <total currency="EUR">250.5</total>
  <line>A-1</line>
  <line>B-2</line>
  <!-- <script>alert(1)</script> -->
</o:order>`
const photo = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 255, 13, 10])

test('XML and uploads are read by filters and templates, and shown for what they are', async t => {
  const box = await startSignalbox(t)
  const target = await startTarget(t)
  const endpoint = await box.api<Endpoint>('POST', '/api/endpoints', {
    name: 'shop',
    authentication: [{ type: 'none' }],
  })
  const react = (name: string, where: string, body: string) =>
    box.api('POST', '/api/reactions', {
      name,
      trigger: { type: 'endpoint', endpoint: 'shop' },
      filter: { where },
      action: { type: 'http', url: target.url, bodyFrom: 'template', body },
    })
  await react(
    'order',
    'body.order._id == "7" && double(body.order.total._) > 100.0 && size(body.order.line) == 2',
    '{{.body.order.customer}} owes {{.body.order.total._}} {{.body.order.total._currency}}',
  )
  await react('photo', 'body.photo.filename == "cat.png"', '{{.body.photo.bytes}} bytes of {{.body.title}}')

  const sent = await send(endpoint.url, order, { 'content-type': 'application/xml' })
  const xmlEvent = (sent.json() as { id: string }).id
  assert.equal((await target.have(1))[0]?.body.toString(), 'Zoë & Co owes 250.5 EUR')

  const form = new FormData()
  form.append('title', 'a <b>cat</b>')
  form.append('photo', new Blob([photo], { type: 'image/png' }), 'cat.png')
  const upload = new Response(form)
  const contentType = upload.headers.get('content-type')!
  const uploaded = await send(endpoint.url, Buffer.from(await upload.arrayBuffer()), {
    'content-type': contentType,
  })
  const formEvent = (uploaded.json() as { id: string }).id
  assert.equal((await target.have(2))[1]?.body.toString(), '8 bytes of a <b>cat</b>')
  const authorization = `Bearer ${box.token}`
  const part = await ask(`${box.url}/api/events/${formEvent}/parts/1`, { headers: { authorization } })
  assert.deepEqual(part.body, photo)

  const [large, binary] = await Promise.all(
    [Buffer.from('Zoë says hello. '.repeat(20_000)), Buffer.concat([photo, photo])].map(async body => {
      const stored = await send(endpoint.url, body, { 'content-type': 'application/octet-stream' })
      return (stored.json() as { id: string }).id
    }),
  )

  const browser = await startBrowser(t)
  for (const view of views) {
    const seat = await browser.sit(box, view)
    const { page, complaints } = seat
    await openSignedIn(seat, { link: (await box.api<{ url: string }>('POST', '/api/session/link')).url })
    await page.goto(`/events/${xmlEvent}`)
    const tree = page.getByRole('group', { name: 'XML' })
    await tree.getByText('Zoë & Co').waitFor()
    await tree.getByText('<!-- <script>alert(1)</script> -->').waitFor()
    await keepScreenshot(page, 'body-xml', view)
    assert.deepEqual(await hurdles(page), [])
    await page.getByRole('button', { name: 'Fold o:order' }).click()
    await tree.getByText('Zoë & Co').waitFor({ state: 'hidden' })

    await page.goto(`/events/${formEvent}`)
    const parts = page.getByRole('list', { name: 'Parts of the body' })
    await parts.getByText('a <b>cat</b>').waitFor()
    await parts.getByText('cat.png · image/png · 8 B').waitFor()
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Download photo' }).click(),
    ])
    assert.equal(download.suggestedFilename(), 'cat.png')
    assert.deepEqual(readFileSync(await download.path()), photo)
    await keepScreenshot(page, 'body-parts', view)
    assert.deepEqual(await hurdles(page), [])

    await page.goto(`/events/${large}`)
    await page.getByText('Too large to show whole').waitFor()
    await page.getByRole('region', { name: 'Body', exact: true }).getByText('Zoë says hello').waitFor()
    await page.goto(`/events/${binary}`)
    await page.getByText('89 50 4e 47').first().waitFor()
    assert.deepEqual(await hurdles(page), [])
    assert.deepEqual(complaints, [])
    await page.context().close()
  }
})
