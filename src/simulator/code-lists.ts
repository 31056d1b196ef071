/** Code lists that the platform publishes (reference-data.json). Entries marked invented show the shape only. */

export const vatRates = [
  { codeTauxTva: 'TVA1', libelleTauxTva: 'Art 293B(FranchiseEnBase)', valeurTauxTva: 0 },
  // Only TVA1 is real. The codes below are invented; TVA5 = 20 follows the invented example of soumettre.
  { codeTauxTva: 'TVA2', libelleTauxTva: '2,1 %', valeurTauxTva: 2.1 },
  { codeTauxTva: 'TVA3', libelleTauxTva: '5,5 %', valeurTauxTva: 5.5 },
  { codeTauxTva: 'TVA4', libelleTauxTva: '10 %', valeurTauxTva: 10 },
  { codeTauxTva: 'TVA5', libelleTauxTva: '20 %', valeurTauxTva: 20 },
  { codeTauxTva: 'TVA6', libelleTauxTva: '8,5 %', valeurTauxTva: 8.5 },
  { codeTauxTva: 'TVA7', libelleTauxTva: '13 %', valeurTauxTva: 13 },
  { codeTauxTva: 'TVA8', libelleTauxTva: '1,75 %', valeurTauxTva: 1.75 },
  { codeTauxTva: 'TVA9', libelleTauxTva: '1,05 %', valeurTauxTva: 1.05 },
  { codeTauxTva: 'TVA10', libelleTauxTva: '0,9 %', valeurTauxTva: 0.9 },
  { codeTauxTva: 'TVA11', libelleTauxTva: '19,6 %', valeurTauxTva: 19.6 }
]

export const currencies = [
  { code: 'EUR', fr: 'Euro européen', en: 'European Euro' },
  { code: 'CHF', fr: 'Franc suisse', en: 'Swiss franc' },
  { code: 'GBP', fr: 'Livre sterling', en: 'Pound sterling' },
  { code: 'USD', fr: 'Dollar américain', en: 'US dollar' },
  { code: 'XPF', fr: 'Franc CFP', en: 'CFP franc' }
]

const countryCodes = (
  'AD AE AR AT AU BE BG BR CA CH CN CY CZ DE DK EE ES FI FR GB GR HR HU IE IN IT JP LT LU LV MA MC MT NC NL NO PF PL ' +
  'PT RO SE SI SK TN US'
).split(' ')

export function countries(language: 'fr' | 'en') {
  const names = new Intl.DisplayNames([language], { type: 'region' })
  return countryCodes.map((code) => ({ codePays: code, libellePays: names.of(code) ?? code }))
}

export const depositModes = [
  'SAISIE_WEB',
  'PORTAIL_PDF',
  'EDI_XML_STRUCT',
  'EDI_MIXTE',
  'EDI_PDF_ARCHIVE',
  'SAISIE_PORTAIL',
  'SAISIE_API',
  'DEPOT_PDF_PORTAIL',
  'DEPOT_PDF_SIGNE_PORTAIL',
  'DEPOT_PDF_API',
  'DEPOT_PDF_SIGNE_API',
  'EDI',
  'UPLOAD_PORTAIL',
  'UPLOAD_API',
  'EDI_NUMERISATION'
]

export const requestTypes = ['FACTURE', 'FACTURE_TRAVAUX', 'MEMOIRE_JUSTICE', 'DEMANDE_REMBOURSEMENT']

/** The stored list of the platform is cut after COMPTABILISEE; it goes no further here. */
export const invoiceStates = [
  'BROUILLON',
  'A_VALIDER_1',
  'ERREUR_FOURNISSEUR_SUR_VALIDEUR',
  'REFUSEE_1',
  'VALIDEE_1',
  'ABSENCE_VALIDATION_1_HORS_DELAI',
  'A_VALIDER_2',
  'ERREUR_COTRAITANT_SUR_VALIDEUR',
  'REFUSEE_2',
  'VALIDEE_2',
  'ABSENCE_VALIDATION_2_HORS_DELAI',
  'DEPOSEE',
  'ERREUR_FOURNISSEUR_SUR_MOE',
  'EN_COURS_ACHEMINEMENT',
  'MISE_A_DISPOSITION',
  'A_RECYCLER',
  'SUSPENDUE',
  'REJETEE',
  'MANDATEE',
  'MISE_EN_PAIEMENT',
  'COMPTABILISEE'
]

/** Of the other kinds no list is shown: every status that a client's list has. */
export const worksStates = [
  ...invoiceStates,
  ...(
    'MISE_A_DISPOSITION_COMPTABLE ABANDONNEE SUPPRIMEE ASSOCIEE EN_COURS_TRAITEMENT_PIVOT_S A_VALIDER_MOE REFUSEE_MOE ' +
    'EN_ATTENTE_RECYCLAGE_FOURNISSEUR ERREUR_MOE_SUR_FOURNISSEUR ERREUR_MOA_SUR_FOURNISSEUR INTERPRETEE_OCR COMPLETEE ' +
    'ERREUR_FOURNISSEUR_SUR_MOA ERREUR_MOE_SUR_MOA ERREUR_DESTINATAIRE_PD ERREUR_DESTINATAIRE_EA SERVICE_FAIT ' +
    'NON_CONFORME A_ASSOCIER_MOE ERREUR_DE_MOE MISE_A_DISPOSITION_MOE PRISE_EN_COMPTE_MOE A_ASSOCIER_MOA ERREUR_DE_MOA ' +
    'REFUSEE_MOA A_ASSOCIER_FOURNISSEUR REFUSEE_FOURNISSEUR A_COMPLETER TRANSMISE_MOA PRISE_EN_COMPTE_DESTINATAIRE ' +
    'REMPLACEE_PAR_A22 DUPLIQUE_APRES_REFUS MISE_A_DISPOSITION_MOA PRISE_EN_COMPTE_MOA ' +
    'ABSENCE_VALIDATION_MOE_DELAI_REGLEMENTAIRE TECHNIQUE_INCONNU'
  ).split(' ')
]

/** No source shows those of an invoice to be validated: two of the reasons for works documents. */
export const validatorRefusals = [
  { idMotif: 117, codeMotif: 'MAUVAIS_VALIDEUR', libelleMotif: 'Mauvais valideur' },
  { idMotif: 116, codeMotif: 'AUTRE', libelleMotif: 'Autre' }
]

export const worksTypes = [
  'DP_DE_SOUSTRAITANT_TRAVAUX',
  'PROJET_DECOMPTE_MENSUEL',
  'ETAT_ACOMPTE',
  'ETAT_ACOMPTE_VALIDE',
  'PROJET_DECOMPTE_FINAL',
  'PROJET_DECOMPTE_GENERAL',
  'PROJET_DECOMPTE_GENERAL_PROCEDURE_TACITE',
  'DECOMPTE_GENERAL',
  'DECOMPTE_GENERAL_SIGNE',
  'DECOMPTE_GENERAL_DEFINITIF_TACITE',
  'DECOMPTE_GENERAL_DEFINITIF_PROCEDURE_TACITE'
]

/** No source shows the values: this one is invented. */
export const exemptionReasons = [
  { codeMotifExonerationTva: 'EXO1', libelleMotifExonerationTva: 'Exonération (exemple)' }
]

export const flowFormats = ['IN_DP_E1_STRUCT', 'IN_DP_E2_MIXTE', 'IN_DP_E2_FACTURX']

/** The codes of FACTURE are sent by clients but printed by no source; their ids and labels are invented. */
export const attachmentTypes = [
  { code: 'AAR', id: 54068, label: 'Attest.régime social marins', object: 'DMD_RBST' },
  { code: 'ACE', id: 54069, label: 'Attest.cotisations employeur', object: 'DMD_RBST' },
  { code: 'ACS', id: 54073, label: 'Attest. cotisation solidarité', object: 'DMD_RBST' },
  { code: 'APC', id: 54072, label: 'Appel à cotisation', object: 'DMD_RBST' },
  { code: 'APS', id: 54058, label: 'Attestation perte de salaire', object: 'MEMOIRE' },
  { code: 'ASF', id: 54051, label: 'Attestation service fait', object: 'MEMOIRE' },
  { code: 'AUJ', id: 54074, label: 'Autre Justificatif', object: 'DMD_RBST' },
  { code: 'AUT', id: 54062, label: 'Autre', object: 'MEMOIRE' },
  { code: 'RIB', id: 54001, label: 'RIB', object: 'FACTURE' },
  { code: 'BON_DE_COMMANDE', id: 54002, label: 'Bon de commande', object: 'FACTURE' },
  { code: 'DIVERS', id: 54003, label: 'Pièce jointe standard', object: 'FACTURE' }
]
