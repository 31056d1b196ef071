import { lists } from './catalogue/code-lists.ts'
import { commitments } from './catalogue/commitments.ts'
import type { Entry, Kind } from './catalogue/entry.ts'
import { invoices } from './catalogue/invoices.ts'
import { organisations } from './catalogue/organisations.ts'
import { structures } from './catalogue/structures.ts'
import { transverses } from './catalogue/transverses.ts'
import { users } from './catalogue/users.ts'
import { worksInvoices } from './catalogue/works-invoices.ts'

/** Every operation of Chorus Pro whose address is known, by domain. */
export const catalogue: readonly Entry[] = [
  ...invoices,
  ...worksInvoices,
  ...structures,
  ...transverses,
  ...lists,
  ...users,
  ...commitments,
  ...organisations
]

const exact = new Map(catalogue.map((entry) => [entry.operation, entry]))
const patterns = catalogue
  .filter(({ operation }) => operation.includes('{'))
  .map((entry) => ({ entry, pattern: new RegExp(`^${entry.operation.replaceAll(/\{\w+\}/g, '[^/]+')}$`) }))

export function findEntry(operation: string): Entry | undefined {
  return exact.get(operation) ?? patterns.find(({ pattern }) => pattern.test(operation))?.entry
}

/** What an operation does. One that is not in the catalogue is judged by the verb in its name, and in doubt it changes something. */
export function kindOf(operation: string, method: string): Kind {
  const known = findEntry(operation)
  // What acts by POST is taken to act by every method: the edge may not look at it.
  const acts = known?.method === undefined && (known?.kind === 'create' || known?.kind === 'change')
  if (known !== undefined && (acts || (known.method ?? 'POST') === method)) return known.kind
  if (method === 'GET' || method === 'HEAD') return 'read'
  const verbs = operation.split('/').slice(1)
  const asks = verbs.some((verb) => /^(rechercher|recherche$|consulter|recuperer|lister|telecharger)/.test(verb))
  return asks && method === 'POST' ? 'read' : 'change'
}

const aboutStructures = new Set(['structures', 'utilisateurs', 'engagementsJuridiques', 'organisations'])
const ofInvoices = /^transverses\/(consulterCR|telecharger\/pieceJointe|rechercher\/pj\/|ajouter\/|detacher)/

/** Whether its answer may tell of invoices, or its request act on one. Unknown operations may. */
export function concernsInvoices(operation: string): boolean {
  const entry = findEntry(operation)
  const [domain = ''] = operation.split('/')
  if (entry?.kind !== 'read' && entry?.kind !== 'download') return true
  return !(aboutStructures.has(domain) || (domain === 'transverses' && !ofInvoices.test(operation)))
}

/** True when a list such as `factures/soumettre`, `structures/*` has the operation. */
export function isListed(operation: string, list: readonly string[]): boolean {
  return list.some((one) => (one.endsWith('*') ? operation.startsWith(one.slice(0, -1)) : one === operation))
}
