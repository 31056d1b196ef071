import type { Invoice } from './invoice.ts'
import { frameworks } from './reference.ts'

/** Every framework but those of ordinary invoices, of memoranda and of refunds (reference-data.json, deduced there). */
const others = ['A1', 'A2', 'A3', 'A9', 'A12', 'A21']
export const worksFrameworks: readonly string[] = frameworks.filter((code) => !others.includes(shortOf(code)))
const works = new Set(worksFrameworks)

function shortOf(framework: string): string {
  return framework.slice(0, framework.indexOf('_'))
}

export const isWorks = (invoice: Invoice): boolean => works.has(invoice.framework)

/** Which kind of document a framework makes is read from the names: no source has the table. */
const types: Record<string, string> = {
  A4: 'PROJET_DECOMPTE_MENSUEL',
  A5: 'ETAT_ACOMPTE',
  A6: 'ETAT_ACOMPTE_VALIDE',
  A7: 'PROJET_DECOMPTE_FINAL',
  A8: 'DECOMPTE_GENERAL_SIGNE',
  A10: 'DP_DE_SOUSTRAITANT_TRAVAUX',
  A11: 'DP_DE_SOUSTRAITANT_TRAVAUX',
  A13: 'PROJET_DECOMPTE_MENSUEL',
  A14: 'PROJET_DECOMPTE_FINAL',
  A15: 'ETAT_ACOMPTE',
  A16: 'ETAT_ACOMPTE_VALIDE',
  A17: 'PROJET_DECOMPTE_GENERAL',
  A18: 'DECOMPTE_GENERAL',
  A19: 'ETAT_ACOMPTE_VALIDE',
  A20: 'DECOMPTE_GENERAL',
  A22: 'PROJET_DECOMPTE_GENERAL_PROCEDURE_TACITE',
  A23: 'DECOMPTE_GENERAL_DEFINITIF_TACITE',
  A24: 'DECOMPTE_GENERAL_DEFINITIF_TACITE',
  A25: 'DECOMPTE_GENERAL_DEFINITIF_PROCEDURE_TACITE'
}

export const worksTypeOf = (invoice: Invoice): string | undefined => types[shortOf(invoice.framework)]

export function requestTypeOf(invoice: Invoice): string {
  if (isWorks(invoice)) return 'FACTURE_TRAVAUX'
  if (invoice.framework === 'A3_MEMOIRE_JUSTICE') return 'MEMOIRE_JUSTICE'
  return invoice.framework === 'A21_DEMANDE_REMBOURSEMENT_TIC' ? 'DEMANDE_REMBOURSEMENT' : 'FACTURE'
}
