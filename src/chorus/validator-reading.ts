import type { ValidatorInvoice, ValidatorInvoiceDetail } from '../../schemas/validation.ts'
import { readDay, readMoment } from './dates.ts'
import { type PartyNames, partyNames, readDocument, readParty } from './document-reading.ts'
import { nameFramework, nameOf, paymentMeans, typeCodes, vatRegimes, worksTypes } from './document-words.ts'
import { type JsonObject, readBoolean, readDecimal, readObject, readText } from './json.ts'
import type { PagedPart } from './paged-parts.ts'
import { present } from './present.ts'
import { nameStatus } from './status.ts'

/** How invoices read that a validator sees: rechercher/valideur, rechercher/aTraiter/valideur and consulter/valideur. */

export const readValidatorRow = (row: JsonObject): ValidatorInvoice => ({
  ...readDocument(row, { id: 'idFacture', number: 'numeroFacture' }),
  ...present({
    seller: readParty(row, partyNames('Fournisseur')),
    buyer: readParty(row, partyNames('Destinataire', 'ServiceExecutant')),
    validator: readParty(row, partyNames('Valideur')),
    projectManager: readParty(row, partyNames('Moe')),
    worksOwner: readParty(row, partyNames('Moa'))
  })
})

export const invoiceParts: readonly PagedPart[] = [
  {
    pager: 'rechercheLigneTvaRecap',
    page: 'pageResultatDemandeeListeRecapitulatifTVA',
    size: 'nbResultatsParPageListeListeRecapitulatifTVA',
    block: 'recapitulatifDeTva',
    rows: 'ligneTva',
    pages: 'pagesLignesRecapitulativesTVA',
    total: 'totalLignesRecapitulativesTVA'
  },
  {
    pager: 'recherchePj',
    page: 'pageResultatDemandeeListePieceJointe',
    size: 'nbResultatsParPageListePieceJointe',
    block: 'listeDesPiecesJointes',
    rows: 'pieceJointe',
    pages: 'pagesListePiecesJointe',
    total: 'totalListePiecesJointe'
  },
  {
    pager: 'rechercheLignePoste',
    page: 'pageResultatDemandeeLignesPoste',
    size: 'nbResultatsParPageLignesPoste',
    block: 'lignesDePoste',
    rows: 'lignePoste',
    pages: 'pagesLignesPoste',
    total: 'totalLignesPoste'
  }
]

const seller: PartyNames = {
  identifier: ['codeFournisseur'],
  type: 'typeIdentifiantFournisseur',
  name: ['designationFournisseur', 'raisonSocialeFournisseur', 'nomFournisseur'],
  serviceCode: 'codeServiceFournisseur',
  serviceName: 'libelleServiceFournisseur'
}
const buyer: PartyNames = {
  identifier: ['codeDestinataire'],
  name: ['designationDestinataire', 'libelleDestinataire'],
  serviceCode: 'codeServiceExecutant',
  serviceName: 'libelleServiceExecutant'
}
const validator = (rank: 1 | 2): PartyNames => ({
  identifier: [`codeValideur${rank}`],
  type: `typeIdentifiantValideur${rank}`,
  name: [`raisonSocialeValideur${rank}`, `designationValideur${rank}`, `nomValideur${rank}`],
  validatedAt: `dateValidation${rank}`
})
const works = (suffix: string): PartyNames => ({
  ...partyNames(suffix),
  name: [`designation${suffix}`, `raisonSociale${suffix}`, `nom${suffix}`]
})

/** `parts` are the rows of VAT, attachments and lines, in this order. */
export function readValidatorInvoice(facture: JsonObject, parts: JsonObject[][]): ValidatorInvoiceDetail {
  const [vat = [], attachments = [], lines = []] = parts
  const [framework, references, sums] = ['cadreDeFacturation', 'references', 'montantTotal'].map((name) =>
    readObject(facture[name])
  ) as [JsonObject, JsonObject, JsonObject]
  const told = (name: string) => readText(references[name])
  const raws = {
    typeCode: told('typeFacture'),
    worksType: told('typeFactureTravaux'),
    businessProcess: readText(framework['codeCadreFacturation']),
    vatRegime: told('typeTva'),
    paymentMeans: told('modePaiement'),
    depositMode: readText(facture['modeDepot'])
  }
  const status = readText(facture['statutFacture'])
  const means = raws.paymentMeans === undefined ? undefined : paymentMeans[raws.paymentMeans]
  const payment = present({ meansCode: means, orderNumber: told('numeroDpMandat') })
  return {
    id: readText(facture['identifiantFactureCPP']) ?? '',
    totals: readTotals(sums),
    upstream: present(raws),
    validators: [readParty(framework, validator(1)), readParty(framework, validator(2))].filter(
      (party) => party !== undefined
    ),
    lines: lines.map(readLine),
    vatBreakdown: vat.map(readVat),
    attachments: attachments.map(readAttachment),
    decisions: status !== undefined && decidable.includes(status) ? ['accept', 'refuse'] : [],
    ...present({
      number: readText(facture['numeroFacture']),
      status: status === undefined ? undefined : nameStatus(status),
      typeCode: nameOf(typeCodes, raws.typeCode),
      worksType: nameOf(worksTypes, raws.worksType),
      businessProcess: nameFramework(raws.businessProcess),
      issueDate: readDay(told('dateFacture')),
      depositDate: readDay(told('dateDepot')),
      currency: told('codeDeviseFacture'),
      contractReference: told('numeroMarche'),
      commitmentNumber: told('numeroBonCommande'),
      precedingInvoice: told('numeroFactureOrigine'),
      seller: readParty(readObject(facture['fournisseur']), seller),
      buyer: readParty(readObject(facture['destinataire']), buyer),
      projectManager: readParty(framework, works('Moe')),
      worksOwner: readParty(framework, works('Moa')),
      rejectionHandled: readBoolean(facture['rejetTraite']),
      vatRegime: nameOf(vatRegimes, raws.vatRegime),
      exemptionReason: told('libelleMotifExonerationTva') ?? told('motifExonerationTva'),
      payment: Object.keys(payment).length === 0 ? undefined : payment,
      dueDate: readDay(told('dateEcheancePaiement')),
      createdAt: readMoment(told('dateCreationFacture')),
      note: readText(facture['commentaire']),
      mainAttachmentId: readText(readObject(facture['pieceJointePrincipale'])['idPieceJointePrincipale']),
      previousDocument: readRelated(readObject(facture['piecePrecedente']), 'Precedente'),
      nextDocument: readRelated(readObject(facture['pieceSuivante']), 'Suivante')
    })
  }
}

/** enums.json, `next` of these two; from which others a validator may act is in no source. */
export const decidable: readonly string[] = ['A_VALIDER_1', 'A_VALIDER_2']

const readTotals = (sums: JsonObject) =>
  present({
    taxExclusive: readDecimal(sums['montantHtTotal']),
    tax: readDecimal(sums['montantTVA']),
    taxInclusive: readDecimal(sums['montantTtcTotal']),
    beforeAllowance: readDecimal(sums['montantTtcAvantRemiseGlobalTTC']),
    allowance: readDecimal(sums['montantRemiseGlobaleTTC']),
    allowanceReason: readText(sums['motifRemiseGlobaleTTC']),
    payable: readDecimal(sums['montantAPayer'])
  })

const readVat = (row: JsonObject) =>
  present({
    rate: readDecimal(row['ligneTvaTauxManuel']) ?? readDecimal(row['ligneTvaTauxRefValeur']),
    code: readText(row['ligneTvaTauxRefCode']),
    label: readText(row['ligneTvaTauxRefLibelle']),
    taxable: readDecimal(row['ligneTvaMontantBaseHtParTaux']),
    tax: readDecimal(row['ligneTvaMontantTvaParTaux'])
  })

const readLine = (row: JsonObject) => ({
  ...present({
    number: readText(row['lignePosteNumero']),
    id: readText(row['lignePosteReference']),
    name: readText(row['lignePosteDenomination']),
    quantity: readDecimal(row['lignePosteQuantite']),
    unitCode: readText(row['lignePosteUniteLibelle']),
    netPrice: readDecimal(row['lignePosteMontantUnitaireHT']),
    allowance: readDecimal(row['lignePosteMontantRemiseHT']),
    netAmount: readDecimal(row['lignePosteMontantHtApresRemise']),
    tax: readDecimal(row['lignePosteMontantTva']),
    grossAmount: readDecimal(row['lignePosteMontantTtcApresRemise'])
  }),
  vat: present({ rate: readDecimal(row['lignePosteTauxTvaManuel']), code: readText(row['lignePosteTauxTva']) })
})

const readAttachment = (row: JsonObject) =>
  present({
    attachmentId: readText(row['pieceJointeId']),
    name: readText(row['pieceJointeDesignation']),
    typeCode: readText(row['pieceJointeTypeCode']),
    typeLabel: readText(row['pieceJointeTypeLibelle']),
    line: readText(row['pieceJointeNumeroLigneFacture']),
    extension: readText(row['pieceJointeExtension'])
  })

function readRelated(row: JsonObject, which: 'Precedente' | 'Suivante') {
  const related = present({
    id: readText(row[`idPiece${which}`]),
    // Misspelt on this side (behaviour.md, section 17).
    number: readText(row[`numeroPiece${which}`]) ?? readText(row['numeroPieceSuiante']),
    businessProcess: nameFramework(readText(row[`cadreFacturationPiece${which}`]))
  })
  return Object.keys(related).length === 0 ? undefined : related
}
