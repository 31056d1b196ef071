import type { Labelled } from './code-labels.ts'

/** Of flows, as the sources show them. */
export const flowStateLabels: readonly Labelled[] = [
  [
    'IN_DEPOT_PORTAIL_EN_ATTENTE_TRAITEMENT_SE_CPP',
    'Dépôt en attente de traitement par le service d’échange',
    'Deposited, waiting for the exchange service'
  ],
  ['IN_RECU', 'Reçu', 'Received'],
  ['IN_TRAITE_SE_CPP', 'Traité SE CPP', 'Handled by the exchange service'],
  ['IN_EN_ATTENTE_TRAITEMENT_CPP', 'En attente de traitement', 'Waiting for processing'],
  ['IN_EN_COURS_TRAITEMENT_CPP', 'En cours de traitement', 'Being processed'],
  [
    'IN_EN_ATTENTE_RETRAITEMENT_CPP',
    'En attente de retraitement',
    'Blocked, waiting for a manual restart by the operator'
  ],
  ['IN_A_RELANCER', 'À relancer', 'To be restarted'],
  ['IN_INCIDENTE', 'Incidenté', 'Failed as a whole'],
  ['IN_ERREUR_INTERNE', 'Erreur interne', 'Internal error'],
  ['IN_REJETE', 'Rejeté', 'Rejected'],
  ['IN_INTEGRE', 'Intégré', 'Integrated'],
  ['IN_INTEGRE_PARTIEL', 'Intégré partiellement', 'Partly integrated: only the valid invoices']
]
export const flowFormatLabels: readonly Labelled[] = [
  ['IN_DP_E1_STRUCT', undefined, 'Structured'],
  ['IN_DP_E2_MIXTE', undefined, 'Mixed'],
  ['IN_DP_E2_FACTURX', undefined, 'Factur-X']
]
export const flowSyntaxLabels: readonly Labelled[] = [
  ['IN_DP_E1_UBL_INVOICE', undefined, 'UBL Invoice, structured'],
  ['IN_DP_E1_CII', undefined, 'UN/CEFACT CII, older version, structured'],
  ['IN_DP_E1_PES_FACTURE', undefined, 'PES facture, structured'],
  ['IN_DP_E1_XCBL', undefined, 'xCBL, structured'],
  ['IN_DP_E2_UBL_INVOICE_MIN', undefined, 'Minimal UBL data with the invoice PDF inside'],
  ['IN_DP_E2_CII_MIN', undefined, 'Minimal CII data with the invoice PDF inside, older version'],
  ['IN_DP_E2_PES_FACTURE_MIN', undefined, 'Minimal PES data with the invoice PDF inside'],
  ['IN_DP_E2_CPP_FACTURE_MIN', undefined, 'Chorus Pro’s own mixed format'],
  ['IN_DP_PDFARCHIVE_UBL_INVOICE_MUG', undefined, 'PDF archive with UBL data'],
  ['IN_DP_PDFARCHIVE_CII_MUG', undefined, 'PDF archive with CII data'],
  ['IN_DP_E1_CII_16B', undefined, 'UN/CEFACT CII D16B, structured'],
  ['IN_DP_E2_CII_MIN_16B', undefined, 'Minimal CII D16B data with the invoice PDF inside'],
  ['IN_DP_E2_CII_FACTURX', undefined, 'Factur-X'],
  ['IN_DP_E3_UBL_INVOICE', undefined, 'Justice costs memorandum in UBL']
]
