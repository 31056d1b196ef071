import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import t from 'tap'
import { fileBody, jsonBody } from '../../../src/chorus/body.ts'
import { readDay, readMoment } from '../../../src/chorus/dates.ts'
import { readFoundStructure, readService, readStructure } from '../../../src/chorus/directory-answers.ts'
import { type JsonObject, parseJson, rawDecimal, rawId, readDecimal, readList } from '../../../src/chorus/json.ts'
import { isExempt } from '../../../src/chorus/no-proxy.ts'
import { nameFlowState, nameStatus } from '../../../src/chorus/status.ts'
import { toRecherche, toSoumettre } from '../../../src/chorus/submission-payload.ts'
import { readExtraction, readFlowReport, readHistory, readIssued } from '../../../src/chorus/translate.ts'
import { readProxyUrl } from '../../../src/chorus/tunnel.ts'

t.test('numbers keep their digits both ways', (t) => {
  t.same(parseJson('{"id":90071992547409931,"ht":1000.10,"ok":true,"n":null,"s":"007"}'), {
    id: '90071992547409931',
    ht: '1000.10',
    ok: true,
    n: null,
    s: '007'
  })
  t.equal(
    JSON.stringify({ id: rawId('90071992547409931'), odd: rawId('A-1'), zero: rawId('007'), none: rawId(undefined) }),
    '{"id":90071992547409931,"odd":"A-1","zero":"007"}'
  )
  t.equal(
    JSON.stringify(['12.50', '-3', '0012.5', '0', '999999999999999999.123456'].map(rawDecimal)),
    '[12.50,-3,12.5,0,999999999999999999.123456]'
  )
  for (const [given, expected] of [
    ['12.50', '12.50'],
    ['1e3', '1000'],
    ['1.25E-2', '0.0125'],
    ['-1.5e1', '-15'],
    ['10,5', '10.5'],
    ['abc', undefined],
    ['', undefined]
  ]) {
    t.equal(readDecimal(given), expected, String(given))
  }
  t.same(readList({ a: '1' }), [{ a: '1' }], 'a list of one as a bare object')
  for (const nothing of [null, undefined, '', {}, []]) t.same(readList(nothing), [])
  t.end()
})

t.test('the payload of soumettre', (t) => {
  const wire = (value: unknown) => JSON.parse(JSON.stringify(value)) as Record<string, unknown>
  const invoice = {
    number: 'FA/1"\r\n?',
    issueDate: '2026-09-01',
    buyer: { siret: '12345678200051', serviceCode: 'A/B?"\r\nC' },
    commitmentNumber: 'EJ-1',
    totals: { taxExclusive: '1000.00', tax: '200.00', taxInclusive: '1200.00', payable: '1200.00' }
  }
  const order = {
    mode: 'pdf' as const,
    signed: false,
    invoice,
    supplierId: '27000900',
    bankAccountId: '150000',
    mainAttachment: { name: 'f.pdf', attachmentId: '10400512' },
    attachments: [{ name: 'x'.repeat(120), attachmentId: '5' }]
  }
  t.same(wire(toSoumettre(order)), {
    modeDepot: 'DEPOT_PDF_API',
    numeroFactureSaisi: invoice.number,
    dateFacture: '2026-09-01',
    destinataire: { codeDestinataire: '12345678200051', codeServiceExecutant: 'A/B?"\r\nC' },
    fournisseur: { idFournisseur: 27000900, codeCoordonneesBancairesFournisseur: 150000 },
    cadreDeFacturation: { codeCadreFacturation: 'A1_FACTURE_FOURNISSEUR' },
    references: { deviseFacture: 'EUR', typeFacture: 'FACTURE', numeroBonCommande: 'EJ-1', modePaiement: 'VIREMENT' },
    montantTotal: { montantHtTotal: 1000, montantTVA: 200, montantTtcTotal: 1200, montantAPayer: 1200 },
    pieceJointePrincipale: [{ pieceJointePrincipaleDesignation: 'f.pdf', pieceJointePrincipaleId: 10400512 }],
    pieceJointeComplementaire: [
      {
        pieceJointeComplementaireDesignation: 'x'.repeat(100),
        pieceJointeComplementaireType: '',
        pieceJointeComplementaireId: 5
      }
    ]
  })
  t.match(JSON.stringify(toSoumettre(order)), '"montantHtTotal":1000.00')
  t.equal(toSoumettre({ ...order, signed: true }).modeDepot, 'DEPOT_PDF_SIGNE_API')

  const typed = toSoumettre({
    mode: 'data',
    signed: false,
    supplierId: '1',
    attachments: [],
    invoice: {
      ...invoice,
      typeCode: '381',
      vatRegime: 'exempt',
      precedingInvoice: 'FA-0',
      businessProcess: 'A9',
      validator: { siret: '99900000300015', serviceCode: 'V' },
      payment: { meansCode: '49' },
      vatBreakdown: [{ rate: '5.5', taxable: '10.00', tax: '0.55', exemptionReason: 'art. 261' }],
      lines: [{ name: 'Conseil', quantity: '2', unitCode: 'jour', netPrice: '400.0000', vat: { rate: '20' } }],
      note: 'Bonjour'
    }
  })
  t.match(JSON.parse(JSON.stringify(typed)), {
    modeDepot: 'SAISIE_API',
    cadreDeFacturation: {
      codeCadreFacturation: 'A9_FACTURE_SOUSTRAITANT',
      codeStructureValideur: '99900000300015',
      codeServiceValideur: 'V'
    },
    references: {
      typeFacture: 'AVOIR',
      typeTva: 'EXONERATION',
      motifExonerationTva: 'art. 261',
      numeroFactureOrigine: 'FA-0',
      modePaiement: 'PRELEVEMENT'
    },
    lignePoste: [
      {
        lignePosteNumero: 1,
        lignePosteReference: '1',
        lignePosteDenomination: 'Conseil',
        lignePosteQuantite: 2,
        lignePosteUnite: 'jour',
        lignePosteMontantUnitaireHT: 400,
        lignePosteTauxTvaManuel: 20
      }
    ],
    ligneTva: [{ ligneTvaTauxManuel: 5.5, ligneTvaMontantBaseHtParTaux: 10, ligneTvaMontantTvaParTaux: 0.55 }],
    commentaire: 'Bonjour'
  })
  t.notOk(
    'numeroFactureSaisi' in typed || 'dateFacture' in typed || 'pieceJointePrincipale' in typed,
    'Chorus Pro makes number and date'
  )

  const reference = (change: object) => toSoumettre({ ...order, invoice: { ...invoice, ...change } }).references
  for (const [code, means] of [
    ['30', 'VIREMENT'],
    ['58', 'VIREMENT'],
    ['59', 'PRELEVEMENT'],
    ['20', 'CHEQUE'],
    ['26', 'CHEQUE'],
    ['10', 'ESPECE'],
    ['97', 'AUTRE']
  ]) {
    t.equal(reference({ payment: { meansCode: code } }).modePaiement, means)
  }
  for (const [code, regime] of [
    ['5', 'TVA_SUR_DEBIT'],
    ['35', 'TVA_SUR_DEBIT'],
    ['72', 'TVA_SUR_ENCAISSEMENT'],
    ['432', 'TVA_SUR_ENCAISSEMENT']
  ]) {
    t.equal(reference({ taxPointDateCode: code }).typeTva, regime)
  }
  t.equal(reference({ vatRegime: 'SANS_TVA' }).typeTva, 'SANS_TVA')
  t.equal(reference({ typeCode: '386' }).typeFacture, 'ACOMPTE')
  t.same(
    wire(
      toRecherche({
        number: 'F',
        supplierId: '9',
        flowNumber: 'CPP1',
        issueDateFrom: '2026-01-01',
        statusSince: '2026-02-01'
      })
    ),
    {
      numeroFacture: 'F',
      idFournisseur: 9,
      numeroFluxDepot: 'CPP1',
      periodeDateFactureDu: '2026-01-01',
      periodeDateHeureEtatCourantDu: '2026-02-01'
    }
  )
  t.equal(
    toRecherche({ statusSince: '2026-09-01T12:00:00+02:00' }).periodeDateHeureEtatCourantDu,
    '2026-09-01T10:00:00'
  )
  t.end()
})

t.test('answers are read leniently', (t) => {
  t.same(
    readExtraction(
      parseJson('{"numeroFacture":null,"typeFacture":"FACTURE","montantHtTotal":"","pieceJointeId":1}') as JsonObject
    ),
    { typeCode: '380' }
  )
  t.match(
    readIssued(
      parseJson(
        '{"idFacture":"3346947","montantHT":"10","numeroFacture":" F ","statut":"NOUVEAU","dateFacture":"11/07/2019","dateHeureEtatCourant":"2019-07-11T15:45:39.674+02:00"}'
      ) as JsonObject
    ),
    {
      invoiceId: '3346947',
      number: 'F',
      totals: { taxExclusive: '10' },
      issueDate: '2019-07-11',
      status: { code: 'other', raw: 'NOUVEAU', since: '2019-07-11T13:45:39.674Z' }
    }
  )
  const report = readFlowReport(
    'CPP1',
    parseJson(
      '{"etatCourantDepotFlux":"IN_REJETE","listeErreurDP":{"numeroDP":"F","libelleErreurDP":"Un | Deux|"},"listeErreurTechnique":null}'
    ) as JsonObject
  )
  t.match(report, {
    state: 'rejected',
    invoiceErrors: [{ number: 'F', messages: ['Un', 'Deux'] }],
    technicalErrors: []
  })
  t.equal(readFoundStructure({ statut: 'INACTIVE' }).active, false)
  t.equal(readFoundStructure({ statut: 'ACTIF', identifiant: '1' }).active, true)
  t.equal(readService({ estActif: 'false' }).active, false)
  t.match(
    readStructure(
      '9',
      parseJson(
        '{"informationsGenerales":{"identifiantStructure":12345678200044,"structurePriveePublique":"PUBLIQUE"},"parametres":{"numeroEJDoitEtreRenseigne":"true","gestionNumeroEJOuCodeService":null}}'
      ) as JsonObject
    ),
    {
      structureId: '9',
      siret: '12345678200044',
      isPublic: true,
      requirements: { serviceCode: false, commitmentNumber: true, serviceOrCommitment: false }
    }
  )
  t.same(
    readHistory(
      '1',
      [
        {
          histoStatutId: '10',
          histoStatutCode: 'SUSPENDUE',
          histoStatutDatePassage: '2026-09-05 09:30',
          histoStatutUtilisateurNom: 'DUPONT'
        },
        { histoStatutId: '9', histoStatutCode: 'DEPOSEE', histoStatutDatePassage: '2026-09-05 09:30' }
      ],
      [],
      []
    ).statuses.map(({ raw, at }) => [raw, at]),
    [
      ['DEPOSEE', '2026-09-05T07:30:00.000Z'],
      ['SUSPENDUE', '2026-09-05T07:30:00.000Z']
    ]
  )
  t.end()
})

t.test('dates of every style', (t) => {
  for (const [given, day, moment] of [
    ['2026-09-01', '2026-09-01', '2026-09-01'],
    ['2026-01-05 09:30', '2026-01-05', '2026-01-05T08:30:00.000Z'],
    ['2026-07-05 09:30', '2026-07-05', '2026-07-05T07:30:00.000Z'],
    ['2026-03-29 03:30', '2026-03-29', '2026-03-29T01:30:00.000Z'],
    ['2026-09-01T00:30:00+02:00', '2026-09-01', '2026-08-31T22:30:00.000Z'],
    ['2026-09-01T00:30:00.000+0200', '2026-09-01', '2026-08-31T22:30:00.000Z'],
    ['01/09/2026', '2026-09-01', '2026-09-01'],
    ['hier', undefined, undefined],
    [undefined, undefined, undefined]
  ] as const) {
    t.equal(readDay(given), day, `${given}`)
    t.equal(readMoment(given), moment, `${given}`)
  }
  t.end()
})

t.test('statuses and flow states have a name, or are other', (t) => {
  t.same(nameStatus('MISE_A_DISPOSITION'), { code: 'made_available', raw: 'MISE_A_DISPOSITION' })
  t.same(nameStatus('constructor'), { code: 'other', raw: 'constructor' })
  t.same(nameStatus(undefined), { code: 'other', raw: '' })
  t.equal(nameFlowState('IN_INTEGRE'), 'integrated')
  t.equal(nameFlowState('INTEGRE_PARTIEL'), 'partly-integrated')
  t.equal(nameFlowState('IN_DEPOT_PORTAIL_EN_ATTENTE_TRAITEMENT_SE_CPP'), 'pending')
  t.equal(nameFlowState('QP_RECEVABLE'), 'other')
  t.end()
})

const facts = new URL('../../../../shared/', import.meta.url).pathname
t.test(
  'every status and flow state of the facts is named',
  { skip: existsSync(join(facts, 'chorus-pro')) ? false : 'the facts are not here' },
  (t) => {
    const { enums } = JSON.parse(readFileSync(join(facts, 'chorus-pro/enums.json'), 'utf8')) as {
      enums: { name: string; values: { code: string }[] }[]
    }
    const codes = enums.find(({ name }) => name === 'statutFacture')?.values.map(({ code }) => code) ?? []
    t.equal(codes.length, 57)
    t.equal(new Set(codes.map((code) => nameStatus(code).code)).size, codes.length, 'one name each')
    t.notOk(codes.some((code) => nameStatus(code).code === 'other'))
    const flows = JSON.parse(readFileSync(join(facts, 'chorus-pro/flows.json'), 'utf8')) as {
      flowStatuses: { code: string; terminal: boolean | null }[]
    }
    for (const { code, terminal } of flows.flowStatuses.filter(({ terminal }) => terminal !== null)) {
      t.equal(nameFlowState(code) === 'pending', terminal === false, code)
    }
    t.end()
  }
)

t.test(
  'recorded answers are read',
  { skip: existsSync(join(facts, 'samples/json')) ? false : 'the samples are not here' },
  (t) => {
    const folder = join(facts, 'samples/json')
    const sample = (name: string) => parseJson(readFileSync(join(folder, name), 'utf8')) as JsonObject
    for (const name of readdirSync(folder).filter((name) => name.endsWith('.response.json')))
      t.doesNotThrow(() => sample(name), name)
    t.match(readIssued(readList(sample('pastell_rechercher-recipiendaire.response.json')['listeFactures'])[0] ?? {}), {
      number: '20190711-1',
      totals: { payable: '10' },
      status: { code: 'made_available' }
    })
    t.match(readFlowReport('x', sample('consulterCRDetaille_rejected-xsd.response.json')), {
      state: 'rejected',
      technicalErrors: [{ code: 'ERR_XSD_001' }]
    })
    t.match(readFlowReport('x', sample('pastell_consulterCRDetaille_integre.response.json')), { state: 'integrated' })
    t.same(readExtraction(sample('pastell_deposer-pdf.response.json')), { typeCode: '380' })
    t.match(
      readService(readList(sample('pastell_structures-rechercher-services.response.json')['listeServices'])[1] ?? {}),
      { code: 'FACTURES_PUBLIQUES', active: true }
    )
    t.end()
  }
)

t.test('NO_PROXY', (t) => {
  const cases: [string | undefined, string, number, boolean][] = [
    [undefined, 'a.fr', 443, false],
    ['', 'a.fr', 443, false],
    ['*', 'a.fr', 443, true],
    ['a.fr', 'a.fr', 443, true],
    ['a.fr', 'B.A.fr', 443, true],
    ['a.fr', 'ba.fr', 443, false],
    ['.a.fr', 'b.a.fr', 443, true],
    ['*.a.fr', 'b.a.fr', 443, true],
    ['x, a.fr:5443', 'a.fr', 5443, true],
    ['a.fr:5443', 'a.fr', 443, false],
    ['A.FR', 'a.fr.', 443, true],
    ['10.0.0.0/8', '10.1.2.3', 443, true],
    ['10.0.0.0/8', '11.1.2.3', 443, false],
    ['10.0.0.0/8', 'ten.fr', 443, false],
    ['fd00::/8', '[fd00::1]', 443, true],
    ['127.0.0.1', '127.0.0.1', 80, true],
    ['10.0.0.0/99', '10.1.2.3', 443, false]
  ]
  for (const [noProxy, host, port, expected] of cases)
    t.equal(isExempt(noProxy, host, port), expected, `${noProxy} ${host}:${port}`)
  t.end()
})

t.test('the proxy URL', (t) => {
  t.match(readProxyUrl('http://us%40er:p%40ss%25@proxy.test:3128'), {
    label: 'proxy.test:3128',
    port: 3128,
    secure: false,
    authorization: `Basic ${Buffer.from('us@er:p@ss%').toString('base64')}`
  })
  t.match(readProxyUrl('https://[::1]'), { hostname: '::1', port: 443, secure: true, authorization: undefined })
  for (const bad of ['socks5://x:s3cret@h', 'nonsense s3cret', '']) {
    try {
      readProxyUrl(bad)
      t.fail(bad)
    } catch (error) {
      t.notMatch((error as Error).message, 's3cret')
    }
  }
  t.end()
})

t.test('the body: one line of base64, its length known before, its end a chunk of its own', async (t) => {
  const sizes = [0, 1, 2, 3, 4, 1000, 49_151, 49_152, 49_153, 65_536, 200_001]
  for (const size of sizes) {
    const bytes = Buffer.from(Array.from({ length: size }, (_, i) => (i * 31 + (i >> 8)) & 255))
    const pieces = function* () {
      for (let start = 0; start < size; start += 9973) yield bytes.subarray(start, start + 9973)
    }
    for (const open of [() => bytes, () => Readable.from(pieces(), { objectMode: false })]) {
      const body = fileBody({ nomFichier: 'é".pdf' }, 'fichierFacture', { name: 'x', size, open })
      const chunks: Buffer[] = []
      for await (const chunk of body.content as AsyncIterable<Buffer>) {
        t.equal(body.handedOut(), chunk.toString() === '"}')
        chunks.push(chunk)
      }
      const whole = Buffer.concat(chunks)
      t.equal(whole.length, body.length, `${size} bytes`)
      t.same(JSON.parse(whole.toString()), { nomFichier: 'é".pdf', fichierFacture: bytes.toString('base64') })
    }
  }
  const broken = (open: () => Buffer | Readable) => async () => {
    for await (const _ of fileBody({}, 'f', { name: 'x', size: 10, open }).content as AsyncIterable<Buffer>);
  }
  await t.rejects(
    broken(() => Buffer.alloc(9)),
    { name: 'SourceError' }
  )
  await t.rejects(
    broken(() => Readable.from([Buffer.alloc(4)], { objectMode: false })),
    { name: 'SourceError' }
  )
  await t.rejects(
    broken(() => Readable.from([Buffer.alloc(40)], { objectMode: false })),
    { name: 'SourceError' }
  )
  await t.rejects(
    broken(() => {
      throw new Error('gone')
    }),
    { name: 'SourceError', message: /gone/ }
  )
  const large = jsonBody({ text: 'x'.repeat(200_000) })
  t.equal(large.handedOut(), false)
  const chunks: Buffer[] = []
  for await (const chunk of large.content as AsyncIterable<Buffer>) chunks.push(chunk)
  t.equal(Buffer.concat(chunks).length, large.length)
  t.equal(chunks.at(-1)?.toString(), '}')
  t.equal(jsonBody({}).handedOut(), true)
})
