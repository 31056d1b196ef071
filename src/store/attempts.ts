import type { Tx } from './engine.ts'
import { InvalidTransition } from './errors.ts'
import { iso } from './rows.ts'
import type { Change } from './store.ts'
import type { Attempt, Proof, StoredInvoice, TimelineEntry } from './stored-invoice.ts'
import { attemptsOf, insertAttempt, updateAttempt } from './timeline.ts'
import { mayBecome } from './transitions.ts'

/** Writes what a change says about attempts; returns them as they stand then, and the timeline's entries about it. */
export async function changeAttempts(
  tx: Tx,
  seq: number,
  { before, after, change, now }: { before: StoredInvoice; after: StoredInvoice; change: Change; now: number }
): Promise<{ attempts: Attempt[]; entries: TimelineEntry[] }> {
  const attempts = await attemptsOf(tx, seq)
  const entries: TimelineEntry[] = []

  async function classify(attempt: Attempt, proof: Proof, told: Pick<Attempt, 'exchange' | 'detail'>): Promise<void> {
    Object.assign(attempt, { endedAt: attempt.endedAt ?? iso(now), ...told, proof })
    await updateAttempt(tx, seq, attempt)
    entries.push({ type: 'attempt-ended', data: { number: attempt.number, proof } })
  }

  if (change.endAttempt !== undefined) {
    const { number, proof, ...told } = change.endAttempt
    const attempt = number === undefined ? attempts.at(-1) : attempts.find((it) => it.number === number)
    if (attempt === undefined) throw new InvalidTransition(before.state, after.state, 'there is no such attempt')
    if (!mayBecome(attempt.proof, proof)) {
      throw new InvalidTransition(before.state, after.state, `an attempt proven ${attempt.proof} is never ${proof}`)
    }
    await classify(attempt, proof, told)
  }

  // A flow's report is the last word on the attempt that handed the flow in.
  const reported = { rejected: 'refused', unknown: 'exists' } as const
  if (before.state === 'submitted' && (after.state === 'rejected' || after.state === 'unknown')) {
    const attempt = attempts.findLast(({ proof }) => proof === 'done')
    if (attempt !== undefined) await classify(attempt, change.reported ?? reported[after.state], {})
  }

  if (change.startAttempt !== undefined) {
    const { operation } = change.startAttempt
    if (before.state === after.state || after.state !== 'submitting') {
      throw new InvalidTransition(before.state, after.state, 'an attempt starts with the state submitting')
    }
    // Invariant I3.
    if (attempts.some(({ proof }) => proof === undefined)) {
      throw new InvalidTransition(before.state, after.state, 'an earlier attempt is not classed')
    }
    const attempt: Attempt = { number: after.attempts, operation, startedAt: iso(now) }
    await insertAttempt(tx, seq, attempt)
    attempts.push(attempt)
    entries.push({ type: 'attempt-started', data: { number: attempt.number, operation } })
  }
  return { attempts, entries }
}
