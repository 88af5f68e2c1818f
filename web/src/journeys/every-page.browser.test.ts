import axe, { type AxeResults } from 'axe-core'
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { startSignalbox, type Signalbox } from '../../../test/journeys/support/signalbox.ts'
import { openPage, type View } from './browser.ts'

/** An installation in which every page has something to show; answers the pages' addresses. */
async function furnish(box: Signalbox): Promise<Record<string, string>> {
  const endpoint = await box.api<{ id: string; token: string }>('POST', '/api/endpoints', { name: 'harbor' })
  const reaction = await box.api<{ id: string }>('POST', '/api/reactions', {
    name: 'tell',
    trigger: { type: 'endpoint', endpoint: endpoint.id },
    action: { type: 'http', url: 'http://127.0.0.1:9/nobody' },
  })
  const headers = { authorization: `Bearer ${endpoint.token}`, 'content-type': 'application/json' }
  const answer = await fetch(`${box.url}/data`, { method: 'POST', headers, body: '{"a":[1,{"b":null}]}' })
  const { id } = (await answer.json()) as { id: string }
  const replay = await box.api<{ runs: { id: string }[] }>('POST', `/api/events/${id}/replay`)
  return {
    'Your endpoints': '/',
    Watching: `/?endpoint=${endpoint.id}`,
    'Choose an event': '/events',
    '"a"': `/events/${id}`,
    'From replays': `/events/${id}?tab=reactions`,
    'New endpoint': '/endpoints',
    'Rotate token': `/endpoints/${endpoint.id}`,
    'Make the endpoint': '/endpoints/new',
    'New reaction': '/reactions',
    Versions: `/reactions/${reaction.id}`,
    'Save as a new version': `/reactions/${reaction.id}/edit`,
    'It would fire': `/reactions/${reaction.id}/edit`,
    'Make the reaction': `/reactions/new?sample=${id}`,
    'Any reaction': '/runs',
    'The run': `/runs/${replay.runs[0]?.id}`,
    'Admin token': '/sign-in',
  }
}

/** What axe finds serious, as sentences. */
async function hurdles(page: Page): Promise<string[]> {
  await page.evaluate(axe.source)
  const results: AxeResults = await page.evaluate(() => {
    const { axe: injected } = window as unknown as { axe: typeof axe }
    return injected.run(document)
  })
  return results.violations
    .filter(({ impact }) => impact !== 'minor')
    .map(({ id, nodes }) => `${id}: ${nodes.map(node => String(node.target)).join(', ')}`)
}

const views: View[] = [
  { width: 1440, colours: 'dark' },
  { width: 360, colours: 'light' },
]

for (const view of views) {
  test(`every page is accessible, quiet and no wider than ${view.width} px, in ${view.colours}`, async scope => {
    const box = await startSignalbox(scope)
    const pages = await furnish(box)
    const { page, complaints } = await openPage(view)
    await page.goto(box.link)
    await page.getByRole('button', { name: 'Get my webhook' }).waitFor()
    for (const [sign, path] of Object.entries(pages)) {
      await page.goto(box.url + path)
      const seen = page.getByText(sign).first()
      await seen.waitFor({ state: 'attached' })
      await page.evaluate(() => Promise.all(document.getAnimations().map(animation => animation.finished)))
      assert.deepEqual(await hurdles(page), [], path)
      const width = await page.evaluate(() => document.documentElement.scrollWidth)
      assert.ok(width <= (view.width ?? 0), `${path} is ${width} px wide`)
    }
    assert.deepEqual(complaints, [])
  })
}
