import t from 'tap'
import { readDocument, readSide } from '../../../src/chorus/document-reading.ts'
import { nameFramework, nameOf, rawOf, requestTypes, worksTypes } from '../../../src/chorus/document-words.ts'
import { ChorusError } from '../../../src/chorus/errors.ts'
import { isNoResult } from '../../../src/chorus/pages.ts'
import { rawStatus } from '../../../src/chorus/status.ts'
import { readWorksDetail } from '../../../src/chorus/works-reading.ts'

t.test('codes have names of ours, and the names lead back', (t) => {
  for (const words of [requestTypes, worksTypes]) {
    for (const [raw, name] of Object.entries(words)) {
      t.equal(nameOf(words, raw), name)
      t.equal(rawOf(words, name), raw)
      t.equal(rawOf(words, raw), raw, 'the code itself is taken too')
    }
  }
  t.equal(nameOf(worksTypes, 'NOUVEAU'), 'other')
  t.equal(nameOf(worksTypes, 'toString'), 'other')
  t.equal(nameOf(worksTypes, undefined), undefined)
  t.equal(rawOf(worksTypes, 'no_such_name'), undefined)
  t.equal(rawStatus('awaiting_validation_2'), 'A_VALIDER_2')
  t.equal(rawStatus('awaiting'), undefined)
  for (const [raw, name] of [
    ['A9_FACTURE_SOUSTRAITANT', 'A9'],
    ['A25_DECOMPTE_GENERAL_DEFINITIF_MOE_PROCEDURE_TACITE', 'A25'],
    ['A12', 'A12'],
    ['A26_NOUVEAU', 'other'],
    ['SANS_CADRE_DE_FACTURATION', 'other']
  ]) {
    t.equal(nameFramework(raw), name)
  }
  t.end()
})

t.test('a SIRET is one by its kind, and keeps its zeros', (t) => {
  const siretOf = (identifiantMoe: string | null, typeIdentifiantMoe: string | null) =>
    readSide({ identifiantMoe, typeIdentifiantMoe }, 'Moe')?.siret
  t.equal(siretOf('1234567890123', 'SIRET'), '01234567890123')
  t.equal(siretOf('12345678200051', null), '12345678200051')
  t.equal(siretOf('12345678200051', 'RIDET'), undefined)
  t.equal(readSide({ identifiantMoe: null, typeIdentifiantMoe: '' }, 'Moe'), undefined)
  t.end()
})

t.test('a date is read in every style, an amount with its digits', (t) => {
  const names = { id: 'id', number: 'number' }
  const row = {
    id: '5',
    dateFacture: '2026-09-01',
    dateDepot: '02/09/2026 10:00',
    montantHT: '0.100000',
    statut: 'SUSPENDUE'
  }
  t.same(
    readDocument({ ...row, commentaireEtatCourant: 'Il manque…', dateHeureEtatCourant: '2026-09-03 10:00' }, names),
    {
      id: '5',
      issueDate: '2026-09-01',
      depositDate: '2026-09-02',
      totals: { taxExclusive: '0.100000' },
      status: { code: 'suspended', raw: 'SUSPENDUE', since: '2026-09-03T08:00:00.000Z', comment: 'Il manque…' },
      upstream: { status: 'SUSPENDUE' }
    }
  )
  t.end()
})

t.test('works documents: what is known is read wherever it stands, the rest stays as it came', (t) => {
  const document = {
    numeroFactureTravaux: 'T-1',
    fournisseur: { codeFournisseur: '99900010200015', codeServiceFournisseur: 'S1' },
    destinataire: null,
    cadreDeFacturation: { codeValideur1: '99900050800013', typeIdentifiantValideur1: 'SIRET' },
    references: { typeFactureTravaux: 'ETAT_ACOMPTE' },
    montantsTotaux: { montantAPayer: '12.50' },
    nouveau: ['x']
  }
  t.same(readWorksDetail(document, '7'), {
    id: '7',
    number: 'T-1',
    worksType: 'instalment_statement',
    seller: { siret: '99900010200015', identifier: '99900010200015', serviceCode: 'S1' },
    totals: { payable: '12.50' },
    validators: [{ siret: '99900050800013', identifier: '99900050800013', identifierType: 'SIRET' }],
    upstream: { worksType: 'ETAT_ACOMPTE' },
    original: document
  })
  t.end()
})

t.test('no result has a code of its own in the works domain', (t) => {
  const refused = (service: string, returnCode: number, label: string) =>
    isNoResult(
      new ChorusError('', {
        proof: 'refused',
        problem: 'deposit-refused',
        service,
        lane: false,
        exchange: { service, httpStatus: 200, returnCode, label }
      })
    )
  t.equal(refused('facturesTravaux/rechercher', 20007, 'GFT_MSG_01.075'), true)
  t.equal(refused('facturesTravaux/rechercher', 20007, 'Aucun résultat'), true)
  t.equal(refused('facturesTravaux/rechercher', 20007, 'GFT_MSG_01.001'), false)
  t.equal(refused('facturesTravaux/rechercher', 20000, 'TRA_MSG_00.015'), false)
  t.equal(refused('factures/rechercher/valideur', 20007, 'GFT_MSG_01.075'), false)
  t.equal(refused('factures/rechercher/valideur', 20000, 'TRA_MSG_00.015'), true)
  t.end()
})
