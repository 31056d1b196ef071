import t from 'tap'
import { createAsker, type Page, type PageRequest } from '../../../src/chorus/asker.ts'
import { ChorusError } from '../../../src/chorus/errors.ts'
import { parseJson, readObject } from '../../../src/chorus/json.ts'
import type { Operation } from '../../../src/chorus/request.ts'
import { createResources } from '../../../src/chorus/resources.ts'
import { createIssued } from '../../../src/portal/issued.ts'
import { createReceived } from '../../../src/portal/received.ts'
import { createStructures } from '../../../src/portal/structures.ts'
import type { Visit } from '../../../src/portal/visit.ts'

// What Chorus Pro's answers may look like, and what is made of them: a small upstream that answers as each test wants.

type Asked = { service: string; body: string }

/** Answers are JSON texts, so that ids keep their digits. */
function upstream(answer: (asked: Asked) => string) {
  const asked: Asked[] = []
  const ask = async (operation: Operation) => {
    const { service } = operation
    const content = operation.body?.().content
    const question = { service, body: Buffer.isBuffer(content) ? content.toString() : '' }
    asked.push(question)
    const read = readObject(parseJson(answer(question)))
    const exchange = { service, httpStatus: 200, returnCode: Number(read['codeRetour'] ?? 0), label: 'x' }
    if (exchange.returnCode !== 0) {
      const evidence = { proof: 'refused', problem: 'deposit-refused', service, lane: false, exchange } as const
      throw new ChorusError('refused', evidence)
    }
    return { answer: read, exchange }
  }
  return { asked, resources: createResources(createAsker(ask)) }
}

async function problemOf(work: Promise<unknown>): Promise<string> {
  try {
    await work
    return 'none'
  } catch (error) {
    if (!(error instanceof ChorusError)) throw error
    return `${error.evidence.proof} ${error.evidence.problem}`
  }
}

const firstPage = { page: 1, size: 50, seen: 0 }
const big = '9007199254740993'

t.test('rows: large ids, absent fields, one row as an object, unknown codes, every style of date', async (t) => {
  const { resources, asked } = upstream(
    () => `{"codeRetour":0,"libelle":"TRA_MSG_00.000","parametresRetour":{"total":1,"pages":1},"unheardOf":{"a":1},
      "listeFactures":{"identifiantFactureCPP":${big},"codeFournisseur":99900010200015,"statut":"TOUT_NOUVEAU",
      "typeFacture":"AUTRE_CHOSE","modeDepot":"FAX","dateFacture":"01/09/2026","dateDepot":"2026-09-02T00:00:00.000+02:00",
      "dateHeureEtatCourant":"2026-09-03 08:00","montantTTC":1200.10,"montantHT":"1000,5","numeroBonCommande":"","unknown":[1]}}`
  )
  const { items, total } = await resources.issuedInvoices.search({}, firstPage)
  t.equal(total, 1)
  t.same(items, [
    {
      id: big,
      seller: { siret: '99900010200015', identifier: '99900010200015' },
      buyer: {},
      totals: { taxExclusive: '1000.5', taxInclusive: '1200.10' },
      status: { code: 'other', raw: 'TOUT_NOUVEAU', since: '2026-09-03T06:00:00.000Z' },
      typeCode: 'other',
      issueDate: '2026-09-01',
      depositDate: '2026-09-02',
      depositMode: 'other',
      upstream: { status: 'TOUT_NOUVEAU', type: 'AUTRE_CHOSE', depositMode: 'FAX' }
    }
  ])
  const search = {
    sellerId: big,
    statuses: ['SUSPENDUE'],
    payableMin: '12345678901234.123456',
    statusSince: '2026-09-01T12:00:00Z',
    statusUntil: '2026-09-01T12:00:00Z',
    createdBy: [big],
    sort: '-payable'
  }
  await resources.issuedInvoices.search(search, { page: 3, size: 7, seen: 14 })
  const sent = asked[1]?.body ?? ''
  for (const part of [
    `"idFournisseur":${big}`,
    `"idUtilisateurCreateur":[${big}]`,
    '"montantApayerMin":12345678901234.123456',
    '"statutCourant":["SUSPENDUE"]',
    '"periodeDateHeureEtatCourantDu":"2026-09-01T12:00:00"',
    '"periodeDateHeureEtatCourantAu":"2026-09-01T14:00:00"',
    '"pageResultatDemandee":3,"nbResultatsParPage":7,"triColonne":"MontantAPayer","triSens":"Descendant"'
  ]) {
    t.match(sent, part)
  }
  t.notMatch(sent, 'null', 'what is not asked for is left out')
})

t.test('a page more than either counter says is read before a list ends', async (t) => {
  const rows = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, index) => ({ identifiantFactureCPP: from + index }))
  for (const counters of [
    { pages: 2, total: 12 },
    { pages: 2, total: 10 },
    { pages: 2, total: 13 },
    { pages: 1, total: 12 }
  ]) {
    const { resources } = upstream(({ body }) => {
      const page = /"pageResultatDemandee":(\d+)/.exec(body)?.[1]
      const listeFactures = page === '1' ? rows(0, 10) : page === '2' ? rows(10, 12) : []
      return JSON.stringify({ codeRetour: 0, listeFactures, parametresRetour: counters })
    })
    let came = 0
    let at: PageRequest | undefined = { ...firstPage, size: 10 }
    while (at !== undefined) {
      const { items, next }: Page<unknown> = await resources.issuedInvoices.search({}, at)
      came += items.length
      at = next
    }
    t.equal(came, 12, JSON.stringify(counters))
  }
})

t.test('one invoice: every page of three lists, counted; nothing at all is an invoice too', async (t) => {
  const lines = (page: number) =>
    Array.from({ length: page < 3 ? 2 : 1 }, (_, index) => `{"lignePosteNumero":${page * 10 + index}}`).join()
  let total = 5
  const { resources } = upstream(({ body }) => {
    const page = Number(/"pageResultatDemandeeLignesPoste":(\d+)/.exec(body)?.[1])
    return `{"codeRetour":0,"facture":{"numeroFacture":"F","references":null,"fournisseur":{"codeFournisseur":"BE09","typeIdentifiantFournisseur":"UE_HORS_FRANCE"},
      "recapitulatifDeTva":{"ligneTva":{"ligneTvaTauxManuel":20.00}},
      "lignesDePoste":{"lignePoste":[${lines(page)}],"pagesLignesPoste":3,"totalLignesPoste":${total}}}}`
  })
  const found = await resources.issuedInvoices.find(big)
  t.match(found, { id: big, number: 'F', status: { code: 'other', raw: '' }, vatBreakdown: [{ rate: '20.00' }] })
  t.same(found.seller, { identifier: 'BE09', identifierType: 'UE_HORS_FRANCE' }, 'no SIRET is made of another number')
  t.same(
    found.lines.map(({ number }) => number),
    ['10', '11', '20', '21', '30']
  )
  total = 6
  t.equal(await problemOf(resources.issuedInvoices.find(big)), 'unknown upstream-protocol-error')
  const { resources: bare } = upstream(() => '{"codeRetour":0}')
  t.match(await bare.receivedInvoices.find('7'), { id: '7', lines: [], attachments: [] })
})

t.test('an answer about another invoice reaches nobody', async (t) => {
  const { resources } = upstream(
    () => '{"codeRetour":0,"idFacture":8,"facture":{"identifiantFactureCPP":8},"numeroFacture":"THEIRS"}'
  )
  for (const work of [
    resources.issuedInvoices.find('7'),
    resources.issuedInvoices.history('7'),
    resources.receivedInvoices.find('7'),
    resources.receivedInvoices.setStatus('7', { rawStatus: 'REJETEE', reason: 'x' }),
    resources.issuedInvoices.complete('7', { comment: 'x', attachments: [] })
  ]) {
    t.equal(await problemOf(work), 'unknown upstream-protocol-error')
  }
})

function visitOf(resources: Visit['ways'][0]['resources'], sellers: string[]): Visit {
  const nobody = async () => undefined
  const nothing = async () => []
  const directory = {
    organization: nobody,
    services: nothing,
    bankAccounts: nothing,
    accountName: (name: string) => name
  }
  return {
    caller: { id: 'erp', sellers },
    ways: [
      {
        environment: 'simulator',
        lane: 'simulator/default',
        connection: 'default',
        access: 'piste',
        sellers: [],
        resources,
        directory
      }
    ]
  }
}

t.test('an upstream that ignores the filter leaks nothing to a limited key', async (t) => {
  const mine = '99900010200015'
  const { resources, asked } = upstream(({ service, body }) => {
    if (service === 'structures/rechercher') {
      return `{"codeRetour":0,"listeStructures":[{"idStructureCPP":${big},"identifiantStructure":"${mine}"}]}`
    }
    const page = Number(/"pageResultatDemandee":(\d+)/.exec(body)?.[1])
    const rows = [
      `{"identifiantFactureCPP":${page}1,"numeroFacture":"THEIRS","codeFournisseur":"99900020100015","codeDestinataire":"12345678200028"}`,
      `{"identifiantFactureCPP":${page}2,"numeroFacture":"NOBODYS"}`,
      page === 3
        ? `{"identifiantFactureCPP":32,"numeroFacture":"MINE","codeFournisseur":"${mine}","codeDestinataire":"${mine}"}`
        : `{"identifiantFactureCPP":${page}3,"numeroFacture":"SIREN","codeFournisseur":"99900010200023"}`
    ]
    return `{"codeRetour":0,"total":9,"pages":3,"listeFactures":[${rows.join()}]}`
  })
  const structures = createStructures({ now: () => new Date() })
  const issued = createIssued({ store: { linksOf: async () => new Map() }, structures })
  const received = createReceived({ structures, beforeDownload: async () => {} })
  for (const list of [
    await issued.search(visitOf(resources, [mine]), { limit: 3 }),
    await issued.toProcess(visitOf(resources, [mine]), { limit: 3 }),
    await received.search(visitOf(resources, [mine]), { limit: 3 }),
    await received.toProcess(visitOf(resources, [mine]), { limit: 3 })
  ]) {
    t.same(
      list.items.map(({ number }) => number),
      ['MINE'],
      'found behind pages that show nothing'
    )
    t.equal(list.nextCursor, undefined)
    t.notOk(JSON.stringify(list).match(/THEIRS|NOBODYS|SIREN/))
  }
  const searches = asked.filter(({ service }) => service.startsWith('factures/'))
  t.ok(
    searches.every(({ body }) => /"(idFournisseur|idDestinataire|idStructure)":9007199254740993/.test(body)),
    'the filter is pushed upstream all the same'
  )
  t.equal(asked.filter(({ service }) => service === 'structures/rechercher').length, 1, 'the id is asked for once')

  const { resources: nobody } = upstream(() => '{"codeRetour":0,"listeStructures":[]}')
  t.same(await issued.search(visitOf(nobody, [mine]), {}), { items: [], total: 0 }, 'an unknown seller has no invoices')
  const { resources: untold } = upstream(() => '{"codeRetour":0,"facture":{"identifiantFactureCPP":7}}')
  await t.rejects(issued.find(visitOf(untold, [mine]), '7'), { code: 'not-found' }, 'whose it is must be said')
  await t.rejects(received.find(visitOf(untold, [mine]), '7'), { code: 'not-found' })
  t.match(await issued.find(visitOf(untold, []), '7'), { id: '7' }, 'a key without limits sees it')
})

t.test('whatever is asked, by whatever key: every row of its sellers once, and no other', async (t) => {
  const sirets = ['99900010200015', '99900020100015', '99900030000015', '00000000000017']
  let seed = 20261122
  const random = (below: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
    return seed % below
  }
  const invoices = Array.from({ length: 60 }, (_, index) => ({ id: index + 1, siret: sirets[random(4)] ?? '' }))
  let honest = true
  const { resources } = upstream(({ service, body }) => {
    const siret = /"identifiantStructure":"(\d+)"/.exec(body)?.[1]
    if (service === 'structures/rechercher') {
      const id = sirets.indexOf(siret ?? '')
      const rows = id < 0 ? '' : `{"idStructureCPP":${id},"identifiantStructure":"${siret}"}`
      return `{"codeRetour":0,"listeStructures":[${rows}]}`
    }
    const wanted = /"(?:idFournisseur|idDestinataire)":(\d+)/.exec(body)?.[1]
    const [page, size] = ['pageResultatDemandee', 'nbResultatsParPage'].map((name) =>
      Number(new RegExp(`"${name}":(\\d+)`).exec(body)?.[1])
    )
    const all = invoices.filter((one) => !honest || wanted === undefined || one.siret === sirets[Number(wanted)])
    const start = ((page ?? 1) - 1) * (size ?? 10)
    const rows = all
      .slice(start, start + (size ?? 10))
      // A bare number, without its leading zeros.
      .map(({ id, siret: of }) => `{"idFacture":${id},"codeFournisseur":${Number(of)},"codeDestinataire":"${of}"}`)
    const counters = `"total":${all.length},"pages":${Math.ceil(all.length / (size ?? 10))}`
    if (rows.length === 0) return '{"codeRetour":20000,"libelle":"TRA_MSG_00.015"}'
    return `{"codeRetour":0,${counters},"parametresRetour":{${counters}},"listeFactures":[${rows.join()}]}`
  })
  const structures = createStructures({ now: () => new Date() })
  const issued = createIssued({ store: { linksOf: async () => new Map() }, structures })
  const received = createReceived({ structures, beforeDownload: async () => {} })
  for (let round = 0; round < 200; round++) {
    honest = random(2) === 0
    const allowed = sirets.filter(() => random(2) === 0)
    const wanted = random(3) === 0 ? sirets[random(4)] : undefined
    const limit = 1 + random(25)
    const visit = visitOf(resources, allowed)
    const seen: { id: string; siret: string | undefined }[] = []
    let cursor: string | undefined
    do {
      const paging = { limit, ...(cursor !== undefined && { cursor }) }
      const list =
        round % 2 === 0
          ? await issued.search(visit, { ...paging, ...(wanted !== undefined && { seller: wanted }) })
          : await received.search(visit, { ...paging, ...(wanted !== undefined && { recipient: wanted }) })
      seen.push(...list.items.map(({ id, seller }) => ({ id, siret: seller.siret })))
      cursor = list.nextCursor
    } while (cursor !== undefined)
    const rights = allowed.length === 0 ? sirets : allowed
    const due = invoices.filter(({ siret }) => rights.includes(siret) && (wanted === undefined || siret === wanted))
    const told = `${honest ? 'honest' : 'careless'} upstream, ${allowed.length} sellers, ${wanted ?? 'any'}, pages of ${limit}`
    t.same(
      seen.map(({ id }) => Number(id)).toSorted((a, b) => a - b),
      due.map(({ id }) => id),
      told
    )
  }
})
