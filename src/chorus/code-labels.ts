/** Code, French label, English label; what the sources do not show is absent. */
export type Labelled = readonly [raw: string, fr?: string | undefined, en?: string | undefined]

/** Lists as enums.json and reference-data.json hold them: what answers where Chorus Pro has no operation, or is away. */
export const invoiceTypeLabels: readonly Labelled[] = [
  ['FACTURE', 'Facture', 'Invoice'],
  ['AVOIR', 'Avoir', 'Credit note'],
  ['ACOMPTE', 'Acompte', 'Down-payment invoice']
]
export const vatRegimeLabels: readonly Labelled[] = [
  ['TVA_SUR_DEBIT', 'TVA sur les débits', 'VAT due on invoicing'],
  ['TVA_SUR_ENCAISSEMENT', 'TVA sur les encaissements', 'VAT due on payment'],
  ['EXONERATION', 'Exonération', 'Exempt'],
  ['SANS_TVA', 'Sans TVA', 'No VAT']
]
export const paymentMeansLabels: readonly Labelled[] = [
  ['CHEQUE', 'Chèque', 'Cheque'],
  ['PRELEVEMENT', 'Prélèvement', 'Direct debit'],
  ['VIREMENT', 'Virement', 'Credit transfer'],
  ['ESPECE', 'Espèces', 'Cash'],
  ['AUTRE', 'Autre', 'Other'],
  ['REPORT', 'Report', 'Carried over']
]
export const requestTypeLabels: readonly Labelled[] = [
  ['FACTURE', 'Facture', 'Invoice'],
  ['FACTURE_TRAVAUX', 'Facture de travaux', 'Works invoice'],
  ['MEMOIRE_JUSTICE', 'Mémoire de frais de justice', 'Justice costs memorandum'],
  ['DEMANDE_REMBOURSEMENT', 'Demande de remboursement', 'Refund request']
]
export const identifierTypeLabels: readonly Labelled[] = [
  ['SIRET', 'SIRET', 'French establishment number, 14 digits'],
  ['UE_HORS_FRANCE', 'UE hors France', 'EU VAT number outside France'],
  ['HORS_UE', 'Hors UE', 'Outside the EU'],
  ['RIDET', 'RIDET', 'New Caledonia'],
  ['TAHITI', 'TAHITI', 'French Polynesia'],
  ['AUTRE', 'Autre', 'Other'],
  ['PARTICULIER', 'Particulier', 'Private person']
]
export const depositModeLabels: readonly Labelled[] = [
  ['SAISIE_WEB', 'Saisie web', 'Typed on the portal (old code)'],
  ['PORTAIL_PDF', 'Portail PDF', 'PDF on the portal (old code)'],
  ['EDI_XML_STRUCT', 'EDI XML structuré', 'Structured XML by EDI (old code)'],
  ['EDI_MIXTE', 'EDI mixte', 'Mixed file by EDI (old code)'],
  ['EDI_PDF_ARCHIVE', 'EDI PDF archive', 'PDF archive by EDI (old code)'],
  ['SAISIE_PORTAIL', 'Saisie portail', 'Typed on the portal'],
  ['SAISIE_API', 'Saisie API', 'Typed through soumettre'],
  ['DEPOT_PDF_PORTAIL', 'Dépôt PDF portail', 'Unsigned PDF on the portal'],
  ['DEPOT_PDF_SIGNE_PORTAIL', 'Dépôt PDF signé portail', 'Signed PDF on the portal'],
  ['DEPOT_PDF_API', 'Dépôt PDF API', 'Unsigned PDF through the API'],
  ['DEPOT_PDF_SIGNE_API', 'Dépôt PDF signé API', 'Signed PDF through the API'],
  ['EDI', 'EDI', 'EDI flow'],
  ['UPLOAD_PORTAIL', 'Upload portail', 'Flow uploaded on the portal'],
  ['UPLOAD_API', 'Upload API', 'Flow deposited with deposer/flux (reading of the code)'],
  ['EDI_NUMERISATION', 'EDI numérisation', 'Digitised paper by EDI']
]
export const depositFormatLabels: readonly Labelled[] = [
  ['PDF_NON_SIGNE', 'PDF non signé', 'Unsigned PDF'],
  ['PDF_SIGNE_PADES', 'PDF signé PAdES', 'PAdES-signed PDF'],
  ['PDF_SIGNE_XADES', 'PDF signé XAdES', 'XAdES-signed PDF']
]
export const worksTypeLabels: readonly Labelled[] = [
  ['DP_DE_SOUSTRAITANT_TRAVAUX'],
  ['PROJET_DECOMPTE_MENSUEL'],
  ['ETAT_ACOMPTE'],
  ['ETAT_ACOMPTE_VALIDE'],
  ['PROJET_DECOMPTE_FINAL'],
  ['PROJET_DECOMPTE_GENERAL'],
  ['PROJET_DECOMPTE_GENERAL_PROCEDURE_TACITE'],
  ['DECOMPTE_GENERAL'],
  ['DECOMPTE_GENERAL_SIGNE'],
  ['DECOMPTE_GENERAL_DEFINITIF_TACITE'],
  ['DECOMPTE_GENERAL_DEFINITIF_PROCEDURE_TACITE']
]
export const workRoleLabels: readonly Labelled[] = [
  ['FOURNISSEUR', 'Fournisseur', 'Supplier'],
  ['MOE', 'Maître d’œuvre', 'Project manager'],
  ['MOA', 'Maître d’ouvrage', 'Works owner'],
  ['VALIDEUR', 'Valideur', 'Validator'],
  ['DESTINATAIRE', 'Destinataire', 'Recipient']
]
export const validatorActionLabels: readonly Labelled[] = [
  ['REFUS', 'Refus', 'Refuse'],
  ['VALIDATION', 'Validation', 'Accept'],
  ['MISE_EN_PAIEMENT', 'Mise en paiement', 'Put to payment'],
  ['MISE_EN_RECYCLAGE', 'Mise en recyclage', 'Send back to recycle'],
  ['SUSPENSION', 'Suspension', 'Suspend'],
  ['REJET', 'Rejet', 'Reject']
]
export const attachmentOwnerLabels: readonly Labelled[] = [
  ['STRUCTURE', undefined, 'Structure'],
  ['UTILISATEUR', undefined, 'User'],
  ['CB', undefined, 'Bank details'],
  ['MANDAT', undefined, 'Mandate'],
  ['FICHE_RACCORDEMENT', undefined, 'Connection form'],
  ['EJ', undefined, 'Legal commitment'],
  ['MEMOIRE', undefined, 'Justice memorandum'],
  ['DMD_RBST', undefined, 'Refund request'],
  ['TRANSVERSE', undefined, 'Any'],
  ['FACTURE_TRAVAUX', undefined, 'Works invoice'],
  ['FACTURE', undefined, 'Invoice'],
  ['DMDE_CPTE_DEV_SI_EXT', undefined, 'Request to become an external system'],
  ['SOLLICITATION', undefined, 'Support request'],
  ['CERTIFICAT', undefined, 'Certificate'],
  ['PJ_REJET_EDI', undefined, 'EDI rejection attachment']
]
export const extensionLabels: readonly Labelled[] = [
  ['BMP'],
  ['BZ2'],
  ['CSV'],
  ['DOC'],
  ['DOCX'],
  ['FAX'],
  ['GIF'],
  ['GZ'],
  ['GZIP'],
  ['HTM'],
  ['HTML'],
  ['JPEG'],
  ['JPG'],
  ['ODP'],
  ['ODS'],
  ['ODT'],
  ['P7S'],
  ['PDF'],
  ['PNG'],
  ['PPS'],
  ['PPT'],
  ['PPTX'],
  ['RTF'],
  ['SVG'],
  ['TGZ'],
  ['TIF'],
  ['TIFF'],
  ['TXT'],
  ['XHTML'],
  ['XLC'],
  ['XLM'],
  ['XLS'],
  ['XLSX'],
  ['XML'],
  ['XSD'],
  ['XSL'],
  ['ZIP']
]
export const userAttachmentLabels: readonly Labelled[] = [
  ['EN_COURS_DE_VALIDATION'],
  ['REFUSEE'],
  ['VALIDEE'],
  ['DESACTIVEE'],
  ['SUPPRIMEE']
]
export const commitmentStateLabels: readonly Labelled[] = [
  ['COMMANDE', undefined, 'Ordered'],
  ['A_TRAITER', undefined, 'To process']
]
