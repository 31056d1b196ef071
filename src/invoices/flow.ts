import type { FlowReport, IssuedInvoice } from '../chorus/chorus.ts'
import { ChorusError } from '../chorus/errors.ts'
import { failpoint } from '../failpoint.ts'
import { InvalidTransition } from '../store/errors.ts'
import type { Change } from '../store/store.ts'
import { type Job, laneOf, type StoredInvoice } from '../store/stored-invoice.ts'
import { noteFlowShown } from './measure.ts'
import { explainRefusal, saysDuplicate } from './refusal.ts'
import { after, backOff, insist, type Workshop } from './workshop.ts'

/** Follows a deposited flow to the invoice that Chorus Pro makes of it, or to its refusal. */
export async function followFlow(workshop: Workshop, job: Job): Promise<void> {
  const invoice = await workshop.store.find(job.invoiceId)
  const flowNumber = invoice?.upstream.flowNumber
  if (invoice === undefined || invoice.state !== 'submitted' || flowNumber === undefined) {
    await insist(workshop, () => workshop.store.change(job.invoiceId, () => ({ job: { settle: true } }), job))
    return
  }
  const { chorus } = workshop.way(laneOf(invoice))
  let change: Change
  try {
    const report = await chorus.flowReport(flowNumber)
    const integrated = report?.state === 'integrated' || report?.state === 'partly-integrated'
    const rows = integrated ? await chorus.searchIssued({ flowNumber }) : []
    workshop.lanes.succeeded(laneOf(invoice))
    failpoint('flow-read')
    change = decide(workshop, invoice, report, rows)
    if (change.patch?.state === 'integrated') await noteFlowShown(workshop, invoice, job.tries)
  } catch (error) {
    if (!(error instanceof ChorusError)) throw error
    change = {}
  }
  const again = { runAt: after(workshop, backOff(workshop.timing.flowMs, job.tries)), countTry: true }
  const note = (what: Change) =>
    insist(workshop, () => workshop.store.change(invoice.id, () => ({ ...what, job: what.job ?? again }), job))
  await note(change).catch((error: unknown) => {
    if (change.patch?.state !== 'rejected' || !(error instanceof InvalidTransition)) throw error
    // An earlier flow of ours may still show (invariant I6): a search decides, not this refusal alone.
    return note(doubtful(workshop, change))
  })
  failpoint('flow-noted')
}

function decide(
  workshop: Workshop,
  invoice: StoredInvoice,
  report: FlowReport | undefined,
  rows: IssuedInvoice[]
): Change {
  // Just after the deposit Chorus Pro does not know the flow yet.
  if (report === undefined) return {}
  const upstream = { ...invoice.upstream, flowState: report.rawState }
  const seen: Change =
    invoice.upstream.flowState === report.rawState
      ? {}
      : {
          patch: { upstream },
          timeline: [{ type: 'flow-state-changed', data: { raw: report.rawState, state: report.state } }]
        }
  const refusals = refusalTexts(invoice, report)
  switch (report.state) {
    case 'pending':
    case 'other':
      return seen
    case 'integrated':
    case 'partly-integrated': {
      const row = rows.find((each) => each.number === invoice.number) ?? (rows.length === 1 ? rows[0] : undefined)
      if (row !== undefined) return integrate(workshop, { ...invoice, upstream }, row, seen)
      // Integrated, and our invoice not visible yet; unless the report says that ours was left out.
      return report.state === 'partly-integrated' && refusals.length > 0
        ? refuse(workshop, refusals, seen, upstream)
        : seen
    }
    case 'rejected':
      return refuse(workshop, refusals, seen, upstream)
    case 'failed':
      return {
        patch: {
          upstream,
          state: 'held',
          outcome: 'not_sent',
          heldReason: 'flow_failed',
          error: {
            code: 'upstream-unavailable',
            detail: `Chorus Pro could not process the flow (${report.rawState}); nothing was integrated.`,
            owner: 'platform'
          }
        },
        timeline: [...(seen.timeline ?? []), { type: 'held', data: { reason: 'flow_failed', raw: report.rawState } }],
        job: { settle: true }
      }
  }
}

function integrate(workshop: Workshop, invoice: StoredInvoice, row: IssuedInvoice, seen: Change): Change {
  return {
    patch: {
      state: 'integrated',
      status: row.status,
      upstream: { ...invoice.upstream, invoiceId: row.invoiceId, number: row.number }
    },
    unset: ['error', 'nextAttemptAt'],
    timeline: seen.timeline ?? [],
    job: { settle: true },
    jobs: [{ kind: 'status', runAt: after(workshop, workshop.timing.statusMs.first) }]
  }
}

function refusalTexts(invoice: StoredInvoice, report: FlowReport): string[] {
  const ours = report.invoiceErrors.filter((each) => each.number === undefined || each.number === invoice.number)
  const chosen = ours.length > 0 ? ours : report.invoiceErrors
  return [...chosen.flatMap((each) => each.messages), ...report.technicalErrors.map((each) => each.message)]
}

function refuse(workshop: Workshop, texts: string[], seen: Change, upstream: Record<string, string>): Change {
  const detail =
    texts.join(' | ').slice(0, 2_000) || `Chorus Pro refused the flow (${upstream.flowState}) and gave no reason.`
  const error = { code: 'deposit-refused', detail, owner: 'caller' } as const
  // A double in a flow is evidence for an earlier attempt of ours, or somebody else's invoice: a search decides.
  if (texts.some(saysDuplicate)) {
    return doubtful(workshop, { patch: { upstream, error }, timeline: seen.timeline ?? [] }, 'exists')
  }
  return {
    patch: {
      upstream,
      state: 'rejected',
      outcome: 'not_sent',
      error: {
        ...error,
        errors: explainRefusal(texts.join('|')),
        upstream: { service: 'transverses/consulterCRDetaille', label: upstream.flowState ?? '' }
      }
    },
    timeline: seen.timeline ?? [],
    job: { settle: true }
  }
}

/** Only a search may decide what became of it. */
function doubtful(workshop: Workshop, change: Change, reported: NonNullable<Change['reported']> = 'refused'): Change {
  return {
    ...change,
    patch: { ...change.patch, state: 'unknown', outcome: 'unknown' },
    reported,
    job: { settle: true },
    jobs: [{ kind: 'reconcile', runAt: after(workshop, workshop.timing.searchMs.first) }]
  }
}
