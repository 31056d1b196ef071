import type { FinalAnswer } from './history.ts'

const without = new Set(['not-sent', 'not-processed', 'refused'])

/** What the invoice's own story says against itself: gaps between states, and the invariants that a reader can check. */
export function checkStory({ invoice, timeline }: FinalAnswer): string[] {
  if (invoice === undefined || timeline === undefined) return []
  const wrong: string[] = []
  const { state, attempts } = invoice.submission
  let at = 'received'
  for (const { type, data } of timeline.items) {
    if (type !== 'state-changed') continue
    if (data?.['from'] !== at) wrong.push(`it was ${at}, and goes on from ${String(data?.['from'])}`)
    at = String(data?.['to'])
  }
  if (at !== state) wrong.push(`its story ends with ${at}, and it is ${state}`)
  if (attempts !== timeline.attempts.length) wrong.push(`${attempts} attempts, ${timeline.attempts.length} on record`)
  const proofs = timeline.attempts.map(({ proof }) => proof ?? 'none')
  if (state !== 'submitting' && proofs.includes('none')) wrong.push('an attempt has no class')
  if (state === 'rejected' && proofs.some((proof) => !without.has(proof)))
    wrong.push(`rejected after attempts proven ${proofs.join(', ')}`)
  const sent = state === 'submitted' || state === 'integrated'
  const proven = proofs.includes('done') || timeline.items.some(({ type }) => type === 'recovered')
  if (sent && !proven) wrong.push('sent without a proof')
  return wrong
}
