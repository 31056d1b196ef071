import { part, text } from '../fields.ts'
import { fingerprint } from '../flows.ts'
import { currentStatus, type Invoice, type InvoiceDraft } from '../invoice.ts'
import { parisDay } from '../paris.ts'
import { checkDestination, duplicateText, numberIsValid } from '../routing.ts'
import { type Call, gcuDone } from '../world.ts'
import {
  readFiles,
  readFraming,
  readLines,
  readReferences,
  readSeller,
  readTotals,
  readVat,
  refuse
} from './submission-fields.ts'

export function submit(call: Call): object {
  const { world, fields, account, arrival } = call
  const mode = text(fields, 'modeDepot')
  if (mode !== 'SAISIE_API' && mode !== 'DEPOT_PDF_API' && mode !== 'DEPOT_PDF_SIGNE_API') {
    throw refuse('field', 'Le mode de dépôt est absent ou inconnu.')
  }
  const typed = mode === 'SAISIE_API'
  const wanted = text(fields, 'numeroFactureSaisi')
  if (wanted !== undefined) arrival.number = wanted
  const parties = readSeller(call)
  arrival.supplier = parties.seller.identifier
  const references = readReferences(part(fields, 'references'))
  const target = part(fields, 'destinataire')
  const destination = {
    recipient: text(target, 'codeDestinataire'),
    serviceCode: text(target, 'codeServiceExecutant'),
    commitment: references.commitment
  }
  const context = { directory: world.directory, settings: world.settings(), seller: parties.seller }
  const { recipient, service, faults } = checkDestination(destination, context)
  if (recipient === undefined || faults.length > 0) throw refuse('recipient', faults.join(' '))
  const framing = readFraming(call)
  const issued = text(fields, 'dateFacture')?.slice(0, 10) ?? (typed ? parisDay(world.clock.now()) : undefined)
  if (issued === undefined || Number.isNaN(Date.parse(issued)))
    throw refuse('field', 'La date de facture est absente ou invalide.')
  const comment = text(fields, 'commentaire')
  if (comment !== undefined && comment.length > 2000) throw refuse('field', 'Le commentaire dépasse 2000 caractères.')
  const lines = readLines(fields, typed)
  const totals = readTotals(part(fields, 'montantTotal'))
  const files = readFiles(call, typed)
  if (!typed && (wanted === undefined || !numberIsValid(wanted))) {
    throw refuse('field', 'Le numéro de facture est absent, dépasse 20 caractères ou contient un caractère interdit.')
  }
  if (!typed && world.invoices.duplicate(parties.seller, wanted as string) !== undefined) {
    throw refuse('duplicate', duplicateText(wanted as string, parties.seller))
  }
  const draft: InvoiceDraft = {
    number: typed ? generateNumber(call) : (wanted as string),
    mode,
    issued,
    recipient,
    service,
    references,
    totals,
    lines,
    vat: readVat(fields),
    comment,
    creator: account.login,
    ...parties,
    ...framing,
    ...files
  }
  // A subcontractor's or co-contractor's invoice goes to the validator that it names first (enums.json, A_VALIDER_1).
  const validated = ['A9', 'A12'].some((short) => draft.framework.startsWith(`${short}_`))
  const first = validated && draft.validator !== undefined ? 'A_VALIDER_1' : 'DEPOSEE'
  return accept(call, world.invoices.add(draft, world.clock.now(), first))
}

function accept({ world, arrival }: Call, invoice: Invoice): object {
  arrival.accepted = true
  world.ledger.accept({
    arrival: arrival.seq,
    id: String(invoice.id),
    number: invoice.number,
    supplier: invoice.seller.identifier,
    recipient: invoice.recipient.identifier,
    mode: invoice.mode,
    issued: invoice.issued,
    ...(invoice.totals.payable === undefined ? {} : { payable: invoice.totals.payable }),
    ...(invoice.main === undefined ? {} : { digest: invoice.main.digest })
  })
  return {
    ...gcuDone,
    identifiantFactureCPP: invoice.id,
    numeroFacture: invoice.number,
    statutFacture: currentStatus(invoice).status,
    dateDepot: parisDay(invoice.deposited),
    identifiantStructure: invoice.seller.identifier,
    empreinteCertificatDepot: fingerprint(`${invoice.id} ${invoice.number}`)
  }
}

/** Four digits of the year and a sequence of sixteen (behaviour.md 3). What the caller typed is not kept. */
function generateNumber({ world }: Call): string {
  const year = parisDay(world.clock.now()).slice(0, 4)
  return `${year}${String(world.invoices.nextTyped()).padStart(16, '0')}`
}
