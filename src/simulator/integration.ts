import { type Account, mayActFor } from './accounts.ts'
import type { Directory } from './directory.ts'
import type { StoredFile } from './files.ts'
import type { Invoice, InvoiceDraft } from './invoice.ts'
import type { ReadInvoice } from './invoice-xml.ts'
import { frameworks } from './reference.ts'
import type { Registry } from './registry.ts'
import { checkDestination, duplicateText, numberIsValid } from './routing.ts'
import type { Settings } from './settings.ts'

export interface InvoiceError {
  numeroDP?: string | undefined
  identifiantFournisseur?: string | undefined
  identifiantDestinataire?: string | undefined
  libelleErreurDP: string
}

/** Several errors of one invoice are joined with `|` and the text is cut near 200 characters (errors.md 4). */
const joined = (faults: string[]): string => faults.join('|').slice(0, 200)

const paymentModes: Record<string, string> = {
  10: 'ESPECE',
  20: 'CHEQUE',
  30: 'VIREMENT',
  31: 'VIREMENT',
  49: 'PRELEVEMENT',
  58: 'VIREMENT',
  59: 'PRELEVEMENT',
  97: 'REPORT'
}

/** One invoice of a flow: taken into the registry, or refused with its reasons. */
export function integrateInvoice(
  read: ReadInvoice,
  origin: { account: Account; flow: string; main: StoredFile | undefined; at: number },
  world: { directory: Directory; invoices: Registry; settings: Settings }
): { invoice: Invoice } | { error: InvoiceError } {
  const { directory, invoices, settings } = world
  const faults: string[] = []
  const seller = directory.byIdentifier(read.seller)
  if (seller === undefined || !seller.active)
    faults.push(`L'identifiant du fournisseur ${read.seller ?? ''} n'est pas référencé.`)
  else if (!mayActFor(origin.account, seller))
    faults.push(`Le fournisseur ${seller.identifier} n'est pas rattaché au compte technique.`)
  const destination = { recipient: read.buyer, serviceCode: read.serviceCode, commitment: read.commitment }
  const { recipient, service, faults: routing } = checkDestination(destination, { directory, settings, seller })
  faults.push(...routing, ...missingTags(read, settings))
  if (read.number !== undefined && !numberIsValid(read.number))
    faults.push(`Le numéro de facture ${read.number} n'est pas valide.`)
  if (seller !== undefined && read.number !== undefined && invoices.duplicate(seller, read.number) !== undefined) {
    faults.push(duplicateText(read.number, seller))
  }
  if (faults.length > 0 || seller === undefined || recipient === undefined) {
    return {
      error: {
        numeroDP: read.number,
        identifiantFournisseur: read.seller,
        identifiantDestinataire: read.buyer,
        libelleErreurDP: joined(faults)
      }
    }
  }
  const draft: InvoiceDraft = {
    number: read.number as string,
    mode: 'UPLOAD_API',
    framework: frameworks.find((code) => code.startsWith(`${read.framework}_`)) ?? 'A1_FACTURE_FOURNISSEUR',
    issued: read.issued as string,
    seller,
    recipient,
    service,
    references: {
      currency: read.currency ?? 'EUR',
      type: read.credit ? 'AVOIR' : 'FACTURE',
      contract: read.contract,
      commitment: read.commitment,
      origin: read.origin,
      payment: read.paymentMeans && (paymentModes[read.paymentMeans] ?? 'AUTRE'),
      due: read.due
    },
    totals: read.totals,
    vat: read.vat,
    lines: read.lines,
    main: origin.main,
    attachments: [],
    flow: origin.flow,
    creator: origin.account.login
  }
  return { invoice: invoices.add(draft, origin.at) }
}

/** The content rules known to bring a rejection (behaviour.md 15). */
function missingTags(read: ReadInvoice, { strictFlows }: Settings): string[] {
  const faults: string[] = []
  const absent = (term: string): void => void faults.push(`La balise obligatoire ${term} est absente.`)
  if (read.number === undefined) absent('BT-1 (numéro de facture)')
  if (read.issued === undefined) absent("BT-2 (date d'émission)")
  if (read.totals.payable === undefined) absent('BT-115 (montant à payer)')
  if (!strictFlows) return faults
  if (read.framework === undefined) absent('BT-23 (cadre de facturation)')
  else if (!/^A(?:[1-9]|1\d|2[0-5])$/.test(read.framework)) {
    faults.push(`Le cadre de facturation ${read.framework} (BT-23) n'est pas valide.`)
  }
  // One client leaves the payment means out of credit notes.
  if (read.paymentMeans === undefined && !read.credit) absent('BT-81 (PaymentMeans TypeCode)')
  return faults
}
