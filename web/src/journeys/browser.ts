import { chromium, type Browser, type Page } from 'playwright-core'
import { after } from 'node:test'

/** One Chromium for the tests of a file; each test gets a page of its own, with what went wrong on it. */

let browser: Promise<Browser> | undefined
after(async () => (await browser)?.close())

export interface View {
  width?: number
  colours?: 'light' | 'dark'
}

export interface Watched {
  page: Page
  /** What the page complained about: thrown errors, refusals of its Content-Security-Policy, failed requests. */
  complaints: string[]
}

export async function openPage({ width = 1440, colours = 'light' }: View = {}): Promise<Watched> {
  browser ??= chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-background-networking', '--disable-quic'],
  })
  const context = await (await browser).newContext({ viewport: { width, height: 800 }, colorScheme: colours })
  const page = await context.newPage()
  page.setDefaultTimeout(15_000)
  const complaints: string[] = []
  page.on('pageerror', error => complaints.push(error.message))
  page.on('console', message => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  return { page, complaints }
}
