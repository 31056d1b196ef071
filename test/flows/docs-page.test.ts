import type { Locator, Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { inBrowser, visit } from '../helpers/browser.ts'
import { apiKey, buildGateway } from '../helpers/gateway.ts'
import { makePdf } from '../helpers/pdf.ts'

// What a person does on /docs, in a real browser.
const visitDocs = (t: Test, url: string) => visit(t, `${url}/docs`, '.opblock')

/** Gives the key to the page, opens "send an invoice" and chooses how. */
async function openSubmission(page: Page, contentType: string): Promise<Locator> {
  await page.locator('.auth-wrapper .authorize').first().click()
  await page.locator('.modal-ux input').fill(apiKey)
  await page.locator('.modal-ux button.authorize').click()
  await page.locator('.modal-ux .btn-done').click()
  const operation = page.locator('#operations-invoices-submitInvoice')
  await operation.locator('.opblock-summary-control').click()
  await operation.locator('.body-param-content-type select').selectOption(contentType)
  return operation
}

async function execute(operation: Locator): Promise<string> {
  await operation.locator('button.execute').click()
  const status = operation.locator('.live-responses-table .response .response-col_status').first()
  return (await status.innerText()).trim().split(/\s/)[0] ?? ''
}

t.test('a person sends a PDF from /docs, with a key and the file picker', inBrowser, async (t) => {
  const g = await buildGateway(t)
  const { page, errors, origins } = await visitDocs(t, g.url)
  t.equal(await page.title(), 'Chorus Pro gateway')

  const operation = await openSubmission(page, 'multipart/form-data')
  const pdf = { name: 'facture été.pdf', mimeType: 'application/pdf', buffer: makePdf() }
  await operation.locator('[data-property-name=file] input[type=file]').setInputFiles(pdf)
  const text = operation.locator('[data-property-name=invoice] textarea')
  const invoice = JSON.parse(await text.inputValue()) as { number: string }
  await text.fill(JSON.stringify({ ...invoice, number: 'DOCS-1' }))
  t.equal(await execute(operation), '201')

  t.match(g.simulator.control.ledger().acceptances, [{ number: 'DOCS-1' }])
  t.strictSame(errors, [], 'nothing in the console')
  t.strictSame([...origins], [g.url], 'and no request to anybody else')
})

t.test('the JSON example of /docs is accepted as it stands', inBrowser, async (t) => {
  const g = await buildGateway(t)
  const { page, errors } = await visitDocs(t, g.url)
  const operation = await openSubmission(page, 'application/json')
  await operation.locator('input[placeholder=idempotency-key]').fill('docs-page-1')
  t.equal(await execute(operation), '201')
  t.equal(g.simulator.control.ledger().acceptances.length, 1)
  t.strictSame(errors, [])
})

t.test('/docs works over plain HTTP under a name that is not localhost', inBrowser, async (t) => {
  const g = await buildGateway(t)
  const url = g.url.replace('127.0.0.1', 'gateway.test')
  const { page, errors, origins } = await visitDocs(t, url)
  t.ok((await page.locator('.opblock').count()) > 5)
  t.strictSame([...origins], [url], 'nothing is sent to https')
  // Chromium says that it ignores these two headers where there is no TLS.
  const others = errors.filter((error) => !/Cross-Origin-Opener-Policy|Origin-Agent-Cluster/.test(error))
  t.strictSame(others, [])
})
