import { createServer } from 'node:http'
import t, { type Test } from 'tap'
import { type Answer, buildGateway, type TestGateway } from '../helpers/gateway.ts'
import { listen } from '../src/chorus/fixtures.ts'

// Codes, flows, commitments, attachments and our account.

const callsOf = (g: TestGateway, operation: string) =>
  g.simulator.control.ledger().arrivals.filter((each) => each.operation === operation).length

/** Chorus Pro as the test says: operation → answer. What it was asked is kept. */
async function scripted(t: Test, answers: Record<string, unknown>) {
  const asked: { operation: string; payload: Record<string, unknown> }[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const operation = (request.url ?? '').replace(/^\/+/, '')
      const text = Buffer.concat(chunks).toString()
      const payload = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>)
      asked.push({ operation, payload })
      const answer = answers[operation]
      const body = typeof answer === 'function' ? (answer as (payload: object) => unknown)(payload) : answer
      response.setHeader('content-type', 'application/json')
      response.statusCode = body === undefined ? 404 : 200
      response.end(typeof body === 'string' ? body : JSON.stringify(body ?? {}))
    })
  })
  const port = await listen(t, server)
  const g = await buildGateway(t, { upstream: () => ({ apiUrl: `http://127.0.0.1:${port}` }) })
  return { g, asked, of: (operation: string) => asked.filter((each) => each.operation === operation) }
}

const raws = ({ body }: Answer): string[] => body.items.map((item: { raw: string }) => item.raw)

t.test('every list of codes is named, and can be read', async (t) => {
  const g = await buildGateway(t)
  const { body } = await g.get('/v1/code-lists')
  t.equal(body.total, body.items.length)
  t.ok(body.total > 20)
  for (const list of body.items) {
    const about = list.for?.required ? '?for=made_available' : ''
    const answer = await g.get(`/v1/code-lists/${list.name}${about}`)
    t.equal(answer.status, 200, `${list.name} ${JSON.stringify(answer.body).slice(0, 200)}`)
    t.equal(answer.body.source, list.source, list.name)
    t.ok(answer.body.items.length > 0, list.name)
    t.ok(answer.body.source === 'built-in' || answer.body.asOf !== undefined, list.name)
  }
  t.match(await g.get('/v1/code-lists/nothing'), { status: 404 })
  t.match((await g.get('/v1/code-lists/currencies')).body.items, [{ code: 'EUR', raw: 'EUR', label: /./ }])
  const rates = await g.get('/v1/code-lists/vat-rates')
  t.match(rates.body.items[0], { code: 'TVA1', label: /./, value: '0' })
})

t.test('codes have our names and their own, and labels in the language that was asked for', async (t) => {
  const g = await buildGateway(t)
  const statuses = await g.get('/v1/code-lists/statuses?language=en')
  const deposited = statuses.body.items.find((item: { raw: string }) => item.raw === 'DEPOSEE')
  t.match(deposited, { code: 'deposited', label: 'Deposited' })
  const processes = await g.get('/v1/code-lists/business-processes?for=invoice')
  t.match(processes.body.items[0], { code: 'A1', raw: 'A1_FACTURE_FOURNISSEUR', label: /facture/i })
  t.match((await g.get('/v1/code-lists/payment-means')).body.items, [{ code: '20', raw: 'CHEQUE' }])
  t.match((await g.get('/v1/code-lists/allowed-statuses')).body, {
    code: 'malformed-request',
    errors: [{ pointer: '/for' }]
  })
  t.match((await g.get('/v1/code-lists/statuses?for=what')).body, { errors: [{ pointer: '/for' }] })
  t.match((await g.get('/v1/code-lists/currencies?for=invoice')).body, { errors: [{ pointer: '/for' }] })
  const allowed = await g.get('/v1/code-lists/allowed-statuses?for=made_available')
  t.ok(allowed.body.items.some((item: { code: string }) => item.code === 'suspended'))
})

t.test('a list is asked for once a day; without Chorus Pro the old one counts, or what is built in', async (t) => {
  const g = await buildGateway(t)
  const first = await g.get('/v1/code-lists/countries')
  await g.get('/v1/code-lists/countries')
  t.equal(callsOf(g, 'transverses/recuperer/pays'), 1)
  g.simulator.control.setFaults([{ operation: '.*', kind: 'drop-before', times: 'always' }])
  t.match((await g.get('/v1/code-lists/countries')).body, { asOf: first.body.asOf, source: 'chorus-pro' })
  t.match((await g.get('/v1/code-lists/payment-means')).body, { source: 'built-in', items: [{ raw: 'CHEQUE' }] })
  t.match((await g.get('/v1/code-lists/vat-rates')).status, /50/)
  g.simulator.control.setFaults([])
})

t.test('lists of one, quoted codes, large ids and codes that nobody knows pass', async (t) => {
  const { g } = await scripted(t, {
    'transverses/recuperer/devises': { codeRetour: 0, listeDevises: { codeDevise: 'XXX', libelleDevise: 'Autre' } },
    'transverses/recuperer/typespj':
      '{"codeRetour":0,"listeTypePieceJointe":[{"codeTypePieceJointe":"\\"AAR\\"","idTypePieceJointe":9007199254740993,"typeObjet":"MEMOIRE"},{}]}',
    'transverses/recuperer/etat/typedp': {
      codeRetour: 0,
      listeEtatDemandePaiement: [{ etatDemandePaiement: 'DEPOSEE' }, { etatDemandePaiement: 'NOUVEAU' }]
    },
    'transverses/recuperer/pays': { codeRetour: 20000, libelle: 'TRA_MSG_00.015' }
  })
  t.same((await g.get('/v1/code-lists/currencies')).body.items, [{ code: 'XXX', raw: 'XXX', label: 'Autre' }])
  t.same((await g.get('/v1/code-lists/attachment-types')).body.items, [
    { code: 'AAR', raw: 'AAR', id: '9007199254740993', for: 'MEMOIRE' }
  ])
  const statuses = await g.get('/v1/code-lists/statuses')
  t.same(raws(statuses), ['DEPOSEE', 'NOUVEAU'])
  t.equal(statuses.body.items[1].code, 'other')
  t.same((await g.get('/v1/code-lists/countries')).body.items, [], 'no result is an empty list')
})
