import type { DocumentFilter } from '../../schemas/document-parts.ts'
import { ProblemError } from '../problem.ts'
import { rawDecimal } from './json.ts'
import { toCadre } from './submission-payload.ts'

/** The members that all searches for documents spell alike. */
export const toAmounts = (filter: DocumentFilter) => ({
  montantHTMin: rawDecimal(filter.taxExclusiveMin),
  montantHTMax: rawDecimal(filter.taxExclusiveMax),
  montantTTCMin: rawDecimal(filter.taxInclusiveMin),
  montantTTCMax: rawDecimal(filter.taxInclusiveMax),
  montantAPayerMin: rawDecimal(filter.payableMin),
  montantAPayerMax: rawDecimal(filter.payableMax)
})

export const toDeposit = (filter: DocumentFilter) => ({
  periodeDateDepotDu: filter.depositDateFrom,
  periodeDateDepotAu: filter.depositDateTo,
  numeroMarche: filter.contractReference
})

export const toFramework = (businessProcess: string | undefined): string | undefined =>
  businessProcess === undefined ? undefined : toCadre(businessProcess)

/** Chorus Pro's code for a word that is a name of ours or its own code. Throws `malformed-request` for another word. */
export function toCode(
  pointer: string,
  word: string | undefined,
  raw: (word: string) => string | undefined
): string | undefined {
  const code = word === undefined ? undefined : raw(word)
  if (word === undefined || code !== undefined) return code
  throw refused(
    'malformed-request',
    pointer,
    `There is no ${pointer.slice(1)} ${word}.`,
    'Use a name that answers show.'
  )
}

/** A filter that the search cannot use, with its place. */
export function refused(
  code: 'malformed-request' | 'seller-not-allowed' | 'validation-failed',
  pointer: string,
  message: string,
  fix: string
): ProblemError {
  const messageFr = `Filtre ou valeur refusé : ${pointer}`
  return new ProblemError(code, { detail: message, errors: [{ pointer, rule: code, message, messageFr, fix }] })
}
