/** Our words for the codes that documents carry (enums.json). A code without one is `other` (behaviour.md, section 17). */

type Words = Readonly<Record<string, string>>

export const requestTypes: Words = {
  FACTURE: 'invoice',
  FACTURE_TRAVAUX: 'works_invoice',
  MEMOIRE_JUSTICE: 'court_fee_statement',
  DEMANDE_REMBOURSEMENT: 'refund_request'
}

export const typeCodes: Words = { FACTURE: '380', AVOIR: '381', ACOMPTE: '386' }

export const worksTypes: Words = {
  DP_DE_SOUSTRAITANT_TRAVAUX: 'subcontractor_request',
  PROJET_DECOMPTE_MENSUEL: 'monthly_statement_draft',
  ETAT_ACOMPTE: 'instalment_statement',
  ETAT_ACOMPTE_VALIDE: 'instalment_statement_validated',
  PROJET_DECOMPTE_FINAL: 'final_statement_draft',
  PROJET_DECOMPTE_GENERAL: 'general_statement_draft',
  PROJET_DECOMPTE_GENERAL_PROCEDURE_TACITE: 'general_statement_draft_tacit',
  DECOMPTE_GENERAL: 'general_statement',
  DECOMPTE_GENERAL_SIGNE: 'general_statement_signed',
  DECOMPTE_GENERAL_DEFINITIF_TACITE: 'definitive_statement_tacit',
  DECOMPTE_GENERAL_DEFINITIF_PROCEDURE_TACITE: 'definitive_statement_tacit_procedure'
}

export const vatRegimes: Words = {
  TVA_SUR_DEBIT: 'on_debits',
  TVA_SUR_ENCAISSEMENT: 'on_receipts',
  EXONERATION: 'exempt',
  SANS_TVA: 'no_vat'
}

/** UNTDID 4461; AUTRE and REPORT have no code there. */
export const paymentMeans: Words = { VIREMENT: '30', PRELEVEMENT: '49', CHEQUE: '20', ESPECE: '10' }

export const nameOf = (words: Words, raw: string | undefined): string | undefined =>
  raw === undefined ? undefined : Object.hasOwn(words, raw) ? words[raw] : 'other'

/** The way back: a name of ours, or Chorus Pro's own code; undefined for a word that is neither. */
export function rawOf(words: Words, name: string | undefined): string | undefined {
  if (name === undefined) return undefined
  return Object.keys(words).find((raw) => words[raw] === name) ?? (/^[A-Z][A-Z0-9_]*$/.test(name) ? name : undefined)
}

/** `A9_FACTURE_SOUSTRAITANT` is A9; files write the short code alone. */
export const nameFramework = (raw: string | undefined): string | undefined =>
  raw === undefined ? undefined : (/^A([1-9]|1\d|2[0-5])(?=_|$)/.exec(raw)?.[0] ?? 'other')
