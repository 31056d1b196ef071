// Promise: what every invoice would meet stops the way out and not the invoice; one reason is shown everywhere, nothing is
// hammered, and the way is opened by harmless calls and one invoice first.
import t from 'tap'
import type { Evidence, UpstreamProblem } from '../../src/chorus/errors.ts'
import { createLanes } from '../../src/invoices/lanes.ts'
import { facturX } from '../helpers/factur-x.ts'
import { buildGateway, formOf, goodInvoice, type TestGateway } from '../helpers/gateway.ts'
import { makePdf } from '../helpers/pdf.ts'

const pdf = makePdf()

function laneOfTest() {
  let time = Date.parse('2026-11-22T12:00:00Z')
  const lanes = createLanes({ names: ['l'], now: () => new Date(time), monotonic: () => time, timeScale: 1 })
  const fail = (problem: UpstreamProblem, more: Partial<Evidence> = {}) => {
    lanes.failed('l', { proof: 'not-sent', problem, service: 's', lane: true, ...more }, 'why')
  }
  /** As the worker does it: the lane that is due is asked a harmless question. */
  const probe = (answer: UpstreamProblem | 'well') => {
    const [due] = lanes.due()
    if (due === undefined) return false
    if (answer === 'well') lanes.probed('l')
    else
      lanes.probeFailed('l', { proof: 'not-processed', problem: answer, service: 'ping', lane: true, ...refused }, '')
    return true
  }
  return { lanes, fail, probe, state: () => lanes.view()[0], pass: (ms: number) => void (time += ms) }
}
const refused = { exchange: { service: 's', httpStatus: 401 } }

t.test('a lane pauses, longer each time; then one invoice goes first', (t) => {
  const { lanes, fail, probe, state, pass } = laneOfTest()
  t.ok(lanes.open('l'))
  fail('upstream-unavailable')
  fail('upstream-unavailable')
  t.equal(lanes.restMs('l'), 5_000, 'calls that fail together count once')
  lanes.succeeded('l')
  t.match(state(), { state: 'paused' }, 'an answer that was under way before does not open it')
  t.notOk(probe('well'), 'it is not probed before its time')
  pass(5_000)
  t.ok(probe('upstream-unavailable'))
  t.equal(lanes.restMs('l'), 10_000)
  pass(10_000)
  t.ok(probe('well'))
  t.match(state(), { state: 'half_open', reason: 'upstream-unavailable' })
  t.notOk(lanes.open('l'), 'not for everybody')
  t.same(lanes.trials(), ['l'])
  lanes.tried('l', 'inv_1')
  t.same(lanes.trials(), [], 'one at a time')
  lanes.ended('l', 'inv_1')
  t.same(lanes.trials(), ['l'], 'one that said nothing of the lane makes room for the next')
  fail('upstream-timeout', { lane: false, proof: 'unknown' })
  t.match(state(), { state: 'paused' }, 'silence for the first one closes it again')
  pass(20_000)
  probe('well')
  lanes.succeeded('l')
  t.strictSame(state(), { lane: 'l', state: 'open' })
  fail('upstream-unavailable')
  t.equal(lanes.restMs('l'), 5_000, 'what is over is forgotten')
  t.end()
})

t.test('Retry-After counts, and a lane that is named for the first time is there', (t) => {
  const { lanes, fail } = laneOfTest()
  fail('upstream-throttled', { retryAfterMs: 30_000 })
  t.equal(lanes.restMs('l'), 30_000)
  t.ok(lanes.open('production/other'))
  t.same(
    lanes.view().map(({ lane }) => lane),
    ['l', 'production/other']
  )
  t.end()
})

t.test('silence closes a lane when it comes three times in a row', (t) => {
  const { lanes, fail } = laneOfTest()
  const silent = { lane: false, proof: 'unknown' } as const
  fail('upstream-timeout', silent)
  fail('upstream-unavailable', silent)
  lanes.answered('l')
  fail('upstream-timeout', silent)
  fail('upstream-timeout', silent)
  fail('deposit-refused', {
    ...silent,
    proof: 'refused',
    exchange: { service: 's', httpStatus: 400, returnCode: 20_000 }
  })
  fail('upstream-timeout', silent)
  t.ok(lanes.open('l'), 'any answer in between says that it works')
  fail('upstream-protocol-error', { ...silent, exchange: { service: 's', httpStatus: 200 } })
  fail('internal', silent)
  t.ok(lanes.open('l'), 'a fault of ours says nothing')
  fail('upstream-timeout', silent)
  t.notOk(lanes.open('l'))
  t.end()
})

t.test('refused credentials are tried once more, and then wait for a person', (t) => {
  const { lanes, fail, probe, state, pass } = laneOfTest()
  for (let n = 0; n < 16; n++) fail('technical-account-rejected', refused)
  t.equal(lanes.restMs('l'), 60_000, 'sixteen that fail together are one doubt')
  pass(60_000)
  t.ok(probe('technical-account-rejected'))
  t.match(state(), { state: 'held', reason: 'technical-account-rejected', until: undefined })
  for (let day = 0; day < 30; day++) {
    pass(86_400_000)
    t.notOk(probe('technical-account-rejected'), 'an account that is tried again and again is locked')
  }
  t.equal(lanes.retry('other'), 0)
  t.equal(lanes.retry(), 1)
  t.ok(probe('technical-account-rejected'), 'somebody says that it is mended')
  t.match(state(), { state: 'held' }, 'and is wrong')
  t.notOk(probe('technical-account-rejected'))
  lanes.retry('l')
  t.ok(probe('well'))
  t.match(state(), { state: 'half_open' })
  t.end()
})

t.test('what harms no account is looked at now and then', (t) => {
  for (const problem of ['proxy-authentication-failed', 'token-refused'] as const) {
    const { fail, probe, state, pass } = laneOfTest()
    fail(problem)
    pass(60_000)
    probe(problem)
    t.match(state(), { state: 'held', reason: problem, until: '2026-11-22T12:21:00.000Z' }, problem)
  }
  const { fail, probe, state, pass } = laneOfTest()
  fail('client-certificate-expired')
  t.match(state(), { state: 'held', reason: 'client-certificate-expired', until: '2026-11-22T12:10:00.000Z' })
  for (const wait of [10, 20, 40, 60, 60]) {
    pass(wait * 60_000)
    t.ok(probe('client-certificate-expired'), `after ${wait} minutes`)
  }
  t.match(state(), { state: 'held' })
  const likely = laneOfTest()
  likely.fail('client-certificate-rejected', { likely: true })
  t.match(
    likely.state(),
    { state: 'paused', reason: 'client-certificate-rejected' },
    'what nobody told stops for seconds'
  )
  t.equal(likely.lanes.restMs('l'), 5_000)
  t.end()
})

const lanesOf = async (g: TestGateway) => (await g.get('/health/ready')).body
const metrics = async (g: TestGateway) => (await fetch(`${g.adminUrl}/metrics`)).text()
const logins = (g: TestGateway) => g.simulator.control.ledger().arrivals.length
const settle = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

t.test('an expired password: one reason everywhere, no more logins, and a person opens it again', async (t) => {
  const g = await buildGateway(t, { environment: { GATEWAY_TIME_SCALE: '1000' } })
  g.simulator.control.configure({ passwordExpired: true })
  const first = goodInvoice()
  const tried = await g.post('/v1/invoices', formOf(first, pdf), { prefer: 'respond-async' })
  t.equal(tried.status, 202, JSON.stringify(tried.body))
  for (let n = 0; n < 100 && (await lanesOf(g)).lanes[0].state !== 'held'; n++) await settle(20)
  t.match(await lanesOf(g), { status: 'degraded', lanes: [{ state: 'held', reason: 'technical-account-rejected' }] })
  t.match(
    await metrics(g),
    /gateway_lane_state\{lane="simulator\/default",state="held",reason="technical-account-rejected"\} 1/
  )
  const never = goodInvoice()
  const waiting = await g.post('/v1/invoices', formOf(never, pdf))
  t.match(waiting, { status: 202 }, 'it is taken all the same')
  t.match(waiting.body.submission, {
    state: 'received',
    error: { code: 'technical-account-rejected', owner: 'operator' }
  })
  t.notOk(waiting.body.submission.nextAttemptAt, 'nobody knows when it will be mended')
  const before = logins(g)
  await settle(500)
  t.equal(logins(g), before, 'eight minutes later nothing has been tried again')
  t.ok(before <= 4, `${before} logins`)

  g.simulator.control.configure({ passwordExpired: false })
  const answer = await fetch(`${g.adminUrl}/lanes/retry`, { method: 'POST' })
  t.match(await answer.json(), { tried: 1 })
  for (const { body } of [tried, waiting]) await g.until(body.id, (read) => read.submission.state === 'integrated')
  t.match(await lanesOf(g), { status: 'ready', lanes: [{ state: 'open' }] })
  t.notMatch((await g.get(`/v1/invoices/${waiting.body.id}`)).body.submission, { error: {} })
})

t.test(
  'throttled and under maintenance: both forms of Retry-After, a harmless probe, then one invoice first',
  async (t) => {
    for (const [name, fault] of Object.entries({
      seconds: { kind: 'throttle', retryAfterS: 1 },
      'HTTP date': { kind: 'throttle', retryAfterS: 2, dated: true },
      'maintenance page': { kind: 'maintenance' }
    } as const)) {
      t.test(name, async (t) => {
        // A pause long enough to be looked at.
        const g = await buildGateway(t, { environment: { GATEWAY_TIME_SCALE: '4' } })
        g.simulator.control.setFaults([
          { operation: 'factures/deposer/pdf', ...fault },
          // The first one afterwards is slow: the others must be seen to wait for it.
          { operation: 'factures/soumettre', kind: 'slow', delayMs: 300, when: 'answering' }
        ])
        const from = Date.now()
        const send = () => g.post('/v1/invoices', formOf(goodInvoice(), pdf), { prefer: 'respond-async' })
        const sent = [await send()]
        for (let n = 0; n < 100 && (await lanesOf(g)).lanes[0].state === 'open'; n++) await settle(5)
        const reason = fault.kind === 'throttle' ? 'upstream-throttled' : 'upstream-unavailable'
        t.match(await lanesOf(g), { status: 'degraded', lanes: [{ state: 'paused', reason, until: /^20/ }] })
        for (let n = 0; n < 4; n++) sent.push(await send())
        t.match(sent.at(-1)?.body.submission, { state: 'received', error: { code: reason }, nextAttemptAt: /^20/ })
        for (const { body } of sent) await g.until(body.id, (read) => read.submission.state === 'integrated')
        const arrivals = g.simulator.control
          .ledger()
          .arrivals.map(({ operation, at }) => ({ operation, at: Date.parse(at) }))
        const again = arrivals.slice(arrivals.findIndex(({ operation }) => operation === 'factures/deposer/pdf') + 1)
        const wait = (again[0]?.at ?? 0) - from
        if (fault.kind === 'throttle') t.ok(wait >= 950, `nothing arrives before its time (${wait} ms)`)
        t.not(again[0]?.operation, 'factures/deposer/pdf', 'the probe is no invoice')
        const calls = again.filter(({ operation }) => operation === 'factures/soumettre')
        t.equal(calls.length, 5)
        t.ok((calls[1]?.at ?? 0) - (calls[0]?.at ?? 0) >= 250, 'one goes first')
      })
    }
  }
)

t.test('a service that invoices can do without may be withdrawn: they go on their way', async (t) => {
  const g = await buildGateway(t, { environment: { GATEWAY_TIME_SCALE: '1000' } })
  const following = [
    'factures/consulter/historique',
    'factures/rechercher/fournisseur',
    'transverses/consulterCRDetaille'
  ]
  g.simulator.control.setFaults([
    // Where the history is read, the search comes after it.
    { operation: following[0] ?? '', kind: 'status', status: 403, times: 2 },
    ...following
      .slice(1)
      .map((operation) => ({ operation, kind: 'status' as const, status: 404, times: 'always' as const }))
  ])
  const asked = () => {
    const { arrivals } = g.simulator.control.ledger()
    return following.filter((service) => arrivals.some(({ operation }) => operation === service))
  }
  const flow = await g.post('/v1/invoices', formOf({}, facturX({ number: `FXL-${process.pid}` })))
  t.match(flow.body.submission, { state: 'submitted' }, JSON.stringify(flow.body))
  t.match((await g.post('/v1/invoices', formOf(goodInvoice(), pdf))).body.submission, { state: 'integrated' })
  for (let n = 0; n < 200 && asked().length < following.length; n++) await settle(20)
  t.same(asked(), following, 'each was asked, and failed')
  t.match(await lanesOf(g), { status: 'ready', lanes: [{ state: 'open' }] })
  t.match((await g.post('/v1/invoices', formOf(goodInvoice(), pdf))).body.submission, { state: 'integrated' })

  g.simulator.control.setFaults([{ operation: 'structures/.*', kind: 'forbidden', shape: 'none', times: 'always' }])
  const elsewhere = { siret: '99800006100015' }
  const unchecked = await g.post('/v1/invoices', formOf(goodInvoice({ buyer: elsewhere }), pdf))
  t.match(
    unchecked.body,
    { submission: { state: 'integrated' }, warnings: [{ pointer: '/buyer/siret' }] },
    'a check less'
  )
  t.match(await lanesOf(g), { status: 'ready', lanes: [{ state: 'open' }] })

  g.simulator.control.setFaults([])
  await g.until(flow.body.id, (read) => read.submission.state === 'integrated')
})
