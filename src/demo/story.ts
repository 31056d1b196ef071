import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Static } from 'typebox'
import type { Problem } from '../../schemas/problem.ts'
import type { Invoice, Timeline } from '../../schemas/submission.ts'
import { type Call, curlOf, type Reply, send } from './call.ts'
import { type InvoiceSheet, makeInvoicePdf } from './invoice-pdf.ts'
import { demandingRecipient, formFields, freshNumber, sampleInvoice } from './sample-invoice.ts'
import type { Screen } from './screen.ts'
import type { Stage } from './stage.ts'

/** A step that did not go as it must. The message says what was expected and what came. */
export class StoryFailed extends Error {
  override readonly name = 'StoryFailed'
}

/** The story, step by step, for as long as every step works. Throws StoryFailed, or what fetch throws. */
export async function tellStory({ url, key, simulator, folder }: Stage, screen: Screen): Promise<void> {
  const number = freshNumber(new Date())
  const show = (call: Call) => screen.copy(curlOf(url, key, call))
  const ask = <Body>(call: Call) => send<Body>(url, key, call)
  const form = (sheet: InvoiceSheet, headers: Record<string, string> = {}): Call => {
    const file = join(folder, `${sheet.number}.pdf`)
    writeFileSync(file, makeInvoicePdf(sheet))
    return { path: '/v1/invoices', headers, form: { file, fields: formFields(sheet) } }
  }
  const held = (wanted: string) => simulator.control.invoices().filter((invoice) => invoice.number === wanted).length

  screen.heading('1. The ERP sends an invoice: a PDF and a few form fields')
  const first = form(sampleInvoice(number, new Date()))
  show(first)
  const before = simulator.control.ledger().arrivals.length
  const sent = await screen.during('sending', ask<Invoice>(first))
  expectStatus(sent, 201)
  const { id, submission, status, extraction, warnings } = sent.body
  screen.good(`201 Created, ${id}: submission ${submission.state}, status ${status?.code ?? 'none'}`)
  expect(extraction !== undefined && warnings.length === 0, `warnings: ${JSON.stringify(warnings)}`)
  screen.tell('Chorus Pro read the PDF as well, and found nothing that differs from the fields.')
  const calls = simulator.control.ledger().arrivals.slice(before)
  screen.tell(`What the ERP need not know: ${calls.length} calls to Chorus Pro over TLS with the client certificate:`)
  screen.tell(calls.map((call) => call.operation).join(', '))

  screen.heading('2. It follows the invoice until the recipient has it')
  const read: Call = { path: `/v1/invoices/${id}` }
  show(read)
  const started = Date.now()
  const seen = new Set<string>()
  const followed = until(
    () => ask<Invoice>(read),
    ({ body }) => {
      const code = body.status?.code ?? 'none'
      if (!seen.has(code)) screen.good(`${seconds(started)}  ${code} (${body.status?.raw})`)
      seen.add(code)
      return code === 'made_available'
    }
  )
  await screen.during('waiting for the recipient', followed)
  const timeline: Call = { path: `/v1/invoices/${id}/timeline` }
  show(timeline)
  for (const { at, type, data } of (await ask<Static<typeof Timeline>>(timeline)).body.items) {
    screen.tell(`${at.slice(11, 23)}  ${type.padEnd(16)} ${brief(data)}`)
  }

  screen.heading('3. It sends the same request again, as after a broken line')
  const repeated = await screen.during('sending', ask<Invoice>(first))
  expectStatus(repeated, 200)
  expect(repeated.headers.get('idempotency-replayed') === 'true', 'Idempotency-Replayed is not there')
  expect(repeated.body.id === id, `another invoice came back: ${repeated.body.id}`)
  expect(held(number) === 1, `Chorus Pro holds ${held(number)} invoices ${number}`)
  screen.good('200 OK, Idempotency-Replayed: true, the same invoice; Chorus Pro holds it once')

  screen.heading('4. It forgets the service code that this recipient demands')
  const wrong = form(sampleInvoice(`${number}-C`, new Date(), demandingRecipient))
  show(wrong)
  const refused = await screen.during('sending', ask<Problem>(wrong))
  expectStatus(refused, 422)
  expect(refused.body.code === 'service-code-required', `the problem is ${refused.body.code}`)
  expect(held(`${number}-C`) === 0, 'Chorus Pro was sent a wrong invoice')
  screen.good(`422 ${refused.body.code}: nothing was sent`)
  for (const { pointer, message, messageFr, fix } of refused.body.errors ?? []) {
    for (const text of [`${pointer}: ${message}`, messageFr, `To do: ${fix}`]) screen.tell(`    ${text}`)
  }

  screen.heading('5. Chorus Pro takes an invoice, and the line breaks before its answer')
  const lost = form(sampleInvoice(`${number}-B`, new Date()), { Prefer: 'wait=1' })
  simulator.control.setFaults([{ operation: 'factures/soumettre', kind: 'drop-answer' }])
  show(lost)
  const doubtful = await screen.during('sending', ask<Invoice>(lost))
  simulator.control.clearFaults()
  expectStatus(doubtful, 202)
  expect(doubtful.body.submission.state === 'unknown', `the submission is ${doubtful.body.submission.state}`)
  screen.good('202 Accepted, submission unknown: safe here, and not sent again, which could double it')
  const since = Date.now()
  const cleared = until(
    () => ask<Invoice>({ path: `/v1/invoices/${doubtful.body.id}` }),
    ({ body }) => body.submission.state !== 'unknown'
  )
  const found = await screen.during('the gateway searches Chorus Pro by itself', cleared)
  expect(found.body.submission.state === 'integrated', `the submission is ${found.body.submission.state}`)
  expect(held(`${number}-B`) === 1, `Chorus Pro holds ${held(`${number}-B`)} invoices ${number}-B`)
  screen.good(`${seconds(since)}  found there: integrated, status ${found.body.status?.code}; Chorus Pro holds it once`)
}

/** Asks five times a second, for ten seconds at most. */
async function until<Body>(
  ask: () => Promise<Reply<Body>>,
  enough: (reply: Reply<Body>) => boolean
): Promise<Reply<Body>> {
  const last = Date.now() + 10_000
  for (;;) {
    const reply = await ask()
    expectStatus(reply, 200)
    if (enough(reply)) return reply
    if (Date.now() > last) throw new StoryFailed(`nothing more in 10 s: ${JSON.stringify(reply.body)}`)
    await sleep(200)
  }
}

function expectStatus(reply: Reply<unknown>, status: number): void {
  expect(reply.status === status, `answer ${reply.status} instead of ${status}: ${JSON.stringify(reply.body)}`)
}

function expect(right: boolean, otherwise: string): asserts right {
  if (!right) throw new StoryFailed(otherwise)
}

const seconds = (since: number) => `${((Date.now() - since) / 1000).toFixed(1)} s`

const brief = (data: object) =>
  Object.entries(data)
    .filter(([, value]) => typeof value !== 'object')
    .slice(0, 3)
    .map(([name, value]) => `${name} ${String(value).slice(0, 60)}`)
    .join(', ')
