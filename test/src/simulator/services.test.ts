import t from 'tap'
import { type Body, pdf, start } from './client.ts'
import { readablePdf } from './documents.ts'

t.test('deposer/pdf keeps the file and says what it read', async (t) => {
  const { call, simulator } = await start(t)
  const deposit = (file: Buffer, more: Body = {}) =>
    call('factures/deposer/pdf', {
      fichierFacture: file.toString('base64'),
      nomFichier: 'a.pdf',
      formatDepot: 'PDF_NON_SIGNE',
      ...more
    })
  const read = await deposit(readablePdf)
  t.match(read.body, {
    codeRetour: 0,
    libelle: 'GCU_MSG_01_000',
    numeroFacture: 'FA-2026-0042',
    dateFacture: '2026-09-01',
    codeDestinataire: '12345678200051',
    codeFournisseur: '99900010200015',
    codeDeviseFacture: 'EUR',
    montantHtTotal: 1000,
    montantTVA: 200,
    montantAPayer: 1200,
    numeroBonCommande: 'EJ-778899'
  })
  const scan = await deposit(pdf)
  t.match(scan.body, { numeroFacture: null, montantAPayer: null, typeFacture: 'FACTURE', pieceJointeId: Number })
  simulator.control.configure({ extraction: { numeroFacture: 'AUTRE' } })
  t.equal((await deposit(readablePdf)).body.numeroFacture, 'AUTRE', 'a scenario decides what is read')
  t.match(await deposit(Buffer.from('bonjour')), {
    status: 400,
    body: { codeRetour: 20001, libelle: /GDP_MSG_01\.001/ }
  })
  t.match(await deposit(pdf, { formatDepot: 'WORD' }), { status: 400, body: { codeRetour: 20002 } })
  t.match(await deposit(pdf, { nomFichier: 'x'.repeat(201) }), { status: 400 })
})

t.test('base64 must be standard and on a single line; escaped slashes are JSON, not base64', async (t) => {
  const { send, simulator, account } = await start(t)
  const deposit = (encoded: string) =>
    send(`${simulator.certificateUrl}/factures/deposer/pdf`, {
      headers: { authorization: `Basic ${account()}`, 'content-type': 'application/json' },
      body: `{"nomFichier":"a.pdf" , "fichierFacture" : "${encoded}", "formatDepot":"PDF_NON_SIGNE"}`
    })
  const file = Buffer.concat([pdf, Buffer.alloc(600, 0xff)])
  const encoded = file.toString('base64')
  t.match((await deposit(encoded)).body, { codeRetour: 0 })
  t.match((await deposit(encoded.replaceAll('/', '\\/'))).body, { codeRetour: 0 }, 'PHP writes slashes so')
  t.equal((await deposit(encoded.replace(/.{76}/g, '$&\\r\\n'))).status, 400)
  t.equal((await deposit(file.toString('base64url'))).status, 400)
  t.equal((await deposit(encoded.slice(0, -1))).status, 400)
  const digests = simulator.control
    .ledger()
    .arrivals.slice(0, 2)
    .map((arrival) => arrival.digest)
  t.match(digests[0], /^[0-9a-f]{64}$/)
  t.equal(digests[0], digests[1])
})

t.test('sizes: 413, 20003 and GDP_MSG_11.022 above 10 MB', async (t) => {
  const { call } = await start(t)
  const big = Buffer.concat([pdf, Buffer.alloc(10 * 1_048_576)]).toString('base64')
  const limit = Buffer.concat([pdf, Buffer.alloc(10 * 1_048_576 - pdf.length)]).toString('base64')
  t.equal((await call('factures/deposer/pdf', { fichierFacture: limit, nomFichier: 'a.pdf' })).status, 200)
  const tooLarge = await call('factures/deposer/pdf', { fichierFacture: big, nomFichier: 'a.pdf' })
  t.equal(tooLarge.status, 413)
  t.equal(tooLarge.text, '')
  const attachment = { pieceJointeNom: 'gros.pdf', pieceJointeTypeMime: 'application/pdf', pieceJointeExtension: 'PDF' }
  t.match(await call('transverses/ajouter/fichier', { ...attachment, pieceJointeFichier: big }), {
    status: 400,
    body: { codeRetour: 20003 }
  })
  const flow = { fichierFlux: big, nomFichier: 'f.pdf', syntaxeFlux: 'IN_DP_E2_CII_FACTURX', avecSignature: false }
  t.match(await call('factures/deposer/flux', flow), {
    status: 400,
    body: { codeRetour: 20001, libelle: 'GDP_MSG_11.022' }
  })
})

t.test('ajouter/fichier checks the name and the extension', async (t) => {
  const { call } = await start(t)
  const add = (change: Body) =>
    call('transverses/ajouter/fichier', {
      pieceJointeFichier: pdf.toString('base64'),
      pieceJointeNom: 'bon.pdf',
      pieceJointeTypeMime: 'application/pdf',
      pieceJointeExtension: 'pdf',
      ...change
    })
  t.match((await add({})).body, { codeRetour: 0, libelle: 'GCU_MSG_01_000', pieceJointeId: Number })
  t.equal((await add({ pieceJointeNom: `${'x'.repeat(46)}.pdf` })).status, 200, '50 characters')
  t.equal((await add({ pieceJointeNom: `${'x'.repeat(47)}.pdf` })).status, 400, '51 characters')
  t.equal((await add({ pieceJointeExtension: 'exe' })).status, 400)
  t.equal((await add({ pieceJointeFichier: '' })).status, 400)
})

t.test('soumettre takes the smallest body known to work, and an object as main attachment', async (t) => {
  const { submit, upload, simulator } = await start(t)
  const answer = await submit('FA-1')
  t.match(answer.body, {
    codeRetour: 0,
    libelle: 'GCU_MSG_01_000',
    identifiantFactureCPP: Number,
    numeroFacture: 'FA-1',
    statutFacture: 'DEPOSEE',
    dateDepot: /^\d{4}-\d{2}-\d{2}$/,
    identifiantStructure: '99900010200015',
    empreinteCertificatDepot: /^.{43}=$/
  })
  const alone = await submit('FA-2', {
    pieceJointePrincipale: { pieceJointePrincipaleDesignation: 'a', pieceJointePrincipaleId: await upload() }
  })
  t.equal(alone.body.codeRetour, 0)
  t.match(simulator.control.ledger().acceptances, [
    { number: 'FA-1', supplier: '99900010200015', digest: /^[0-9a-f]{64}$/ },
    { number: 'FA-2' }
  ])
})

t.test('SAISIE_API is numbered by the platform with 20 digits', async (t) => {
  const { submit } = await start(t)
  const typed = { modeDepot: 'SAISIE_API', numeroFactureSaisi: null, dateFacture: null, pieceJointePrincipale: null }
  const line = {
    lignePosteNumero: 1,
    lignePosteDenomination: 'Conseil',
    lignePosteQuantite: 2,
    lignePosteUnite: 'jour',
    lignePosteMontantUnitaireHT: 50,
    lignePosteTauxTva: 'TVA5'
  }
  const first = await submit('', { ...typed, lignePoste: [line] })
  const second = await submit('', { ...typed, lignePoste: [line] })
  t.match(first.body.numeroFacture, /^20\d{18}$/)
  t.not(first.body.numeroFacture, second.body.numeroFacture)
  t.match(await submit('', typed), { status: 400, body: { libelle: /ligne/ } }, 'at least one line')
  t.match(
    await submit('', { ...typed, lignePoste: [{ ...line, lignePosteTauxTvaManuel: 20 }] }),
    { status: 400 },
    'one rate, not two'
  )
})

t.test('soumettre refuses what cannot be', async (t) => {
  const { submit, draft, structure, upload } = await start(t)
  const good = await draft('X')
  const cases: [string, Body][] = [
    ['mode', { modeDepot: 'EDI' }],
    ['number absent', { numeroFactureSaisi: null }],
    ['number too long', { numeroFactureSaisi: 'x'.repeat(21) }],
    ['number with a space', { numeroFactureSaisi: 'FA 1' }],
    ['date', { dateFacture: 'hier' }],
    ['unknown supplier', { fournisseur: { idFournisseur: 1 } }],
    ['inactive supplier', { fournisseur: { idFournisseur: await structure('99900040900014') } }],
    ['bank account of another', { fournisseur: { ...good.fournisseur, codeCoordonneesBancairesFournisseur: 144052 } }],
    ['framework', { cadreDeFacturation: { codeCadreFacturation: 'A4_PROJET_DECOMPTE_MENSUEL_FOURNISSEUR' } }],
    ['currency', { references: { ...good.references, deviseFacture: undefined } }],
    ['type', { references: { ...good.references, typeFacture: 'ACOMPTE' } }],
    ['VAT', { references: { ...good.references, typeTva: 'X' } }],
    ['payment', { references: { ...good.references, modePaiement: 'TROC' } }],
    ['totals', { montantTotal: { montantHtTotal: 100, montantTVA: 20, montantTtcTotal: 130, montantAPayer: 130 } }],
    ['nothing to pay', { montantTotal: { montantHtTotal: 100 } }],
    ['no main attachment', { pieceJointePrincipale: [] }],
    ['unknown main attachment', { pieceJointePrincipale: [{ pieceJointePrincipaleId: 1 }] }],
    ['unknown attachment', { pieceJointeComplementaire: [{ pieceJointeComplementaireId: 1 }] }],
    [
      'attachment type',
      {
        pieceJointeComplementaire: [
          { pieceJointeComplementaireId: await upload(), pieceJointeComplementaireType: 'x'.repeat(31) }
        ]
      }
    ],
    ['comment', { commentaire: 'x'.repeat(2001) }]
  ]
  for (const [label, change] of cases) {
    const answer = await submit('REFUSEE', change)
    t.match(answer, { status: 400, body: { codeRetour: Number, libelle: /./ } }, label)
    t.not(answer.body.codeRetour, 0, label)
  }
  t.equal((await submit('REFUSEE')).body.codeRetour, 0, 'the number is still free')
})

t.test('what each recipient demands decides', async (t) => {
  const { submit, draft } = await start(t)
  const { references } = await draft('X')
  const cases: [string, string | undefined, string | undefined, boolean][] = [
    ['12345678200051', undefined, undefined, true],
    ['12345678200028', undefined, undefined, false],
    ['12345678200028', 'SERVICE_DEST_SERV_OBL', undefined, true],
    ['12345678200028', 'INCONNU', undefined, false],
    ['12345678200036', undefined, undefined, false],
    ['12345678200036', undefined, 'EJ-1', true],
    ['12345678200044', undefined, undefined, false],
    ['12345678200044', 'SERVICE_DEST_EJ_OU_SERV_OBL', undefined, true],
    ['12345678200044', undefined, 'EJ-1', true],
    ['11000201100044', 'SFACETAT', undefined, true],
    ['11000201100044', 'SFACETAT', '0000048295', true],
    ['11000201100044', 'SFACETAT', '9999999999', false],
    ['99800001200018', 'SERVICE_EJ_ET_SERV', undefined, false],
    ['99800001200018', undefined, 'EJ-1', false],
    ['99800001200018', 'SERVICE_EJ_ET_SERV', 'EJ-1', true],
    ['99800002000011', 'SERVICE_AVEC_EJ', undefined, false],
    ['99800002000011', 'SERVICE_AVEC_EJ', 'EJ-1', true],
    ['99800002000011', 'SERVICE_SANS_EJ', undefined, true],
    ['99800003800013', undefined, undefined, false],
    ['99800004600016', 'SERVICE_FERME', undefined, false],
    ['99800004600016', 'SERVICE_OUVERT', undefined, true],
    ['12345678200051', 'FACTURES_PUBLIQUES', undefined, false],
    ['12345678200051', undefined, 'x'.repeat(51), false],
    ['99900020100015', undefined, undefined, false],
    ['00000000000000', undefined, undefined, false]
  ]
  for (const [index, [siret, service, commitment, good]] of cases.entries()) {
    const answer = await submit(`R-${index}`, {
      destinataire: { codeDestinataire: siret, codeServiceExecutant: service ?? null },
      references: { ...references, numeroBonCommande: commitment ?? null }
    })
    t.equal(
      answer.body.codeRetour === 0,
      good,
      `${siret} ${service ?? '-'} ${commitment?.slice(0, 12) ?? '-'}: ${answer.body.libelle}`
    )
  }
})

t.test('a number is used once per supplier, unless dedupe is off', async (t) => {
  const { submit, structure, simulator } = await start(t)
  t.equal((await submit('FA-1')).body.codeRetour, 0)
  const again = await submit('FA-1')
  t.equal(again.status, 400)
  t.not(again.body.codeRetour, 0)
  t.match(again.body.libelle, /numéro de facture/)
  t.match(again.body.libelle, /déjà déposé/)
  t.equal(
    (await submit('FA-1', { fournisseur: { idFournisseur: await structure('99900020100015') } })).body.codeRetour,
    0,
    'another supplier'
  )
  t.equal((await submit('fa-1')).body.codeRetour, 0, 'case counts')
  simulator.control.configure({ refusalStatus: 200 })
  t.match(await submit('FA-1'), { status: 200, body: { codeRetour: again.body.codeRetour } })
  simulator.control.configure({ dedupe: false })
  t.equal((await submit('FA-1')).body.codeRetour, 0)
  t.equal(
    simulator.control.ledger().acceptances.filter((one) => one.number === 'FA-1' && one.supplier === '99900010200015')
      .length,
    2
  )
})

t.test('an account attached to one supplier sees and sends for that one only', async (t) => {
  const { call, draft, submit, structure } = await start(t, {
    moreAccounts: [{ login: 'TECH_2@cpro.fr', password: 'mot-de-passe-du-simulateur', structures: ['99900020100015'] }]
  })
  const other = 'TECH_2@cpro.fr'
  const own = await call('transverses/recuperer/structures/actives/fournisseur', {}, other)
  t.strictSame(
    own.body.listeStructures.map((one: Body) => one.identifiant),
    ['99900020100015']
  )
  const { body } = await submit('FA-1')
  t.match(await call('factures/soumettre', await draft('FA-2'), other), { status: 400, body: { libelle: /habilité/ } })
  t.match((await call('factures/rechercher/fournisseur', {}, other)).body, { codeRetour: 20000 })
  t.match(await call('factures/consulter/fournisseur', { identifiantFactureCPP: body.identifiantFactureCPP }, other), {
    status: 400,
    body: { codeRetour: 20001, libelle: /GDP_MSG_11\.005/ }
  })
  const mine = await draft('FA-2', { fournisseur: { idFournisseur: await structure('99900020100015') } })
  t.equal((await call('factures/soumettre', mine, other)).body.codeRetour, 0)
})

t.test('rechercher/fournisseur filters, sorts and pages as documented', async (t) => {
  const { submit, call, simulator, structure } = await start(t)
  for (let index = 1; index <= 11; index++) {
    await submit(`FA-${index}`, {
      montantTotal: {
        montantHtTotal: index * 10,
        montantTVA: 0,
        montantTtcTotal: index * 10,
        montantAPayer: index * 10
      },
      ...(index === 3 ? { fournisseur: { idFournisseur: await structure('99900030000015') } } : {}),
      ...(index === 4
        ? { destinataire: { codeDestinataire: '12345678200044', codeServiceExecutant: 'SERVICE_DEST_EJ_OU_SERV_OBL' } }
        : {}),
      dateFacture: `2026-09-${String(index).padStart(2, '0')}`
    })
    await simulator.control.advance(60_000)
  }
  const search = async (body: Body) => (await call('factures/rechercher/fournisseur', body)).body
  const numbers = (body: Body): string[] => body.listeFactures.map((row: Body) => row.numeroFacture)
  const first = await search({})
  t.strictSame(first.parametresRetour, { pageCourante: 1, pages: 2, nbResultatsParPage: 10, total: 11 })
  t.equal(numbers(first)[0], 'FA-11', 'newest first')
  const second = await search({ rechercheFactureParFournisseur: { pageResultatDemandee: 2, nbResultatsMaximum: null } })
  t.strictSame(numbers(second), ['FA-1'])
  t.match(await search({ rechercheFactureParFournisseur: { pageResultatDemandee: 3 } }), { codeRetour: 20000 })
  t.match(
    (await search({ rechercheFactureParFournisseur: { nbResultatsMaximum: 5, nbResultatsParPage: 1000 } }))
      .parametresRetour,
    { total: 5, nbResultatsParPage: 1000 }
  )
  simulator.control.configure({ pageSizeCap: 4 })
  t.match((await search({ rechercheFactureParFournisseur: { nbResultatsParPage: 1000 } })).parametresRetour, {
    nbResultatsParPage: 4,
    pages: 3
  })
  simulator.control.configure({ pageSizeCap: null })
  const ascending = await search({
    rechercheFactureParFournisseur: { triColonne: 'MontantHT', triSens: 'Ascendant', nbResultatsParPage: 3 }
  })
  t.strictSame(numbers(ascending), ['FA-1', 'FA-2', 'FA-3'])
  const cases: [Body, string[]][] = [
    [{ numeroFacture: 'FA-1' }, ['FA-1']],
    [{ montantHTMin: 100 }, ['FA-11', 'FA-10']],
    [{ montantApayerMax: 10 }, ['FA-1']],
    [{ montantTTCMin: 20, montantTTCMax: 30 }, ['FA-3', 'FA-2']],
    [{ periodeDateFactureDu: '2026-09-10', periodeDateFactureAu: '2026-09-10' }, ['FA-10']],
    [{ idFournisseur: await structure('99900030000015') }, ['FA-3']],
    [{ listeDestinataire: [{ idDestinataire: await structure('12345678200044') }] }, ['FA-4']],
    [{ statutCourant: ['EN_COURS_ACHEMINEMENT'] }, []],
    [{ typeFacture: 'AVOIR' }, []],
    [{ modeDepot: 'DEPOT_PDF_API', numeroFacture: 'FA-2' }, ['FA-2']],
    [{ numeroFacture: 'fa-1' }, []],
    [{ periodeDateDepotAu: '2020-01-01' }, []]
  ]
  for (const [filter, expected] of cases) {
    const found = await search(filter)
    if (expected.length === 0) t.match(found, { codeRetour: 20000, libelle: 'TRA_MSG_00.015' }, JSON.stringify(filter))
    else t.strictSame(numbers(found), expected, JSON.stringify(filter))
  }
  simulator.control.configure({ numberMatch: 'prefix', emptySearch: 'list' })
  t.equal((await search({ numeroFacture: 'FA-1' })).parametresRetour.total, 3)
  t.match(await search({ numeroFacture: 'ZZ' }), { codeRetour: 0, listeFactures: [] })
})

t.test('the search lag hides accepted invoices from searches, not from the platform', async (t) => {
  const { submit, call, simulator } = await start(t, { searchLagMs: 5_000 })
  const { body } = await submit('FA-1')
  const found = async () =>
    (await call('factures/rechercher/fournisseur', { numeroFacture: 'FA-1' })).body.codeRetour === 0
  t.equal(await found(), false)
  t.equal(
    (await call('factures/consulter/fournisseur', { identifiantFactureCPP: body.identifiantFactureCPP })).body
      .codeRetour,
    0
  )
  t.equal((await submit('FA-1')).status, 400, 'the duplicate rule knows it')
  await simulator.control.advance(5_000)
  t.equal(await found(), true)
  simulator.control.configure({ searchLagMs: 'forever' })
  t.equal(await found(), false)
  simulator.control.configure({ searchLagMs: [0, 1] })
  t.equal(await found(), true)
})

t.test('statuses follow the clock; the history keeps each at its own time, newest first', async (t) => {
  const { submit, call, simulator } = await start(t)
  const { body } = await submit('FA-1')
  const id = body.identifiantFactureCPP
  const status = async () =>
    (await call('factures/consulter/fournisseur', { identifiantFactureCPP: id })).body.facture.statutFacture
  t.equal(await status(), 'DEPOSEE')
  await simulator.control.advance(5_000)
  t.equal(await status(), 'EN_COURS_ACHEMINEMENT')
  await simulator.control.advance(86_400_000)
  t.equal(await status(), 'MISE_A_DISPOSITION')
  simulator.control.setStatus('FA-1', 'SUSPENDUE', 'Il manque le bon')
  const history = (await call('factures/consulter/historique', { idFacture: id })).body
  t.match(history, { idFacture: id, numeroFacture: 'FA-1', modeDepot: 'DEPOT_PDF_API', statutCourantCode: 'SUSPENDUE' })
  const rows = history.historiquesDesStatuts.histoStatut
  t.strictSame(
    rows.map((row: Body) => row.histoStatutCode),
    ['SUSPENDUE', 'MISE_A_DISPOSITION', 'EN_COURS_ACHEMINEMENT', 'DEPOSEE']
  )
  t.equal(rows[0].histoStatutCommentaire, 'Il manque le bon')
  t.match(rows[1].histoStatutDatePassage, /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}$/)
  t.not(rows[0].histoStatutDatePassage.slice(0, 10), rows[1].histoStatutDatePassage.slice(0, 10), 'a day lies between')
  const paged = (
    await call('factures/consulter/historique', {
      idFacture: id,
      paramRechercheHistoStatuts: { nbResultatsParPageListeHistoStatut: 3, pageResultatDemandeeListeHistoStatut: 2 }
    })
  ).body
  t.match(paged.historiquesDesStatuts, {
    pageCouranteHistoStatut: 2,
    pagesHistoStatut: 2,
    totalHistoStatut: 4,
    histoStatut: [{ histoStatutCode: 'DEPOSEE' }]
  })
  const empty = await call('factures/consulter/historique', {})
  t.match(empty, { status: 400, body: { codeRetour: Number, libelle: /./ } })
})

t.test('a script gives an invoice its own life, unknown statuses included', async (t) => {
  const { submit, call, simulator } = await start(t, {
    settings: { scripts: [{ number: '^S-', steps: [{ status: 'STATUT_INCONNU', afterMs: 10, comment: 'voilà' }] }] }
  })
  await submit('S-1')
  await simulator.control.advance(10)
  const row = (await call('factures/rechercher/fournisseur', { numeroFacture: 'S-1' })).body.listeFactures[0]
  t.match(row, {
    statut: 'STATUT_INCONNU',
    commentaireEtatCourant: 'voilà',
    dateHeureEtatCourant: /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}\+0[12]:00$/
  })
})

t.test('the recipient searches, reads, downloads and decides', async (t) => {
  const { submit, call, simulator, upload } = await start(t)
  const attachment = await upload('annexe.pdf')
  const { body } = await submit('FA-1', {
    pieceJointeComplementaire: [
      {
        pieceJointeComplementaireDesignation: 'annexe.pdf',
        pieceJointeComplementaireType: '',
        pieceJointeComplementaireId: attachment
      }
    ]
  })
  const idFacture = body.identifiantFactureCPP
  t.match((await call('factures/rechercher/recipiendaire', {})).body, { codeRetour: 20000 }, 'still on its way')
  await simulator.control.advance(60_000)
  const found = (await call('factures/rechercher/recipiendaire', { factureTelechargeeParDestinataire: false })).body
  t.match(found, {
    codeRetour: 0,
    pageCourante: 1,
    pages: 1,
    nbResultatsParPage: 10,
    total: 1,
    listeFactures: [{ idFacture, statut: 'MISE_A_DISPOSITION' }]
  })
  t.notOk('parametresRetour' in found, 'the counters stand at the root')
  t.match((await call('factures/rechercher/atraiter/recipiendaire', {})).body, {
    parametresRetour: { total: 1 },
    listeFactures: [{ idFacture }]
  })
  t.match((await call('factures/rechercher/atraiter/fournisseur', {})).body, {
    parametresRetour: { total: 1 },
    listeFactures: [{ identifiantFactureCPP: idFacture }]
  })
  t.match((await call('factures/consulter/recipiendaire', { identifiantFactureCPP: idFacture })).body.facture, {
    destinataire: { destinataireEtat: 'NON' },
    listeDesPiecesJointes: { totalListePiecesJointe: 1 }
  })
  const download = async (change: Body) =>
    Buffer.from(
      (await call('factures/telecharger/groupe', { format: 'PDF', listeFacture: [{ idFacture }], ...change })).body
        .fichierResultat,
      'base64'
    )
  t.ok((await download({})).equals(pdf), 'one file: the file')
  t.equal(
    (await download({ avecPiecesJointesComplementaires: 'OUI' })).toString('latin1', 0, 2),
    'PK',
    'two files: a ZIP'
  )
  t.match((await download({ format: 'PIVOT' })).toString(), /<CPPFacturePivot>.*<Id>FA-1<\/Id>/s)
  t.match((await call('factures/rechercher/recipiendaire', {})).body.listeFactures[0], {
    factureTelechargeeParDestinataire: true
  })
  const treat = (nouveauStatut: string, more: Body = {}) =>
    call('factures/traiter/recue', { idFacture, nouveauStatut, ...more })
  t.equal((await treat('SUSPENDUE')).status, 400, 'a reason is needed')
  t.equal((await treat('DEPOSEE')).status, 400)
  t.match((await treat('SUSPENDUE', { motif: 'Bon de livraison' })).body, {
    codeRetour: 0,
    idFacture,
    numeroFacture: 'FA-1',
    nouveauStatut: 'SUSPENDUE',
    dateTraitement: /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}$/
  })
  t.match(
    (
      await call('factures/completer', {
        identifiantFactureCPP: idFacture,
        commentaire: 'Voici',
        pieceJointeComplementaire: [
          {
            pieceJointeComplementaireDesignation: 'bl',
            pieceJointeComplementaireType: '',
            pieceJointeComplementaireId: attachment
          }
        ]
      })
    ).body,
    { codeRetour: 0, identifiantFactureCPP: idFacture }
  )
  t.match(await call('factures/completer', { identifiantFactureCPP: idFacture, commentaire: 'x' }), {
    status: 400,
    body: { codeRetour: 20002, libelle: /GDP_MSG_11\.033/ }
  })
  t.match(await call('factures/completer', { identifiantFactureCPP: 1 }), {
    status: 400,
    body: { codeRetour: 20000, libelle: /GDP_MSG_11\.008/ }
  })
  t.match((await treat('MANDATEE', { numeroDPMandat: 'M-1' })).body, { codeRetour: 0 })
  t.match((await call('factures/consulter/fournisseur', { identifiantFactureCPP: idFacture })).body.facture, {
    statutFacture: 'MANDATEE',
    references: { numeroDpMandat: 'M-1' },
    listeDesPiecesJointes: { totalListePiecesJointe: 2 }
  })
})

t.test('recycler sends an invoice on its way again; traiterRejet marks a rejection', async (t) => {
  const { submit, call, simulator } = await start(t)
  const { body } = await submit('FA-1')
  const identifiantFactureCPP = body.identifiantFactureCPP
  const recycle = (destinataire: Body) => call('factures/recycler', { identifiantFactureCPP, destinataire })
  t.equal((await recycle({ codeDestinataire: '12345678200051' })).status, 400, 'not to recycle')
  simulator.control.setStatus(String(identifiantFactureCPP), 'A_RECYCLER')
  t.equal((await recycle({ codeDestinataire: '12345678200028' })).status, 400, 'the new recipient has rules too')
  t.match((await recycle({ codeDestinataire: '12345678200028', codeServiceExecutant: 'SERVICE_DEST_SERV_OBL' })).body, {
    codeRetour: 0,
    statutFacture: 'DEPOSEE',
    numeroFacture: 'FA-1'
  })
  await simulator.control.advance(60_000)
  const row = (await call('factures/rechercher/fournisseur', { numeroFacture: 'FA-1' })).body.listeFactures[0]
  t.match(row, {
    statut: 'MISE_A_DISPOSITION',
    codeDestinataire: '12345678200028',
    codeServiceExecutant: 'SERVICE_DEST_SERV_OBL',
    rejetTraite: false
  })
  simulator.control.setStatus('FA-1', 'REJETEE', 'Erreur')
  t.match(
    (await call('factures/traiterRejet', { listeDemandePaiement: [{ idDemandePaiement: identifiantFactureCPP }] }))
      .body,
    { codeRetour: 0, libelle: 'TRA_MSG_00.000' }
  )
  t.match((await call('factures/rechercher/fournisseur', { rejetTraite: true })).body.listeFactures[0], {
    rejetTraite: true
  })
  t.equal((await submit('FA-1')).status, 400, 'a rejected number stays used')
})

t.test('recycler corrects the references that it is given and leaves the others', async (t) => {
  const { submit, call, simulator } = await start(t)
  const references = { deviseFacture: 'EUR', typeFacture: 'FACTURE', typeTva: 'SANS_TVA', modePaiement: 'CHEQUE' }
  const { body } = await submit('FA-1', { references: { ...references, numeroMarche: 'M-1' } })
  const identifiantFactureCPP = body.identifiantFactureCPP
  simulator.control.setStatus(String(identifiantFactureCPP), 'A_RECYCLER')
  const recycled = await call('factures/recycler', {
    identifiantFactureCPP,
    destinataire: { codeDestinataire: '12345678200036' },
    reference: { numeroBonCommande: 'EJ-1' }
  })
  t.match(recycled.body, { codeRetour: 0, statutFacture: 'DEPOSEE' })
  const { facture } = (await call('factures/consulter/fournisseur', { identifiantFactureCPP })).body
  t.match(facture.references, {
    codeDeviseFacture: 'EUR',
    typeFacture: 'FACTURE',
    typeTva: 'SANS_TVA',
    modePaiement: 'CHEQUE',
    numeroMarche: 'M-1',
    numeroBonCommande: 'EJ-1'
  })
})

t.test('the type of an attachment is data: codes of no list are taken', async (t) => {
  const { submit, upload, call } = await start(t)
  const { body } = await submit('FA-1', {
    pieceJointeComplementaire: [
      {
        pieceJointeComplementaireDesignation: 'bon.pdf',
        pieceJointeComplementaireId: await upload('bon.pdf'),
        pieceJointeComplementaireType: '02'
      }
    ]
  })
  t.equal(body.codeRetour, 0)
  const found = await call('factures/consulter/fournisseur', { identifiantFactureCPP: body.identifiantFactureCPP })
  t.equal(found.body.facture.listeDesPiecesJointes.pieceJointe[0].pieceJointeTypeCode, '02')
})

t.test('structures: search, requirements, services in pages of ten', async (t) => {
  const { call, structure } = await start(t)
  const none = (await call('structures/rechercher', { structure: { identifiantStructure: '00000000000000' } })).body
  t.match(none, { codeRetour: 0, listeStructures: [], parametresRetour: { total: 0 } })
  const towns = (
    await call('structures/rechercher', {
      structure: { adresseVille: 'exemple', typeStructure: 'PUBLIQUE', raisonSocialeStructure: null },
      parametres: { nbResultatsParPage: null }
    })
  ).body
  t.strictSame(towns.parametresRetour, { pageCourante: 1, pages: 2, nbResultatsParPage: 10, total: 11 })
  t.match(
    (await call('structures/rechercher', { structure: { statutStructure: 'INACTIF', typeStructure: 'PUBLIQUE' } })).body
      .listeStructures,
    [{ identifiantStructure: '99800003800013', statut: 'INACTIVE' }]
  )
  const idStructureCPP = await structure('12345678200044')
  const consulted = (await call('structures/consulter', { idStructureCPP, codeLangue: 'FR' })).body
  t.match(consulted, {
    informationGenerales: { identifiantStructure: '12345678200044', structurePriveePublique: 'PUBLIQUE' },
    parametres: {
      gestionNumeroEJOuCodeService: true,
      codeServiceDoitEtreRenseigne: false,
      numeroEJDoitEtreRenseigne: false
    }
  })
  t.equal((await call('structures/consulter', { idStructureCPP: 1 })).status, 400)
  const idStructure = await structure('99800005300012')
  const services = (await call('structures/rechercher/services', { idStructure })).body
  t.strictSame(services.parametresRetour, { pageCourante: 1, pages: 2, nbResultatsParPage: 10, total: 12 })
  t.match(services.listeServices[0], {
    codeService: 'FACTURES_PUBLIQUES',
    estActif: true,
    dateDbtService: /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}$/
  })
  t.equal(
    (await call('structures/rechercher/services', { idStructure, parametres: { nbResultatsParPage: 20 } })).status,
    400,
    'the pager has another name here'
  )
  const special = await structure('99800002000011')
  const all = (
    await call('structures/rechercher/services', {
      idStructure: special,
      parametresRechercherServicesStructure: { nbResultatsParPage: 20 }
    })
  ).body.listeServices
  const demanding = all.find((one: Body) => one.codeService === 'SERVICE_AVEC_EJ')
  const service = (await call('structures/consulter/service', { idStructure: special, idService: demanding.idService }))
    .body
  t.match(service, {
    informationsGenerales: { codeService: 'SERVICE_AVEC_EJ' },
    parametres: { numeroEngagement: true, dateCreation: /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\+01:00$/ }
  })
})

t.test('transverses, utilisateurs and engagements answer with their own members', async (t) => {
  const { call, structure } = await start(t)
  const cases: [string, Body, Body][] = [
    [
      'transverses/recuperer/coordbanc/valides',
      { idStructure: await structure('99900020100015') },
      {
        libelle: 'GCU_MSG_01_000',
        listeCoordonneeBancaire: [{ idCoordonneeBancaire: Number, nomCoordonneeBancaire: 'IBAN PRINCIPAL' }, {}]
      }
    ],
    [
      'transverses/recuperer/coordbanc/valides',
      { idStructure: await structure('99900030000015') },
      { listeCoordonneeBancaire: [] }
    ],
    [
      'transverses/recuperer/structures/actives/destinataire',
      {},
      { listeStructures: [{ idStructureCPP: Number, identifiant: '11000201100044' }] }
    ],
    [
      'transverses/recuperer/structuresPourUtilisateur',
      { espaceFo: 7 },
      { listeStructures: [{ identifiantStructure: '11000201100044', typeIdentifiantStructure: 'SIRET' }] }
    ],
    [
      'transverses/rechercher/destinataire',
      { nomVilleCodePostal: 'EXEMPLE' },
      { listeDestinataires: [{ siret: /^\d{14}$/ }], parametresRetour: { total: 11, pages: 2 } }
    ],
    [
      'transverses/rechercher/destinataire',
      { identifiant: '00000000000000' },
      { codeRetour: 20000, libelle: 'TRA_MSG_00.015' }
    ],
    [
      'transverses/rechercher/serviceexecutant',
      { idDestinataireCPP: await structure('12345678200028'), actif: true },
      { listeServices: [{ codeServiceExecutant: 'FACTURES_PUBLIQUES', idServicesCPP: Number }, {}] }
    ],
    [
      'transverses/recuperer/devises',
      { codeLangue: 'EN' },
      { listeDevises: [{ codeDevise: 'EUR', libelleDevise: 'European Euro' }] }
    ],
    ['transverses/recuperer/pays', {}, { listePays: [{ codePays: 'AD', libellePays: 'Andorre' }] }],
    ['transverses/recuperer/modereglements', {}, { listeModePaiement: [{ modePaiement: 'CHEQUE' }] }],
    [
      'transverses/recuperer/modedepot',
      {},
      { listeModeDepot: [{ modeDepot: 'SAISIE_WEB' }, { modeDepot: 'PORTAIL_PDF' }] }
    ],
    [
      'transverses/recuperer/cadrefacturation',
      { typeDemandePaiement: 'FACTURE' },
      {
        listeCadreFacturation: [
          { codeCadreFacturation: 'A1_FACTURE_FOURNISSEUR' },
          {},
          {},
          { codeCadreFacturation: 'A12_FACTURE_COTRAITANT' }
        ]
      }
    ],
    [
      'transverses/recuperer/etats/traitement',
      { statutCourant: 'MISE_A_DISPOSITION' },
      { listeStatutsPossiblesPourTraitement: [{ statutPossiblePourTraitement: 'MISE_A_DISPOSITION' }] }
    ],
    [
      'transverses/recuperer/typeidentifiant/structure',
      {},
      { listeTypeIdentifiant: [{ typeIdentifiantStructure: 'SIRET' }] }
    ],
    ['transverses/recuperer/formatflux', {}, { listeFormatFlux: [{ formatFlux: 'IN_DP_E1_STRUCT' }, {}, {}] }],
    [
      'transverses/recuperer/syntaxeflux',
      { formatFlux: 'IN_DP_E2_FACTURX' },
      { listeSyntaxeFlux: [{ syntaxeFlux: 'IN_DP_E2_CII_FACTURX' }] }
    ],
    [
      'transverses/recuperer/typespj',
      { typeObjet: 'MEMOIRE' },
      { listeTypePieceJointe: [{ codeTypePieceJointe: 'APS', idTypePieceJointe: 54058 }] }
    ],
    [
      'transverses/recuperer/motifs/exonerationtva',
      {},
      { listeMotifsExonerationTva: [{ codeMotifExonerationTva: /./ }] }
    ],
    ['transverses/telecharger/annuaire/destinataire', {}, { libelle: 'GCU_MSG_01_000', fichierResultat: /^UEsDB/ }],
    [
      'utilisateurs/monCompte/recuperer/rattachements',
      { parametresRecherche: { nbResultatsParPage: 100 } },
      { listeStructureRattachement: [{ listeServicesRattache: [{}] }], parametresRetour: { pageCourante: 1 } }
    ],
    [
      'engagementsJuridiques/rechercher',
      { numeroEngagementJuridique: '0000048295', etatCourantEngagementJuridique: 'COMMANDE' },
      { listeEngagementJuridique: [{ numeroEngagementJuridique: '0000048295' }] }
    ],
    [
      'engagementsJuridiques/rechercher',
      { structureReceptriceEngagementJuridique: String(await structure('99900010200015')) },
      { parametresRetour: { total: 11, pages: 2 } }
    ],
    [
      'engagementsJuridiques/consulterDetail',
      { numeroEngagementJuridique: '0000048295' },
      { emetteur: { identifiantStructureEmettrice: '11000201100044' } }
    ]
  ]
  for (const [operation, body, expected] of cases)
    t.match((await call(operation, body)).body, expected, `${operation} ${JSON.stringify(body)}`)
})

t.test('ids beyond 2^53 go out and come back digit for digit', async (t) => {
  const { call, send, simulator, account } = await start(t, { settings: { idStyle: 'large' } })
  const { text } = await call('structures/rechercher', { structure: { identifiantStructure: '99900010200015' } })
  const [, id] = /"idStructureCPP":(\d+)/.exec(text) ?? []
  t.ok(BigInt(id as string) > 2n ** 53n)
  const raw = (body: string) =>
    send(`${simulator.certificateUrl}/structures/consulter`, {
      headers: { authorization: `Basic ${account()}`, 'content-type': 'application/json' },
      body
    })
  t.equal((await raw(`{"idStructureCPP":${id}}`)).body.informationGenerales.identifiantStructure, '99900010200015')
  t.equal((await raw(`{"idStructureCPP":"${id}"}`)).body.informationGenerales.identifiantStructure, '99900010200015')
  t.not(
    (await raw(`{"idStructureCPP":${Number(id)}}`)).body.informationGenerales?.identifiantStructure,
    '99900010200015',
    'rounded by a double, it is another id'
  )
  simulator.control.configure({ idStyle: 'text' })
  t.match(
    (await call('structures/rechercher', { structure: { identifiantStructure: '99900010200015' } })).body
      .listeStructures[0].idStructureCPP,
    /^\d+$/
  )
})

t.test('ready-made invoices cover the statuses a reader must bear', async (t) => {
  const { call, simulator, structure } = await start(t, { sampleInvoices: true })
  const { body } = await call('factures/rechercher/fournisseur', { idFournisseur: await structure('99900060700013') })
  t.match(body.parametresRetour, { total: 11, pages: 2 })
  t.equal(simulator.control.ledger().acceptances.length, 0, 'nobody sent them')
})
