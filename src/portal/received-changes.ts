import type { PlatformChange } from '../../schemas/platform-answers.ts'
import type { StatusChange } from '../../schemas/received-invoice.ts'
import { rawStatus } from '../chorus/status.ts'
import { ProblemError } from '../problem.ts'
import { createTurns } from './one-at-a-time.ts'
import { type Received, withReason } from './received.ts'
import { act } from './refusals.ts'
import { badParameter } from './structures.ts'
import type { Visit } from './visit.ts'

/** What a recipient can do: move an invoice to another status, where Chorus Pro allows it. Never repeated. */
export function createReceivedChanges({ received }: { received: Pick<Received, 'visible'> }) {
  const inTurn = createTurns()

  return async function setStatus(visit: Visit, id: string, change: StatusChange): Promise<PlatformChange> {
    const raw = rawStatus(change.status)
    if (raw === undefined)
      throw badParameter('status', `“${change.status}” is no status.`, 'Use a name or a code of /allowed-statuses.')
    const reason = change.reason?.trim() ?? ''
    if (withReason.has(raw) && reason === '') throw reasonRequired(change.status)

    return inTurn(`${visit.ways[0].environment}/${id}`, async () => {
      const { way, invoice } = await received.visible(visit, id)
      const { receivedInvoices } = way.resources
      const present = invoice.status
      const allowed = await receivedInvoices.allowedFrom(present.raw)
      // A repeat of something that was done after all: its answer may have been lost.
      if (present.raw === raw || !allowed.some((one) => one.raw === raw)) {
        throw notFromHere(
          change.status,
          present.code,
          present.raw === raw,
          allowed.map(({ code }) => code)
        )
      }
      const now = async () => (await receivedInvoices.find(id)).status.code
      return act({ done: `moved to \`${change.status}\``, from: [] }, { before: present.code, now }, () =>
        receivedInvoices.setStatus(id, {
          rawStatus: raw,
          ...(reason !== '' && { reason }),
          ...(change.paymentOrderNumber !== undefined && { paymentOrderNumber: change.paymentOrderNumber })
        })
      )
    })
  }
}
export type SetStatus = ReturnType<typeof createReceivedChanges>

function notFromHere(wanted: string, present: string, same: boolean, allowed: string[]): ProblemError {
  const others = allowed.filter((code) => code !== present).map((code) => `\`${code}\``)
  const next =
    others.length === 0
      ? 'Chorus Pro allows no other status from there.'
      : `From there Chorus Pro allows ${others.join(', ')}.`
  const why = same
    ? `The invoice is \`${present}\` already`
    : `The invoice is \`${present}\` now, and cannot become \`${wanted}\``
  return new ProblemError('invalid-transition', { detail: `${why}. ${next}`, outcome: 'not_sent' })
}

const reasonRequired = (status: string) =>
  new ProblemError('validation-failed', {
    detail: `Chorus Pro demands a reason with the status \`${status}\`.`,
    errors: [
      {
        pointer: '/reason',
        rule: 'validation-failed',
        message: 'The reason is missing.',
        messageFr: 'Le motif est obligatoire pour ce statut.',
        fix: 'Say in reason why; the supplier reads it.'
      }
    ]
  })
