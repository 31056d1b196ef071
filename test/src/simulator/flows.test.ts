import { gzipSync } from 'node:zlib'
import t from 'tap'
import { type Answered, type Body, type Client, start } from './client.ts'
import { cii, facturX, tar, ubl } from './documents.ts'

const deposit = ({ call }: Client, file: Buffer | string, syntaxeFlux: string): Promise<Answered> =>
  call('factures/deposer/flux', {
    fichierFlux: Buffer.from(file as string).toString('base64'),
    nomFichier: 'flux',
    syntaxeFlux,
    avecSignature: false
  })

/** Deposits, waits, and answers with the detailed report. */
async function follow(client: Client, file: Buffer | string, syntax: string): Promise<Body> {
  const { numeroFluxDepot } = (await deposit(client, file, syntax)).body
  await client.simulator.control.advance(10_000)
  return { numeroFluxDepot, ...(await client.call('transverses/consulterCRDetaille', { numeroFluxDepot })).body }
}

t.test('a flow is not found at first, then waits, then is integrated', async (t) => {
  // A clock that almost stands: only what is advanced by hand counts, however busy the machine is.
  const client = await start(t, { speed: 0.001 })
  const { call, simulator } = client
  const deposited = await deposit(client, facturX(cii()), 'IN_DP_E2_CII_FACTURX')
  t.match(deposited.body, {
    codeRetour: 0,
    libelle: 'GCU_MSG_01_000',
    numeroFluxDepot: /^CPP0011117\d{15}$/,
    dateDepot: /^\d{4}-\d{2}-\d{2}$/,
    syntaxeFlux: 'IN_DP_E2_CII_FACTURX'
  })
  const { numeroFluxDepot } = deposited.body
  const report = async () => call('transverses/consulterCRDetaille', { numeroFluxDepot })
  t.match(await report(), { status: 200, body: { codeRetour: 20001, libelle: /^POQ_MSG_01\.003/ } })
  const seen: string[] = []
  for (let step = 0; step < 9; step++) {
    await simulator.control.advance(1_000)
    seen.push((await report()).body.etatCourantDepotFlux)
  }
  t.equal(seen[0], 'IN_DEPOT_PORTAIL_EN_ATTENTE_TRAITEMENT_SE_CPP')
  t.strictSame([...new Set(seen)].slice(1), [
    'IN_RECU',
    'IN_TRAITE_SE_CPP',
    'IN_EN_ATTENTE_TRAITEMENT_CPP',
    'IN_EN_COURS_TRAITEMENT_CPP'
  ])
  t.match((await call('factures/rechercher/fournisseur', { numeroFluxDepot })).body, { codeRetour: 20000 })
  await simulator.control.advance(1_000)
  const done = (await report()).body
  t.match(done, {
    codeRetour: 0,
    etatCourantDepotFlux: 'IN_INTEGRE',
    codeInterfaceDepotFlux: 'FSO1117A',
    nomFichier: `FSO1117A_CPP001_${numeroFluxDepot}`
  })
  t.notOk('listeErreurDP' in done || 'listeErreurTechnique' in done, 'no list without errors')
  const found = (await call('factures/rechercher/fournisseur', { numeroFluxDepot })).body
  t.match(found.listeFactures, [
    {
      numeroFacture: 'FX-1',
      modeDepot: 'UPLOAD_API',
      montantHT: 100,
      montantTTC: 120,
      montantAPayer: 120,
      dateFacture: '2026-09-01',
      numeroFluxDepot
    }
  ])
  t.match(simulator.control.ledger(), {
    acceptances: [{ number: 'FX-1', flowNumber: numeroFluxDepot, digest: /^[0-9a-f]{64}$/ }],
    flows: [{ flowNumber: numeroFluxDepot }]
  })
  const pdf = (
    await call('factures/telecharger/groupe', {
      format: 'PDF',
      listeFacture: [{ idFacture: found.listeFactures[0].identifiantFactureCPP }]
    })
  ).body
  t.equal(Buffer.from(pdf.fichierResultat, 'base64').toString('latin1', 0, 5), '%PDF-', 'the Factur-X is the invoice')
  t.equal(
    (await call('transverses/consulterCR', { numeroFluxDepot })).body.codeRetour,
    20001,
    'the simple report does not work for Factur-X'
  )
})

t.test('UBL and CII are read too', async (t) => {
  const client = await start(t)
  const done = await follow(
    client,
    ubl({ number: 'UBL-1', buyer: '12345678200028', service: 'SERVICE_DEST_SERV_OBL' }),
    'IN_DP_E1_UBL_INVOICE'
  )
  t.match(done, { etatCourantDepotFlux: 'IN_INTEGRE', codeInterfaceDepotFlux: 'FSO1100A' })
  t.match(
    (await follow(client, cii({ number: 'CII-1', buyer: '12345678200036', commitment: 'EJ-1' }), 'IN_DP_E1_CII_16B'))
      .etatCourantDepotFlux,
    'IN_INTEGRE'
  )
  t.match((await client.call('factures/rechercher/fournisseur', { numeroFacture: 'UBL-1' })).body.listeFactures, [
    { codeServiceExecutant: 'SERVICE_DEST_SERV_OBL' }
  ])
  t.match((await client.call('transverses/consulterCR', { numeroFluxDepot: done.numeroFluxDepot })).body, {
    codeInterfaceFlux: 'FSO1100A',
    etatCourantFlux: 'IN_INTEGRE',
    fichierCR: /^JVBER/
  })
})

t.test('what the standards allow and few write is read as well', async (t) => {
  const client = await start(t)
  const twice = ubl({ number: 'UBL-2', buyer: '12345678200028' })
    .replace('2026-09-01', '2026-09-01+02:00')
    .replace('</cac:PartyIdentification></cac:Party></cac:AccountingCustomerParty>', (end) =>
      end.replace(
        '</cac:Party>',
        '<cac:PartyIdentification><cbc:ID schemeID="0224">SERVICE_DEST_SERV_OBL</cbc:ID></cac:PartyIdentification></cac:Party>'
      )
    )
    .replace('<cac:TaxTotal>', '<cac:TaxTotal><cbc:TaxAmount currencyID="USD">22.00</cbc:TaxAmount></cac:TaxTotal>$&')
  t.equal((await follow(client, twice, 'IN_DP_E1_UBL_INVOICE')).etatCourantDepotFlux, 'IN_INTEGRE')
  t.match((await client.call('factures/rechercher/fournisseur', { numeroFacture: 'UBL-2' })).body.listeFactures, [
    { codeServiceExecutant: 'SERVICE_DEST_SERV_OBL', dateFacture: '2026-09-01', montantTTC: 120 }
  ])
  const moment = cii({ number: 'CII-2' })
    .replace(/<udt:DateTimeString.+?DateTimeString>/, '<udt:DateTime>2026-09-01T10:00:00</udt:DateTime>')
    .replace('<ram:TaxTotalAmount', '<ram:TaxTotalAmount currencyID="USD">22.00</ram:TaxTotalAmount>$&')
  t.equal((await follow(client, moment, 'IN_DP_E1_CII_16B')).etatCourantDepotFlux, 'IN_INTEGRE')
})

t.test('what the invoice lacks is told in listeErreurDP', async (t) => {
  const client = await start(t)
  const cases: [string, string, RegExp][] = [
    ['unknown seller', cii({ seller: '00000000000000' }), /fournisseur .* référencé/],
    ['SIREN only', cii({ seller: '999000102' }), /fournisseur .* référencé/],
    ['unknown recipient', cii({ buyer: '00000000000000' }), /destinataire .* inconnu/],
    ['service missing', cii({ buyer: '12345678200028' }), /service est obligatoire/],
    ['commitment missing', cii({ buyer: '12345678200036' }), /engagement est obligatoire/],
    ['number absent', cii({ number: undefined }), /BT-1/],
    ['number too long', cii({ number: 'x'.repeat(21) }), /numéro de facture/],
    ['framework absent', cii({ framework: undefined }), /BT-23/],
    ['framework of another world', cii({ framework: 'B1' }), /BT-23/],
    ['payment means absent', cii({ means: undefined }), /BT-81/]
  ]
  for (const [label, xml, expected] of cases) {
    const report = await follow(client, xml, 'IN_DP_E1_CII_16B')
    t.match(
      report,
      { codeRetour: 0, etatCourantDepotFlux: 'IN_REJETE', listeErreurDP: [{ libelleErreurDP: expected }] },
      label
    )
  }
  const both = (await follow(client, cii({ seller: '1', buyer: '2', framework: undefined }), 'IN_DP_E1_CII_16B'))
    .listeErreurDP[0]
  t.match(both, { numeroDP: 'FX-1', identifiantFournisseur: '1', identifiantDestinataire: '2', libelleErreurDP: /\|/ })
  t.ok(both.libelleErreurDP.length <= 200)
  client.simulator.control.configure({ strictFlows: false })
  t.equal(
    (await follow(client, cii({ framework: undefined, means: undefined }), 'IN_DP_E1_CII_16B')).etatCourantDepotFlux,
    'IN_INTEGRE'
  )
})

t.test('what cannot be read at all is a technical error', async (t) => {
  const client = await start(t)
  const cases: [string, Buffer | string, string][] = [
    ['not well-formed', '<Invoice><ID>1</Invoice>', 'IN_DP_E1_UBL_INVOICE'],
    ['a document type', `<!DOCTYPE Invoice [<!ENTITY x "y">]>${ubl().replace(/^.*\n/, '')}`, 'IN_DP_E1_UBL_INVOICE'],
    ['UBL sent as CII', ubl(), 'IN_DP_E1_CII_16B'],
    ['PDF without XML', facturX(undefined), 'IN_DP_E2_CII_FACTURX'],
    ['no PDF', cii(), 'IN_DP_E2_CII_FACTURX']
  ]
  for (const [label, file, syntax] of cases) {
    const report = await follow(client, file, syntax)
    t.match(
      report,
      {
        etatCourantDepotFlux: 'IN_REJETE',
        listeErreurTechnique: [
          { codeErreur: 'ERR_XSD_001', libelleErreur: /^IRRECEVABILITE: .* - ligne: \d+ - position: \d+$/s }
        ]
      },
      label
    )
  }
  t.match(await deposit(client, ubl(), 'IN_DP_E9'), { status: 400, body: { codeRetour: 20002 } })
})

t.test('the same flow twice makes two flows; the second is refused at integration', async (t) => {
  const client = await start(t)
  const first = await deposit(client, cii(), 'IN_DP_E1_CII_16B')
  const second = await deposit(client, cii(), 'IN_DP_E1_CII_16B')
  t.not(first.body.numeroFluxDepot, second.body.numeroFluxDepot)
  await client.simulator.control.advance(10_000)
  const report = async (answer: Answered) =>
    (await client.call('transverses/consulterCRDetaille', { numeroFluxDepot: answer.body.numeroFluxDepot })).body
  t.equal((await report(first)).etatCourantDepotFlux, 'IN_INTEGRE')
  const refused = await report(second)
  t.equal(refused.etatCourantDepotFlux, 'IN_REJETE')
  t.match(refused.listeErreurDP[0].libelleErreurDP, /numéro de facture.*déjà déposé/)
  t.equal(client.simulator.control.ledger().acceptances.length, 1)
  t.equal(
    (await follow(client, cii({ seller: '99900020100015' }), 'IN_DP_E1_CII_16B')).etatCourantDepotFlux,
    'IN_INTEGRE'
  )
})

t.test('an archive is integrated in part: the good invoices are in', async (t) => {
  const client = await start(t)
  const archive = gzipSync(
    tar({ 'a.xml': cii({ number: 'LOT-1' }), 'b.xml': cii({ number: 'LOT-2', buyer: '12345678200028' }) })
  )
  const report = await follow(client, archive, 'IN_DP_E1_CII_16B')
  t.match(report, { etatCourantDepotFlux: 'IN_INTEGRE_PARTIEL', listeErreurDP: [{ numeroDP: 'LOT-2' }] })
  const found = (await client.call('factures/rechercher/fournisseur', { numeroFluxDepot: report.numeroFluxDepot })).body
  t.match(found.parametresRetour, { total: 1 })
})

t.test('a final state can be forced', async (t) => {
  const client = await start(t, { settings: { flowOutcome: 'IN_INCIDENTE' } })
  t.equal((await follow(client, cii(), 'IN_DP_E1_CII_16B')).etatCourantDepotFlux, 'IN_INCIDENTE')
  t.equal(client.simulator.control.invoices().length, 0)
})

t.test('the ledger learns of an integration that nobody asks about', async (t) => {
  const client = await start(t, { speed: 100, flowDelayMs: 5_000 })
  await deposit(client, cii(), 'IN_DP_E1_CII_16B')
  await new Promise((resolve) => setTimeout(resolve, 300))
  t.match(client.simulator.control.ledger().acceptances, [{ number: 'FX-1' }])
})
