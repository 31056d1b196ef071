import type { Clock } from './clock.ts'
import type { Structure } from './directory.ts'
import { type Attachment, currentStatus, type Invoice, type InvoiceDraft } from './invoice.ts'
import type { Id } from './json.ts'
import { parisDay } from './paris.ts'
import type { Settings, Step } from './settings.ts'

/** The invoices that the platform holds, and how their statuses move with the clock. */
export function createRegistry({
  clock,
  settings,
  nextId,
  random
}: {
  clock: Clock
  settings: () => Settings
  nextId: () => Id
  random: () => number
}) {
  const byId = new Map<Id, Invoice>()
  const byNumber = new Map<string, Invoice[]>()
  const byFlow = new Map<string, Invoice[]>()
  let small = 0n
  let typed = 0
  const nextSmall = (): Id => ++small

  function duplicate(seller: Structure, number: string, day = parisDay(clock.now())): Invoice | undefined {
    const { dedupe, uniquePer } = settings()
    if (!dedupe) return undefined
    // The 2017 annex says per supplier; a note of 2023 adds the year of creation (errors.md 3.2).
    return byNumber
      .get(number)
      ?.find(
        (one) =>
          one.seller === seller && (uniquePer === 'supplier' || parisDay(one.deposited).slice(0, 4) === day.slice(0, 4))
      )
  }

  function steps(number: string): Step[] {
    const { scripts, lifeCycle } = settings()
    return [...(scripts.find((script) => new RegExp(script.number).test(number))?.steps ?? lifeCycle)]
  }

  /** `first` is its first status; only a deposited one goes on by itself. */
  function add({ attachments, ...draft }: InvoiceDraft, now = clock.now(), first = 'DEPOSEE', id = nextId()): Invoice {
    const invoice: Invoice = {
      ...draft,
      id,
      mainLinkId: nextSmall(),
      attachments: attachments.map((attachment): Attachment => ({ linkId: nextSmall(), ...attachment })),
      deposited: now,
      history: [{ id: nextSmall(), status: first, at: now }],
      actions: [],
      events: [],
      upcoming: first === 'DEPOSEE' ? steps(draft.number) : [],
      downloaded: false,
      rejectionHandled: false,
      lag: random()
    }
    byId.set(invoice.id, invoice)
    enlist(byNumber, invoice.number, invoice)
    if (invoice.flow !== undefined) enlist(byFlow, invoice.flow, invoice)
    return invoice
  }

  /** Lets the automatic statuses that are due happen, each at its own time. */
  function settle(invoice: Invoice): Invoice {
    const now = clock.now()
    for (let next = invoice.upcoming[0]; next !== undefined; next = invoice.upcoming[0]) {
      const at = currentStatus(invoice).at + next.afterMs
      if (at > now) break
      invoice.upcoming.shift()
      invoice.history.push({ id: nextSmall(), status: next.status, at, comment: next.comment })
    }
    return invoice
  }

  function visible(invoice: Invoice): boolean {
    const { searchLagMs } = settings()
    if (searchLagMs === 'forever') return false
    const [least, most] =
      typeof searchLagMs === 'number' ? [searchLagMs, searchLagMs] : (searchLagMs as [number, number])
    return invoice.deposited + least + (most - least) * invoice.lag <= clock.now()
  }

  return {
    add,
    settle,
    duplicate,
    nextSmall,
    /** Sequence of the numbers that the platform gives itself. */
    nextTyped: (): number => ++typed,
    /** Someone decides: the automatic statuses stop. `restart` begins them anew (an invoice that is recycled). */
    setStatus(
      invoice: Invoice,
      status: string,
      facts: { comment?: string | undefined; by?: string | undefined; restart?: boolean } = {}
    ) {
      settle(invoice)
      invoice.upcoming = facts.restart ? steps(invoice.number) : []
      invoice.history.push({ id: nextSmall(), status, at: clock.now(), comment: facts.comment, by: facts.by })
    },
    act(invoice: Invoice, code: string, by: string) {
      invoice.actions.push({ id: nextSmall(), code, at: clock.now(), by })
    },
    find: (id: Id | undefined): Invoice | undefined => {
      const found = id === undefined ? undefined : byId.get(id)
      return found && settle(found)
    },
    withNumber: (number: string): readonly Invoice[] => (byNumber.get(number) ?? []).map(settle),
    all: (): Invoice[] => Array.from(byId.values(), settle),
    /** What searches see: acceptance reaches them after the search lag. */
    searchable({ number, flow }: { number?: string | undefined; flow?: string | undefined } = {}): Invoice[] {
      let candidates: Iterable<Invoice> = byId.values()
      if (flow !== undefined) candidates = byFlow.get(flow) ?? []
      if (number !== undefined) candidates = byNumber.get(number) ?? []
      return Array.from(candidates).filter(visible).map(settle)
    },
    clear() {
      byId.clear()
      byNumber.clear()
      byFlow.clear()
    }
  }
}

export type Registry = ReturnType<typeof createRegistry>

function enlist(index: Map<string, Invoice[]>, key: string, invoice: Invoice): void {
  const same = index.get(key)
  if (same === undefined) index.set(key, [invoice])
  else same.push(invoice)
}
