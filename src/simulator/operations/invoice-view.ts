import { attachmentTypes, currencies, vatRates } from '../code-lists.ts'
import { type Fields, part } from '../fields.ts'
import { type Attachment, currentStatus, type Invoice, type Line, type VatRow } from '../invoice.ts'
import { nestedList } from '../nested.ts'
import { parisDay, parisMinute } from '../paris.ts'
import type { Call } from '../world.ts'
import { traDone } from '../world.ts'
import { ownInvoice } from './invoice-access.ts'
import { ttcOf } from './invoice-row.ts'

/** One invoice in full. Members null in the examples are null here when empty; the others are left out. */

const round = (value: number): number => Math.round(value * 1e6) / 1e6

function vatRow({ code, rate, base, amount }: VatRow): object {
  const known = vatRates.findIndex((entry) => entry.codeTauxTva === code)
  const reference = vatRates[known]
  return {
    ...(code === undefined
      ? { ligneTvaTauxManuel: rate }
      : {
          ligneTvaTauxRefId: known + 1,
          ligneTvaTauxRefCode: code,
          ligneTvaTauxRefLibelle: reference?.libelleTauxTva,
          ligneTvaTauxRefValeur: reference?.valeurTauxTva
        }),
    ligneTvaMontantBaseHtParTaux: base,
    ligneTvaMontantTvaParTaux: amount
  }
}

function lineRow(line: Line): object {
  const rate = line.vatRate ?? vatRates.find((entry) => entry.codeTauxTva === line.vatCode)?.valeurTauxTva
  const net = round((line.quantity ?? 0) * (line.price ?? 0) - (line.discount ?? 0))
  const vat = round((net * (rate ?? 0)) / 100)
  return {
    lignePosteNumero: line.number,
    lignePosteReference: line.reference,
    lignePosteDenomination: line.name,
    lignePosteQuantite: line.quantity,
    lignePosteUniteLibelle: line.unit,
    lignePosteMontantUnitaireHT: line.price,
    lignePosteMontantRemiseHT: line.discount ?? 0,
    lignePosteTauxTva: line.vatCode,
    lignePosteTauxTvaManuel: line.vatRate,
    lignePosteMontantHtApresRemise: net,
    lignePosteMontantTva: vat,
    lignePosteMontantTtcApresRemise: round(net + vat)
  }
}

const attachmentRow = (attachment: Attachment): object => ({
  pieceJointeTypeCode: attachment.type === '' ? undefined : attachment.type,
  pieceJointeTypeLibelle: attachmentTypes.find((entry) => entry.code === attachment.type)?.label,
  pieceJointeDesignation: attachment.designation,
  pieceJointeNumeroLigneFacture: attachment.line,
  pieceJointeIdLiaison: attachment.linkId,
  pieceJointeId: attachment.file.id,
  pieceJointeExtension: attachment.file.extension
})

const lists = {
  vat: {
    page: 'pageResultatDemandeeListeRecapitulatifTVA',
    size: 'nbResultatsParPageListeListeRecapitulatifTVA',
    sort: 'ListeRecapitulatifTVA',
    counters: 'LignesRecapitulativesTVA'
  },
  files: {
    page: 'pageResultatDemandeeListePieceJointe',
    size: 'nbResultatsParPageListePieceJointe',
    sort: 'ListePiecesJointes',
    counters: 'ListePiecesJointe'
  },
  lines: {
    page: 'pageResultatDemandeeLignesPoste',
    size: 'nbResultatsParPageLignesPoste',
    sort: 'ListeLignesPoste',
    counters: 'LignesPoste'
  }
}

interface Side {
  recipient: boolean
  vatPager: string
  filePager: string
  linePager: string
}

function view(invoice: Invoice, fields: Fields, side: Side): object {
  // The 2020 Swagger writes getpLignesPoste and so on, a generator's artefact: taken as well.
  const pager = (name: string) => ({ ...part(fields, `get${name}`), ...part(fields, name) })
  const vat = nestedList(invoice.vat.map(vatRow), pager(side.vatPager), lists.vat)
  const files = nestedList(invoice.attachments.map(attachmentRow), pager(side.filePager), lists.files)
  const lines = nestedList(invoice.lines.map(lineRow), pager(side.linePager), lists.lines)
  return {
    identifiantFactureCPP: invoice.id,
    numeroFacture: invoice.number,
    statutFacture: currentStatus(invoice).status,
    modeDepot: invoice.mode,
    ...(side.recipient ? {} : { rejetTraite: invoice.rejectionHandled }),
    destinataire: recipientBlock(invoice, side),
    fournisseur: supplierBlock(invoice, side),
    cadreDeFacturation: {
      codeCadreFacturation: invoice.framework,
      idValideur1: invoice.validator?.id,
      typeIdentifiantValideur1: invoice.validator?.type,
      codeValideur1: invoice.validator?.identifier,
      raisonSocialeValideur1: invoice.validator?.name
    },
    references: referenceBlock(invoice),
    recapitulatifDeTva: { ligneTva: vat.rows, ...vat.counters },
    montantTotal: {
      montantHtTotal: invoice.totals.ht ?? null,
      montantTVA: invoice.totals.tva ?? null,
      montantTtcAvantRemiseGlobalTTC: before(invoice),
      montantRemiseGlobaleTTC: invoice.totals.discount ?? 0,
      motifRemiseGlobaleTTC: invoice.totals.discountReason ?? null,
      montantTtcTotal: ttcOf(invoice) ?? null,
      montantAPayer: invoice.totals.payable ?? null
    },
    ...(invoice.main === undefined
      ? {}
      : {
          pieceJointePrincipale: {
            idLiaisonPieceJointePrincipale: invoice.mainLinkId,
            idPieceJointePrincipale: invoice.main.id
          }
        }),
    listeDesPiecesJointes: { pieceJointe: files.rows, ...files.counters },
    lignesDePoste: { lignePoste: lines.rows, ...lines.counters },
    commentaire: invoice.comment ?? null
  }
}

const before = (invoice: Invoice): number | null => {
  const { ht, tva } = invoice.totals
  return ht === undefined || tva === undefined ? (ttcOf(invoice) ?? null) : round(ht + tva)
}

function recipientBlock({ recipient, service }: Invoice, { recipient: seenByRecipient }: Side): object {
  return {
    idDestinataire: recipient.id,
    codeDestinataire: recipient.identifier,
    libelleDestinataire: recipient.name,
    idServiceExecutant: service?.id ?? null,
    codeServiceExecutant: service?.code ?? null,
    libelleServiceExecutant: service?.name ?? null,
    ...(seenByRecipient ? {} : { miseEnPaiementDestinataire: !recipient.paymentNotReported }),
    adresseDestinataireId: recipient.id,
    adresseDestinataireDetail: recipient.address.street,
    adresseDestinataireComplement1: null,
    adresseDestinataireComplement2: null,
    adresseDestinataireCodePostal: recipient.address.postalCode,
    adresseDestinataireVille: recipient.address.town,
    adresseDestinataireCodePays: recipient.address.countryCode,
    adresseDestinataireLibellePays: recipient.address.country.toUpperCase(),
    ...(seenByRecipient
      ? { destinataireEtat: recipient.state ? 'OUI' : 'NON' }
      : { designationDestinataire: recipient.name })
  }
}

function supplierBlock({ seller, sellerService, account }: Invoice, { recipient }: Side): object {
  return {
    idFournisseur: seller.id,
    typeIdentifiantFournisseur: seller.type,
    codeFournisseur: seller.identifier,
    ...(recipient ? {} : { raisonSocialeFournisseur: seller.name }),
    idServiceFournisseur: sellerService?.id,
    codeServiceFournisseur: sellerService?.code,
    libelleServiceFournisseur: sellerService?.name,
    adresseFournisseurId: seller.id,
    adresseFournisseurDetail: seller.address.street,
    adresseFournisseurCodePostal: seller.address.postalCode,
    adresseFournisseurVille: seller.address.town,
    adresseFournisseurCodePays: seller.address.countryCode,
    adresseFournisseurLibellePays: seller.address.country.toUpperCase(),
    coordBancairesFournisseurId: account?.id,
    coordBancairesFournisseurType: account === undefined ? undefined : 'IBAN',
    coordBancairesFournisseurLibelle: account?.label,
    designationFournisseur: seller.name
  }
}

function referenceBlock(invoice: Invoice): object {
  const { references } = invoice
  return {
    dateFacture: invoice.issued,
    dateDepot: parisDay(invoice.deposited),
    codeDeviseFacture: references.currency,
    libelleDeviseFacture: currencies.find((entry) => entry.code === references.currency)?.fr,
    typeFacture: references.type,
    typeTva: references.vatType,
    motifExonerationTva: references.exemption,
    numeroMarche: references.contract,
    numeroBonCommande: references.commitment,
    numeroFactureOrigine: references.origin,
    modePaiement: references.payment,
    dateCreationFacture: parisMinute(invoice.deposited),
    dateEcheancePaiement: references.due,
    tailleTotalePiecesJointes: invoice.attachments.reduce((sum, attachment) => sum + attachment.file.size, 0),
    numeroDpMandat: invoice.paymentOrder
  }
}

export function viewAsSupplier(call: Call): object {
  const invoice = ownInvoice(call, 'identifiantFactureCPP', 'seller')
  const pagers = { vatPager: 'pLigneRecapTva', filePager: 'pListePiecesJointes', linePager: 'pLignesPoste' }
  return { ...traDone, facture: view(invoice, call.fields, { recipient: false, ...pagers }) }
}

export function viewAsRecipient(call: Call): object {
  const invoice = ownInvoice(call, 'identifiantFactureCPP', 'recipient')
  // The first pager starts with a lower-case l, and the others are named otherwise than on the supplier side.
  const pagers = { vatPager: 'rechercheligneTvaRecap', filePager: 'recherchePj', linePager: 'rechercheLignePoste' }
  return { ...traDone, facture: view(invoice, call.fields, { recipient: true, ...pagers }) }
}
