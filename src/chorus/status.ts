import type { FlowReport, UpstreamStatus } from './chorus.ts'

/** Our name for every status of enums.json, `statutFacture`. */
const statusNames: Readonly<Record<string, string>> = {
  BROUILLON: 'draft',
  A_VALIDER_1: 'awaiting_validation_1',
  ERREUR_FOURNISSEUR_SUR_VALIDEUR: 'wrong_validator_by_supplier',
  REFUSEE_1: 'validation_1_refused',
  VALIDEE_1: 'validation_1_accepted',
  ABSENCE_VALIDATION_1_HORS_DELAI: 'validation_1_missing',
  A_VALIDER_2: 'awaiting_validation_2',
  ERREUR_COTRAITANT_SUR_VALIDEUR: 'wrong_validator_by_co_contractor',
  REFUSEE_2: 'validation_2_refused',
  VALIDEE_2: 'validation_2_accepted',
  ABSENCE_VALIDATION_2_HORS_DELAI: 'validation_2_missing',
  DEPOSEE: 'deposited',
  ERREUR_FOURNISSEUR_SUR_MOE: 'wrong_project_manager_by_supplier',
  EN_COURS_ACHEMINEMENT: 'in_transit',
  MISE_A_DISPOSITION: 'made_available',
  A_RECYCLER: 'to_reroute',
  SUSPENDUE: 'suspended',
  REJETEE: 'rejected',
  MANDATEE: 'payment_ordered',
  MISE_EN_PAIEMENT: 'payment_issued',
  COMPTABILISEE: 'booked',
  MISE_A_DISPOSITION_COMPTABLE: 'with_accountant',
  ABANDONNEE: 'abandoned',
  SUPPRIMEE: 'deleted',
  ASSOCIEE: 'associated',
  EN_COURS_TRAITEMENT_PIVOT_S: 'in_conversion',
  A_VALIDER_MOE: 'awaiting_project_manager',
  REFUSEE_MOE: 'refused_by_project_manager',
  EN_ATTENTE_RECYCLAGE_FOURNISSEUR: 'awaiting_rerouting',
  ERREUR_MOE_SUR_FOURNISSEUR: 'wrong_supplier_by_project_manager',
  ERREUR_MOA_SUR_FOURNISSEUR: 'wrong_supplier_by_works_owner',
  INTERPRETEE_OCR: 'read_not_submitted',
  COMPLETEE: 'completed',
  ERREUR_FOURNISSEUR_SUR_MOA: 'wrong_works_owner_by_supplier',
  ERREUR_MOE_SUR_MOA: 'wrong_works_owner_by_project_manager',
  ERREUR_DESTINATAIRE_PD: 'wrong_recipient_pd',
  ERREUR_DESTINATAIRE_EA: 'wrong_recipient_ea',
  SERVICE_FAIT: 'service_confirmed',
  NON_CONFORME: 'not_compliant',
  A_ASSOCIER_MOE: 'awaiting_association_by_project_manager',
  ERREUR_DE_MOE: 'wrong_project_manager',
  MISE_A_DISPOSITION_MOE: 'made_available_to_project_manager',
  PRISE_EN_COMPTE_MOE: 'taken_in_charge_by_project_manager',
  A_ASSOCIER_MOA: 'awaiting_association_by_works_owner',
  ERREUR_DE_MOA: 'wrong_works_owner',
  REFUSEE_MOA: 'refused_by_works_owner',
  A_ASSOCIER_FOURNISSEUR: 'awaiting_association_by_supplier',
  REFUSEE_FOURNISSEUR: 'refused_by_supplier',
  A_COMPLETER: 'to_complete',
  TRANSMISE_MOA: 'sent_to_works_owner',
  PRISE_EN_COMPTE_DESTINATAIRE: 'taken_in_charge',
  REMPLACEE_PAR_A22: 'replaced',
  DUPLIQUE_APRES_REFUS: 'duplicated_after_refusal',
  MISE_A_DISPOSITION_MOA: 'made_available_to_works_owner',
  PRISE_EN_COMPTE_MOA: 'taken_in_charge_by_works_owner',
  TECHNIQUE_INCONNU: 'unknown_upstream',
  ABSENCE_VALIDATION_MOE_DELAI_REGLEMENTAIRE: 'project_manager_validation_missing'
}

/** A status we do not know is shown as it came: never an error (behaviour.md, section 17). */
export function nameStatus(raw: string | undefined): UpstreamStatus {
  const code = raw ?? ''
  return { code: Object.hasOwn(statusNames, code) ? (statusNames[code] ?? 'other') : 'other', raw: code }
}

/** Chorus Pro's code of a status, by our name or by the code itself; undefined for a name that is neither. */
export function rawStatus(name: string): string | undefined {
  return Object.hasOwn(rawStatuses, name) ? rawStatuses[name] : /^[A-Z][A-Z0-9_]+$/.test(name) ? name : undefined
}

/** True for our names, `other` among them. */
export const isStatus = (name: string): boolean => name === 'other' || Object.hasOwn(rawStatuses, name)

const rawStatuses: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(statusNames).map(([raw, name]) => [name, raw])
)

const flowStates: Readonly<Record<string, FlowReport['state']>> = {
  DEPOT_PORTAIL_EN_ATTENTE_TRAITEMENT_SE_CPP: 'pending',
  RECU: 'pending',
  TRAITE_SE_CPP: 'pending',
  EN_ATTENTE_TRAITEMENT_CPP: 'pending',
  EN_COURS_TRAITEMENT_CPP: 'pending',
  EN_ATTENTE_RETRAITEMENT_CPP: 'pending',
  A_RELANCER: 'pending',
  INCIDENTE: 'failed',
  ERREUR_INTERNE: 'failed',
  REJETE: 'rejected',
  INTEGRE: 'integrated',
  INTEGRE_PARTIEL: 'partly-integrated'
}

/** With or without the prefix IN_: real answers carry it, documents do not (reliability brief, 1.2). */
export function nameFlowState(raw: string): FlowReport['state'] {
  const state = raw.replace(/^IN_/, '')
  return Object.hasOwn(flowStates, state) ? (flowStates[state] ?? 'other') : 'other'
}
