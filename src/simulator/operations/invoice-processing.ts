import { mayActFor } from '../accounts.ts'
import { id, list, part, text } from '../fields.ts'
import { currentStatus } from '../invoice.ts'
import { parisDay, parisMinute } from '../paris.ts'
import { alsoFromMadeAvailable, recipientMoves } from '../reference.ts'
import { Refusal } from '../refusal.ts'
import { checkDestination } from '../routing.ts'
import { type Call, traDone } from '../world.ts'
import { ownInvoice } from './invoice-access.ts'
import { readAttachments, readReferences } from './submission-fields.ts'

/** The 2017 annex has a time in it; a client of PISTE reads a day (behaviour.md 10). */
export const handledAt = ({ mode, world }: Call): string =>
  mode === 'piste' ? parisDay(world.clock.now()) : parisMinute(world.clock.now())

/** What happens to an invoice once it is there. Codes without a comment are unknown upstream and ours. */

export function complete(call: Call): object {
  const { world, fields, account, arrival } = call
  const invoice = ownInvoice(call, 'identifiantFactureCPP', 'seller')
  if (currentStatus(invoice).status !== 'SUSPENDUE') {
    throw new Refusal(20002, "GDP_MSG_11.033 - La demande de paiement n'est pas au statut suspendue.")
  }
  const comment = text(fields, 'commentaire')
  if (comment !== undefined && comment.length > 2000)
    throw new Refusal(20003, 'Le commentaire dépasse 2000 caractères.')
  for (const attachment of readAttachments(call)) {
    invoice.attachments.push({ ...attachment, linkId: world.invoices.nextSmall() })
  }
  world.invoices.act(invoice, 'ACQUITTEMENT_SUSPENSION', account.login)
  world.invoices.setStatus(invoice, 'COMPLETEE', { comment, by: account.login })
  arrival.accepted = true
  return {
    ...traDone,
    identifiantFactureCPP: invoice.id,
    numeroFacture: invoice.number,
    dateTraitement: handledAt(call)
  }
}

export function recycle(call: Call): object {
  const { world, fields, account, arrival } = call
  const invoice = ownInvoice(call, 'identifiantFactureCPP', 'seller')
  if (currentStatus(invoice).status !== 'A_RECYCLER') {
    throw new Refusal(20002, "La demande de paiement n'est pas au statut à recycler.")
  }
  const target = part(fields, 'destinataire')
  const reference = part(fields, 'reference')
  const references =
    Object.keys(reference).length === 0 ? invoice.references : readReferences(reference, invoice.references)
  const { recipient, service, faults } = checkDestination(
    {
      recipient: text(target, 'codeDestinataire') ?? invoice.recipient.identifier,
      serviceCode: text(target, 'codeServiceExecutant'),
      commitment: references.commitment
    },
    { directory: world.directory, settings: world.settings(), seller: invoice.seller }
  )
  if (recipient === undefined || faults.length > 0) throw new Refusal(20003, faults.join(' '))
  Object.assign(invoice, { recipient, service, references })
  const comment = text(fields, 'commentaire')
  // DEPOSEE after it is assumed (enums.json); the way to the recipient begins anew.
  world.invoices.setStatus(invoice, 'DEPOSEE', { comment, by: account.login, restart: true })
  arrival.accepted = true
  return {
    ...traDone,
    identifiantFactureCPP: invoice.id,
    numeroFacture: invoice.number,
    statutFacture: 'DEPOSEE',
    dateDepot: parisDay(world.clock.now())
  }
}

export function handleRejection({ world, fields, account, arrival }: Call): object {
  const named = list(fields, 'listeDemandePaiement')
  if (named.length === 0) throw new Refusal(20000, 'Le champ listeDemandePaiement est obligatoire.')
  const invoices = named.map((one) => world.invoices.find(id(one, 'idDemandePaiement')))
  for (const invoice of invoices) {
    if (invoice === undefined || !mayActFor(account, invoice.seller)) {
      throw new Refusal(20000, "GDP_MSG_11.008 - La demande de paiement n'existe pas.")
    }
    if (currentStatus(invoice).status !== 'REJETEE')
      throw new Refusal(20002, "La demande de paiement n'est pas rejetée.")
  }
  for (const invoice of invoices) {
    if (invoice === undefined) continue
    invoice.rejectionHandled = true
    world.invoices.act(invoice, 'TRAITEMENT_REJET', account.login)
  }
  arrival.accepted = true
  return { ...traDone }
}

export function processReceived(call: Call): object {
  const { world, fields, account, arrival } = call
  const invoice = ownInvoice(call, 'idFacture', 'recipient')
  const wanted = text(fields, 'nouveauStatut')
  const reason = text(fields, 'motif')
  const from = currentStatus(invoice).status
  const allowed = recipientMoves[from] ?? []
  const also = from === 'MISE_A_DISPOSITION' && wanted === alsoFromMadeAvailable
  if (wanted === undefined || (!allowed.includes(wanted) && !also)) {
    throw new Refusal(20002, `Le statut ${wanted ?? ''} n'est pas possible depuis ${from}.`)
  }
  if ((wanted === 'SUSPENDUE' || wanted === 'REJETEE') && reason === undefined) {
    throw new Refusal(20003, 'Le motif est obligatoire pour ce statut.')
  }
  const order = text(fields, 'numeroDPMandat')
  if (order !== undefined) invoice.paymentOrder = order
  world.invoices.setStatus(invoice, wanted, { comment: reason, by: account.login })
  arrival.accepted = true
  return {
    ...traDone,
    idFacture: invoice.id,
    numeroFacture: invoice.number,
    dateTraitement: handledAt(call),
    nouveauStatut: wanted
  }
}
