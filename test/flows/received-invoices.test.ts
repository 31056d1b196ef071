import t, { type Test } from 'tap'
import { buildGateway, formOf, goodInvoice, type TestGateway } from '../helpers/gateway.ts'
import { limitedKey } from '../helpers/limited-key.ts'
import { makePdf } from '../helpers/pdf.ts'

// The invoices that our structures received, read, picked up and decided on, with the simulator as Chorus Pro.

const plain = '12345678200051'
const withService = '12345678200028'
const pdf = makePdf({ text: 'Facture' })

async function sendOne(g: TestGateway, changes: Record<string, unknown> = {}) {
  const invoice = goodInvoice(changes)
  const { status, body } = await g.post('/v1/invoices', formOf(invoice, pdf))
  if (status !== 201) throw new Error(`${status} ${JSON.stringify(body)}`)
  // The recipient sees it from here on.
  g.simulator.control.setStatus(body.upstream.invoiceId, 'MISE_A_DISPOSITION')
  return { id: String(body.upstream.invoiceId), number: invoice.number }
}

const toService = { buyer: { siret: withService, serviceCode: 'SERVICE_DEST_SERV_OBL' } }

async function readAll(t: Test, g: TestGateway, path: string, limit: number, headers = {}) {
  const items: { id: string; number: string; downloaded?: boolean; [name: string]: unknown }[] = []
  let total: number | undefined
  for (let cursor = '', pages = 0; pages < 50; pages++) {
    const mark = path.includes('?') ? '&' : '?'
    const { status, body } = await g.get(`${path}${mark}limit=${limit}${cursor && `&cursor=${cursor}`}`, headers)
    t.equal(status, 200, JSON.stringify(body).slice(0, 300))
    items.push(...body.items)
    total ??= body.total
    if (body.nextCursor === undefined) break
    cursor = body.nextCursor
  }
  return { items, total }
}

const operations = (g: TestGateway, name: string) =>
  g.simulator.control.ledger().arrivals.filter(({ operation }) => operation === name).length

t.test('searches give every row once, by every filter', async (t) => {
  const g = await buildGateway(t)
  t.same((await g.get('/v1/received-invoices')).body, { items: [], total: 0 }, 'no result is an empty list')
  const sent: { id: string; number: string }[] = []
  for (let index = 0; index < 11; index++) sent.push(await sendOne(g))
  const special = await sendOne(g, {
    ...toService,
    seller: { siret: '99900020100015' },
    commitmentNumber: 'EJ-1',
    contractReference: 'M-1',
    typeCode: '381',
    issueDate: '2026-08-01',
    totals: { taxExclusive: '7.10', tax: '1.42', taxInclusive: '8.52', payable: '8.52' }
  })
  const all = await readAll(t, g, '/v1/received-invoices', 5)
  t.equal(all.total, 12)
  t.same(all.items.map(({ number }) => number).toSorted(), [...sent, special].map(({ number }) => number).toSorted())
  const found = async (filter: string) => (await readAll(t, g, `/v1/received-invoices?${filter}`, 50)).items
  for (const filter of [
    `number=${special.number}`,
    `recipient=${withService}`,
    `recipient=${withService}&recipientServiceCode=SERVICE_DEST_SERV_OBL`,
    'seller=99900020100015',
    'commitmentNumber=EJ-1',
    'contractReference=M-1',
    'typeCode=381',
    'typeCode=AVOIR',
    'issueDateTo=2026-08-02',
    'taxExclusiveMax=7.1',
    'taxInclusiveMax=8.52',
    'payableMax=8.52'
  ]) {
    t.same(
      (await found(filter)).map(({ number }) => number),
      [special.number],
      filter
    )
  }
  for (const [filter, count] of [
    ['requestType=invoice', 12],
    ['requestType=works_invoice', 0],
    ['downloaded=false', 12],
    ['downloaded=true', 0],
    ['typeCode=380,381', 12],
    ['businessProcess=A1', 12],
    ['status=rejected', 0],
    ['statusSince=2026-01-01T00:00:00Z', 12],
    ['depositDateTo=2020-01-01', 0],
    [`recipient=${plain}&recipientServiceCode=NO_SUCH`, 0],
    ['seller=00000000000000', 0],
    ['sort=sellerName', 12],
    ['sort=-downloaded', 12]
  ] as const) {
    t.equal((await found(filter)).length, count, filter)
  }
  g.simulator.control.setStatus(special.id, 'MANDATEE')
  t.equal((await readAll(t, g, '/v1/received-invoices/to-process', 5)).items.length, 11, 'what waits for us')
  g.simulator.control.setFaults([
    { operation: 'factures/rechercher/atraiter/recipiendaire', kind: 'status', status: 404, times: 'always' }
  ])
  t.equal((await readAll(t, g, '/v1/received-invoices/to-process', 5)).items.length, 11, 'also where it is withdrawn')
  await sendOne(g)
  t.pass('and a withdrawn service does not stop the sending')
})

t.test('a status is set where Chorus Pro allows it, with its reason', async (t) => {
  const g = await buildGateway(t)
  const one = await sendOne(g)
  const { body } = await g.get(`/v1/received-invoices/${one.id}`)
  t.match(body, { id: one.id, number: one.number, status: { code: 'made_available' }, buyer: { siret: plain } })
  const allowed = await g.get(`/v1/received-invoices/${one.id}/allowed-statuses`)
  t.match(allowed.body.current, { code: 'made_available', raw: 'MISE_A_DISPOSITION' })
  const reasons = new Map(
    allowed.body.items.map((each: { code: string; reasonRequired: boolean }) => [each.code, each.reasonRequired])
  )
  t.same(
    ['suspended', 'rejected', 'payment_ordered', 'service_confirmed'].map((code) => reasons.get(code)),
    [true, true, false, false]
  )
  const at = `/v1/received-invoices/${one.id}/status`
  for (const change of [{ status: 'suspended' }, { status: 'REJETEE', reason: '  ' }]) {
    const refused = await g.post(at, change)
    t.match([refused.status, refused.body.errors[0].pointer], [422, '/reason'])
  }
  t.equal((await g.post(at, { status: 'nonsense' })).status, 400)
  const wrong = await g.post(at, { status: 'in_transit' })
  t.match([wrong.status, wrong.body.code], [409, 'invalid-transition'])
  t.match(wrong.body.detail, /`made_available` now.*`suspended`.*`payment_ordered`/)
  t.equal(operations(g, 'factures/traiter/recue'), 0, 'nothing was tried so far')

  const done = await g.post(at, { status: 'suspended', reason: 'Il manque le bon' })
  t.match([done.status, done.body], [200, { outcome: 'sent', status: { code: 'suspended', raw: 'SUSPENDUE' } }])
  const history = await g.get(`/v1/received-invoices/${one.id}/history`)
  t.match(history.body.statuses.at(-1), { code: 'suspended', comment: 'Il manque le bon' })

  g.simulator.control.setStatus(one.id, 'MISE_A_DISPOSITION')
  g.simulator.control.setFaults([{ operation: 'factures/traiter/recue', kind: 'drop-answer' }])
  const order = { status: 'MANDATEE', paymentOrderNumber: 'M-2026-1' }
  const lost = await g.post(at, order)
  t.match(lost.body, { outcome: 'unknown', retryable: false })
  const repeat = await g.post(at, order)
  t.match([repeat.status, repeat.body.code], [409, 'invalid-transition'], 'it had been done')
  t.match(repeat.body.detail, 'is `payment_ordered` already')
  t.equal(operations(g, 'factures/traiter/recue'), 2, 'once each')
  t.equal((await g.get(`/v1/received-invoices/${one.id}`)).body.payment.orderNumber, 'M-2026-1')
})

t.test('no foreign invoice leaks to a key that is limited to recipients', async (t) => {
  const g = await buildGateway(t)
  const mine = await sendOne(g)
  const foreign = await sendOne(g, toService)
  const scopes = ['received:read', 'received:process']
  const key = await limitedKey(g, 'recipient01', scopes, [plain])
  for (const path of ['', `?recipient=${withService}`, `?number=${foreign.number}`, '/to-process']) {
    const { items } = await readAll(t, g, `/v1/received-invoices${path}`, 10, key)
    t.notOk(
      items.some(({ number }) => number === foreign.number),
      path
    )
  }
  t.equal((await g.get('/v1/received-invoices', key)).body.total, 1)
  const strip = ({ requestId: _id, ...rest }: Record<string, unknown>) => rest
  for (const suffix of ['', '/history', '/documents', '/documents/pdf', '/documents/pivot', '/allowed-statuses']) {
    const theirs = await g.get(`/v1/received-invoices/${foreign.id}${suffix}`, key)
    const nobodys = await g.get(`/v1/received-invoices/99999999999999${suffix}`, key)
    t.equal(theirs.status, 404)
    t.same(strip(theirs.body), strip(nobodys.body), suffix)
  }
  const change = { status: 'payment_ordered' }
  t.equal((await g.post(`/v1/received-invoices/${foreign.id}/status`, change, key)).status, 404)
  const listed = `/v1/received-invoices/documents?format=pdf&id=${mine.id},${foreign.id}`
  t.equal((await g.get(listed, key)).status, 404)
  t.same([operations(g, 'factures/traiter/recue'), operations(g, 'factures/telecharger/groupe')], [0, 0])

  const picked = await g.post('/v1/received-invoices/pick-up', {}, key)
  t.same(
    picked.body.items.map(({ invoice }: { invoice: { number: string } }) => invoice.number),
    [mine.number]
  )
  t.same((await g.post('/v1/received-invoices/pick-up', { recipient: withService }, key)).body, { items: [] })
  const all = await g.post('/v1/received-invoices/pick-up', {})
  const [theirs] = all.body.items
  t.equal(theirs.invoice.number, foreign.number)
  const acknowledgement = { lease: theirs.lease }
  const stolen = await g.post(`/v1/received-invoices/${foreign.id}/acknowledgement`, acknowledgement, key)
  t.equal(stolen.status, 404, 'not even with its lease')

  const supplier = await limitedKey(g, 'supplier001', ['invoices:read'])
  t.equal((await g.get('/v1/received-invoices', supplier)).status, 403)
  const reader = await limitedKey(g, 'reader00001', ['received:read'])
  t.equal((await g.post('/v1/received-invoices/pick-up', {}, reader)).status, 403)
  t.equal((await g.post(`/v1/received-invoices/${mine.id}/status`, change, reader)).status, 403)
})

type Picked = { invoice: { id: string; number: string }; lease: string; leaseUntil: string; deliveries: number }

t.test(
  'an invoice is handed to one caller at a time, until it is acknowledged, whatever the download mark says',
  async (t) => {
    const g = await buildGateway(t)
    const sent: string[] = []
    for (let index = 0; index < 7; index++) sent.push((await sendOne(g)).number)
    const pickUp = async (body: object): Promise<Picked[]> => {
      const answer = await g.post('/v1/received-invoices/pick-up', body)
      t.equal(answer.status, 200, JSON.stringify(answer.body).slice(0, 200))
      return answer.body.items
    }
    const numbers = (items: Picked[]) => items.map(({ invoice }) => invoice.number)
    const acknowledge = (item: Picked) =>
      g.post(`/v1/received-invoices/${item.invoice.id}/acknowledgement`, { lease: item.lease })

    const shares = await Promise.all([1, 2, 3].map(() => pickUp({ limit: 2 })))
    t.same(
      shares.map(({ length }) => length),
      [2, 2, 2]
    )
    t.equal(new Set(shares.flatMap(numbers)).size, 6, 'three at once: nothing twice')
    const [[one, two] = []] = shares
    if (one === undefined || two === undefined) throw new Error('nothing was picked up')
    t.same([one.deliveries, Date.parse(one.leaseUntil) > Date.now()], [1, true])

    // The caller downloads, which flips the mark upstream, and dies; so does the gateway.
    t.equal((await g.get(`/v1/received-invoices/${one.invoice.id}/documents/pdf`)).status, 200)
    t.match((await g.get('/v1/received-invoices?downloaded=true')).body.items, [{ number: one.invoice.number }])
    const acknowledged = await acknowledge(two)
    t.match([acknowledged.status, acknowledged.body.id], [200, two.invoice.id])
    t.same((await acknowledge(two)).body, acknowledged.body, 'a repeat is answered alike')
    const [seventh] = await pickUp({ limit: 100, leaseSeconds: 600 })
    t.equal(seventh?.deliveries, 1, 'the seventh')
    await g.restart()
    t.same(await pickUp({ leaseSeconds: 2 }).then(numbers), [], 'leases outlive the process')

    // Seconds are real ones: the lease is the caller's.
    const next = async (body: object): Promise<Picked> => {
      for (let tries = 0; tries < 100; tries++) {
        const [item] = await pickUp({ ...body, limit: 1 })
        if (item !== undefined) return item
        await new Promise((resolve) => setTimeout(resolve, 200))
      }
      throw new Error('it did not come again')
    }
    const eighth = await sendOne(g)
    const [first] = await pickUp({ leaseSeconds: 1 })
    t.equal(first?.invoice.number, eighth.number)
    const again = await next({ leaseSeconds: 1 })
    t.same([again.deliveries, again.invoice.number], [2, eighth.number], 'it comes again when its lease ends')
    const last = await next({})
    const late = await acknowledge(again)
    t.match([late.status, late.body.code], [409, 'invalid-transition'], 'the first lease is over, another has it')
    t.equal((await acknowledge(last)).status, 200)
    t.equal((await g.post('/v1/received-invoices/99999999/acknowledgement', { lease: 'x' })).status, 404)
  }
)

t.test(
  'what is downloaded by hand before any pick-up is picked up all the same, what was taken before is not',
  async (t) => {
    const g = await buildGateway(t)
    const [byHand, before] = [await sendOne(g), await sendOne(g)]
    // Somebody takes one in the portal: Chorus Pro's mark says so, and we never saw it.
    const taken = await fetchFromPortal(g, before.id)
    t.equal(taken, 0)
    t.equal((await g.get(`/v1/received-invoices/${byHand.id}/documents/archive`)).status, 200)
    t.equal((await g.get(`/v1/received-invoices/${before.id}/documents/archive`)).status, 200)
    const { body } = await g.post('/v1/received-invoices/pick-up', { limit: 100 })
    t.same(
      body.items.map(({ invoice }: Picked) => invoice.number),
      [byHand.number]
    )
    g.simulator.control.setFaults([{ operation: 'factures/telecharger/groupe', kind: 'drop-answer', times: 'always' }])
    const third = await sendOne(g)
    t.not((await g.get(`/v1/received-invoices/${third.id}/documents/pdf`)).status, 200, 'marked, and the answer lost')
    g.simulator.control.clearFaults()
    const next = await g.post('/v1/received-invoices/pick-up', {})
    t.same(
      next.body.items.map(({ invoice }: Picked) => invoice.number),
      [third.number]
    )
    const down = { operation: '.*', kind: 'maintenance', times: 'always' } as const
    g.simulator.control.setFaults([down])
    t.equal((await g.post('/v1/received-invoices/pick-up', {})).status, 503, 'nothing at hand, and nobody to ask')
  }
)

async function fetchFromPortal(g: TestGateway, id: string): Promise<number> {
  const { resources } = g.gateway.parts.visit({ caller: { id: 'portal', sellers: [] } }).ways[0]
  const { facts, content } = await resources.receivedInvoices.download([id], 'pdf')
  for await (const chunk of content) void chunk
  return Number(facts['codeRetour'])
}
