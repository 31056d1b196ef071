import type { Labelled } from './code-labels.ts'

/** Codes of the cadre de facturation, as enums.json has them. */
export const frameworkLabels: readonly Labelled[] = [
  ['A1_FACTURE_FOURNISSEUR', 'Dépôt par un fournisseur d’une facture', 'Supplier invoice'],
  [
    'A2_FACTURE_FOURNISSEUR_DEJA_PAYEE',
    'Dépôt par un fournisseur d’une facture déjà payée',
    'Supplier invoice already paid'
  ],
  ['A3_MEMOIRE_JUSTICE', 'Dépôt d’un mémoire de frais de justice', 'Justice costs memorandum'],
  [
    'A4_PROJET_DECOMPTE_MENSUEL_FOURNISSEUR',
    'Projet de décompte mensuel du fournisseur',
    'Supplier’s draft monthly statement'
  ],
  ['A5_ETAT_ACOMPTE_FOURNISSEUR', 'État d’acompte du fournisseur', 'Supplier’s down-payment statement'],
  [
    'A6_ETAT_ACOMPTE_VALIDE_FOURNISSEUR',
    'État d’acompte validé du fournisseur',
    'Supplier’s validated down-payment statement'
  ],
  [
    'A7_PROJET_DECOMPTE_FINAL_FOURNISSEUR',
    'Projet de décompte final du fournisseur',
    'Supplier’s draft final statement'
  ],
  [
    'A8_DECOMPTE_GENERAL_DEFINITIF_FOURNISSEUR',
    'Décompte général et définitif du fournisseur',
    'Supplier’s general and final statement'
  ],
  ['A9_FACTURE_SOUSTRAITANT', 'Dépôt par un sous-traitant d’une facture', 'Subcontractor invoice'],
  [
    'A10_PROJET_DECOMPTE_MENSUEL_SOUSTRAITANT',
    'Projet de décompte mensuel du sous-traitant',
    'Subcontractor’s draft monthly statement'
  ],
  [
    'A11_PROJET_DECOMPTE_FINAL_SOUSTRAITANT',
    'Projet de décompte final du sous-traitant',
    'Subcontractor’s draft final statement'
  ],
  ['A12_FACTURE_COTRAITANT', 'Dépôt par un cotraitant d’une facture', 'Co-contractor invoice'],
  [
    'A13_PROJET_DECOMPTE_MENSUEL_COTRAITANT',
    'Projet de décompte mensuel du cotraitant',
    'Co-contractor’s draft monthly statement'
  ],
  [
    'A14_PROJET_DECOMPTE_FINAL_COTRAITANT',
    'Projet de décompte final du cotraitant',
    'Co-contractor’s draft final statement'
  ],
  ['A15_ETAT_ACOMPTE_MOE', 'État d’acompte du maître d’œuvre', 'Project manager’s down-payment statement'],
  [
    'A16_ETAT_ACOMPTE_VALIDE_MOE',
    'État d’acompte validé du maître d’œuvre',
    'Project manager’s validated down-payment statement'
  ],
  [
    'A17_PROJET_DECOMPTE_GENERAL_MOE',
    'Projet de décompte général du maître d’œuvre',
    'Project manager’s draft general statement'
  ],
  ['A18_DECOMPTE_GENERAL_MOE', 'Décompte général du maître d’œuvre', 'Project manager’s general statement'],
  [
    'A19_ETAT_ACOMPTE_VALIDE_MOA',
    'État d’acompte validé du maître d’ouvrage',
    'Works owner’s validated down-payment statement'
  ],
  ['A20_DECOMPTE_GENERAL_MOA', 'Décompte général du maître d’ouvrage', 'Works owner’s general statement'],
  [
    'A21_DEMANDE_REMBOURSEMENT_TIC',
    'Demande de remboursement de la TIC',
    'Request for refund of the energy consumption tax'
  ],
  [
    'A22_PROJET_DECOMPTE_GENERAL_FOURNISSEUR_PROCEDURE_TACITE',
    'Projet de décompte général du fournisseur, procédure tacite',
    'Supplier’s draft general statement, tacit procedure'
  ],
  [
    'A23_DECOMPTE_GENERAL_DEFINITIF_TACITE_FOURNISSEUR',
    'Décompte général et définitif tacite du fournisseur',
    'Supplier’s tacit general and final statement'
  ],
  [
    'A24_DECOMPTE_GENERAL_DEFINITIF_TACITE_MOE',
    'Décompte général et définitif tacite du maître d’œuvre',
    'Project manager’s tacit general and final statement'
  ],
  [
    'A25_DECOMPTE_GENERAL_DEFINITIF_MOE_PROCEDURE_TACITE',
    'Décompte général et définitif du maître d’œuvre, procédure tacite',
    'Project manager’s general and final statement, tacit procedure'
  ],
  ['SANS_CADRE_DE_FACTURATION', 'Sans cadre de facturation', 'No framework']
]
