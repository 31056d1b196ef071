import t from 'tap'
import { createAuditTrail } from '../../src/audit/trail.ts'
import type { AuditEntry } from '../../src/store/audit.ts'
import { addKey } from '../helpers/callers.ts'
import { buildGateway, formOf, goodInvoice } from '../helpers/gateway.ts'
import { makePdf } from '../helpers/pdf.ts'

const pdf = makePdf()

/** As soon as that many rows of this kind are there. */
async function rowsOf(g: Awaited<ReturnType<typeof buildGateway>>, kind: string, atLeast: number) {
  const end = Date.now() + 5_000
  for (;;) {
    const rows = await g.gateway.parts.store.listAudit({ kind }, { limit: 100, after: 0 })
    if (rows.length >= atLeast || Date.now() > end) return rows
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

t.test('every refusal leaves a row: who, what, from where', async (t) => {
  const g = await buildGateway(t)
  const reader = await addKey(g, { scopes: ['invoices:read'] })
  const limited = await addKey(g, { sellers: ['99900010200015'] })
  const post = (invoice: object, headers = {}) => g.post('/v1/invoices', formOf(invoice, pdf), headers)
  await g.get('/v1/invoices', { authorization: `${reader.authorization}x` })
  await g.get('/v1/invoices', { authorization: 'Bearer cpg_aaaaaaaaaa_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' })
  await post(goodInvoice(), reader)
  await post(goodInvoice({ seller: { siret: '99900020100015' } }), limited)
  await post(goodInvoice({ issueDate: '2026-02-30' }))
  const once = goodInvoice()
  await post(once)
  await post({ ...once, note: 'another' })
  await g.get('/v1/invoices/inv_00000000000000000000000000000000')
  g.simulator.control.setFaults([
    { operation: '.*soumettre', kind: 'error-code', codeRetour: 20003, libelle: 'Refus', times: 1 }
  ])
  const refused = await post(goodInvoice())
  t.equal(refused.body.code, 'deposit-refused')

  const rows = await rowsOf(g, 'refused', 7)
  const told = rows.map(({ actor, data }) => [actor, data?.['code'], data?.['reason'], data?.['key']])
  t.strictSame(told, [
    ['nobody', 'unauthenticated', 'wrong secret', reader.id],
    ['nobody', 'unauthenticated', 'unknown key', undefined],
    [reader.id, 'insufficient-scope', undefined, undefined],
    [limited.id, 'seller-not-allowed', undefined, undefined],
    ['default', 'validation-failed', undefined, undefined],
    ['default', 'duplicate-invoice', undefined, undefined],
    ['default', 'deposit-refused', undefined, undefined]
  ])
  for (const { origin, at, data } of rows) {
    t.match({ origin, at, data }, { origin: '127.0.0.1', at: /Z$/, data: { route: /^\/v1\/invoices/ } })
  }
  t.equal(`/v1/invoices/${rows.at(-1)?.invoiceId}`, refused.body.instance, 'in the chain of its invoice')
  t.match(await g.gateway.parts.store.verifyAudit(), { findings: [] })
})

t.test('what a gateway was started with is noted when it changes, and not otherwise', async (t) => {
  const g = await buildGateway(t)
  await g.restart()
  const [first, ...none] = await rowsOf(g, 'configuration-changed', 1)
  t.equal(none.length, 0)
  t.match(first?.data, { first: true, settings: { auth: 'api-key', apiKey: 'set', 'chorus.environment': 'simulator' } })
  await g.restart({ RETENTION_DAYS: '30', GATEWAY_API_KEY: 'another-key-of-sixteen' })
  const rows = await rowsOf(g, 'configuration-changed', 2)
  t.match(rows[1]?.data, { changed: ['retentionDays'], settings: { retentionDays: 30 } })
  t.notMatch(JSON.stringify(rows), /another-key-of-sixteen|test-key/)
})

t.test('a way out that closes and opens again', async (t) => {
  const g = await buildGateway(t)
  g.simulator.control.setFaults([{ operation: 'factures/deposer/pdf', kind: 'maintenance', times: 1 }])
  await g.post('/v1/invoices', formOf(goodInvoice(), pdf), { prefer: 'wait=5' })
  const rows = await rowsOf(g, 'lane-changed', 3)
  t.match(rows, [
    { actor: 'gateway', data: { from: 'open', to: 'paused', reason: 'upstream-unavailable' } },
    { data: { from: 'paused', to: 'half_open' } },
    { data: { from: 'half_open', to: 'open', lane: 'simulator/default' } }
  ])
  await fetch(`${g.adminUrl}/lanes/retry`, { method: 'POST' })
  t.match(await rowsOf(g, 'lane-retried', 1), [{ actor: 'admin', origin: '127.0.0.1', data: { lane: 'all' } }])
})

t.test('a flood of refusals is counted, not written', async (t) => {
  const written: AuditEntry[] = []
  const options = { now: () => new Date(), log: { info: () => undefined, error: () => undefined } }
  let fail = true
  const store = {
    appendAudit: async (entries: AuditEntry[]) => {
      if (fail) throw new Error('no store')
      written.push(...entries)
      return { seq: written.length, seal: '' }
    }
  }
  const trail = createAuditTrail({ ...options, store, flushMs: 1, differentAtMost: 10 })
  const entry = (origin: string) => ({ kind: 'refused', actor: 'nobody', origin })
  for (let i = 0; i < 5_000; i++) trail.note(entry('10.0.0.1'))
  for (let i = 0; i < 5_000; i++) trail.note(entry(`10.1.${i >> 8}.${i & 255}`))
  await new Promise((resolve) => setTimeout(resolve, 20))
  t.equal(written.length, 0)
  fail = false
  await trail.close()
  t.ok(written.length <= 20, `${written.length} rows`)
  t.match(written[0], entry('10.0.0.1'), 'the first one as it was')
  const counted = written.reduce((sum, { data }) => sum + Number(data?.['more'] ?? 0), 0)
  t.equal(counted + 10, 10_000, 'none is lost, though the store was away for a while')
})
