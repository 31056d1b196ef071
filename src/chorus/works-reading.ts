import type { WorksInvoice, WorksInvoiceDetail } from '../../schemas/works-invoice.ts'
import { readDocument, readSide } from './document-reading.ts'
import { readReviewers } from './invoice-row.ts'
import { isObject, type JsonObject } from './json.ts'
import { present } from './present.ts'

/**
 * How works documents read. Five members of a row are known (factures-travaux.json); the others are read under the names
 * that rows of works documents have in the validator's searches, and may be absent.
 */

export const readWorksInvoice = (row: JsonObject): WorksInvoice => ({
  ...readDocument(row, { id: 'idFactureTravaux', number: 'numeroFactureTravaux' }),
  ...present({
    seller: readSide(row, 'Fournisseur'),
    buyer: readSide(row, 'Destinataire', { service: 'ServiceExecutant' }),
    projectManager: readSide(row, 'Moe'),
    worksOwner: readSide(row, 'Moa')
  })
})

/** A document in full: what can be read of it, and the whole as it came. Its blocks are known by their names alone. */
export function readWorksDetail(document: JsonObject, id?: string): WorksInvoiceDetail {
  const blocks = Object.values(document).filter(isObject)
  const flat = Object.assign({}, ...blocks, document) as JsonObject
  const read = readWorksInvoice({ ...flat, ...codes(flat) })
  const validators = readReviewers(flat)
  return {
    ...read,
    id: read.id === '' ? (id ?? '') : read.id,
    ...present({ validators }),
    original: document
  }
}

/** Documents in full name parties by a code where rows name them by an identifier (factures.json, consulter/valideur). */
const codes = (flat: JsonObject): JsonObject =>
  present({
    identifiantFournisseur: flat['identifiantFournisseur'] ?? flat['codeFournisseur'],
    identifiantDestinataire: flat['identifiantDestinataire'] ?? flat['codeDestinataire'],
    montantHT: flat['montantHT'] ?? flat['montantHtTotal'],
    montantTTC: flat['montantTTC'] ?? flat['montantTtcTotal'],
    devise: flat['devise'] ?? flat['codeDeviseFacture'],
    cadreFacturation: flat['cadreFacturation'] ?? flat['codeCadreFacturation']
  })

export const partiesOf = (invoice: WorksInvoice & Pick<WorksInvoiceDetail, 'validators'>) => [
  invoice.seller,
  invoice.buyer,
  invoice.projectManager,
  invoice.worksOwner,
  ...(invoice.validators ?? [])
]
