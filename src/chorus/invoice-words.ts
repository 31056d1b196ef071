/** Codes of invoices that Chorus Pro holds, beside those of document-words.ts, and the columns of their lists. */

type Words = Readonly<Record<string, string>>

export const depositModes: Words = {
  SAISIE_WEB: 'typed_web',
  SAISIE_PORTAIL: 'typed_portal',
  SAISIE_API: 'typed_api',
  PORTAIL_PDF: 'portal_pdf',
  DEPOT_PDF_PORTAIL: 'pdf_portal',
  DEPOT_PDF_SIGNE_PORTAIL: 'signed_pdf_portal',
  DEPOT_PDF_API: 'pdf_api',
  DEPOT_PDF_SIGNE_API: 'signed_pdf_api',
  UPLOAD_PORTAIL: 'upload_portal',
  UPLOAD_API: 'upload_api',
  EDI: 'edi',
  EDI_XML_STRUCT: 'edi_structured',
  EDI_MIXTE: 'edi_mixed',
  EDI_PDF_ARCHIVE: 'edi_pdf_archive',
  EDI_NUMERISATION: 'edi_scanned'
}

export const historyActions: Words = {
  TELECHARGEMENT_FACTURE: 'downloaded',
  ACQUITTEMENT_REJET: 'rejection_acknowledged',
  ACQUITTEMENT_SUSPENSION: 'suspension_acknowledged',
  TRAITEMENT_REJET: 'rejection_handled'
}

const columns: Words = {
  number: 'NumeroFacture',
  issueDate: 'DateFacture',
  depositDate: 'DateDepot',
  type: 'TypeFacture',
  status: 'Statut',
  currency: 'Devise',
  taxExclusive: 'MontantHT',
  taxInclusive: 'MontantTTC',
  payable: 'MontantAPayer',
  sellerSiret: 'CodeFournisseur',
  sellerName: 'DesignationFournisseur',
  buyerSiret: 'CodeDestinataire',
  buyerName: 'DesignationDestinataire',
  buyerServiceCode: 'CodeServiceExecutant',
  commitmentNumber: 'NumeroBonCommande',
  contractReference: 'NumeroMarche',
  precedingInvoice: 'NumeroFactureOrigine',
  flowNumber: 'NumeroFluxDepot',
  depositMode: 'ModeDepot',
  downloaded: 'FactureTelechargeeParDestinataire'
}
/** rechercher/recipiendaire names two columns its own way; its to-do search does not (factures.json). */
const recipientColumns: Words = { ...columns, sellerName: 'Fournisseur', buyerName: 'Destinataire' }

/** `-payable` is MontantAPayer, largest first. */
export function sortOf(sort: string | undefined, side: 'columns' | 'recipientColumns' = 'columns') {
  const name = (sort ?? '-depositDate').replace(/^-/, '')
  return {
    triColonne: (side === 'columns' ? columns : recipientColumns)[name] ?? 'DateDepot',
    triSens: sort === undefined || sort.startsWith('-') ? 'Descendant' : 'Ascendant'
  }
}
