import { attachmentTypes, vatRates } from '../code-lists.ts'
import { type Fields, part } from '../fields.ts'
import { type Attachment, currentStatus, type Invoice, type Line, type VatRow } from '../invoice.ts'
import { nestedList } from '../nested.ts'
import { isWorks } from '../works.ts'
import type { Call } from '../world.ts'
import { traDone } from '../world.ts'
import { ownInvoice } from './invoice-access.ts'
import { frameworkBlock, previousPiece, recipientBlock, referenceBlock, supplierBlock } from './invoice-blocks.ts'
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

export const attachmentRow = (attachment: Attachment): object => ({
  pieceJointeTypeCode: attachment.type === '' ? undefined : attachment.type,
  pieceJointeTypeLibelle: attachmentTypes.find((entry) => entry.code === attachment.type)?.label,
  pieceJointeDesignation: attachment.designation,
  pieceJointeNumeroLigneFacture: attachment.line,
  pieceJointeIdLiaison: attachment.linkId,
  pieceJointeId: attachment.file.id,
  pieceJointeExtension: attachment.file.extension
})

export const fileList = {
  page: 'pageResultatDemandeeListePieceJointe',
  size: 'nbResultatsParPageListePieceJointe',
  sort: 'ListePiecesJointes',
  counters: 'ListePiecesJointe'
}

const lists = {
  vat: {
    page: 'pageResultatDemandeeListeRecapitulatifTVA',
    size: 'nbResultatsParPageListeListeRecapitulatifTVA',
    sort: 'ListeRecapitulatifTVA',
    counters: 'LignesRecapitulativesTVA'
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
  /** The document that follows in a works file. */
  next: Invoice | undefined
}

function view(invoice: Invoice, fields: Fields, side: Side): object {
  // The 2020 Swagger writes getpLignesPoste and so on, a generator's artefact: taken as well.
  const pager = (name: string) => ({ ...part(fields, `get${name}`), ...part(fields, name) })
  const vat = nestedList(invoice.vat.map(vatRow), pager(side.vatPager), lists.vat)
  const files = nestedList(invoice.attachments.map(attachmentRow), pager(side.filePager), fileList)
  const lines = nestedList(invoice.lines.map(lineRow), pager(side.linePager), lists.lines)
  return {
    identifiantFactureCPP: invoice.id,
    numeroFacture: invoice.number,
    statutFacture: currentStatus(invoice).status,
    modeDepot: invoice.mode,
    ...(side.recipient ? {} : { rejetTraite: invoice.rejectionHandled }),
    destinataire: recipientBlock(invoice, side),
    fournisseur: supplierBlock(invoice, side),
    cadreDeFacturation: frameworkBlock(invoice),
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
    ...neighbours(invoice, side),
    lignesDePoste: { lignePoste: lines.rows, ...lines.counters },
    commentaire: invoice.comment ?? null
  }
}

/** The documents before and after it in the file of a works contract. */
function neighbours(invoice: Invoice, { recipient, next }: Side): object {
  const previous = previousPiece(invoice)
  return {
    ...(previous === undefined ? {} : { piecePrecedente: previous }),
    ...(next === undefined
      ? {}
      : {
          pieceSuivante: {
            cadreFacturationPieceSuivante: next.framework,
            idPieceSuivante: next.id,
            // Spelt so by the two services that are not the recipient's.
            [recipient ? 'numeroPieceSuivante' : 'numeroPieceSuiante']: next.number
          }
        })
  }
}

const before = (invoice: Invoice): number | null => {
  const { ht, tva } = invoice.totals
  return ht === undefined || tva === undefined ? (ttcOf(invoice) ?? null) : round(ht + tva)
}

const next = ({ world }: Call, invoice: Invoice): Invoice | undefined =>
  isWorks(invoice) ? world.invoices.all().find((one) => one.works?.previous === invoice) : undefined

export function viewAsSupplier(call: Call): object {
  const invoice = ownInvoice(call, 'identifiantFactureCPP', 'seller')
  const pagers = { vatPager: 'pLigneRecapTva', filePager: 'pListePiecesJointes', linePager: 'pLignesPoste' }
  const side = { recipient: false, next: next(call, invoice), ...pagers }
  return { ...traDone, facture: view(invoice, call.fields, side) }
}

export function viewAsRecipient(call: Call): object {
  const invoice = ownInvoice(call, 'identifiantFactureCPP', 'recipient')
  // The first pager starts with a lower-case l, and the others are named otherwise than on the supplier side.
  const pagers = { vatPager: 'rechercheligneTvaRecap', filePager: 'recherchePj', linePager: 'rechercheLignePoste' }
  const side = { recipient: true, next: next(call, invoice), ...pagers }
  return { ...traDone, facture: view(invoice, call.fields, side) }
}

/** The members are the supplier's, the pagers the recipient's, the first of them with a capital L. */
export function viewAsValidator(call: Call): object {
  const invoice = ownInvoice(call, 'identifiantFactureCPP', 'validator')
  const pagers = { vatPager: 'rechercheLigneTvaRecap', filePager: 'recherchePj', linePager: 'rechercheLignePoste' }
  const side = { recipient: false, next: next(call, invoice), ...pagers }
  return { ...traDone, facture: view(invoice, call.fields, side) }
}
