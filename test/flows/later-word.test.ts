import t from 'tap'
import { buildGateway, formOf, goodInvoice, type TestGateway } from '../helpers/gateway.ts'
import { makePdf } from '../helpers/pdf.ts'
import { cii, facturX } from '../src/simulator/documents.ts'

// What Chorus Pro says later about an invoice, and what may not be made of it.

const pdf = makePdf({ text: 'facture' })
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

t.test(
  'a flow that is sent again while the first one waits: the double is evidence, and the first one is found',
  async (t) => {
    const g = await buildGateway(t, {
      environment: { GATEWAY_TIME_SCALE: '200000', CHORUS_PRO_TIMEOUT_MS: '2000' },
      simulator: { flowDelayMs: 400_000 }
    })
    t.equal((await g.post('/v1/invoices', formOf(goodInvoice(), pdf))).status, 201, 'a witness for the search')
    const number = `FW-${process.pid}`
    g.simulator.control.setFaults([{ operation: 'factures/deposer/flux', kind: 'drop-answer' }])
    const answer = await g.post('/v1/invoices', formOf({}, facturX(cii({ number }))), { prefer: 'wait=0' })
    await g.until(answer.body.id, (read) => read.submission.state === 'submitted')
    await new Promise((resolve) => setTimeout(resolve, 2_000))
    const done = await g.until(answer.body.id, (read) => read.submission.state === 'integrated')
    const { body } = await g.get(done.links.timeline)
    t.match(body.attempts, [{ proof: 'unknown' }, { proof: 'exists' }])
    t.equal(g.simulator.control.ledger().acceptances.filter((one) => one.number === number).length, 1)
  }
)

t.test('following a status: what fails changes nothing, what repeats is told once, what is new is told', async (t) => {
  const g = await buildGateway(t, { environment: { GATEWAY_TIME_SCALE: '1000' } })
  g.simulator.control.configure({
    lifeCycle: [
      { status: 'MISE_A_DISPOSITION', afterMs: 30_000 },
      { status: 'STATUT_DE_DEMAIN', afterMs: 60_000 }
    ]
  })
  const history = { operation: 'factures/consulter/.*', times: 'always' } as const
  g.simulator.control.setFaults([{ ...history, kind: 'html' }])
  const { body: sent } = await g.post('/v1/invoices', formOf(goodInvoice(), pdf))
  await new Promise((resolve) => setTimeout(resolve, 600))
  const { body: meanwhile } = await g.get(`/v1/invoices/${sent.id}`)
  t.match(meanwhile, { submission: { state: 'integrated' }, status: { raw: 'DEPOSEE' } })
  g.simulator.control.setFaults([])
  const last = await g.until(sent.id, (read) => read.status.raw === 'STATUT_DE_DEMAIN')
  t.match(last, { submission: { state: 'integrated' }, status: { code: 'other' } })
  const { body } = await g.get(last.links.timeline)
  const told = body.items.flatMap((each: { type: string; data: { raw?: string } }) =>
    each.type === 'status-changed' ? [each.data.raw] : []
  )
  t.same(told, ['DEPOSEE', 'MISE_A_DISPOSITION', 'STATUT_DE_DEMAIN'])
})
