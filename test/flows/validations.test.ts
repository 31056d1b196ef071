import t from 'tap'
import { addKey } from '../helpers/callers.ts'
import { type FakeUpstream, fakeUpstream, type Script } from '../helpers/fake-upstream.ts'
import { buildGateway, type TestGateway } from '../helpers/gateway.ts'

// Validations, payment requests and works invoices, on a Chorus Pro that answers as each test says.

const validator = '99900050800013'
const seller = '99900010200015'
const buyer = '12345678200051'
/** Beyond what JavaScript's numbers hold. */
const large = '9007199254740993'

/** One gateway for all of them: what each test wants of Chorus Pro is said first. */
let made: Promise<{ g: TestGateway; there: FakeUpstream }> | undefined
async function on(script: Script): Promise<{ g: TestGateway; there: FakeUpstream }> {
  made ??= fakeUpstream(t).then(async (there) => {
    const { apiUrl, tokenUrl } = there
    const environment = { CHORUS_PRO_ACCESS: 'piste', CHORUS_PRO_TIMEOUT_MS: '800' }
    return { there, g: await buildGateway(t, { environment, upstream: () => ({ apiUrl, tokenUrl }) }) }
  })
  const { there, g } = await made
  there.says(script)
  return { there, g }
}

let simulated: Promise<TestGateway> | undefined
const withSimulator = () => {
  simulated ??= buildGateway(t, { simulator: { sampleInvoices: true } })
  return simulated
}

async function limitedTo(g: TestGateway, ...sellers: string[]) {
  const scopes = ['received:read', 'received:process', 'invoices:read']
  return { authorization: (await addKey(g, { scopes, sellers })).authorization }
}

const row = (id: number | string, more: object = {}) => ({
  idFacture: id,
  typeDemandePaiement: 'FACTURE',
  identifiantFournisseur: seller,
  typeIdentifiantFournisseur: 'SIRET',
  designationFournisseur: 'SOUS-TRAITANT',
  identifiantDestinataire: buyer,
  typeIdentifiantDestinataire: 'SIRET',
  codeServiceExecutant: 'TRAVAUX',
  identifiantValideur: validator,
  typeIdentifiantValideur: 'SIRET',
  typeFacture: 'AVOIR',
  numeroFacture: `F-${id}`,
  dateFacture: '2026-09-01',
  dateDepot: '2026-09-02T10:00:00.000+0200',
  montantHT: 1000.1,
  montantTTC: 1200.12,
  montantAPayer: 1200.12,
  devise: 'EUR',
  statut: 'A_VALIDER_1',
  numeroEngagement: 'EJ-1',
  ...more
})

/** Pages of these rows as Chorus Pro cuts them. */
const paged =
  (rows: object[], pager: string, list: string) =>
  (body: Record<string, { pageResultatDemandee: number; nbResultatsParPage: number }>) => {
    const { pageResultatDemandee: page = 1, nbResultatsParPage: size = 10 } = body[pager] ?? {}
    return {
      [list]: rows.slice((page - 1) * size, page * size),
      parametresRetour: { pageCourante: page, pages: Math.ceil(rows.length / size), total: rows.length }
    }
  }

const whole = (status: string, more: object = {}) => ({
  facture: {
    identifiantFactureCPP: 77,
    numeroFacture: 'F-77',
    statutFacture: status,
    fournisseur: {
      codeFournisseur: seller,
      typeIdentifiantFournisseur: 'SIRET',
      designationFournisseur: 'SOUS-TRAITANT'
    },
    destinataire: { codeDestinataire: buyer, codeServiceExecutant: 'TRAVAUX' },
    cadreDeFacturation: {
      codeCadreFacturation: 'A9_FACTURE_SOUSTRAITANT',
      codeValideur1: validator,
      typeIdentifiantValideur1: 'SIRET',
      raisonSocialeValideur1: 'VALIDEUR',
      dateValidation1: null
    },
    references: {
      dateFacture: '2026-09-01',
      codeDeviseFacture: 'EUR',
      typeFacture: 'FACTURE',
      typeTva: 'TVA_NOUVELLE',
      modePaiement: 'VIREMENT',
      dateCreationFacture: '2026-09-02 10:30'
    },
    montantTotal: { montantHtTotal: 1000.1, montantTVA: 200.02, montantTtcTotal: 1200.12, montantAPayer: 1200.12 },
    recapitulatifDeTva: { ligneTva: { ligneTvaTauxManuel: 20, ligneTvaMontantTvaParTaux: 200.02 } },
    lignesDePoste: { lignePoste: [], pagesLignesPoste: 0, totalLignesPoste: 0 },
    ...more
  }
})

t.test('validations are searched in our words, page by page, and every row comes', async (t) => {
  const rows = Array.from({ length: 11 }, (_, index) => row(index + 1))
  const { g, there } = await on({
    'factures/rechercher/valideur': paged(rows, 'pagination', 'listeFactures'),
    'structures/rechercher': {
      listeStructures: [{ idStructureCPP: 42, identifiantStructure: seller, statut: 'ACTIF' }]
    }
  })
  const filter = `status=awaiting_validation_1&typeCode=381&businessProcess=A9&seller=${seller}&payableMin=10.50&number=F-1&requestType=invoice&depositDateFrom=2026-09-01`
  const first = await g.get(`/v1/validations?${filter}&limit=10`)
  t.equal(first.status, 200)
  t.equal(first.body.items.length, 10)
  t.equal(first.body.total, 11)
  t.same(first.body.items[0], {
    id: '1',
    number: 'F-1',
    requestType: 'invoice',
    typeCode: '381',
    issueDate: '2026-09-01',
    depositDate: '2026-09-02',
    currency: 'EUR',
    totals: { taxExclusive: '1000.1', taxInclusive: '1200.12', payable: '1200.12' },
    status: { code: 'awaiting_validation_1', raw: 'A_VALIDER_1' },
    commitmentNumber: 'EJ-1',
    seller: { siret: seller, identifier: seller, identifierType: 'SIRET', name: 'SOUS-TRAITANT' },
    buyer: { siret: buyer, identifier: buyer, identifierType: 'SIRET', serviceCode: 'TRAVAUX' },
    validator: { siret: validator, identifier: validator, identifierType: 'SIRET' },
    upstream: { status: 'A_VALIDER_1', requestType: 'FACTURE', type: 'AVOIR' }
  })
  const last = await g.get(`/v1/validations?${filter}&cursor=${first.body.nextCursor}`)
  t.equal(last.body.items.length, 1)
  t.notOk(last.body.nextCursor)
  t.match(there.sent('factures/rechercher/valideur')[1], {
    typeDemandePaiement: 'FACTURE',
    numeroFacture: 'F-1',
    listeTypeFacture: ['AVOIR'],
    statutCourant: ['A_VALIDER_1'],
    cadreFacturation: 'A9_FACTURE_SOUSTRAITANT',
    idFournisseur: 42,
    periodeDateDepotDu: '2026-09-01',
    montantAPayerMin: 10.5,
    pagination: { pageResultatDemandee: 2, nbResultatsParPage: 10, triSens: 'Ascendant', triColonne: 'IdFacture' }
  })
  const foreign = await g.get(`/v1/validations?cursor=${first.body.nextCursor}`)
  t.match(foreign, { status: 400, body: { code: 'malformed-request', errors: [{ pointer: '/cursor' }] } })
  t.match(await g.get('/v1/validations?status=no_such_status'), {
    status: 400,
    body: { errors: [{ pointer: '/status' }] }
  })
})

t.test('odd answers are read: large ids, single objects, absent and unknown values, no result', async (t) => {
  const { g } = await on({
    'factures/rechercher/valideur': `{"codeRetour":0,"libelle":"x","parametresRetour":{"total":1,"pages":1},"listeFactures":{"idFacture":${large},"statut":"STATUT_NOUVEAU","typeFacture":"","typeFactureTravaux":"INCONNU","dateFacture":"01/09/2026","montantHT":1234567890123.123456,"identifiantFournisseur":"FR-1","typeIdentifiantFournisseur":"UE_HORS_FRANCE","identifiantValideur":"","designationValideur":null}}`
  })
  const found = await g.get('/v1/validations')
  t.same(found.body.items, [
    {
      id: large,
      worksType: 'other',
      issueDate: '2026-09-01',
      totals: { taxExclusive: '1234567890123.123456' },
      status: { code: 'other', raw: 'STATUT_NOUVEAU' },
      seller: { identifier: 'FR-1', identifierType: 'UE_HORS_FRANCE' },
      upstream: { status: 'STATUT_NOUVEAU', worksType: 'INCONNU' }
    }
  ])
  const none = await g.get('/v1/validations/to-process')
  t.match(none, { status: 200, body: { items: [], total: 0 } })
})

t.test('a party that Chorus Pro does not show us is picked out of the rows', async (t) => {
  const stranger = '73282932000074'
  const rows = [
    row(1),
    row(2, { identifiantFournisseur: stranger }),
    row(3, { identifiantFournisseur: '73282932000082' })
  ]
  const { g, there } = await on({ 'factures/rechercher/valideur': paged(rows, 'pagination', 'listeFactures') })
  const ids = async (query: string) => {
    const { body } = await g.get(`/v1/validations?seller=${stranger}${query}`)
    t.notOk('total' in body, 'the total counts the other rows too')
    return body.items.map(({ id }: { id: string }) => id)
  }
  t.same(await ids(''), ['2'])
  t.same(await ids('&sellerSiren=true'), ['2', '3'])
  t.match(there.sent('factures/rechercher/valideur')[1], { rechercheSirenFournisseur: true })
})

t.test('a service is searched for by its code, in all three resources', async (t) => {
  const { g, there } = await on({
    'structures/rechercher': {
      listeStructures: [{ idStructureCPP: 42, identifiantStructure: buyer, statut: 'ACTIF' }]
    },
    'structures/rechercher/services': {
      listeServices: [
        { idService: 7, codeService: 'A' },
        { idService: 8, codeService: 'B' }
      ],
      parametresRetour: { total: 2, pages: 1 }
    },
    'factures/rechercher/valideur': paged([row(1)], 'pagination', 'listeFactures'),
    'factures/rechercher/demandePaiement': { listeDemandePaiement: [request(1)], total: 1 },
    'facturesTravaux/rechercher': paged([{ idFactureTravaux: 1 }], 'rechercheFactureTravaux', 'listeFacturesTravaux')
  })
  const searches = {
    validations: ['factures/rechercher/valideur', 'idServiceExecutant'],
    'payment-requests': ['factures/rechercher/demandePaiement', 'idServiceDestinataire'],
    'works-invoices': ['facturesTravaux/rechercher', 'idServiceExecutant']
  } as const
  for (const [resource, [service, member]] of Object.entries(searches)) {
    const ask = (query: string) => g.get(`/v1/${resource}?${query}`)
    t.equal((await ask(`buyer=${buyer}&buyerServiceCode=B`)).body.items.length, 1)
    t.match(there.sent(service), [{ [member]: 8 }])
    t.same((await ask(`buyer=${buyer}&buyerServiceCode=NONE`)).body.items, [])
    t.equal(there.sent(service).length, 1, 'what has no such service is not searched for')
    t.match(await ask('buyerServiceCode=B'), { status: 400, body: { errors: [{ pointer: '/buyerServiceCode' }] } })
  }
})

t.test('an announced row that does not come is a problem, not a shorter list', async (t) => {
  const { g } = await on({
    'factures/rechercher/aTraiter/valideur': ({ pagination }) =>
      pagination.pageResultatDemandee === 1
        ? { listeFactures: [row(1)], parametresRetour: { total: 3, pages: 3 } }
        : { listeFactures: [], parametresRetour: { total: 3, pages: 3 } }
  })
  const first = await g.get('/v1/validations/to-process?limit=1')
  t.equal(first.body.items.length, 1)
  const next = await g.get(`/v1/validations/to-process?cursor=${first.body.nextCursor}`)
  t.match(next, { status: 502, body: { code: 'upstream-protocol-error', detail: /3 rows were announced and 1 came/ } })
})

t.test('one validation in full, every page of its lines', async (t) => {
  const lines = Array.from({ length: 101 }, (_, index) => ({ lignePosteNumero: index + 1, lignePosteMontantTva: 1.5 }))
  const { g } = await on({
    'factures/consulter/valideur': ({ rechercheLignePoste }) => {
      const page = rechercheLignePoste.pageResultatDemandeeLignesPoste
      return whole('A_VALIDER_2', {
        lignesDePoste: {
          lignePoste: lines.slice((page - 1) * 100, page * 100),
          pagesLignesPoste: 2,
          totalLignesPoste: 101
        }
      })
    }
  })
  const { status, body } = await g.get('/v1/validations/77')
  t.equal(status, 200)
  t.match(body, {
    id: '77',
    businessProcess: 'A9',
    vatRegime: 'other',
    payment: { meansCode: '30' },
    createdAt: '2026-09-02T08:30:00.000Z',
    totals: { tax: '200.02', payable: '1200.12' },
    validators: [{ siret: validator, name: 'VALIDEUR' }],
    vatBreakdown: [{ rate: '20', tax: '200.02' }],
    decisions: ['accept', 'refuse'],
    upstream: { vatRegime: 'TVA_NOUVELLE', paymentMeans: 'VIREMENT', businessProcess: 'A9_FACTURE_SOUSTRAITANT' }
  })
  t.equal(body.lines.length, 101)
})

t.test('a decision is taken once, in the right status, with its reason', async (t) => {
  let status = 'A_VALIDER_1'
  const { g, there } = await on({
    'factures/consulter/valideur': () => whole(status),
    'factures/traiter/factureAValider': () => {
      status = 'REFUSEE_1'
      return { idFacture: 77, numeroFacture: 'F-77', dateTraitement: '2026-09-03', statutFacture: status }
    },
    'transverses/recuperer/motifs/refus/Facture/AValider': {
      listeMotifRefusFactureAValider: { idMotif: 117, codeMotif: 'MAUVAIS_VALIDEUR', libelleMotif: 'Mauvais valideur' }
    }
  })
  const decide = (body: object) => g.post('/v1/validations/77/decision', body)
  t.match(await decide({ decision: 'refuse' }), {
    status: 422,
    body: { code: 'validation-failed', errors: [{ pointer: '/reason' }] }
  })
  t.match(await decide({ decision: 'pay' }), { status: 400, body: { code: 'malformed-request' } })
  t.same(there.sent('factures/traiter/factureAValider'), [])

  const reasons = await g.get('/v1/validations/77/refusal-reasons')
  t.same(reasons.body.items, [{ code: 'MAUVAIS_VALIDEUR', id: '117', label: 'Mauvais valideur' }])
  t.same(there.sent('transverses/recuperer/motifs/refus/Facture/AValider'), [
    { codeCadreFacturationAValider: 'A9_FACTURE_SOUSTRAITANT' }
  ])

  const refused = await decide({ decision: 'refuse', reason: 'MAUVAIS_VALIDEUR', comment: 'Chantier inconnu' })
  t.match(refused, {
    status: 200,
    body: {
      id: '77',
      decision: 'refuse',
      number: 'F-77',
      at: '2026-09-03',
      status: { code: 'validation_1_refused', raw: 'REFUSEE_1' },
      upstream: { service: 'factures/traiter/factureAValider', returnCode: 0 }
    }
  })
  t.same(there.sent('factures/traiter/factureAValider'), [
    { idFacture: 77, action: 'REFUS', motifRefus: 'MAUVAIS_VALIDEUR', complementInfo: 'Chantier inconnu' }
  ])
  t.match(await decide({ decision: 'accept' }), {
    status: 409,
    body: { code: 'invalid-transition', detail: /validation_1_refused \(REFUSEE_1\).*A_VALIDER_1.*A_VALIDER_2/ }
  })
  t.equal(there.sent('factures/traiter/factureAValider').length, 1)
})

t.test('of changes of one document at the same moment, one is sent', async (t) => {
  const works = { factureTravaux: { idFactureTravaux: 5, statutFactureTravaux: 'A_RECYCLER' } }
  const cases: [path: string, body: object, sent: string][] = [
    ['/v1/validations/77/decision', { decision: 'accept' }, 'factures/traiter/factureAValider'],
    ['/v1/works-invoices/5/rerouting', { commitmentNumber: 'EJ' }, 'facturesTravaux/recycler']
  ]
  for (const [path, body, sent] of cases) {
    const { g, there } = await on({
      'factures/consulter/valideur': () => whole('A_VALIDER_1'),
      'facturesTravaux/consulter': works,
      'factures/traiter/factureAValider': { idFacture: 77 },
      'facturesTravaux/recycler': { idFactureTravaux: 5 }
    })
    const others = await limitedTo(g, '99900020100015')
    const asked = [...[1, 2, 3].map(() => g.post(path, body)), g.post(path, body, others)]
    const answers = await Promise.all(asked)
    t.equal(answers.pop()?.status, 404, 'who may not see it does not learn of it')
    t.same(
      answers.map(({ status }) => status).toSorted((a, b) => a - b),
      [200, 409, 409],
      path
    )
    t.same(
      answers.flatMap((one) => one.body.code ?? []),
      ['request-in-progress', 'request-in-progress']
    )
    t.equal(there.sent(sent).length, 1, sent)
    t.equal((await g.post(path, body)).status, 200, 'later it is another one')
  }
})

t.test('a decision whose answer is lost is said to be unknown, and is not sent again', async (t) => {
  const { g, there } = await on({
    'factures/consulter/valideur': whole('A_VALIDER_1'),
    'factures/traiter/factureAValider': 'silence'
  })
  t.match(await g.post('/v1/validations/77/decision', { decision: 'accept' }), {
    body: { outcome: 'unknown', retryable: false, upstream: { service: 'factures/traiter/factureAValider' } }
  })
  t.equal(there.sent('factures/traiter/factureAValider').length, 1)
})

t.test('an answer about another invoice is no success', async (t) => {
  const { g } = await on({
    'factures/consulter/valideur': whole('A_VALIDER_1'),
    'factures/traiter/factureAValider': { idFacture: 78, statutFacture: 'VALIDEE_1' }
  })
  t.match(await g.post('/v1/validations/77/decision', { decision: 'accept' }), {
    status: 502,
    body: { code: 'upstream-protocol-error', outcome: 'unknown', retryable: false }
  })
})

t.test('a question that breaks off may be asked again', async (t) => {
  const { g } = await on({ 'factures/consulter/valideur': 'silence' })
  t.match(await g.get('/v1/validations/77'), { body: { outcome: 'not_sent' } })
})

t.test('a limited key sees its own validations, and nothing of those of others', async (t) => {
  const missing = { codeRetour: 20000, libelle: "GDP_MSG_11.008 - La demande de paiement n'existe pas." }
  const { g, there } = await on({
    'factures/rechercher/valideur': paged(
      [row(1), row(2, { identifiantValideur: seller })],
      'pagination',
      'listeFactures'
    ),
    'factures/rechercher/aTraiter/valideur': paged(
      [row(3, { identifiantValideur: null })],
      'pagination',
      'listeFactures'
    ),
    'factures/consulter/valideur': ({ identifiantFactureCPP }) =>
      identifiantFactureCPP === 77 ? whole('A_VALIDER_1') : missing
  })
  const mine = await limitedTo(g, validator)
  const theirs = await limitedTo(g, seller)
  const list = await g.get('/v1/validations', mine)
  t.same(
    list.body.items.map(({ id }: { id: string }) => id),
    ['1']
  )
  t.notOk('total' in list.body, 'the total would count the rows of others')
  t.same((await g.get('/v1/validations/to-process', mine)).body.items, [], 'a row without validator is nobody’s')
  t.match(there.sent('factures/rechercher/aTraiter/valideur')[0], { identifiantStructure: validator })
  t.equal((await g.get('/v1/validations/77', mine)).status, 200)

  const bare = ({ body: { requestId: _requestId, ...body }, status }: Awaited<ReturnType<typeof g.get>>) => ({
    status,
    body
  })
  const foreign = bare(await g.get('/v1/validations/77', theirs))
  t.equal(foreign.status, 404)
  t.same(foreign, bare(await g.get('/v1/validations/99', theirs)), 'as if it did not exist')
  t.equal((await g.post('/v1/validations/77/decision', { decision: 'accept' }, theirs)).status, 404)
  t.equal(there.sent('factures/traiter/factureAValider').length, 0)
  t.match(await g.get('/v1/validations/99'), { status: 404, body: { upstream: { label: /GDP_MSG_11.008/ } } })
  t.equal((await g.get('/v1/validations/abc')).status, 404)
})

t.test('of two validators, only the one whose turn it is decides', async (t) => {
  const second = '73442027438548'
  const { g, there } = await on({
    'factures/consulter/valideur': whole('A_VALIDER_2', {
      cadreDeFacturation: {
        codeValideur1: validator,
        typeIdentifiantValideur1: 'SIRET',
        codeValideur2: second,
        typeIdentifiantValideur2: 'SIRET'
      }
    }),
    'factures/traiter/factureAValider': { idFacture: 77, statutFacture: 'VALIDEE_2' }
  })
  const first = await limitedTo(g, validator)
  t.same((await g.get('/v1/validations/77', first)).body.decisions, [])
  const decide = (headers: Record<string, string>) =>
    g.post('/v1/validations/77/decision', { decision: 'accept' }, headers)
  t.match(await decide(first), { status: 403, body: { code: 'seller-not-allowed' } })
  t.equal(there.sent('factures/traiter/factureAValider').length, 0)
  t.match(await decide(await limitedTo(g, second)), { status: 200, body: { status: { raw: 'VALIDEE_2' } } })
})

t.test('the statuses that a validator sees', async (t) => {
  const { g } = await on({
    'factures/recuperer/statutsFactureVisibles/valideur': { listeStatutFacture: [{ codeStatutFacture: 'A_VALIDER_1' }] }
  })
  t.same((await g.get('/v1/validations/statuses')).body, {
    items: [{ code: 'awaiting_validation_1', raw: 'A_VALIDER_1' }]
  })
})

const request = (id: string | number, more: object = {}) => ({
  idDemandePaiement: id,
  numeroDemandePaiement: `D-${id}`,
  typeDemandePaiement: 'MEMOIRE_JUSTICE',
  etatCourant: 'MISE_EN_PAIEMENT',
  dateHeureEtatCourant: '2026-09-02T08:10:25.536+0000',
  dateFournisseur: '2026-09-01',
  montantAPayer: 12.5,
  identifiantStructureFournisseur: seller,
  identifiantStructureDestinataire: buyer,
  dpOuDpArchive: 'DP_ARCHIVE',
  numeroDossierFacturation: 'DF-1',
  codeJuridiction: 'TJ75',
  ...more
})

t.test('payment requests: one search over every kind, cut into pages here', async (t) => {
  const rows = [request(10), request(9), ...Array.from({ length: 9 }, (_, index) => request(index))]
  const { g, there } = await on({ 'factures/rechercher/demandePaiement': { listeDemandePaiement: rows, total: 11 } })
  const first = await g.get(
    `/v1/payment-requests?limit=10&role=validator&seller=${seller}&archived=true&status=payment_issued`
  )
  t.equal(first.body.total, 11)
  t.same(
    first.body.items.map(({ id }: { id: string }) => id),
    ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']
  )
  t.same(first.body.items[0], {
    id: '0',
    number: 'D-0',
    requestType: 'court_fee_statement',
    issueDate: '2026-09-01',
    totals: { payable: '12.5' },
    status: { code: 'payment_issued', raw: 'MISE_EN_PAIEMENT', since: '2026-09-02T08:10:25.536Z' },
    seller: { siret: seller, identifier: seller },
    buyer: { siret: buyer, identifier: buyer },
    archived: true,
    billingFile: { number: 'DF-1' },
    court: { code: 'TJ75' },
    upstream: { status: 'MISE_EN_PAIEMENT', requestType: 'MEMOIRE_JUSTICE' }
  })
  const { nextCursor } = first.body
  const last = await g.get(
    `/v1/payment-requests?role=validator&seller=${seller}&archived=true&status=payment_issued&cursor=${nextCursor}`
  )
  t.same(
    last.body.items.map(({ id }: { id: string }) => id),
    ['10']
  )
  t.match(there.sent('factures/rechercher/demandePaiement')[0], {
    roleUtilisateur: 'VALIDEUR',
    statutCourant: ['MISE_EN_PAIEMENT'],
    structureFournisseur: { typeIdentifiantStructureFournisseur: 'SIRET', identifiantStructureFournisseur: seller },
    dpOuDpArchive: 'DP_ARCHIVE'
  })
})

t.test('payment requests: nothing found, too many announced, those of others', async (t) => {
  let answer: object = { codeRetour: 20000, libelle: 'TRA_MSG_00.015' }
  const { g } = await on({ 'factures/rechercher/demandePaiement': () => answer })
  t.match(await g.get('/v1/payment-requests'), { status: 200, body: { items: [] } })
  answer = { listeDemandePaiement: request(large), total: 200 }
  t.match(await g.get('/v1/payment-requests'), { status: 502, body: { detail: /200 rows were announced and 1 came/ } })
  answer = {
    listeDemandePaiement: [request(1), request(2, { identifiantStructureFournisseur: '73282932000074' })],
    total: 2
  }
  const ids = async (query: string, siret: string) =>
    (await g.get(`/v1/payment-requests${query}`, await limitedTo(g, siret))).body.items.map(
      ({ id }: { id: string }) => id
    )
  t.same(await ids('', seller), ['1'])
  t.same(await ids('?role=buyer', seller), [])
  t.same(await ids('?role=buyer', buyer), ['1', '2'])
})

const work = { idFactureTravaux: 5, statutFactureTravaux: 'A_RECYCLER', fournisseur: { codeFournisseur: seller } }

t.test('works invoices: search, to process, one, billing file', async (t) => {
  const rows = Array.from({ length: 11 }, (_, index) => ({
    idFactureTravaux: index + 1,
    codeServiceExecutant: 'TRAVAUX',
    codeServiceMoa: 'MOA-1'
  }))
  const { g, there } = await on({
    'facturesTravaux/rechercher': paged(rows, 'rechercheFactureTravaux', 'listeFacturesTravaux'),
    'facturesTravaux/rechercher/atraiter': { codeRetour: 20007, libelle: 'GFT_MSG_01.075' },
    'facturesTravaux/consulter': { factureTravaux: work },
    'facturesTravaux/consulter/dossierfacturation': { listeFactureTravaux: work }
  })
  const first = await g.get('/v1/works-invoices?role=works_owner&limit=10&status=associated&payableMin=10.50')
  t.equal(first.body.items.length, 10)
  t.same(first.body.items[0], {
    id: '1',
    totals: {},
    buyer: { serviceCode: 'TRAVAUX' },
    worksOwner: { serviceCode: 'MOA-1' },
    upstream: {}
  })
  const rest = `role=works_owner&status=associated&payableMin=10.50&cursor=${first.body.nextCursor}`
  t.equal((await g.get(`/v1/works-invoices?${rest}`)).body.items.length, 1)
  t.same(there.sent('facturesTravaux/rechercher')[0], {
    roleUtilisateur: 'MOA',
    listeStatutCourant: 'ASSOCIEE',
    montantAPayerMin: '10.50',
    rechercheFactureTravaux: { pageResultatDemandee: 1, nbResultatsParPage: 10 }
  })
  t.match(await g.get('/v1/works-invoices/to-process'), { status: 200, body: { items: [], total: 0 } })
  t.match((await g.get('/v1/works-invoices/5')).body, {
    id: '5',
    status: { code: 'to_reroute', raw: 'A_RECYCLER' },
    seller: { siret: seller },
    original: { fournisseur: { codeFournisseur: seller } }
  })
  t.match((await g.get('/v1/works-invoices/5/billing-file')).body, { items: [{ id: '5', seller: { siret: seller } }] })
})

t.test('works invoices: what a limited key may see is proven, or not shown', async (t) => {
  const { g, there } = await on({
    'facturesTravaux/rechercher': paged([{ idFactureTravaux: 1 }], 'rechercheFactureTravaux', 'listeFacturesTravaux'),
    'facturesTravaux/rechercher/atraiter': paged([{ idFactureTravaux: 1 }], 'none', 'listeFacturesTravaux'),
    'facturesTravaux/consulter': { factureTravaux: work },
    'structures/rechercher': {
      listeStructures: [{ idStructureCPP: 42, identifiantStructure: seller, statut: 'ACTIF' }]
    }
  })
  const mine = await limitedTo(g, seller)
  t.equal((await g.get('/v1/works-invoices', mine)).body.items.length, 1)
  t.match(there.sent('facturesTravaux/rechercher')[0], { roleUtilisateur: 'FOURNISSEUR', idStructureFournisseur: 42 })
  t.match(await g.get(`/v1/works-invoices?seller=${buyer}`, mine), {
    status: 403,
    body: { code: 'seller-not-allowed' }
  })
  t.match(await g.get('/v1/works-invoices', await limitedTo(g, seller, buyer)), { status: 400 })
  t.same((await g.get('/v1/works-invoices/to-process', mine)).body.items, [])
  t.equal((await g.get('/v1/works-invoices/5', mine)).status, 200)
  t.equal((await g.get('/v1/works-invoices/5', await limitedTo(g, buyer))).status, 404)
})

t.test('works invoices: actions, each in its status, sent once', async (t) => {
  let status: string | undefined = 'MISE_A_DISPOSITION_MOA'
  const { g, there } = await on({
    'facturesTravaux/consulter': () => ({ factureTravaux: { idFactureTravaux: 5, statutFactureTravaux: status } }),
    'facturesTravaux/recycler': {
      idFactureTravaux: 5,
      numeroFactureTravaux: 'T-5',
      statutFactureTravaux: 'A_RECYCLER',
      dateDepotFactureTravaux: '2026-09-02T08:10:25.536+0000'
    },
    'facturesTravaux/demander/recyclage': { idFactureTravaux: 5, idPiecePrecedente: 4 },
    'facturesTravaux/suspendre/demander/completer/factureTravaux': 'silence'
  })
  const reroute = () =>
    g.post('/v1/works-invoices/5/rerouting', { buyer: { siret: buyer, serviceCode: 'S' }, commitmentNumber: 'EJ' })
  t.match(await reroute(), {
    status: 409,
    body: { code: 'invalid-transition', detail: /made_available_to_works_owner.*A_RECYCLER/ }
  })
  status = 'A_RECYCLER'
  t.match(await reroute(), {
    status: 200,
    body: { id: '5', number: 'T-5', at: '2026-09-02T08:10:25.536Z', status: { code: 'to_reroute' } }
  })
  t.same(there.sent('facturesTravaux/recycler'), [
    { idFactureTravaux: 5, identifiantDestinataire: buyer, codeServiceExecutant: 'S', numeroBonCommande: 'EJ' }
  ])
  t.match(await g.post('/v1/works-invoices/5/rerouting', {}), { status: 400 })
  status = undefined
  t.match(await g.post('/v1/works-invoices/5/rerouting-request', {}), {
    status: 200,
    body: { previousDocument: { id: '4' } }
  })
  t.match(await g.post('/v1/works-invoices/5/suspension', { comment: 'Il manque une pièce' }), {
    body: { outcome: 'unknown', retryable: false }
  })
  t.equal(there.sent('facturesTravaux/suspendre/demander/completer/factureTravaux').length, 1)
})

t.test('each resource wants its right', async (t) => {
  const { g } = await on({})
  const { authorization } = await addKey(g, { scopes: ['invoices:submit'] })
  const headers = { authorization }
  for (const path of [
    '/v1/validations',
    '/v1/payment-requests',
    '/v1/works-invoices',
    '/v1/works-invoices/5/billing-file'
  ]) {
    t.match(await g.get(path, headers), { status: 403, body: { code: 'insufficient-scope' } }, path)
  }
  const reader = await addKey(g, { scopes: ['received:read'] })
  const decision = await g.post(
    '/v1/validations/77/decision',
    { decision: 'accept' },
    { authorization: reader.authorization }
  )
  t.match(decision, { status: 403, body: { detail: /received:process/ } })
})

/** Every row of a list, asked for three at a time. */
async function everyRow(g: TestGateway, path: string) {
  const items: { id: string; status?: { raw: string } }[] = []
  let total: number | undefined
  for (let cursor = ''; ; ) {
    const { status, body } = await g.get(`${path}${path.includes('?') ? '&' : '?'}limit=3${cursor}`)
    if (status !== 200) throw new Error(`${path}: ${status} ${JSON.stringify(body)}`)
    items.push(...body.items)
    total = body.total
    if (body.nextCursor === undefined) return { items, total }
    cursor = `&cursor=${body.nextCursor}`
  }
}

t.test('with the simulator: validations, from the list to the decision', async (t) => {
  const g = await withSimulator()
  const all = await everyRow(g, '/v1/validations')
  t.equal(all.items.length, all.total)
  t.equal(new Set(all.items.map(({ id }) => id)).size, all.total, 'each once')
  const waiting = await everyRow(g, `/v1/validations/to-process?validator=${validator}`)
  t.strictSame(new Set(waiting.items.map(({ status }) => status?.raw)), new Set(['A_VALIDER_1', 'A_VALIDER_2']))
  const atFirst = waiting.items.filter(({ status }) => status?.raw === 'A_VALIDER_1')
  const [first, second] = atFirst.map(({ id }) => `/v1/validations/${id}`)
  t.match((await g.get(`${first}`)).body, { validators: [{ siret: validator }], decisions: ['accept', 'refuse'] })
  t.type((await g.get(`${first}/refusal-reasons`)).body.items, Array)
  t.match(await g.post(`${first}/decision`, { decision: 'accept' }), {
    status: 200,
    body: { status: { code: 'validation_1_accepted' } }
  })
  t.equal((await g.post(`${first}/decision`, { decision: 'accept' })).status, 409)
  t.match(await g.post(`${second}/decision`, { decision: 'refuse', reason: 'AUTRE' }), {
    status: 200,
    body: { status: { code: 'validation_1_refused' } }
  })
  const left = await everyRow(g, `/v1/validations/to-process?validator=${validator}`)
  t.equal(left.items.length, waiting.items.length - 2)
  t.same((await everyRow(g, '/v1/validations?number=NO-SUCH')).items, [])
  t.ok((await g.get('/v1/validations/statuses')).body.items.length > 0)
})

t.test('with the simulator: payment requests of every kind', async (t) => {
  const g = await withSimulator()
  for (const role of ['seller', 'buyer', 'validator', 'project_manager', 'works_owner']) {
    const { items, total } = await everyRow(g, `/v1/payment-requests?role=${role}`)
    t.equal(items.length, total, role)
    t.ok(items.length > 0, role)
  }
  t.same((await everyRow(g, '/v1/payment-requests?archived=true')).items, [])
  const works = await everyRow(g, '/v1/payment-requests?requestType=works_invoice')
  t.ok(
    works.items.some(({ id }) => id === '9007199254740997'),
    'an id beyond 2^53 keeps its digits'
  )
})

t.test('with the simulator: works invoices, their file and what is done with them', async (t) => {
  const g = await withSimulator()
  const mine = await everyRow(g, '/v1/works-invoices?role=project_manager')
  t.equal(mine.items.length, mine.total)
  t.ok(mine.items.length > 10)
  t.ok((await everyRow(g, '/v1/works-invoices/to-process')).items.length > 0)
  t.same((await everyRow(g, '/v1/works-invoices?number=NO-SUCH')).items, [])
  const file = (await g.get('/v1/works-invoices/9007199254740997/billing-file')).body.items
  t.equal(file.length, 4)
  t.equal(file[0].id, '9007199254740997')
  t.match((await g.get('/v1/works-invoices/9007199254740997')).body, {
    number: 'TRAVAUX-1',
    businessProcess: 'A4',
    status: { raw: 'A_ASSOCIER_MOE' },
    seller: { siret: '99900090400014' },
    totals: { payable: '1200' }
  })
  const asked = await g.post(`/v1/works-invoices/${file[3].id}/rerouting-request`, {})
  t.match(asked, { status: 200, body: { previousDocument: { id: file[2].id } } })
  const path = `/v1/works-invoices/${file[2].id}`
  t.match((await g.get(path)).body, { status: { code: 'to_reroute' } })
  t.match(await g.post(`${path}/rerouting`, { commitmentNumber: 'EJ-2026-1' }), {
    status: 200,
    body: { number: 'TRAVAUX-3' }
  })
  t.match(await g.post(`/v1/works-invoices/${file[3].id}/rerouting`, { commitmentNumber: 'EJ' }), {
    status: 409,
    body: { code: 'invalid-transition' }
  })
  const suspended = await g.post(`/v1/works-invoices/${file[3].id}/suspension`, {
    comment: 'Il manque le procès-verbal'
  })
  t.equal(suspended.status, 200)
  t.match((await g.get(`/v1/works-invoices/${file[3].id}`)).body, { status: { raw: 'SUSPENDUE' } })
  t.match(await g.post('/v1/works-invoices/1/suspension', {}), { status: 404 })
})
