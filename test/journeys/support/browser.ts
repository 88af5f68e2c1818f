import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import axe, { type AxeResults } from 'axe-core'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { atEnd, type Scope } from './at-end.ts'
import type { Signalbox } from './signalbox.ts'

export interface View {
  width: number
  colours: 'light' | 'dark'
}

/** Somebody in front of a browser, with what their page complained about. */
export interface Seat {
  page: Page
  context: BrowserContext
  /**
   * Thrown errors, errors on the console (refusals of the Content-Security-Policy are among them), and requests to
   * anywhere but the one Signalbox.
   */
  complaints: string[]
}

const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium'
const args = [
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-quic',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
]
const withinMs = 15_000

/** A Chromium that ends with the test; each seat in it is a person of their own. */
export async function startBrowser(
  scope: Scope,
): Promise<{ sit(box: Pick<Signalbox, 'url'>, view?: Partial<View>): Promise<Seat> }> {
  const browser: Browser = await chromium.launch({ executablePath, args })
  atEnd(scope, () => browser.close())
  return {
    async sit(box, { width = 1440, colours = 'light' } = {}) {
      const context = await browser.newContext({
        viewport: { width, height: width < 600 ? 740 : 900 },
        colorScheme: colours,
        baseURL: box.url,
        permissions: ['clipboard-read', 'clipboard-write'],
      })
      await context.addInitScript(tellViolations)
      const page = await context.newPage()
      page.setDefaultTimeout(withinMs)
      const complaints: string[] = []
      page.on('pageerror', error => complaints.push(error.message))
      page.on('console', message => {
        if (message.type() === 'error') complaints.push(message.text())
      })
      context.on('request', request => {
        const url = new URL(request.url())
        if (url.protocol !== 'data:' && url.host !== new URL(box.url).host)
          complaints.push(`a request to ${url.host}`)
      })
      return { page, context, complaints }
    },
  }
}

/** A refusal of the policy that the browser itself does not print is a complaint like any other. */
const tellViolations = `addEventListener('securitypolicyviolation', event =>
  console.error('refused by the policy: ' + event.violatedDirective + ' ' + event.blockedURI))`

/** As the administrator, by the link that was printed. */
export async function openSignedIn({ page }: Seat, box: Pick<Signalbox, 'link'>): Promise<void> {
  await page.goto(box.link)
  await page.getByRole('button', { name: 'Get my webhook' }).waitFor()
}

/** What axe finds serious or critical, as sentences. */
export async function hurdles(page: Page): Promise<string[]> {
  await page.evaluate(axe.source)
  const results: AxeResults = await page.evaluate('axe.run(document)')
  return results.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, help, nodes }) => `${id} (${help}): ${nodes.map(({ target }) => String(target)).join(', ')}`)
}

/** Until nothing moves any more. */
export const settled = async (page: Page): Promise<void> => {
  await page.evaluate(
    `Promise.all(document.getAnimations().filter(one => one.effect.getComputedTiming().endTime !== Infinity).map(one => one.finished.catch(() => {})))`,
  )
}

const screenshots = fileURLToPath(new URL('../../../test-results/screenshots/', import.meta.url))

/** Keeps what is seen, to be looked at: test-results/screenshots/<name>-<width>-<colours>.png */
export async function keepScreenshot(page: Page, name: string, { width, colours }: View): Promise<void> {
  mkdirSync(screenshots, { recursive: true })
  await settled(page)
  await page.screenshot({ path: `${screenshots}${name}-${width}-${colours}.png` })
}
