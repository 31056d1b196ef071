import type { Attempt, StoredInvoice, TimelineEntry } from '../store/stored-invoice.ts'

type Story = { attempts: Attempt[]; entries: Required<TimelineEntry>[] }

/**
 * When the last attempt ended, RFC 3339. Noted by a clock that was set back since, it would lie in the future, and no
 * search would ever have come after it; then the first search that follows it in the timeline counts, whose order no clock
 * can change, and whose own time is not in the future as well.
 */
export function attemptEnd({ attempts, entries }: Story, invoice: StoredInvoice, now: Date): string {
  const last = attempts.at(-1)
  const noted = last?.endedAt ?? last?.startedAt ?? invoice.updatedAt
  if (Date.parse(noted) <= now.getTime()) return noted
  const searches = sinceAttempt(entries).filter(({ type }) => type === 'search-negative' || type === 'search-failed')
  return searches.find(({ at }) => Date.parse(at) <= now.getTime())?.at ?? noted
}

/** What the timeline tells since the last attempt ended, by its order. */
export function sinceAttempt(entries: Story['entries']): Story['entries'] {
  return entries.slice(entries.findLastIndex(({ type }) => type === 'attempt-ended') + 1)
}
