import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { addKey } from '../helpers/callers.ts'
import { facturX } from '../helpers/factur-x.ts'
import { buildGateway, dataInvoice, formOf, goodInvoice, type TestGateway } from '../helpers/gateway.ts'
import { makePdf } from '../helpers/pdf.ts'

const pdf = makePdf()
const acceptances = ({ simulator }: TestGateway, number: string) =>
  simulator.control.ledger().acceptances.filter((each) => each.number === number)

t.test('a PDF and its fields become an invoice in Chorus Pro', async (t) => {
  const g = await buildGateway(t)
  const invoice = goodInvoice({ commitmentNumber: 'EJ-1' })
  const answer = await g.post('/v1/invoices', formOf(invoice, pdf))
  t.equal(answer.status, 201)
  t.match(answer.headers.get('location'), /^\/v1\/invoices\/inv_[0-9a-f]{32}$/)
  t.match(answer.body, {
    ...invoice,
    submission: { state: 'integrated', mode: 'pdf', outcome: 'sent', attempts: 1 },
    status: { code: 'deposited', raw: 'DEPOSEE' },
    upstream: { invoiceId: /^\d+$/, number: invoice.number }
  })
  const [taken, ...others] = acceptances(g, invoice.number)
  t.same(others, [])
  t.match(taken, { supplier: '99900010200015', recipient: '12345678200051', payable: 1200 })
  t.equal(taken?.digest, answer.body.documents[0].sha256, 'the very bytes arrived')

  const document = await g.get(answer.body.documents[0].href)
  t.equal(document.status, 200)
  t.match(document.headers.get('content-disposition'), /^attachment; filename="facture\.pdf"/)
  t.equal(document.body.length > 0, true)

  const moved = await g.until(answer.body.id, (read) => read.status.code === 'made_available')
  t.equal(moved.status.raw, 'MISE_A_DISPOSITION')
  const timeline = await g.get(`${answer.body.links.timeline}`)
  t.match(
    timeline.body.history.map((each: { raw: string }) => each.raw),
    ['DEPOSEE', 'EN_COURS_ACHEMINEMENT', 'MISE_A_DISPOSITION']
  )
  t.match(timeline.body.attempts, [{ number: 1, operation: 'factures/soumettre', proof: 'done' }])
})

t.test('every shape of the request gives the same invoice', async (t) => {
  const g = await buildGateway(t)
  const file = new Blob([new Uint8Array(pdf)], { type: 'application/pdf' })
  type Invoice = ReturnType<typeof goodInvoice>
  const flat = (invoice: Invoice, within: (group: string, name: string) => string) => {
    const form = new FormData()
    form.set('number', invoice.number)
    form.set('issueDate', invoice.issueDate)
    form.set(within('seller', 'siret'), invoice.seller.siret)
    form.set(within('buyer', 'siret'), invoice.buyer.siret)
    form.set(within('payment', 'meansCode'), '30')
    for (const [name, value] of Object.entries(invoice.totals)) form.set(within('totals', name), value)
    form.set('note', '')
    form.set('file', file, 'facture.pdf')
    return form
  }
  const shapes: Record<string, (invoice: Invoice) => FormData | object | string> = {
    'the invoice as a text field': (invoice) => formOf(invoice, pdf),
    'the invoice as a typed part with a file name': (invoice) => {
      const form = new FormData()
      form.set('invoice', new Blob([JSON.stringify(invoice)], { type: 'application/json' }))
      form.set('file', file, 'facture.pdf')
      return form
    },
    'the file before the invoice': (invoice) => {
      const form = new FormData()
      form.set('file', file, 'facture.pdf')
      form.set('invoice', JSON.stringify(invoice))
      return form
    },
    'flat text fields': (invoice) => flat(invoice, (group, name) => `${group}.${name}`),
    'JSON with base64': (invoice) => ({
      ...invoice,
      file: { name: 'facture.pdf', contentBase64: pdf.toString('base64') }
    }),
    'flat text fields in brackets, with what .NET and PHP make of them': (invoice) => {
      const form = flat(invoice, (group, name) => `${group}[${name}]`)
      form.set('completeFromDocument', 'True')
      form.set('tags[]', 'a')
      form.set('attachments', new Blob([]), '')
      return form
    },
    'JSON with base64 whose signs are escaped': (invoice) =>
      JSON.stringify({ ...invoice, file: { name: 'facture.pdf', contentBase64: '@' } }).replace(
        '"@"',
        `"${pdf.toString('base64').replaceAll('+', '\\u002B').replaceAll('=', '\\u003d').replaceAll('/', '\\/')}"`
      ),
    'JSON with base64 in lines': (invoice) => ({
      ...invoice,
      file: { name: 'facture.pdf', contentBase64: pdf.toString('base64').replace(/.{76}/g, '$&\r\n') }
    })
  }
  for (const [name, shape] of Object.entries(shapes)) {
    t.test(name, async (t) => {
      const invoice = goodInvoice()
      const answer = await g.post('/v1/invoices', shape(invoice))
      t.equal(answer.status, 201, JSON.stringify(answer.body))
      t.match(answer.body, invoice)
      t.equal(answer.body.documents[0].name, 'facture.pdf')
      t.equal(acceptances(g, invoice.number)[0]?.digest, answer.body.documents[0].sha256)
    })
  }
  t.test('typed parts without a file name', async (t) => {
    const invoice = goodInvoice()
    const boundary = 'limit'
    const body = Buffer.concat([
      Buffer.from(
        `--${boundary}\r\nContent-Disposition: form-data; name="invoice"\r\nContent-Type: application/json\r\n\r\n${JSON.stringify(invoice)}\r\n`
      ),
      Buffer.from(
        `--${boundary}\r\nContent-Disposition: form-data; name="file"\r\nContent-Type: application/pdf\r\n\r\n`
      ),
      pdf,
      Buffer.from(`\r\n--${boundary}--\r\n`)
    ])
    const response = await fetch(`${g.url}/v1/invoices`, {
      method: 'POST',
      body,
      headers: {
        'content-type': `multipart/form-data; boundary=${boundary}`,
        authorization: `Bearer ${'test-key-0123456789abcdef'}`
      }
    })
    t.equal(response.status, 201, await response.text())
  })
})

t.test('attachments travel with the invoice', async (t) => {
  const g = await buildGateway(t)
  const invoice = goodInvoice()
  const form = formOf(invoice, pdf)
  form.append('attachments', new Blob(['bon de livraison']), 'bon.txt')
  form.append('attachments', new Blob([new Uint8Array(pdf)]), 'plan.pdf')
  const answer = await g.post('/v1/invoices', form)
  t.equal(answer.status, 201, JSON.stringify(answer.body))
  t.match(
    answer.body.documents.map((each: { role: string; name: string }) => [each.role, each.name]),
    [
      ['invoice', 'facture.pdf'],
      ['attachment', 'bon.txt'],
      ['attachment', 'plan.pdf']
    ]
  )
  const added = g.simulator.control.ledger().arrivals.filter((each) => each.operation === 'transverses/ajouter/fichier')
  t.equal(added.length, 2)
})

t.test(
  'attachments are numbered where a client cannot repeat a name, and those that nobody chose are none',
  async (t) => {
    const g = await buildGateway(t)
    const form = formOf(goodInvoice(), pdf)
    form.set('attachments[0]', new Blob([new Uint8Array(makePdf({ size: 3_000 }))]), 'a.pdf')
    form.set('attachments[1]', new Blob([new Uint8Array(makePdf({ size: 4_000 }))]), 'b.pdf')
    form.set('attachments[]', new Blob([]), '')
    const answer = await g.post('/v1/invoices', form)
    t.equal(answer.status, 201, JSON.stringify(answer.body))
    t.strictSame(
      answer.body.documents.map(({ name }: { name: string }) => name),
      ['facture.pdf', 'a.pdf', 'b.pdf']
    )
    t.strictSame(readdirSync(join(g.dataDir, 'tmp')), [])
  }
)

t.test('text that says nothing does not satisfy a recipient who demands it', async (t) => {
  const g = await buildGateway(t)
  const invoice = goodInvoice({ buyer: { siret: '12345678200036' }, commitmentNumber: ' ' })
  const answer = await g.post('/v1/invoices', formOf(invoice, pdf))
  t.match(answer.body, { status: 422, code: 'commitment-number-required' })
  t.equal(g.simulator.control.ledger().acceptances.length, 0)
})

t.test('fields alone become an invoice that Chorus Pro numbers', async (t) => {
  const g = await buildGateway(t)
  const invoice = dataInvoice()
  const without = await g.post('/v1/invoices', invoice)
  t.equal(without.status, 400)
  t.equal(without.body.code, 'idempotency-key-required')
  const answer = await g.post('/v1/invoices', invoice, { 'idempotency-key': 'order-1' })
  t.equal(answer.status, 201, JSON.stringify(answer.body))
  t.match(answer.body, { submission: { mode: 'data', state: 'integrated' }, upstream: { number: /^\d{20}$/ } })
  const again = await g.post('/v1/invoices', invoice, { 'idempotency-key': 'order-1' })
  t.equal(again.status, 200)
  t.equal(again.headers.get('idempotency-replayed'), 'true')
  t.equal(again.body.id, answer.body.id)
  t.equal(g.simulator.control.ledger().acceptances.length, 1)
})

t.test('a Factur-X goes as a flow and is followed to the invoice', async (t) => {
  const g = await buildGateway(t, { simulator: { flowDelayMs: 20_000 } })
  const number = `FX-${process.pid}`
  const answer = await g.post('/v1/invoices', formOf({}, facturX({ number })))
  t.equal(answer.status, 201, JSON.stringify(answer.body))
  t.match(answer.body, {
    number,
    buyer: { siret: '12345678200051' },
    totals: { payable: '1200.00' },
    submission: { state: 'submitted', mode: 'structured' },
    upstream: { flowNumber: /^CPP/ }
  })
  const done = await g.until(answer.body.id, (read) => read.submission.state === 'integrated')
  t.match(done, { upstream: { invoiceId: /^\d+$/, flowState: 'IN_INTEGRE' }, status: { raw: /^[A-Z_]+$/ } })
  t.equal(acceptances(g, number).length, 1)
})

t.test('a flow that Chorus Pro refuses is rejected with the fields that its text names', async (t) => {
  const g = await buildGateway(t, { simulator: { flowDelayMs: 10_000 } })
  // Asked for again after the check: the recipient closed its service meanwhile.
  g.simulator.control.configure({ flowOutcome: 'IN_REJETE' })
  const answer = await g.post('/v1/invoices', formOf({}, facturX({ number: `FXR-${process.pid}` })))
  t.equal(answer.status, 201, JSON.stringify(answer.body))
  const done = await g.until(answer.body.id, (read) => read.submission.state !== 'submitted')
  t.match(done.submission, { state: 'rejected', outcome: 'not_sent', error: { code: 'deposit-refused' } })
})

t.test('what the caller says must agree with the document', async (t) => {
  const g = await buildGateway(t)
  const answer = await g.post(
    '/v1/invoices',
    formOf({ number: 'OTHER', totals: { payable: '1.00' } }, facturX({ number: 'FX-9' }))
  )
  t.equal(answer.status, 422)
  t.equal(answer.body.code, 'document-mismatch')
  t.match(answer.body.errors.map((each: { pointer: string }) => each.pointer).sort(), ['/number', '/totals/payable'])

  const asPdf = goodInvoice({ submissionMode: 'pdf', number: `FXP-${process.pid}` })
  const sent = await g.post('/v1/invoices', formOf(asPdf, facturX({ number: 'FX-9' })))
  t.equal(sent.status, 201, 'as a PDF the XML is only an attachment')
  t.match(sent.body.warnings, [{ pointer: '/number', rule: 'document-mismatch', message: /FX-9/ }])
})

t.test('a refusal by Chorus Pro becomes a 422 problem that names the kept invoice', async (t) => {
  const g = await buildGateway(t)
  g.simulator.control.setFaults([
    {
      operation: 'factures/soumettre',
      kind: 'error-code',
      codeRetour: 20013,
      libelle: 'GDP_MSG_99.999 - Le service est obligatoire'
    }
  ])
  const invoice = goodInvoice()
  const answer = await g.post('/v1/invoices', formOf(invoice, pdf))
  t.equal(answer.status, 422, JSON.stringify(answer.body))
  t.match(answer.body, {
    code: 'deposit-refused',
    retryable: false,
    upstream: { service: 'factures/soumettre', returnCode: 20013 },
    errors: [{ pointer: '/buyer/serviceCode', rule: 'deposit-refused' }]
  })
  const kept = await g.get(answer.body.instance)
  t.equal(kept.body.submission.state, 'rejected')

  const again = await g.post('/v1/invoices', formOf(goodInvoice({ number: invoice.number, note: 'corrected' }), pdf))
  t.equal(again.status, 409, 'the number is taken until the corrected invoice says what it replaces')
  t.match(again.body.detail, /replaces/)
  const corrected = goodInvoice({ number: invoice.number, note: 'corrected', replaces: kept.body.id })
  t.equal((await g.post('/v1/invoices', formOf(corrected, pdf))).status, 201)
})

t.test('a repeat is answered and not sent', async (t) => {
  const g = await buildGateway(t)
  const invoice = goodInvoice()
  const first = await g.post('/v1/invoices', formOf(invoice, pdf), { 'idempotency-key': 'k1' })
  t.equal(first.status, 201)
  for (const key of [{ 'idempotency-key': 'k1' }, { 'idempotency-key': 'k2' }, {}]) {
    const again = await g.post('/v1/invoices', formOf(invoice, pdf), key as Record<string, string>)
    t.equal(again.status, 200, JSON.stringify(again.body))
    t.equal(again.body.id, first.body.id)
    t.equal(again.headers.get('idempotency-replayed'), 'true')
  }
  const changed = await g.post('/v1/invoices', formOf({ ...invoice, note: 'x' }, pdf), { 'idempotency-key': 'k1' })
  t.equal(changed.body.code, 'idempotency-key-reused')
  const other = await g.post('/v1/invoices', formOf({ ...invoice, note: 'x' }, pdf), { 'idempotency-key': 'k3' })
  t.match(other.body, { status: 409, code: 'duplicate-invoice', instance: `/v1/invoices/${first.body.id}` })
  t.equal(acceptances(g, invoice.number).length, 1)

  const parallel = goodInvoice()
  const answers = await Promise.all(Array.from({ length: 32 }, () => g.post('/v1/invoices', formOf(parallel, pdf))))
  t.equal(new Set(answers.map((each) => each.body.id)).size, 1)
  t.equal(answers.filter((each) => each.status === 201 && each.headers.get('idempotency-replayed') === null).length, 1)
  t.equal(acceptances(g, parallel.number).length, 1)
})

t.test('a lost answer is cleared up by a search and never sent again', async (t) => {
  for (const kind of ['drop-answer', 'reset', 'cut', 'status', 'html', 'empty-object', 'wrong-echo'] as const) {
    t.test(kind, async (t) => {
      const g = await buildGateway(t, { environment: { GATEWAY_TIME_SCALE: '1000' } })
      const invoice = goodInvoice()
      g.simulator.control.setFaults([
        {
          operation: 'factures/soumettre',
          kind,
          processed: true,
          ...(kind === 'cut' && { at: 20 }),
          ...(kind === 'status' && { status: 504 }),
          ...(kind === 'wrong-echo' && { echo: 'AUTRE' })
        }
      ])
      const answer = await g.post('/v1/invoices', formOf(invoice, pdf), { prefer: 'wait=0' })
      t.equal(answer.status, 202, JSON.stringify(answer.body))
      const done = await g.until(answer.body.id, (read) => read.submission.state === 'integrated')
      t.match(done, { submission: { outcome: 'sent', attempts: 1 }, upstream: { invoiceId: /^\d+$/ } })
      const calls = g.simulator.control.ledger().arrivals.filter((each) => each.operation === 'factures/soumettre')
      t.equal(calls.length, 1)
      t.equal(acceptances(g, invoice.number).length, 1)
    })
  }
})

t.test('what was not sent goes out once the way is open again', async (t) => {
  const cases = {
    'before the call: 429': { operation: 'factures/soumettre', kind: 'throttle', retryAfterS: 1 },
    'during the upload: connection lost': { operation: 'factures/deposer/pdf', kind: 'drop-answer' },
    'during the upload: 503 page': { operation: 'factures/deposer/pdf', kind: 'maintenance' }
  } as const
  for (const [name, fault] of Object.entries(cases)) {
    t.test(name, async (t) => {
      const g = await buildGateway(t)
      const invoice = goodInvoice()
      g.simulator.control.setFaults([fault])
      const answer = await g.post('/v1/invoices', formOf(invoice, pdf), { prefer: 'respond-async' })
      t.equal(answer.status, 202)
      await g.until(answer.body.id, (read) => read.submission.state === 'integrated')
      t.equal(acceptances(g, invoice.number).length, 1)
    })
  }
})

t.test('trouble with our own credentials is never the caller’s fault', async (t) => {
  const g = await buildGateway(t)
  g.simulator.control.configure({ passwordExpired: true })
  const invoice = goodInvoice()
  const answer = await g.post('/v1/invoices', formOf(invoice, pdf))
  t.equal(answer.status, 202, JSON.stringify(answer.body))
  const ready = await g.get('/health/ready')
  t.match(ready.body, { status: 'degraded', lanes: [{ state: 'paused', reason: 'technical-account-rejected' }] })
  const organization = await g.get('/v1/directory/organizations/12345678200051')
  t.match(organization.body, { status: 503, code: 'technical-account-rejected', owner: 'operator' })
  g.simulator.control.configure({ passwordExpired: false })
  await g.until(answer.body.id, (read) => read.submission.state === 'integrated')
  t.equal(acceptances(g, invoice.number).length, 1)
})

t.test('work is resumed after a restart', async (t) => {
  const g = await buildGateway(t)
  g.simulator.control.configure({ maintenance: true })
  const invoice = goodInvoice()
  const answer = await g.post('/v1/invoices', formOf(invoice, pdf))
  t.equal(answer.status, 202)
  await g.restart()
  g.simulator.control.configure({ maintenance: false })
  await g.until(answer.body.id, (read) => read.submission.state === 'integrated')
  t.equal(acceptances(g, invoice.number).length, 1)
})

t.test('cancelling and refreshing', async (t) => {
  const g = await buildGateway(t)
  g.simulator.control.configure({ maintenance: true })
  const waiting = await g.post('/v1/invoices', formOf(goodInvoice(), pdf), { prefer: 'respond-async' })
  await g.until(waiting.body.id, (read) => read.submission.error !== undefined)
  const gone = await fetch(`${g.url}${waiting.body.links.cancel}`, {
    method: 'POST',
    headers: { authorization: 'Bearer test-key-0123456789abcdef' }
  })
  t.equal(gone.status, 200, await gone.clone().text())
  t.match(await gone.json(), { submission: { state: 'cancelled' } })
  g.simulator.control.configure({ maintenance: false })

  const invoice = goodInvoice()
  let sent = await g.post('/v1/invoices', formOf(invoice, pdf))
  if (sent.status === 202)
    sent = { ...sent, body: await g.until(sent.body.id, (read) => read.submission.state === 'integrated') }
  const late = await fetch(`${g.url}/v1/invoices/${sent.body.id}/cancel`, {
    method: 'POST',
    headers: { authorization: 'Bearer test-key-0123456789abcdef' }
  })
  t.equal(late.status, 409)
  t.match(await late.json(), { code: 'invalid-transition', detail: /received, deposited and held/ })
  g.simulator.control.setStatus(invoice.number, 'SUSPENDUE', 'Il manque le bon de livraison')
  const refreshed = await fetch(`${g.url}/v1/invoices/${sent.body.id}/refresh`, {
    method: 'POST',
    headers: { authorization: 'Bearer test-key-0123456789abcdef' }
  })
  t.match(await refreshed.json(), {
    status: { code: 'suspended', raw: 'SUSPENDUE', comment: 'Il manque le bon de livraison' }
  })
})

t.test('nothing half-way is left of a refused request', async (t) => {
  const g = await buildGateway(t)
  for (const bad of [
    formOf(goodInvoice({ buyer: { siret: '99800003800013' } }), pdf),
    formOf({ foo: 1 }, pdf),
    formOf('{', pdf)
  ]) {
    const answer = await g.post('/v1/invoices', bad)
    t.ok(answer.status >= 400 && answer.status < 500, String(answer.status))
  }
  t.same(readdirSync(join(g.dataDir, 'tmp')), [])
  t.same(readdirSync(join(g.dataDir, 'documents')), [])
  t.same((await g.get('/v1/invoices')).body, { items: [] })
})

t.test('both ways in carry the same invoice', async (t) => {
  const g = await buildGateway(t, { environment: { CHORUS_PRO_ACCESS: 'piste' } })
  const invoice = goodInvoice()
  t.equal((await g.post('/v1/invoices', formOf(invoice, pdf))).status, 201)
  const { arrivals, tokens } = g.simulator.control.ledger()
  t.equal(
    arrivals.every((each) => each.access === 'piste'),
    true
  )
  t.equal(tokens.issued, 1)
})

t.test('a number that Chorus Pro has from somebody else is held, not adopted', async (t) => {
  const g = await buildGateway(t, { environment: { GATEWAY_TIME_SCALE: '1000' } })
  const taken = goodInvoice()
  t.equal((await g.post('/v1/invoices', formOf(taken, pdf))).status, 201)
  // Another gateway, or a person on the portal: this ledger knows nothing of it.
  const other = await buildGateway(t, { environment: { GATEWAY_TIME_SCALE: '1000' }, upstream: () => upstreamOf(g) })
  for (const [invoice, reason] of [
    [taken, 'already_deposited_elsewhere'],
    [{ ...taken, note: 'x', buyer: { siret: '99800006100015' }, number: taken.number }, undefined]
  ] as const) {
    const answer = await other.post('/v1/invoices', formOf(invoice, pdf), { prefer: 'wait=0' })
    if (reason === undefined) {
      t.equal(answer.status, 409)
      continue
    }
    const held = await other.until(answer.body.id, (read) => read.submission.state === 'held')
    t.match(held.submission, { heldReason: reason, attempts: 1 })
  }
  t.equal(acceptances(g, taken.number).length, 1)
})

t.test('a call that never arrived is sent again once a proven search has found nothing for long enough', async (t) => {
  const g = await buildGateway(t, { environment: { GATEWAY_TIME_SCALE: '5000', CHORUS_PRO_TIMEOUT_MS: '1000' } })
  t.equal((await g.post('/v1/invoices', formOf(goodInvoice(), pdf))).status, 201, 'a witness for the search')
  const invoice = goodInvoice()
  g.simulator.control.setFaults([{ operation: 'factures/soumettre', kind: 'drop-before' }])
  const answer = await g.post('/v1/invoices', formOf(invoice, pdf), { prefer: 'wait=0' })
  const done = await g.until(answer.body.id, (read) => read.submission.state === 'integrated')
  t.match(done.submission, { outcome: 'sent', attempts: 2 })
  const { body } = await g.get(done.links.timeline)
  const types = body.items.map((each: { type: string }) => each.type)
  t.ok(types.filter((type: string) => type === 'search-negative').length >= 2)
  t.ok(types.includes('resend-decided'))
  t.match(body.attempts, [{ proof: 'unknown' }, { proof: 'done' }])
  t.equal(acceptances(g, invoice.number).length, 1)
})

t.test('a lost answer that no search can clear up is held and never sent again', async (t) => {
  const cases = {
    'the search never shows anything': { simulator: { dedupe: false, searchLagMs: 'forever' as const }, witness: true },
    'no search has ever proven that it sees': { simulator: { dedupe: false }, witness: false }
  }
  for (const [name, { simulator, witness }] of Object.entries(cases)) {
    t.test(name, async (t) => {
      const g = await buildGateway(t, {
        environment: { GATEWAY_TIME_SCALE: '5000', CHORUS_PRO_TIMEOUT_MS: '1000' },
        simulator
      })
      if (witness) t.equal((await g.post('/v1/invoices', formOf(goodInvoice(), pdf))).status, 201)
      const invoice = goodInvoice()
      g.simulator.control.setFaults([
        { operation: 'factures/soumettre', kind: witness ? 'drop-answer' : 'drop-before' }
      ])
      const answer = await g.post('/v1/invoices', formOf(invoice, pdf), { prefer: 'wait=0' })
      const held = await g.until(answer.body.id, (read) => read.submission.state === 'held')
      t.match(held.submission, { heldReason: 'unknown_outcome', outcome: 'unknown', attempts: 1 })
      t.equal(acceptances(g, invoice.number).length, witness ? 1 : 0)
    })
  }
})

t.test('an operator decides about a held invoice', async (t) => {
  const g = await buildGateway(t, {
    environment: { GATEWAY_TIME_SCALE: '5000', CHORUS_PRO_TIMEOUT_MS: '1000' },
    simulator: { dedupe: false }
  })
  const held = async (kind: 'drop-answer' | 'drop-before') => {
    const invoice = goodInvoice()
    g.simulator.control.configure({ searchLagMs: 'forever' })
    g.simulator.control.setFaults([{ operation: 'factures/soumettre', kind }])
    const answer = await g.post('/v1/invoices', formOf(invoice, pdf), { prefer: 'wait=0' })
    const body = await g.until(answer.body.id, (read) => read.submission.state === 'held')
    g.simulator.control.configure({ searchLagMs: 0 })
    return { number: invoice.number, path: `/v1/invoices/${body.id}/resolution`, id: body.id }
  }
  const operator = await addKey(g, { scopes: ['operator'] })
  const first = await held('drop-before')
  const refused = await g.post(first.path, { action: 'resend', reason: 'not there' })
  t.match(refused.body, { status: 403, code: 'insufficient-scope' })
  t.match((await g.post(first.path, { action: 'resend', colour: 1 }, operator)).body, {
    status: 400,
    code: 'malformed-request'
  })
  t.equal(
    (await g.post(first.path, { action: 'resend', reason: 'looked on the portal: not there' }, operator)).status,
    200
  )
  await g.until(first.id, (read) => read.submission.state === 'integrated')
  t.equal(acceptances(g, first.number).length, 1)
  t.match((await g.post(first.path, { action: 'close', reason: 'too late' }, operator)).body, {
    status: 409,
    code: 'invalid-transition'
  })

  const second = await held('drop-answer')
  const [taken] = acceptances(g, second.number)
  t.match((await g.post(second.path, { action: 'link', invoiceId: '1', reason: 'a guess' }, operator)).body, {
    status: 422,
    errors: [{ pointer: '/invoiceId' }]
  })
  const another = await held('drop-before')
  t.match(
    (await g.post(another.path, { action: 'link', invoiceId: taken?.id, reason: 'a wrong line' }, operator)).body,
    { status: 422 },
    'the id of another number'
  )
  const linked = await g.post(
    second.path,
    { action: 'link', invoiceId: taken?.id, reason: 'seen on the portal' },
    operator
  )
  t.match(linked.body, { submission: { state: 'integrated' }, upstream: { invoiceId: taken?.id } })

  // Numbered by Chorus Pro: nothing but the id tells which one it is.
  g.simulator.control.setFaults([{ operation: 'factures/soumettre', kind: 'drop-answer', times: 'always' }])
  const unnumbered = []
  for (const key of ['d1', 'd2']) {
    const answer = await g.post('/v1/invoices', dataInvoice(), { 'idempotency-key': key, prefer: 'wait=0' })
    await g.until(answer.body.id, (read) => read.submission.state === 'held')
    unnumbered.push(`/v1/invoices/${answer.body.id}/resolution`)
  }
  const typed = g.simulator.control.ledger().acceptances.findLast(({ mode }) => /SAISIE/.test(mode))
  const link = { action: 'link', invoiceId: typed?.id, reason: 'seen on the portal' }
  t.equal((await g.post(unnumbered[0] ?? '', link, operator)).status, 200)
  t.match((await g.post(unnumbered[1] ?? '', link, operator)).body, {
    status: 422,
    errors: [{ pointer: '/invoiceId', message: / is our inv_\w+ already/ }]
  })

  const third = await held('drop-before')
  t.match((await g.post(third.path, { action: 'close', reason: 'made anew by hand' }, operator)).body, {
    submission: { state: 'cancelled' }
  })
  const timeline = await g.get(`/v1/invoices/${third.id}/timeline`)
  t.ok(
    timeline.body.items.some(
      (each: { type: string; data: { action?: string } }) =>
        each.type === 'operator-decided' && each.data.action === 'close'
    )
  )
})

function upstreamOf({ simulator }: TestGateway) {
  return {
    apiUrl: simulator.certificateUrl,
    certificate: { pkcs12: simulator.clientPkcs12, passphrase: simulator.clientPkcs12Passphrase },
    extraCa: simulator.ca
  }
}

t.test('fields that were left out come from the document, the number included', async (t) => {
  const g = await buildGateway(t)
  const { number: _number, totals: _totals, ...rest } = goodInvoice({ completeFromDocument: true })
  const missing = await g.post('/v1/invoices', formOf(rest, pdf))
  t.equal(missing.body.code, 'idempotency-key-required')
  g.simulator.control.configure({
    extraction: {
      numeroFacture: 'LUE-1',
      montantHtTotal: 1000,
      montantTVA: 200,
      montantTtcAvantRemiseGlobalTTC: 1200,
      montantAPayer: 1200
    }
  })
  const answer = await g.post('/v1/invoices', formOf(rest, pdf), { 'idempotency-key': 'a' })
  t.equal(answer.status, 201, JSON.stringify(answer.body))
  t.match(answer.body, { number: 'LUE-1', totals: { payable: /^1200/ }, upstream: { number: 'LUE-1' } })
  const twice = await g.post('/v1/invoices', formOf(rest, makePdf({ text: 'other bytes' })), { 'idempotency-key': 'b' })
  t.match(twice.body, { status: 409, code: 'duplicate-invoice', instance: /inv_/ })
  g.simulator.control.configure({ extraction: { numeroFacture: 'LUE-2' } })
  const unread = await g.post('/v1/invoices', formOf(rest, pdf), { 'idempotency-key': 'c' })
  t.match(unread.body, { status: 422, code: 'validation-failed' })
  t.ok(unread.body.errors.some((each: { pointer: string }) => each.pointer === '/totals/payable'))
  t.equal(g.simulator.control.ledger().acceptances.length, 1)
})
