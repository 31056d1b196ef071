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

const fast = { environment: { GATEWAY_TIME_SCALE: '5000', CHORUS_PRO_TIMEOUT_MS: '1000' } }

t.test('a flow that is sent again and refused, while the first may still show, is held and not refused', async (t) => {
  const g = await buildGateway(t, {
    environment: { GATEWAY_TIME_SCALE: '200000', CHORUS_PRO_TIMEOUT_MS: '2000' },
    simulator: { flowDelayMs: 5_000 }
  })
  t.equal((await g.post('/v1/invoices', formOf(goodInvoice(), pdf))).status, 201, 'a witness for the search')
  g.simulator.control.setFaults([{ operation: 'factures/deposer/flux', kind: 'drop-before' }])
  g.simulator.control.configure({ flowOutcome: 'IN_REJETE' })
  const answer = await g.post('/v1/invoices', formOf({}, facturX(cii({ number: `FD-${process.pid}` }))), {
    prefer: 'wait=0'
  })
  const held = await g.until(answer.body.id, (read) => ['held', 'rejected'].includes(read.submission.state))
  t.match(held.submission, { state: 'held', heldReason: 'unknown_outcome', outcome: 'unknown' })
  const { body } = await g.get(held.links.timeline)
  t.match(body.attempts.slice(0, 2), [{ proof: 'unknown' }, { proof: 'refused' }])
})

t.test('an upload that Chorus Pro has forgotten is made again, twice at most', async (t) => {
  const forgotten = (times: number) => ({
    operation: 'factures/soumettre',
    kind: 'error-code' as const,
    status: 400,
    codeRetour: 20_020,
    libelle: 'La pièce jointe principale est absente ou inconnue.',
    times
  })
  const uploads = (g: TestGateway) =>
    g.simulator.control.ledger().arrivals.filter(({ operation }) => operation === 'factures/deposer/pdf').length
  const g = await buildGateway(t, fast)
  g.simulator.control.setFaults([forgotten(1)])
  const answer = await g.post('/v1/invoices', formOf(goodInvoice(), pdf), { prefer: 'wait=0' })
  const done = await g.until(answer.body.id, (read) => ['integrated', 'rejected'].includes(read.submission.state))
  t.match(done.submission, { state: 'integrated', attempts: 2 })
  t.equal(uploads(g), 2)
  g.simulator.control.setFaults([forgotten(9)])
  const other = await g.post('/v1/invoices', formOf(goodInvoice(), pdf), { prefer: 'wait=0' })
  const refused = await g.until(other.body.id, (read) => ['integrated', 'rejected'].includes(read.submission.state))
  t.match(refused.submission, { state: 'rejected', attempts: 3 })
  t.equal(uploads(g), 5)
})

t.test('of two decisions about a held invoice at the same moment one is taken', async (t) => {
  const g = await buildGateway(t, { ...fast, simulator: { dedupe: false } })
  g.simulator.control.setFaults([{ operation: 'factures/soumettre', kind: 'drop-before' }])
  const answer = await g.post('/v1/invoices', formOf(goodInvoice(), pdf), { prefer: 'wait=0' })
  await g.until(answer.body.id, (read) => read.submission.state === 'held')
  const { submissions } = g.gateway.parts
  const decide = (action: 'resend' | 'close') =>
    submissions.resolve(answer.body.id, { action, reason: 'not there' }, action).then(
      () => action,
      (error: unknown) => error
    )
  const results = await Promise.all([decide('close'), decide('resend'), decide('resend')])
  t.equal(results.filter((result) => typeof result === 'string').length, 1)
  for (const result of results) if (typeof result !== 'string') t.match(result, { code: 'invalid-transition' })
})
