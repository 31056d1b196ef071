import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import t from 'tap'
import { armFailpoints } from '../../src/failpoint.ts'
import { createDocumentInspector } from '../../src/invoices/document.ts'
import { StoreUnavailable } from '../../src/store/errors.ts'
import type { Store } from '../../src/store/store.ts'
import { buildGateway, dataInvoice, formOf, goodInvoice, type TestGateway } from '../helpers/gateway.ts'
import { makePdf } from '../helpers/pdf.ts'
import { cii, facturX } from '../src/simulator/documents.ts'

const pdf = makePdf({ text: 'facture' })
const calls = (g: TestGateway) =>
  g.simulator.control.ledger().arrivals.filter((each) => each.operation === 'factures/soumettre')

/** What another replica does when a holder was silent for too long. */
async function takeOver(g: TestGateway): Promise<void> {
  const ledger = new DatabaseSync(join(g.dataDir, 'ledger.db'))
  ledger.exec("update job set lease_until = 1 where kind = 'send' and lease_until > 1")
  ledger.close()
  await g.gateway.parts.store.recover(0)
}

t.test('a late answer wins over a search that found nothing', async (t) => {
  const g = await buildGateway(t, { environment: { GATEWAY_TIME_SCALE: '20000' } })
  g.simulator.control.setFaults([{ operation: 'factures/soumettre', kind: 'slow', delayMs: 1_200, when: 'answering' }])
  const fields = dataInvoice()
  const answer = await g.post('/v1/invoices', fields, { 'idempotency-key': 'late', prefer: 'respond-async' })
  t.equal(answer.status, 202)
  await g.until(answer.body.id, (read) => read.submission.state === 'submitting')
  await takeOver(g)
  // Chorus Pro numbers it: a search alone can never tell that it is ours, and would leave it held.
  const done = await g.until(answer.body.id, (read) => read.submission.state === 'integrated')
  const [held] = g.simulator.control.invoices()
  t.match(done, { submission: { outcome: 'sent', attempts: 1 }, upstream: { invoiceId: held?.id } })
  t.equal(calls(g).length, 1)
})

t.test('a worker that slept past its lease does not call any more', async (t) => {
  const g = await buildGateway(t, {
    environment: { GATEWAY_TIME_SCALE: '20000', CHORUS_PRO_TIMEOUT_MS: '400' },
    simulator: { dedupe: false }
  })
  t.teardown(() => armFailpoints([]))
  armFailpoints([{ name: 'attempt-started', kind: 'hang', ms: 1_300 }])
  const invoice = goodInvoice()
  const answer = await g.post('/v1/invoices', formOf(invoice, pdf), { prefer: 'respond-async' })
  t.equal(answer.status, 202)
  const over = await g.until(answer.body.id, (read) => ['integrated', 'held'].includes(read.submission.state))
  const timeline = await g.get(over.links.timeline)
  const [first] = timeline.body.attempts
  const early = calls(g).filter(({ at }) => first.endedAt === undefined || at < first.endedAt)
  t.same(early, [], 'nothing left under the attempt whose lease was over')
  t.ok(calls(g).length <= 1)
})

t.test('a request that meets another with its key each time may be repeated', async (t) => {
  const g = await buildGateway(t)
  const { store } = g.gateway.parts
  t.intercept(store, 'accept', { value: () => Promise.reject(new StoreUnavailable('busy')) })
  const answer = await g.post('/v1/invoices', formOf(goodInvoice(), pdf))
  t.match(answer, { status: 409, body: { code: 'request-in-progress', retryable: true } })
  t.equal(answer.headers.get('retry-after'), '1')
})

t.test('an attempt whose own commit got no answer goes on', async (t) => {
  const g = await buildGateway(t)
  const { store } = g.gateway.parts
  const change = store.change.bind(store)
  let cut = 0
  store.change = (async (id, decide, job) => {
    let starts = false
    const written = await change(
      id,
      (invoice) => {
        const what = decide(invoice)
        starts = what?.startAttempt !== undefined
        return what
      },
      job
    )
    // The database has it; only its answer is lost (reliability brief, 0.10).
    if (starts && cut++ === 0) throw new StoreUnavailable('commit-unknown')
    return written
  }) satisfies Store['change']
  const answer = await g.post('/v1/invoices', formOf(goodInvoice(), pdf))
  t.match(answer.body.submission, { state: 'integrated', attempts: 1 }, JSON.stringify(answer.body))
  t.equal(cut, 1)
  t.equal(calls(g).length, 1)
})

t.test('stopping waits for answers, not for connections that are kept open', async (t) => {
  const g = await buildGateway(t)
  g.simulator.control.setFaults([{ operation: 'factures/soumettre', kind: 'slow', delayMs: 800, when: 'answering' }])
  const answer = g.post('/v1/invoices', formOf(goodInvoice(), pdf), { prefer: 'wait=5' })
  await new Promise((resolve) => setTimeout(resolve, 300))
  const from = Date.now()
  await g.restart()
  t.equal((await answer).status, 201)
  t.ok(Date.now() - from < 4_000, `it took ${Date.now() - from} ms`)
})

t.test('a document is not unreadable because the machine stood still', async (t) => {
  const inspector = createDocumentInspector({ timeoutMs: 400 })
  t.teardown(() => inspector.close())
  const before = await inspector.inspect(facturX(cii()))
  t.equal(before.problem, undefined, before.explanation)
  const reading = inspector.inspect(facturX(cii({ number: 'FX-2' })))
  // Its thread is started and gets the document; then nobody looks at a clock for longer than it may take.
  await new Promise((resolve) => setImmediate(resolve))
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 900)
  t.equal((await reading).problem, undefined)
})
