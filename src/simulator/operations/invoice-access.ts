import { mayActFor } from '../accounts.ts'
import { id } from '../fields.ts'
import { type Invoice, partiesOf } from '../invoice.ts'
import { Refusal } from '../refusal.ts'
import type { Call } from '../world.ts'

/**
 * The invoice that the body names. Only completer's codes are known (errors.md 3.3, 3.4): 20000 GDP_MSG_11.008 for
 * one that does not exist, 20001 GDP_MSG_11.005 for someone else's. The other services answer the same here.
 */
export function ownInvoice(call: Call, member: string, side: 'seller' | 'recipient' | 'validator' | 'any'): Invoice {
  const { world, fields, account } = call
  const wanted = id(fields, member)
  if (wanted === undefined) throw new Refusal(20000, `Le champ ${member} est obligatoire.`)
  const invoice = world.invoices.find(wanted)
  if (invoice === undefined) throw new Refusal(20000, "GDP_MSG_11.008 - La demande de paiement n'existe pas.")
  call.arrival.number = invoice.number
  const parties = side === 'any' ? partiesOf(invoice) : [invoice[side]]
  if (!parties.some((party) => party !== undefined && mayActFor(account, party))) {
    throw new Refusal(20001, "GDP_MSG_11.005 - L'utilisateur n'est pas habilité sur cette demande de paiement.")
  }
  return invoice
}
