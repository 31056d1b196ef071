import { inflateRawSync } from 'node:zlib'
import t from 'tap'
import { type Body, type Client, pdf, start, token } from './client.ts'
import { cii } from './documents.ts'

// Several parties and one world: what one does, the others see.

const validator = '99900050800013'
const days = 86_400_000

async function deposited(client: Client, number: string, change: Body = {}): Promise<number> {
  const { identifiantFactureCPP } = (await client.submit(number, change)).body
  await client.simulator.control.advance(60_000)
  return identifiantFactureCPP as number
}

t.test('an invoice goes from its supplier to the recipient and back', async (t) => {
  const client = await start(t)
  const { call, submit, simulator } = client
  const id = (await submit('S-1')).body.identifiantFactureCPP
  const wanted = { numeroFacture: 'S-1' }
  t.match((await call('factures/rechercher/recipiendaire', wanted)).body, { codeRetour: 20000 }, 'still on its way')
  await simulator.control.advance(60_000)
  t.match((await call('factures/rechercher/recipiendaire', wanted)).body, {
    total: 1,
    listeFactures: [{ idFacture: id, statut: 'MISE_A_DISPOSITION', factureTelechargeeParDestinataire: false }]
  })
  t.match((await call('factures/rechercher/atraiter/recipiendaire')).body, { parametresRetour: { total: 1 } })

  const group = { format: 'PDF', listeFacture: [{ idFacture: id }] }
  const { fichierResultat } = (await call('factures/telecharger/groupe', group)).body
  t.ok(Buffer.from(fichierResultat, 'base64').equals(pdf), 'the file that the supplier sent')
  t.match((await call('factures/rechercher/recipiendaire', { factureTelechargeeParDestinataire: false })).body, {
    codeRetour: 20000
  })
  t.match((await call('factures/rechercher/recipiendaire', { factureTelechargeeParDestinataire: true })).body, {
    total: 1
  })

  const process = (nouveauStatut: string, motif?: string) =>
    call('factures/traiter/recue', { idFacture: id, nouveauStatut, motif })
  t.match(await process('DEPOSEE'), { status: 400, body: { codeRetour: 20002 } })
  t.match(await process('SUSPENDUE'), { status: 400, body: { codeRetour: 20003 } }, 'a suspension needs its reason')
  t.match((await process('SUSPENDUE', 'Bon manquant')).body, { codeRetour: 0, nouveauStatut: 'SUSPENDUE' })
  t.match((await call('factures/rechercher/fournisseur', wanted)).body.listeFactures, [
    { statut: 'SUSPENDUE', commentaireEtatCourant: 'Bon manquant' }
  ])
  t.match((await call('factures/rechercher/atraiter/recipiendaire')).body, { codeRetour: 20000 })
  t.equal((await call('factures/completer', { identifiantFactureCPP: id, commentaire: 'Voici' })).body.codeRetour, 0)
  t.match((await call('factures/consulter/recipiendaire', { identifiantFactureCPP: id })).body.facture, {
    statutFacture: 'COMPLETEE'
  })
  t.equal((await process('REJETEE', 'Doublon')).body.codeRetour, 0)
  t.match(await process('MANDATEE'), { status: 400 }, 'a rejection is the end')
  t.equal(
    (await call('factures/traiterRejet', { listeDemandePaiement: [{ idDemandePaiement: id }] })).body.codeRetour,
    0
  )
  const history = (await call('factures/consulter/historique', { idFacture: id })).body
  t.strictSame(
    history.historiquesDesStatuts.histoStatut.map((one: Body) => one.histoStatutCode),
    ['REJETEE', 'COMPLETEE', 'SUSPENDUE', 'MISE_A_DISPOSITION', 'EN_COURS_ACHEMINEMENT', 'DEPOSEE']
  )
  t.strictSame(
    history.historiquesDesActionsUtilisateurs.histoAction.map((one: Body) => one.histoActionCode),
    ['TRAITEMENT_REJET', 'ACQUITTEMENT_SUSPENSION', 'TELECHARGEMENT_FACTURE']
  )
})

t.test("a subcontractor's invoice waits for its validator, who may be the wrong one", async (t) => {
  const client = await start(t, { settings: { refusalStatus: 200 } })
  const { call, simulator, submit } = client
  const framework = { codeCadreFacturation: 'A9_FACTURE_SOUSTRAITANT', codeStructureValideur: validator }
  const answer = (await submit('V-1', { cadreDeFacturation: framework })).body
  t.match(answer, { codeRetour: 0, statutFacture: 'A_VALIDER_1' })
  const id = answer.identifiantFactureCPP
  await simulator.control.advance(days)
  t.match((await call('factures/rechercher/recipiendaire')).body, { codeRetour: 20000 }, 'not at the recipient yet')
  const toDo = async (siret?: string) =>
    (await call('factures/rechercher/aTraiter/valideur', { identifiantStructure: siret })).body
  t.match(await toDo(), {
    parametresRetour: { total: 1 },
    listeFactures: [{ idFacture: id, identifiantValideur: validator }]
  })

  const decide = async (body: Body) => (await call('factures/traiter/factureAValider', { idFacture: id, ...body })).body
  t.match(await decide({ action: 'PEUT-ETRE' }), { codeRetour: 20003 })
  t.match(await decide({ action: 'REFUS', motifRefus: 'MAUVAIS_VALIDEUR', complementInfo: 'Pas nous' }), {
    codeRetour: 0,
    statutFacture: 'ERREUR_FOURNISSEUR_SUR_VALIDEUR'
  })
  t.match(await decide({ action: 'VALIDATION' }), { codeRetour: 20002 }, 'no longer to be decided')
  t.match(await toDo(), { codeRetour: 20000 })
  t.match((await call('factures/rechercher/valideur')).body, { codeRetour: 20000 }, 'nor to be seen by that validator')
  const correct = {
    idFacture: id,
    idStructure: 0,
    typeIdentifiantStructure: 'SIRET',
    identifiantStructure: '99900080500013'
  }
  t.match((await call('factures/corriger/valideur/facture', correct)).body, { codeRetour: 0, idFacture: id })
  t.match((await call('factures/corriger/valideur/facture', correct)).body, { codeRetour: 20002 })
  t.match(await toDo(validator), { codeRetour: 20000 })
  t.match(await toDo('99900080500013'), { parametresRetour: { total: 1 } })
  t.match(await decide({ action: 'VALIDATION' }), { codeRetour: 0, statutFacture: 'VALIDEE_1' })
  await simulator.control.advance(60_000)
  t.match((await call('factures/rechercher/recipiendaire')).body.listeFactures, [
    { idFacture: id, statut: 'MISE_A_DISPOSITION' }
  ])
  t.match((await call('factures/consulter/valideur', { identifiantFactureCPP: id })).body.facture, {
    cadreDeFacturation: { codeValideur1: '99900080500013', dateValidation1: /^\d{4}-\d\d-\d\d$/ }
  })
  const { codeRetour } = (
    await call('factures/consulter/valideur', { identifiantFactureCPP: await deposited(client, 'V-2') })
  ).body
  t.equal(codeRetour, 20001, 'an invoice without a validator is nobody’s to validate')
})

t.test('a day or a time in dateTraitement, as each way in has it', async (t) => {
  const client = await start(t)
  const id = await deposited(client, 'D-1')
  const body = { idFacture: id, nouveauStatut: 'MANDATEE' }
  t.match((await client.call('factures/traiter/recue', body)).body.dateTraitement, /^\d{4}-\d\d-\d\d \d\d:\d\d$/)
  const headers = {
    authorization: `Bearer ${await token(client)}`,
    'cpro-account': client.account(),
    'content-type': 'application/json'
  }
  const through = await client.send(`${client.simulator.pisteUrl}/factures/v1/traiter/recue`, {
    headers,
    body: JSON.stringify({ ...body, nouveauStatut: 'COMPTABILISEE' })
  })
  t.match(through.body.dateTraitement, /^\d{4}-\d\d-\d\d$/)
})

t.test('ten invoices in one download, no more, unless asked for', async (t) => {
  const { call, simulator } = await start(t, { sampleInvoices: true })
  const invoices = simulator.control.invoices().filter((one) => one.supplier === '99900110000018')
  const listeFacture = invoices.map((one) => ({ idFacture: one.id }))
  t.equal(listeFacture.length, 11)
  const download = (list: Body[]) => call('factures/telecharger/groupe', { format: 'PDF', listeFacture: list })
  t.match(await download(listeFacture), { status: 400, body: { codeRetour: 20001 } })
  t.equal((await download(listeFacture.slice(1))).body.codeRetour, 0)
  simulator.control.configure({ downloadLimit: null })
  t.equal((await download(listeFacture)).body.codeRetour, 0)
})

t.test('payment requests of every kind are found by role, party and number', async (t) => {
  const { call, structure } = await start(t, { sampleInvoices: true })
  const search = async (body: Body) => (await call('factures/rechercher/demandePaiement', body)).body
  const works = await search({ typeDemandePaiement: 'FACTURE_TRAVAUX', roleUtilisateur: 'MOA' })
  t.equal(works.total, 18)
  t.equal(works.listeDemandePaiement.length, 18, 'without pages')
  t.match(works.listeDemandePaiement[0], { nombreResultatTotal: '18', numeroDossierFacturation: /^DOSSIER-/ })
  const supplier = await structure('99900060700013')
  t.match(await search({ structureFournisseur: { idStructureFournisseur: supplier }, statutCourant: 'SUSPENDUE' }), {
    total: 1,
    listeDemandePaiement: [{ etatCourant: 'SUSPENDUE', commentaireEtatCourant: 'Il manque le bon de livraison' }]
  })
  t.match(await search({ roleUtilisateur: 'VALIDATEUR' }), { total: 15 }, 'as a client of 2023 spells it')
  t.match(await search({ dpOuDpArchive: 'DP_ARCHIVE' }), { codeRetour: 20000 })
  t.match(await search({ roleUtilisateur: 'PASSANT' }), { codeRetour: 20001 })
})

t.test('works documents: found by role, moved on, and linked to their neighbours', async (t) => {
  const { call, simulator } = await start(t, { sampleInvoices: true, settings: { refusalStatus: 200 } })
  const search = async (body: Body) => (await call('factures/travaux/rechercher', body)).body
  t.match(await search({}), { codeRetour: 20001 }, 'the role is demanded')
  t.strictSame(await search({ roleUtilisateur: 'VALIDATEUR' }), { codeRetour: 20007, libelle: 'GFT_MSG_01.075' })
  const first = await search({ roleUtilisateur: 'MOE' })
  t.match(first.parametresRetour, { total: 18, pages: 2, pageCourante: 1 })
  t.match(await search({ roleUtilisateur: 'MOE', montantHTMin: '17500', listeStatutCourant: 'TRANSMISE_MOA' }), {
    parametresRetour: { total: 1 }
  })
  t.match(await search({ roleUtilisateur: 'MOE', uniquementSansPieceSuivante: true }), {
    parametresRetour: { total: 15 }
  })
  const idOf = (number: string) => simulator.control.invoices().find((one) => one.number === number)?.id
  const act = async (operation: string, number: string, body: Body = {}) =>
    (await call(`factures/travaux/${operation}`, { idFactureTravaux: idOf(number), ...body })).body
  const status = async (number: string) => (await act('consulter', number)).factureTravaux.statutFactureTravaux
  t.match(await act('refuser', 'TRAVAUX-1', { commentaire: 'Mauvaise MOE' }), {
    codeRetour: 0,
    statutFactureTravaux: 'REFUSEE_MOE'
  })
  t.match(await act('refuser', 'TRAVAUX-1'), { codeRetour: 20002 }, 'not twice')
  t.match(await search({ roleUtilisateur: 'MOE', listeStatutCourant: ['REFUSEE_MOE'] }), {
    parametresRetour: { total: 1 }
  })
  t.strictSame(await act('suspendre/demander/completer/factureTravaux', 'TRAVAUX-4', { commentaire: 'Il manque' }), {
    codeRetour: 0,
    libelle: 'TRA_MSG_00.000'
  })
  t.equal(await status('TRAVAUX-4'), 'SUSPENDUE')
  t.equal((await act('completer', 'TRAVAUX-4')).codeRetour, 0)
  t.equal(await status('TRAVAUX-4'), 'COMPLETEE')
  t.match(await act('demander/recyclage', 'TRAVAUX-4'), { idPiecePrecedente: Number(idOf('TRAVAUX-3')) })
  t.equal(await status('TRAVAUX-3'), 'A_RECYCLER')
  t.match(
    await act('recycler', 'TRAVAUX-3', { identifiantDestinataire: '12345678200028' }),
    { codeRetour: 20003 },
    'service demanded'
  )
  t.match(await act('recycler', 'TRAVAUX-3', { identifiantDestinataire: '12345678200051' }), { codeRetour: 0 })
  t.equal((await act('consulter/dossierfacturation', 'TRAVAUX-3')).listeFactureTravaux.length, 4)
  t.match(await act('demander/recyclage', 'TRAVAUX-5'), { codeRetour: 20002 }, 'nothing before it')
  const view = (await call('factures/consulter/fournisseur', { identifiantFactureCPP: idOf('TRAVAUX-3') })).body.facture
  t.match(view, {
    piecePrecedente: { numeroPiecePrecedente: 'TRAVAUX-2' },
    pieceSuivante: { numeroPieceSuiante: 'TRAVAUX-4' },
    references: { typeFactureTravaux: 'ETAT_ACOMPTE' },
    cadreDeFacturation: { identifiantMoe: '99900080500013', identifiantMoa: '99800010300015' }
  })
  const seen = (await call('factures/consulter/recipiendaire', { identifiantFactureCPP: idOf('TRAVAUX-3') })).body
    .facture
  t.equal(seen.pieceSuivante.numeroPieceSuivante, 'TRAVAUX-4', 'the recipient’s service spells it out')
})

t.test('a flow with a works framework makes a works document', async (t) => {
  const { call, simulator } = await start(t)
  const fichierFlux = Buffer.from(cii({ number: 'TR-1', framework: 'A4' })).toString('base64')
  await call('factures/deposer/flux', { fichierFlux, nomFichier: 'f.xml', syntaxeFlux: 'IN_DP_E1_CII_16B' })
  await simulator.control.advance(days)
  t.match((await call('factures/travaux/rechercher', { roleUtilisateur: 'DESTINATAIRE' })).body, {
    parametresRetour: { total: 1 }
  })
  t.match((await call('factures/rechercher/recipiendaire', { typeDemandePaiement: 'FACTURE' })).body, {
    codeRetour: 20000
  })
  t.match(
    (await call('factures/rechercher/recipiendaire', { typeDemandePaiement: 'FACTURE_TRAVAUX' })).body.listeFactures,
    [{ typeFactureTravaux: 'PROJET_DECOMPTE_MENSUEL' }]
  )
})

t.test('a file of the account is listed, downloaded and taken away again', async (t) => {
  const { call, structure } = await start(t, { settings: { refusalStatus: 200 } })
  t.match((await call('transverses/rechercher/pj/moncompte')).body, { codeRetour: 20000 }, 'none yet')
  const added = { pieceJointeNom: 'bon.pdf', pieceJointeTypeMime: 'application/pdf', pieceJointeExtension: 'PDF' }
  await call('transverses/ajouter/fichier', { ...added, pieceJointeFichier: pdf.toString('base64') })
  const [file] = (await call('transverses/rechercher/pj/moncompte', { pieceJointeDesignation: 'BON' })).body
    .listePiecesJointes
  t.match(file, { pieceJointeDesignation: 'bon.pdf', pieceJointeTypeLibelle: 'Pièce jointe standard' })
  const archive = (await call('transverses/telecharger/pieceJointe', { objetPieceJointe: 'UTILISATEUR' })).body
  t.strictSame(Object.keys(archive), ['pieceJointe'], 'no codeRetour')
  t.ok(Buffer.from(archive.pieceJointe, 'base64').includes(pdf))
  const detach = { idPieceJointeObjet: file.pieceJointeObjetId }
  t.equal((await call('transverses/detacherPieceJointe', detach)).body.codeRetour, 0)
  t.match((await call('transverses/detacherPieceJointe', detach)).body, { codeRetour: 20000 })
  t.match((await call('transverses/rechercher/pj/moncompte')).body, { codeRetour: 20000 })

  const idStructureCPP = await structure('99900010200015')
  const second = { idStructureCPP, parametresRecherche: { pageResultatDemandee: 2 } }
  const page = (await call('transverses/rechercher/pj/structure', second)).body
  t.match(page.parametresRetour, { total: 11, pages: 2 })
  t.equal(page.listePiecesJointes.length, 1)
  const objects = [
    { objetPieceJointe: 'STRUCTURE_PIECEJOINTE', structure: { idStructure: idStructureCPP } },
    {
      objetPieceJointe: 'STRUCTURE_MANDAT',
      structure: { identifiantStructure: '99900010200015', typeIdentifiantStructure: 'SIRET' }
    },
    { objetPieceJointe: 'STRUCTURE_COORDONNEE_BANCAIRE', structure: { idStructure: idStructureCPP } },
    { objetPieceJointe: 'SOLLICITATION', sollicitation: { idSollicitation: 7001, pieceJointeSollicitation: 'OUI' } }
  ]
  for (const body of objects)
    t.match(
      (await call('transverses/telecharger/pieceJointe', body)).body.pieceJointe,
      /^(?:UEsDB|JVBER)/,
      body.objetPieceJointe
    )
  t.match((await call('transverses/telecharger/pieceJointe', { objetPieceJointe: 'CHAT' })).body, { codeRetour: 20001 })
})

t.test('the directory of organisations speaks REST, and what is changed there shows elsewhere', async (t) => {
  const { call, send, simulator, account, structure } = await start(t)
  const ask = (path: string, init: { method?: string; body?: unknown } = {}) =>
    send(`${simulator.certificateUrl}/organisations/${path}`, {
      method: init.method ?? 'GET',
      headers: { authorization: `Basic ${account()}`, 'content-type': 'application/json' },
      ...(init.body === undefined ? {} : { body: JSON.stringify(init.body) })
    })
  const siret = '99900010200015'
  const one = (await ask(`structures/${siret}`)).body
  t.match(one, { identifiant: siret, typeIdentifiant: '0', typeOrganisation: 'private', uuid: /^[0-9a-f]{32}$/ })
  t.strictSame((await ask(`structures/${one.uuid}`)).body, one, 'by its uuid')
  t.strictSame((await ask(`structures/${one.numeroTvaIntracommunautaire}`)).body, one, 'by its VAT number')
  t.match(await ask('structures/no_exist_uuid/services'), {
    status: 400,
    body: [{ error: 'ParamsInvalidUuidStructures' }]
  })
  t.match(await ask('structures/00000000000000'), { status: 400, body: [{ error: 'NotFoundReference' }] })
  t.match(
    await ask('structures/12345678200051/pieces_jointes'),
    { status: 400, body: [{ error: 'NotFoundReference' }] },
    'none'
  )
  t.equal((await ask('healthcheck')).text, '')
  t.equal((await ask('healthcheck', { method: 'POST', body: {} })).status, 405)
  t.equal((await ask('siren/recherche', { method: 'POST', body: {} })).status, 403)

  const search = (body: unknown) => ask('structures/recherche', { method: 'POST', body })
  t.equal((await search({})).status, 400, 'at least one criterion')
  const names = (
    await search({
      raisonSociale: { op: 'CONTAINS', val: 'commune d' },
      _desc: ['raisonSociale'],
      _fields: ['raisonSociale']
    })
  ).body
  t.equal(names.length, 11)
  t.strictSame(names[0], { raisonSociale: "COMMUNE D'EXEMPLE 9" })
  t.equal((await search({ identifiant: { op: 'IN', val: ['12345678200051', '12345678200044'] } })).body.length, 2)
  t.strictSame((await search({ ville: { op: '=', val: 'NULLE PART' } })).body, [])

  const change = await ask(`structures/${siret}/parametres-edi`, { method: 'PATCH', body: { connexion_edi: true } })
  t.match(change, { status: 204, text: '' })
  t.match((await ask(`structures/${siret}`)).body, { emetteurFluxEdi: true, recevoirCyclesViesEdi: false })
  const { parametres } = (await call('structures/consulter', { idStructureCPP: await structure(siret) })).body
  t.match(parametres, { connexionEDI: true, recevoirDonneesViaEDI: false })
  simulator.control.reset()
  t.match((await ask(`structures/${siret}`)).body, { emetteurFluxEdi: false })
})

/** The one file of a ZIP, found from its end: the sizes stand behind the data. */
function unzip(zip: Buffer): Buffer {
  const entry = zip.readUInt32LE(zip.length - 22 + 16)
  const size = zip.readUInt32LE(entry + 20)
  const local = zip.readUInt32LE(entry + 42)
  const begin = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28)
  return inflateRawSync(zip.subarray(begin, begin + size))
}

t.test('the directory file has the size that is asked for, and whoever is in it can be sent to', async (t) => {
  const { call, submit, simulator, structure } = await start(t, { settings: { directorySize: 200_000 } })
  const download = async () =>
    Buffer.from((await call('transverses/telecharger/annuaire/destinataire')).body.fichierResultat, 'base64')
  const zip = await download()
  t.equal(zip.subarray(0, 10).toString('base64'), 'UEsDBBQACAgIAA==', 'begins like the recorded one')
  const lines = unzip(zip).toString().trimEnd().split('\n')
  t.equal(lines.length, 200_001)
  t.equal(new Set(lines.map((line) => line.split(';')[1])).size, 200_001, 'every identifier once')
  for (const line of [lines[0], lines[1], lines[200_000]]) t.equal(line?.split(';').length, 21)
  const last = lines.find((line) => line.includes('COMMUNE INVENTEE 4;'))?.split(';')[1] ?? ''
  t.type(await structure(last), 'number')
  t.match((await submit('A-1', { destinataire: { codeDestinataire: last } })).body, { codeRetour: 0 })
  await simulator.control.advance(60_000)
  t.match((await call('factures/rechercher/recipiendaire')).body.listeFactures, [{ codeDestinataire: last }])
  simulator.control.configure({ directorySize: 5 })
  t.equal(
    unzip(await download())
      .toString()
      .trimEnd()
      .split('\n').length,
    6
  )
  t.match((await call('structures/rechercher', { structure: { identifiantStructure: last } })).body.listeStructures, [])
})

t.test('a client that writes every member, zeros and empty objects too, finds what it looks for', async (t) => {
  const { call } = await start(t, { sampleInvoices: true })
  const zeros = {
    idDestinataire: 0,
    idFournisseur: 0,
    idServiceExecutant: 0,
    idStructureValideur: 0,
    idUtilisateurCourant: 0,
    montantAPayerMin: 0,
    montantAPayerMax: 0,
    montantApayerMin: 0,
    montantApayerMax: 0,
    montantHTMin: 0,
    montantHTMax: 0,
    numeroFacture: '',
    listeTypeFacture: null,
    statutCourant: null,
    periodeDateDepotDu: null,
    pagination: null,
    cadreFacturation: {}
  }
  t.match((await call('factures/rechercher/valideur', zeros)).body.parametresRetour, { total: 14, pages: 2 })
  t.match((await call('factures/rechercher/fournisseur', { ...zeros, rejetTraite: false })).body.parametresRetour, {
    pages: 6
  })
  const everyone = [{ idDestinataire: 0, listeIdServiceExecutant: null, raisonSocialeStuctDmd: '' }]
  t.match((await call('factures/rechercher/fournisseur', { listeDestinataire: everyone })).body.parametresRetour, {
    pages: 6
  })
  const nobody = [{ ...everyone[0], idDestinataire: 1 }]
  t.equal((await call('factures/rechercher/fournisseur', { listeDestinataire: nobody })).body.codeRetour, 20000)
  const recipientSide = (await call('factures/rechercher/recipiendaire')).body.total
  const suppliers = [{ idFournisseur: 0, listeIdService: null }]
  t.equal((await call('factures/rechercher/recipiendaire', { listeFournisseurs: suppliers })).body.total, recipientSide)
  const id = (await call('factures/rechercher/fournisseur')).body.listeFactures[0].identifiantFactureCPP
  const pager = {
    nbResultatsParPageListeHistoStatut: 0,
    pageResultatDemandeeListeHistoStatut: 0,
    triColonneListeHistoStatut: ''
  }
  const history = (await call('factures/consulter/historique', { idFacture: id, paramRechercheHistoStatuts: pager }))
    .body
  t.match(history.historiquesDesStatuts, { nbResultatsParPageHistoStatut: 10 })
  t.equal((await call('structures/consulter', { idStructure: 30000004, codeLangue: '' })).body.codeRetour, 0)
})

t.test('odd rows: unknown statuses, ids beyond 2^53, an object for a list of one', async (t) => {
  const { call, send, simulator, account } = await start(t, { sampleInvoices: true })
  const answer = await send(`${simulator.certificateUrl}/factures/rechercher/fournisseur`, {
    headers: { authorization: `Basic ${account()}`, 'content-type': 'application/json' },
    body: '{"numeroFacture":"RARE-2"}'
  })
  t.match(answer.text, /"identifiantFactureCPP":9007199254740995,/)
  t.match(answer.body.listeFactures, [{ statut: 'STATUT_INCONNU_DES_LISTES' }])
  const raw = '{"idFacture":9007199254740995}'
  const history = await send(`${simulator.certificateUrl}/factures/consulter/historique`, {
    headers: { authorization: `Basic ${account()}`, 'content-type': 'application/json' },
    body: raw
  })
  t.equal(history.body.numeroFacture, 'RARE-2')
  const one = { structure: { identifiantStructure: '12345678200051' } }
  simulator.control.configure({ singleAsObject: true })
  t.match((await call('structures/rechercher', one)).body.listeStructures, { identifiantStructure: '12345678200051' })
  t.ok(Array.isArray((await call('structures/rechercher', {})).body.listeStructures), 'of several, a list')
})

t.test('the end of the password is shown for structures of the account, and comes nearer', async (t) => {
  const { call, send, account, structure, simulator } = await start(t, {
    moreAccounts: [{ login: 'ETROIT', password: 'x', structures: ['99900020100015'] }]
  })
  const idStructureCPP = await structure('99900010200015')
  const { informationGenerales } = (await call('structures/consulter', { idStructureCPP })).body
  const end = Date.parse(informationGenerales.dateExpirationMotPasseCompteTech)
  t.ok(Math.abs(end - Date.now() - 424 * days) < days)
  simulator.control.configure({ passwordLifetimeDays: 10 })
  const sooner = (await call('structures/consulter', { idStructureCPP })).body.informationGenerales
  t.ok(Date.parse(sooner.dateExpirationMotPasseCompteTech) < Date.now() + 11 * days)
  const other = await send(`${simulator.certificateUrl}/structures/consulter`, {
    headers: { authorization: `Basic ${account('ETROIT', 'x')}`, 'content-type': 'application/json' },
    body: JSON.stringify({ idStructureCPP })
  })
  t.notOk('dateExpirationMotPasseCompteTech' in other.body.informationGenerales)
})

t.test('the control endpoint lists the operations', async (t) => {
  const { simulator } = await start(t)
  const list = (await (await fetch(`${simulator.controlUrl}/operations`)).json()) as Body[]
  t.ok(list.length > 90)
  t.match(list[0], { domain: String, path: String, method: 'POST', modes: ['piste', 'certificate'] })
})
