import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { ask } from './support/ask.ts'
import { hurdles, keepScreenshot, openSignedIn, startBrowser, type View } from './support/browser.ts'
import type { Endpoint } from './support/shapes.ts'
import { startSignalbox } from './support/signalbox.ts'

const sh = (line: string) => promisify(execFile)('sh', ['-c', line], { timeout: 10_000 })
const views: View[] = [
  { width: 1440, colours: 'light' },
  { width: 360, colours: 'light' },
]

interface Sent {
  method: string
  path: string
  query: string
  headers: Record<string, string>
}

test('the line that is copied sends the same request again, byte by byte, also of a body that is no text', async t => {
  const box = await startSignalbox(t)
  const endpoint = await box.api<Endpoint>('POST', '/api/endpoints', {
    name: 'camera',
    methods: ['PUT'],
    authentication: [{ type: 'none' }],
  })
  const body = Buffer.from([0, 255, 10, 13, 39, 36, 96, 128, 0xc3])
  const headers = { 'content-type': 'image/raw', 'x-odd': `it's $HOME` }
  const url = `${endpoint.url}?shot=1&by=$(id)`
  const { id } = (await ask(url, { method: 'PUT', body, headers })).json() as { id: string }
  const browser = await startBrowser(t)
  for (const view of views) {
    const seat = await browser.sit(box, view)
    const { page, complaints } = seat
    await openSignedIn(seat, { link: (await box.api<{ url: string }>('POST', '/api/session/link')).url })
    await page.goto(`/events/${id}`)
    await page.getByRole('button', { name: 'Copy as curl request' }).click()
    await page.getByText('Copied').first().waitFor()
    const { stdout } = await sh(await page.evaluate<string>('navigator.clipboard.readText()'))
    const again = (JSON.parse(stdout) as { id: string }).id
    assert.notEqual(again, id)
    const [was, is] = await Promise.all(
      [id, again].map(one => box.api<{ request: Sent }>('GET', `/api/events/${one}`)),
    )
    for (const part of ['method', 'path', 'query'] as const)
      assert.equal(is?.request[part], was?.request[part], part)
    for (const name of Object.keys(headers))
      assert.equal(is?.request.headers[name], was?.request.headers[name])
    const authorization = `Bearer ${box.token}`
    const kept = await ask(`${box.url}/api/events/${again}/body`, { headers: { authorization } })
    assert.deepEqual(kept.body, body)
    await keepScreenshot(page, 'copy-as-curl', view)
    assert.deepEqual(await hurdles(page), [])
    assert.deepEqual(complaints, [])
    await page.context().close()
  }
})
