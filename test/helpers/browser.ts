// Real pages in a real browser, where this machine has one.
import { existsSync } from 'node:fs'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import t, { type Test } from 'tap'

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
const executablePath = places.find((place) => existsSync(place))
/** Of every test that needs the browser. */
export const inBrowser =
  executablePath === undefined ? { skip: 'no Chromium is installed (Debian: apt-get install chromium)' } : {}

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // Whatever the page asks for, no name leads out of this machine.
  '--host-resolver-rules=MAP gateway.test 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'
]

let launched: Promise<Browser> | undefined
/** One for all tests of a file; each has a context of its own. */
const browser = () => {
  launched ??= chromium.launch({ ...(executablePath !== undefined && { executablePath }), headless: true, args: flags })
  return launched
}
t.teardown(async () => (await launched)?.close())

export interface Visit {
  page: Page
  /** Errors of the console and of scripts. */
  errors: string[]
  /** Whom the page asked for anything. */
  origins: Set<string>
}

/** Opens the page, and waits for `landmark` on it. */
export async function visit(
  t: Test,
  url: string,
  landmark: string,
  options: BrowserContextOptions = {}
): Promise<Visit> {
  const context = await (await browser()).newContext(options)
  t.teardown(() => context.close())
  context.setDefaultTimeout(20_000)
  const page = await context.newPage()
  const errors: string[] = []
  const origins = new Set<string>()
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()))
  page.on('pageerror', (error) => errors.push(error.message))
  page.on('request', (request) => /^https?:/.test(request.url()) && origins.add(new URL(request.url()).origin))
  await page.goto(url)
  await page.locator(landmark).first().waitFor()
  return { page, errors, origins }
}
