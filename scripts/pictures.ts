// `node scripts/pictures.ts` takes the README's pictures of a Signalbox that really runs: docs/pictures/*-1440.png.
// It needs Chromium, the built dashboard (`npm start` builds it), and the port 4620.
import { mkdirSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { openSignedIn, settled, startBrowser } from '../test/journeys/support/browser.ts'
import { type Furnished, furnish, orderPayload } from '../test/journeys/support/furnish.ts'
import { deliver, onlyRunFor, runInState, runWhich } from '../test/journeys/support/see.ts'
import { type Signalbox, startSignalbox } from '../test/journeys/support/signalbox.ts'
import { startTarget } from '../test/journeys/support/target.ts'

const folder = fileURLToPath(new URL('../docs/pictures/', import.meta.url))
const maxBytes = 250_000

const endings: (() => void | Promise<void>)[] = []
const scope = { after: (end: () => void | Promise<void>) => void endings.push(end) }

async function take(page: Page, name: string): Promise<void> {
  await settled(page)
  const path = `${folder}${name}-1440.png`
  await page.screenshot({ path })
  const { size } = statSync(path)
  if (size > maxBytes) throw new Error(`${path} has ${size} bytes; a README loads no more than ${maxBytes}`)
  console.log(`${path}: ${Math.round(size / 1000)} kB`)
}

/** As the README tells it: the practice target is turned down, an order comes, and it is mended. */
async function breakAndMend(box: Signalbox, { reaction, orders }: Furnished): Promise<string> {
  const { definition } = reaction
  const url = 'http://practice.localhost/fulfilment/{{.params.shop}}'
  await box.api('PUT', `/api/reactions/${reaction.id}`, {
    ...definition,
    action: { ...definition.action, url },
  })
  await box.api('PUT', '/api/practice', { behaviour: 'down' })
  const shop = { url: orders.url.replace(':shop', 'berlin') }
  const order = await deliver(shop, orderPayload(), { authorization: 'Bearer the-shops-secret' })
  const run = await onlyRunFor(box, order)
  await runWhich(box, run.id, ({ attempts }) => attempts === 2)
  await box.api('PUT', '/api/practice', { behaviour: 'ok' })
  await runInState(box, run.id, 'succeeded')
  return run.id
}

try {
  mkdirSync(folder, { recursive: true })
  const box = await startSignalbox(scope, { args: ['--port', '4620'] })
  const target = await startTarget(scope)
  const made = await furnish(box, target)
  const mendedRun = await breakAndMend(box, made)
  const browser = await startBrowser(scope)
  const seat = await browser.sit(box)
  const { page } = seat
  await openSignedIn(seat, box)

  await page.goto(`/events/${made.push}`)
  await page.getByRole('tabpanel').getByText('refs/heads/main').waitFor()
  await take(page, 'events')

  await page.goto(`/reactions/${made.reaction.id}/edit`)
  await page.getByText('It would fire on this event').waitFor()
  await take(page, 'reaction')

  await page.goto(`/runs/${mendedRun}`)
  await page.getByRole('heading', { name: '3 attempts' }).waitFor()
  await take(page, 'run')
} finally {
  for (const end of endings.toReversed()) await end()
}
