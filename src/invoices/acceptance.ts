import { failpoint } from '../failpoint.ts'
import { ProblemError } from '../problem.ts'
import type { IncomingDocument } from '../store/document-store.ts'
import { newId } from '../store/ids.ts'
import type { AcceptResult, NewInvoice } from '../store/store.ts'
import { laneOf, type StoredDocument } from '../store/stored-invoice.ts'
import { fingerprintOf, naturalKeyOf } from './fingerprint.ts'
import type { Prepared, ReceivedPart, ReceivedSubmission, Submitter } from './intake.ts'
import type { Workshop } from './workshop.ts'

type Incoming = { incoming: IncomingDocument; mediaType: string }

/** A submission whose files lie ready, not yet visible. */
export interface ReadySubmission extends ReceivedSubmission {
  file?: ReceivedPart & Incoming & { bytes?: Buffer }
  attachments: (ReceivedPart & Incoming)[]
}

/**
 * Makes a prepared submission durable: the files first, then the ledger's row with its first job. Throws ProblemError
 * `idempotency-key-required`, NotReplaceable, StoreUnavailable.
 */
export async function acceptSubmission(
  workshop: Workshop,
  received: ReadySubmission,
  prepared: Prepared,
  submitter: Submitter,
  key: string | undefined
): Promise<{ result: AcceptResult; open: boolean }> {
  const { plan, given, sender } = prepared
  const parts = [...(received.file === undefined ? [] : [received.file]), ...received.attachments]
  const fingerprint = fingerprintOf(given, parts)
  const naturalKey = naturalKeyOf(sender.environment, plan.content, workshop.now())
  if (naturalKey === undefined && key === undefined) {
    throw new ProblemError('idempotency-key-required', {
      detail:
        'Without an invoice number the gateway cannot tell a repeat from a new invoice. Send the header Idempotency-Key, a new value for each invoice.'
    })
  }
  const { siret: sellerSiret } = plan.content.seller ?? {}
  const { siret: buyerSiret } = plan.content.buyer ?? {}
  const { number, issueDate, replaces } = plan.content
  const invoice: NewInvoice['invoice'] = {
    id: newId('inv', workshop.now().getTime()),
    caller: submitter.id,
    ...sender,
    content: plan.content,
    mode: plan.mode,
    modeReason: plan.reason,
    signed: plan.signed,
    documents: describe(received, prepared, workshop.now()),
    warnings: prepared.warnings,
    ...(plan.syntax !== undefined && { syntax: plan.syntax }),
    ...(sellerSiret !== undefined && { sellerSiret }),
    ...(buyerSiret !== undefined && { buyerSiret }),
    ...(number !== undefined && plan.mode !== 'data' && { number }),
    ...(issueDate !== undefined && { issueDate }),
    ...(replaces !== undefined && { replaces })
  }
  const open = workshop.lanes.open(laneOf(invoice))
  const result = await workshop.store.accept(
    {
      invoice,
      fingerprint,
      claimForMs: open ? workshop.timing.leaseMs : 0,
      ...(key !== undefined && { idempotency: { key, fingerprint } }),
      ...(naturalKey !== undefined && { naturalKey })
    },
    parts.map((part) => part.incoming)
  )
  failpoint('accepted')
  return { result, open }
}

function describe(received: ReadySubmission, { document }: Prepared, now: Date): StoredDocument[] {
  const one = (part: ReceivedPart & Incoming, role: StoredDocument['role'], mediaType: string): StoredDocument => ({
    id: newId('doc', now.getTime()),
    role,
    name: part.name,
    mediaType,
    size: part.size,
    sha256: part.sha256
  })
  return [
    ...(received.file === undefined
      ? []
      : [one(received.file, 'invoice', document?.mediaType ?? received.file.mediaType)]),
    ...received.attachments.map((part) => one(part, 'attachment', part.mediaType))
  ]
}

/** Removes what was received; after `keep` there is nothing left to remove. */
export async function discard(received: ReadySubmission): Promise<void> {
  const parts = [...(received.file === undefined ? [] : [received.file]), ...received.attachments]
  await Promise.all(parts.map((part) => part.incoming.discard()))
}
