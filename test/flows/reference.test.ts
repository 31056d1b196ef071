import { createServer } from 'node:http'
import t, { type Test } from 'tap'
import { makeKey } from '../../src/callers/api-key.ts'
import { type Answer, apiKey, buildGateway, type TestGateway } from '../helpers/gateway.ts'
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

const ok = { codeRetour: 0, libelle: 'TRA_MSG_00.000' }

async function keyOf(g: TestGateway, sellers: string[]) {
  const scopes = ['invoices:read', 'invoices:submit', 'directory:read']
  const { token, key } = makeKey({ name: 'limited', scopes, sellers, now: new Date() })
  await g.gateway.parts.store.addKey(key)
  return { authorization: `Bearer ${token}` }
}

/** What a problem says, but for the request's own id. */
const shape = ({ requestId: _id, ...rest }: Answer['body']) => rest

t.test('a flow shows its state, and errors with a kind and their own text', async (t) => {
  const { g } = await scripted(t, {
    'transverses/consulterCRDetaille': ({ numeroFluxDepot: number }: { numeroFluxDepot: string }) =>
      ({
        CPP1: {
          ...ok,
          etatCourantDepotFlux: 'IN_INTEGRE_PARTIEL',
          dateDepotFlux: '2024-07-03T10:00:00.000+02:00',
          dateHeureEtatCourantFlux: '2024-07-03 12:30',
          codeInterfaceDepotFlux: 'FSO1117A',
          nomFichier: 'flux.xml',
          listeErreurDP: {
            numeroDP: 'F-1',
            identifiantFournisseur: '99900010200015',
            identifiantDestinataire: '12345678200051',
            libelleErreurDP:
              "Le numéro de facture est déjà utilisé|L'identifiant du fournisseur n'est pas référencé|Quelque chose d'autre"
          }
        },
        CPP2: {
          ...ok,
          etatCourantDepotFlux: 'QP_NOUVEAU',
          listeErreurTechnique: [
            {
              codeErreur: 'ERR_XSD_001',
              natureErreur: 'FORMAT',
              libelleErreur: 'IRRECEVABILITE: ligne: 3 - position: 9'
            }
          ]
        }
      })[number] ?? { codeRetour: 20001, libelle: 'POQ_MSG_01.003' },
    'factures/rechercher/fournisseur': { codeRetour: 20000, libelle: 'TRA_MSG_00.015' },
    'transverses/consulterCR': { ...ok, fichierCR: Buffer.from('%PDF-1.4 compte rendu').toString('base64') }
  })
  t.match((await g.get('/v1/flows/CPP1')).body, {
    number: 'CPP1',
    state: { code: 'partly-integrated', raw: 'IN_INTEGRE_PARTIEL', since: '2024-07-03T10:30:00.000Z' },
    depositedAt: '2024-07-03T08:00:00.000Z',
    fileName: 'flux.xml',
    invoiceErrors: [
      {
        number: 'F-1',
        seller: '99900010200015',
        buyer: '12345678200051',
        errors: [
          { rule: 'duplicate-invoice', raw: /déjà utilisé/ },
          { rule: 'seller-not-registered', message: /seller/ },
          { raw: "Quelque chose d'autre" }
        ]
      }
    ],
    technicalErrors: [],
    upstream: { interfaceCode: 'FSO1117A' }
  })
  t.match((await g.get('/v1/flows/CPP2')).body, {
    state: { code: 'other', raw: 'QP_NOUVEAU' },
    technicalErrors: [{ code: 'ERR_XSD_001', nature: 'FORMAT', rule: 'validation-failed', raw: /ligne: 3/ }]
  })
  const report = await g.get('/v1/flows/CPP1/report')
  t.match(report.headers.get('content-type'), /application\/pdf/)
  t.equal(report.body, '%PDF-1.4 compte rendu')

  const unknown = await g.get('/v1/flows/CPP9')
  t.equal(unknown.status, 404)
  const [mine, other] = [await keyOf(g, ['99900010200015']), await keyOf(g, ['99900020100015'])]
  t.equal((await g.get('/v1/flows/CPP1', mine)).status, 200, 'its errors name this seller alone')
  const foreign = await g.get('/v1/flows/CPP1', other)
  t.same(shape(foreign.body), shape((await g.get('/v1/flows/CPP9', other)).body), 'as if it did not exist')
  t.equal((await g.get('/v1/flows/CPP1/report', other)).status, 404)
})

t.test('files in the simulator: every page of them, and a tie that is cut once', async (t) => {
  const g = await buildGateway(t)
  const items: { linkId: string; attachmentId: string }[] = []
  for (let cursor = ''; ; ) {
    const { status, body } = await g.get(`/v1/attachments?organization=99900010200015&limit=4${cursor}`)
    t.equal(status, 200)
    items.push(...body.items)
    if (body.nextCursor === undefined) {
      t.equal(items.length, body.total)
      break
    }
    cursor = `&cursor=${body.nextCursor}`
  }
  t.ok(items.length > 4)
  t.equal(new Set(items.map(({ attachmentId }) => attachmentId)).size, items.length)
  const file = await g.get('/v1/attachments/file?of=bank_account&organization=99900010200015')
  t.match(file.headers.get('content-type'), /application\/pdf/)
  const [first] = items
  const cut = () =>
    fetch(`${g.url}/v1/attachments/${first?.linkId}?organization=99900010200015`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${apiKey}` }
    })
  t.equal((await cut()).status, 204)
  t.equal((await cut()).status, 404)
})

t.test('commitments are searched page by page, read one by one, and given as a file', async (t) => {
  const g = await buildGateway(t)
  const items: Answer['body'][] = []
  const sizes: number[] = []
  for (let cursor = ''; ; ) {
    const { body } = await g.get(`/v1/commitments?seller=99900010200015&limit=4${cursor}`)
    items.push(...body.items)
    sizes.push(body.items.length)
    if (body.nextCursor === undefined) break
    cursor = `&cursor=${body.nextCursor}`
  }
  t.ok(sizes.length > 1)
  t.equal(new Set(items.map((item) => item.number)).size, items.length)
  t.match(items[0], {
    number: /^\d+$/,
    type: { code: 'purchase_order', raw: 'BON_DE_COMMANDE' },
    status: { code: 'ordered', raw: 'COMMANDE' },
    service: { code: 'SFACETAT' },
    notifiedOn: /^\d{4}-\d\d-\d\d$/,
    totals: { taxInclusive: /^\d/ },
    upstream: { commitmentId: /^\d+$/ }
  })
  const number = items[0].number
  t.match((await g.get(`/v1/commitments?number=${number}`)).body.items, [{ number }])
  t.same((await g.get('/v1/commitments?number=NONE')).body.items, [])
  t.same((await g.get('/v1/commitments?seller=11111111111111')).body.items, [])
  const one = await g.get(`/v1/commitments/${number}`)
  t.match(one.body, {
    number,
    status: { code: 'ordered' },
    buyer: { siret: '11000201100044' },
    seller: { siret: '99900010200015' },
    lines: [{ status: { raw: /./ } }]
  })
  const file = await g.get(`/v1/commitments/${number}/document`)
  t.equal(file.status, 200, JSON.stringify(file.body).slice(0, 300))
  t.match(file.headers.get('content-disposition'), `commitment-${number}`)

  const [mine, other, two] = [
    await keyOf(g, ['99900010200015']),
    await keyOf(g, ['99900020100015']),
    await keyOf(g, ['99900020100015', '99900030000015'])
  ]
  t.equal((await g.get('/v1/commitments', mine)).body.items.length, items.length, 'its only seller is meant')
  t.same((await g.get('/v1/commitments?seller=99900010200015', other)).body.items, [])
  t.match(await g.get('/v1/commitments', two), { status: 400, body: { errors: [{ pointer: '/seller' }] } })
  t.equal((await g.get(`/v1/commitments/${number}`, mine)).status, 200)
  const foreign = await g.get(`/v1/commitments/${number}`, other)
  t.equal(foreign.status, 404)
  t.same(shape(foreign.body), shape((await g.get('/v1/commitments/0000000000', other)).body))
  t.equal((await g.get(`/v1/commitments/${number}/document`, other)).status, 404)
})

t.test('an order to another supplier is nobody’s, though Chorus Pro passes over the filter', async (t) => {
  const row = (numeroEngagementJuridique: string, identifiantStructureReceptrice?: string) => ({
    numeroEngagementJuridique,
    identifiantStructureReceptrice
  })
  const { g } = await scripted(t, {
    'structures/rechercher': {
      codeRetour: 0,
      listeStructures: [{ idStructureCPP: 1, identifiantStructure: '99900010200015', statut: 'ACTIF' }]
    },
    'engagementsJuridiques/rechercher': {
      codeRetour: 0,
      listeEngagementJuridique: [row('1', '99900010200015'), row('2', '99900020100015'), row('3')],
      parametresRetour: { total: 3, pages: 1 }
    }
  })
  const { status, body } = await g.get('/v1/commitments', await keyOf(g, ['99900010200015']))
  t.same([status, body.items?.map((item: { number: string }) => item.number), body.total], [200, ['1', '3'], undefined])
  t.equal((await g.get('/v1/commitments')).body.items.length, 3)
})

t.test('a commitment in the shapes of old answers', async (t) => {
  const { g, of } = await scripted(t, {
    'engagementsJuridiques/consulterDetail':
      '{"codeRetour":0,"libelle":"","idEngagement":9007199254740993,"etatCourantEngagement":"NOUVEL_ETAT","emetteur":{"identifiantStructureEmettrice":11000201100044},"lignePoste":{"numeroDePoste":1,"montantTtcPoste":10.50,"statutPoste":"COMMANDE"},"demandePaiement":[{"idDemandePaiement":9007199254740995,"etatCourantDemandePaiement":"MISE_EN_PAIEMENT","typeDemandePaiement":"FACTURE","dateFournisseur":"03/07/2024"}]}',
    'engagementsJuridiques/rechercher': { codeRetour: 20000, libelle: 'TRA_MSG_00.015' }
  })
  t.match((await g.get('/v1/commitments/0000012219')).body, {
    number: '0000012219',
    status: { code: 'other', raw: 'NOUVEL_ETAT' },
    buyer: { siret: '11000201100044' },
    lines: [{ number: '1', taxInclusive: '10.50' }],
    paymentRequests: [
      {
        status: { code: 'payment_issued' },
        requestType: 'invoice',
        issueDate: '2024-07-03',
        upstream: { invoiceId: '9007199254740995' }
      }
    ],
    upstream: { commitmentId: '9007199254740993' }
  })
  t.match((await g.get('/v1/commitments?amountMin=10.50&status=ordered&notifiedFrom=2024-01-01')).body, { items: [] })
  t.match(of('engagementsJuridiques/rechercher')[0]?.payload, {
    montantTTCMin: 10.5,
    etatCourantEngagementJuridique: 'COMMANDE',
    periodeDateNotificationEJDu: '2024-01-01',
    parametresRecherche: { pageResultatDemandee: 1, nbResultatsParPage: 50 }
  })
})

t.test('files are listed, given, uploaded and detached', async (t) => {
  const links = new Set(['9007199254740993', '70000005'])
  const { g, of } = await scripted(t, {
    'structures/rechercher': ({ structure }: { structure: { identifiantStructure: string } }) => ({
      ...ok,
      listeStructures: [
        { idStructureCPP: 30000001, identifiantStructure: structure.identifiantStructure, statut: 'ACTIVE' }
      ],
      parametresRetour: { total: 1, pages: 1 }
    }),
    'transverses/rechercher/pj/structure': () =>
      `{"codeRetour":0,"libelle":"GCU_MSG_01_000","listePiecesJointes":[${[...links].map((link) => `{"pieceJointeDesignation":"RIB","pieceJointeExtension":"PDF","pieceJointeId":70000001,"pieceJointeObjetId":${link},"pieceJointeStructureCode":"99900010200015","pieceJointeTypeCode":"DIVERS","pieceJointeTypeLibelle":"Pièce jointe standard"}`).join()}],"parametresRetour":{"total":${links.size},"pages":1}}`,
    'transverses/rechercher/pj/moncompte': { codeRetour: 20000, libelle: 'TRA_MSG_00.015' },
    'transverses/telecharger/pieceJointe': { pieceJointe: Buffer.from('PK\x03\x04 des fichiers').toString('base64') },
    'transverses/ajouter/fichier': '{"codeRetour":0,"libelle":"GCU_MSG_01_000","pieceJointeId":9007199254740995}',
    'transverses/detacherPieceJointe': ({ idPieceJointeObjet: link }: { idPieceJointeObjet: number }) => {
      links.delete(String(link))
      return ok
    }
  })
  const { body } = await g.get('/v1/attachments?organization=99900010200015&name=RIB&typeId=54058')
  t.match(body, {
    total: 2,
    items: [
      {
        attachmentId: '70000001',
        name: 'RIB',
        extension: 'pdf',
        type: { code: 'DIVERS', label: 'Pièce jointe standard' },
        organization: { siret: '99900010200015' },
        linkId: '9007199254740993'
      },
      {}
    ]
  })
  t.match(of('transverses/rechercher/pj/structure')[0]?.payload, {
    idStructureCPP: 30000001,
    pieceJointeDesignation: 'RIB',
    pieceJointeTypeId: 54058
  })
  t.same((await g.get('/v1/attachments')).body, { items: [], total: 0 })
  const file = await g.get('/v1/attachments/file?of=mandate&organization=99900010200015')
  t.match(file.headers.get('content-type'), /application\/zip/)
  t.match(file.headers.get('content-disposition'), 'mandate-files.zip')
  t.match(of('transverses/telecharger/pieceJointe')[0]?.payload, {
    objetPieceJointe: 'STRUCTURE_MANDAT',
    structure: { idStructure: 30000001 }
  })
  t.match(await g.get('/v1/attachments/file?of=mandate'), {
    status: 400,
    body: { errors: [{ pointer: '/organization' }] }
  })

  const form = new FormData()
  form.set('file', new Blob(['%PDF-1.4']), 'bon.pdf')
  t.match(await g.post('/v1/attachments', form), {
    status: 201,
    body: { attachmentId: '9007199254740995', name: 'bon.pdf', size: 8 }
  })
  t.match(of('transverses/ajouter/fichier')[0]?.payload, {
    pieceJointeNom: 'bon.pdf',
    pieceJointeExtension: 'PDF',
    pieceJointeFichier: Buffer.from('%PDF-1.4').toString('base64')
  })
  const json = { file: { name: 'bon.pdf', contentBase64: Buffer.from('%PDF-1.4').toString('base64') } }
  t.equal((await g.post('/v1/attachments', json)).status, 201)
  t.equal((await g.post('/v1/attachments', { file: { ...json.file, name: 'virus.exe' } })).status, 422)
  t.equal((await g.post('/v1/attachments', {})).status, 400)

  const detach = async (path: string, headers: Record<string, string> = {}) => {
    const authorization = headers['authorization'] ?? `Bearer ${apiKey}`
    const response = await fetch(`${g.url}/v1/attachments/${path}`, { method: 'DELETE', headers: { authorization } })
    const text = await response.text()
    return { status: response.status, body: text === '' ? undefined : JSON.parse(text) }
  }
  const other = await keyOf(g, ['99900020100015'])
  const foreign = await detach('70000005?organization=99900010200015', other)
  t.equal(foreign.status, 404)
  t.same(shape(foreign.body), shape((await detach('11111111?organization=99900010200015', other)).body))
  t.match(await g.get('/v1/attachments', other), { status: 400, body: { errors: [{ pointer: '/organization' }] } })
  t.equal((await g.get('/v1/attachments?organization=99900010200015', other)).status, 404)
  t.equal((await g.get('/v1/attachments/file?of=account', other)).status, 400)
  t.equal(of('transverses/detacherPieceJointe').length, 0)
  t.equal((await detach('9007199254740994?organization=99900010200015')).status, 404, 'ids keep every digit')
  t.equal((await detach('70000005?organization=99900010200015')).status, 204)
  t.equal((await detach('70000005?organization=99900010200015')).status, 404, 'once')
})

t.test('our account: its organizations, and the end of its password where Chorus Pro shows it', async (t) => {
  const g = await buildGateway(t)
  const { body } = await g.get('/v1/account')
  t.match(body, {
    environment: 'simulator',
    access: 'certificate',
    password: { expiresOn: /^\d{4}-\d\d-\d\d$/, source: 'chorus-pro' },
    attachments: { items: [{ identifierType: 'siret', services: [{ code: /./, active: true }] }] }
  })
  const pages: number[] = []
  let total = 0
  for (let cursor = ''; ; ) {
    const page = (await g.get(`/v1/account/attachments?limit=7${cursor}`)).body
    pages.push(page.items.length)
    total = page.total
    if (page.nextCursor === undefined) break
    cursor = `&cursor=${page.nextCursor}`
  }
  t.equal(
    pages.reduce((a, b) => a + b, 0),
    total
  )
  const limited = await keyOf(g, ['99900010200015'])
  const mine = (await g.get('/v1/account', limited)).body.attachments.items
  t.same(
    mine.map((item: { siret: string }) => item.siret),
    ['99900010200015']
  )

  const { g: other } = await scripted(t, {
    'utilisateurs/monCompte/recuperer/rattachements': {
      ...ok,
      listeStructureRattachement: {
        idStructure: 30000001,
        identifiantStructure: 93125027408770,
        designationStructure: 'FOURNISSEUR',
        statutRattachementStructure: 'VALIDEE',
        listeServicesRattache: { codeService: 'S', statutRattachementService: 'ETRANGE' }
      },
      parametresRetour: { total: 1, pages: 1 }
    },
    'structures/rechercher': {
      ...ok,
      listeStructures: [{ idStructureCPP: 30000001, identifiantStructure: '93125027408770', statut: 'ACTIVE' }],
      parametresRetour: { total: 1 }
    },
    'structures/consulter': {
      ...ok,
      informationGenerales: { dateExpirationMotPasseCompteTech: '2027-03-01T00:00:00+01:00' }
    }
  })
  t.match((await other.get('/v1/account')).body, {
    password: { expiresOn: '2027-03-01', source: 'chorus-pro' },
    attachments: {
      items: [
        {
          siret: '93125027408770',
          status: { code: 'active', raw: 'VALIDEE' },
          services: [{ code: 'S', active: true, status: { code: 'other', raw: 'ETRANGE' } }]
        }
      ],
      total: 1
    }
  })
})
