/** Closed lists of Chorus Pro that several rooms need (enums.json, flows.json, reference-data.json). */

export const frameworks = [
  'A1_FACTURE_FOURNISSEUR',
  'A2_FACTURE_FOURNISSEUR_DEJA_PAYEE',
  'A3_MEMOIRE_JUSTICE',
  'A4_PROJET_DECOMPTE_MENSUEL_FOURNISSEUR',
  'A5_ETAT_ACOMPTE_FOURNISSEUR',
  'A6_ETAT_ACOMPTE_VALIDE_FOURNISSEUR',
  'A7_PROJET_DECOMPTE_FINAL_FOURNISSEUR',
  'A8_DECOMPTE_GENERAL_DEFINITIF_FOURNISSEUR',
  'A9_FACTURE_SOUSTRAITANT',
  'A10_PROJET_DECOMPTE_MENSUEL_SOUSTRAITANT',
  'A11_PROJET_DECOMPTE_FINAL_SOUSTRAITANT',
  'A12_FACTURE_COTRAITANT',
  'A13_PROJET_DECOMPTE_MENSUEL_COTRAITANT',
  'A14_PROJET_DECOMPTE_FINAL_COTRAITANT',
  'A15_ETAT_ACOMPTE_MOE',
  'A16_ETAT_ACOMPTE_VALIDE_MOE',
  'A17_PROJET_DECOMPTE_GENERAL_MOE',
  'A18_DECOMPTE_GENERAL_MOE',
  'A19_ETAT_ACOMPTE_VALIDE_MOA',
  'A20_DECOMPTE_GENERAL_MOA',
  'A21_DEMANDE_REMBOURSEMENT_TIC',
  'A22_PROJET_DECOMPTE_GENERAL_FOURNISSEUR_PROCEDURE_TACITE',
  'A23_DECOMPTE_GENERAL_DEFINITIF_TACITE_FOURNISSEUR',
  'A24_DECOMPTE_GENERAL_DEFINITIF_TACITE_MOE',
  'A25_DECOMPTE_GENERAL_DEFINITIF_MOE_PROCEDURE_TACITE'
]

/** The frameworks of ordinary invoices: the only ones that soumettre takes. */
export const invoiceFrameworks = ['A1', 'A2', 'A9', 'A12'].map(
  (short) => frameworks.find((code) => code.startsWith(`${short}_`)) as string
)

export const paymentModes = ['CHEQUE', 'PRELEVEMENT', 'VIREMENT', 'ESPECE', 'AUTRE', 'REPORT']
export const vatTypes = ['TVA_SUR_DEBIT', 'TVA_SUR_ENCAISSEMENT', 'EXONERATION', 'SANS_TVA']
export const identifierTypes = ['SIRET', 'UE_HORS_FRANCE', 'HORS_UE', 'RIDET', 'TAHITI', 'AUTRE', 'PARTICULIER']

export interface Syntax {
  code: string
  format: string | undefined
  /** Interface code; those marked are unknown upstream and ours. */
  interface: string
}

export const syntaxes: Syntax[] = [
  { code: 'IN_DP_E1_UBL_INVOICE', format: 'IN_DP_E1_STRUCT', interface: 'FSO1100A' },
  // Probably this one; the link is not stated by a source.
  { code: 'IN_DP_E1_CII', format: 'IN_DP_E1_STRUCT', interface: 'FSO1102A' },
  { code: 'IN_DP_E1_PES_FACTURE', format: 'IN_DP_E1_STRUCT', interface: 'FSO1199A' }, // unknown
  { code: 'IN_DP_E1_XCBL', format: 'IN_DP_E1_STRUCT', interface: 'FSO1198A' }, // unknown
  { code: 'IN_DP_E2_UBL_INVOICE_MIN', format: 'IN_DP_E2_MIXTE', interface: 'FSO1110A' },
  { code: 'IN_DP_E2_CII_MIN', format: 'IN_DP_E2_MIXTE', interface: 'FSO1197A' }, // unknown
  { code: 'IN_DP_E2_PES_FACTURE_MIN', format: 'IN_DP_E2_MIXTE', interface: 'FSO1196A' }, // unknown
  { code: 'IN_DP_E2_CPP_FACTURE_MIN', format: 'IN_DP_E2_MIXTE', interface: 'FSO1113A' },
  { code: 'IN_DP_PDFARCHIVE_UBL_INVOICE_MUG', format: undefined, interface: 'FSO1195A' }, // unknown
  { code: 'IN_DP_PDFARCHIVE_CII_MUG', format: undefined, interface: 'FSO1194A' }, // unknown
  { code: 'IN_DP_E1_CII_16B', format: 'IN_DP_E1_STRUCT', interface: 'FSO1106A' },
  { code: 'IN_DP_E2_CII_MIN_16B', format: 'IN_DP_E2_MIXTE', interface: 'FSO1193A' }, // unknown
  { code: 'IN_DP_E2_CII_FACTURX', format: 'IN_DP_E2_FACTURX', interface: 'FSO1117A' },
  { code: 'IN_DP_E3_UBL_INVOICE', format: undefined, interface: 'FSO1192A' } // unknown
]

/** Extensions of attachments, compared without regard to case (enums.json pieceJointeExtension). */
export const attachmentExtensions = new Set(
  (
    'BMP GIF FAX ODT PPT TIFF XLS BZ2 GZ JPEG P7S RTF TXT XML CSV GZIP JPG PDF SVG XHTML XLSX DOC HTM ODP PNG TGZ ' +
    'XLC ZIP DOCX HTML ODS PPS TIF XLM PPTX XSD XSL'
  ).split(' ')
)

/**
 * What the recipient may do from a status (enums.json statutFacture, `next`). Statuses without a list upstream
 * have none here either, and nothing may be done from them.
 */
export const recipientMoves: Record<string, string[]> = {
  MISE_A_DISPOSITION: [
    'MISE_A_DISPOSITION',
    'SUSPENDUE',
    'REJETEE',
    'MANDATEE',
    'MISE_EN_PAIEMENT',
    'COMPTABILISEE',
    'MISE_A_DISPOSITION_COMPTABLE',
    'A_RECYCLER'
  ],
  COMPLETEE: [
    'SUSPENDUE',
    'REJETEE',
    'MANDATEE',
    'MISE_EN_PAIEMENT',
    'COMPTABILISEE',
    'MISE_A_DISPOSITION_COMPTABLE',
    'A_RECYCLER',
    'SERVICE_FAIT'
  ],
  SERVICE_FAIT: [
    'MANDATEE',
    'MISE_A_DISPOSITION_COMPTABLE',
    'COMPTABILISEE',
    'MISE_EN_PAIEMENT',
    'SUSPENDUE',
    'REJETEE'
  ],
  MANDATEE: ['MISE_A_DISPOSITION_COMPTABLE', 'MISE_EN_PAIEMENT', 'COMPTABILISEE', 'SUSPENDUE', 'REJETEE'],
  COMPTABILISEE: ['MISE_EN_PAIEMENT'],
  MISE_A_DISPOSITION_COMPTABLE: ['MISE_EN_PAIEMENT', 'COMPTABILISEE']
}

/** The published list from MISE_A_DISPOSITION lacks it, yet recipients use it in production. */
export const alsoFromMadeAvailable = 'SERVICE_FAIT'

/** The service reserved for invoices between public bodies, present on every public structure (directory.md 3). */
export const publicInvoices = 'FACTURES_PUBLIQUES'
