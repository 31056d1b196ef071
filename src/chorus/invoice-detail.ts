import type { Static } from 'typebox'
import type { detail } from '../../schemas/platform-invoice.ts'
import { readDay, readMoment } from './dates.ts'
import { nameFramework, nameOf, paymentMeans, typeCodes, vatRegimes, worksTypes } from './document-words.ts'
import { type IssuedRow, idOf, party, type ReceivedRow, readParty, readReviewers } from './invoice-row.ts'
import { depositModes } from './invoice-words.ts'
import { type JsonObject, readBoolean, readDecimal, readObject, readText } from './json.ts'
import { present, presentIfAny } from './present.ts'
import { nameStatus } from './status.ts'

type Members = { [K in keyof typeof detail]: Static<(typeof detail)[K]> }
type Optional = 'dueDate' | 'createdAt' | 'vatRegime' | 'exemptionReason' | 'payment' | 'note' | 'mainAttachmentId'
type Detail = Pick<Members, 'lines' | 'vatBreakdown' | 'attachments'> & {
  [K in Optional | 'previousDocument' | 'nextDocument']?: Exclude<Members[K], undefined>
}
export type IssuedDetail = IssuedRow & Detail
export type ReceivedDetail = ReceivedRow & Detail

/** What of the answer is paged, every page of it. */
export interface DetailRows {
  vat: JsonObject[]
  attachments: JsonObject[]
  lines: JsonObject[]
}

/** `facture` of consulter/fournisseur and consulter/recipiendaire, which differ in a few members. */
export function readDetail(invoice: JsonObject, rows: DetailRows): IssuedDetail & ReceivedDetail {
  const block = (name: string) => readObject(invoice[name])
  const [supplier, recipient, framework, refs, total] = [
    block('fournisseur'),
    block('destinataire'),
    block('cadreDeFacturation'),
    block('references'),
    block('montantTotal')
  ]
  const text = (from: JsonObject, name: string) => readText(from[name])
  const status = text(invoice, 'statutFacture')
  const cadre = text(framework, 'codeCadreFacturation')
  return {
    id: idOf(invoice),
    seller: {
      ...readParty(supplier, 'Fournisseur', 'code', 'ServiceFournisseur'),
      ...present({
        name: text(supplier, 'designationFournisseur') ?? text(supplier, 'raisonSocialeFournisseur'),
        serviceName: text(supplier, 'libelleServiceFournisseur'),
        address: readAddress(supplier, 'Fournisseur')
      })
    },
    buyer: {
      ...readParty(recipient, 'Destinataire', 'code', 'ServiceExecutant'),
      ...present({
        name: text(recipient, 'designationDestinataire') ?? text(recipient, 'libelleDestinataire'),
        serviceName: text(recipient, 'libelleServiceExecutant'),
        address: readAddress(recipient, 'Destinataire')
      })
    },
    totals: present({
      taxExclusive: readDecimal(total['montantHtTotal']),
      tax: readDecimal(total['montantTVA']),
      beforeAllowance: readDecimal(total['montantTtcAvantRemiseGlobalTTC']),
      allowance: readDecimal(total['montantRemiseGlobaleTTC']),
      allowanceReason: text(total, 'motifRemiseGlobaleTTC'),
      taxInclusive: readDecimal(total['montantTtcTotal']),
      payable: readDecimal(total['montantAPayer'])
    }),
    status: nameStatus(status),
    ...present({
      number: text(invoice, 'numeroFacture'),
      typeCode: nameOf(typeCodes, text(refs, 'typeFacture')),
      worksType: nameOf(worksTypes, text(refs, 'typeFactureTravaux')),
      issueDate: readDay(text(refs, 'dateFacture')),
      depositDate: readDay(text(refs, 'dateDepot')),
      createdAt: readMoment(text(refs, 'dateCreationFacture')),
      dueDate: readDay(text(refs, 'dateEcheancePaiement')),
      currency: text(refs, 'codeDeviseFacture'),
      businessProcess: nameFramework(cadre),
      commitmentNumber: text(refs, 'numeroBonCommande'),
      contractReference: text(refs, 'numeroMarche'),
      precedingInvoice: text(refs, 'numeroFactureOrigine'),
      vatRegime: nameOf(vatRegimes, text(refs, 'typeTva')),
      exemptionReason: text(refs, 'libelleMotifExonerationTva') ?? text(refs, 'motifExonerationTva'),
      payment: presentIfAny({
        meansCode: nameOf(paymentMeans, text(refs, 'modePaiement')),
        orderNumber: text(refs, 'numeroDpMandat')
      }),
      depositMode: nameOf(depositModes, text(invoice, 'modeDepot')),
      rejectionAcknowledged: readBoolean(invoice['rejetTraite']),
      note: text(invoice, 'commentaire'),
      mainAttachmentId: text(block('pieceJointePrincipale'), 'idPieceJointePrincipale'),
      validators: readReviewers(framework),
      projectManager: presentIfAny(readWorksParty(framework, 'Moe')),
      worksOwner: presentIfAny(readWorksParty(framework, 'Moa')),
      bankAccount: readBank(supplier),
      factor: presentIfAny({
        identifier: text(readObject(supplier['affactureur']), 'affactureurCode'),
        identifierType: text(readObject(supplier['affactureur']), 'affactureurTypeIdentifiant'),
        name: text(readObject(supplier['affactureur']), 'affactureurRaisonSociale')
      }),
      previousDocument: readRelated(block('piecePrecedente'), 'Precedente'),
      nextDocument: readRelated(block('pieceSuivante'), 'Suivante')
    }),
    lines: rows.lines.map(readLine),
    vatBreakdown: rows.vat.map(readVatRow),
    attachments: rows.attachments.map(readAttachment),
    upstream: present({
      status,
      type: text(refs, 'typeFacture'),
      worksType: text(refs, 'typeFactureTravaux'),
      businessProcess: cadre,
      depositMode: text(invoice, 'modeDepot'),
      vatRegime: text(refs, 'typeTva'),
      exemptionReason: text(refs, 'motifExonerationTva'),
      paymentMeans: text(refs, 'modePaiement')
    })
  }
}

const readWorksParty = (block: JsonObject, who: string) => ({
  ...party(block, `identifiant${who}`, `typeIdentifiant${who}`, `raisonSociale${who}`),
  ...present({
    serviceCode: readText(block[`codeService${who}`]),
    serviceName: readText(block[`nomService${who}`])
  })
})

function readAddress(block: JsonObject, who: string) {
  const text = (name: string) => readText(block[`adresse${who}${name}`])
  return presentIfAny({
    line1: text('Detail'),
    line2: text('Complement1'),
    line3: text('Complement2'),
    postalCode: text('CodePostal'),
    town: text('Ville'),
    countryCode: text('CodePays')
  })
}

function readBank(supplier: JsonObject) {
  const text = (name: string) => readText(supplier[`coordBancaires${name}`])
  return presentIfAny({
    id: text('FournisseurId'),
    label: text('FournisseurLibelle'),
    countryCode: text('FournisseurCodePays'),
    bankCode: text('FournisseurCodeBanque'),
    branchCode: text('CodeGuichet'),
    accountNumber: text('FournisseurCompteBancaire'),
    ibanCheckDigits: text('FournisseurCleIban'),
    ribKey: text('FournisseurCleRib'),
    bic: text('BicSwift')
  })
}

/** The supplier's side misspells one member (behaviour.md, section 17). */
const readRelated = (block: JsonObject, which: 'Precedente' | 'Suivante') =>
  presentIfAny({
    id: readText(block[`idPiece${which}`]),
    number: readText(block[`numeroPiece${which}`]) ?? readText(block['numeroPieceSuiante']),
    businessProcess: nameFramework(readText(block[`cadreFacturationPiece${which}`]))
  })

function readLine(row: JsonObject): Members['lines'][number] {
  const text = (name: string) => readText(row[`lignePoste${name}`])
  const decimal = (name: string) => readDecimal(row[`lignePoste${name}`])
  return {
    ...present({
      number: text('Numero'),
      id: text('Reference'),
      name: text('Denomination'),
      quantity: decimal('Quantite'),
      unitCode: text('UniteLibelle'),
      netPrice: decimal('MontantUnitaireHT'),
      allowance: decimal('MontantRemiseHT'),
      netAmount: decimal('MontantHtApresRemise'),
      tax: decimal('MontantTva'),
      grossAmount: decimal('MontantTtcApresRemise')
    }),
    vat: present({ rate: decimal('TauxTvaManuel'), code: text('TauxTva') })
  }
}

function readVatRow(row: JsonObject): Members['vatBreakdown'][number] {
  const text = (name: string) => readText(row[`ligneTva${name}`])
  const decimal = (name: string) => readDecimal(row[`ligneTva${name}`])
  return present({
    rate: decimal('TauxManuel') ?? decimal('TauxRefValeur'),
    code: text('TauxRefCode'),
    label: text('TauxRefLibelle'),
    taxable: decimal('MontantBaseHtParTaux'),
    tax: decimal('MontantTvaParTaux')
  })
}

function readAttachment(row: JsonObject): Members['attachments'][number] {
  const text = (name: string) => readText(row[`pieceJointe${name}`])
  return present({
    attachmentId: text('Id'),
    name: text('Designation'),
    typeCode: text('TypeCode'),
    typeLabel: text('TypeLibelle'),
    line: text('NumeroLigneFacture'),
    extension: text('Extension')
  })
}
