import type { Mode } from '../store/stored-invoice.ts'

/** How an invoice went in: each way has its own delay until a search shows it. */
export type SearchRoute = 'pdf' | 'structured'
export const routeOf = (mode: Mode): SearchRoute => (mode === 'structured' ? 'structured' : 'pdf')

/**
 * How long Chorus Pro's search may take to show what it has taken: the horizon of the reliability brief, 2.3. Before there
 * is anything to go by it is an assumption; what normal successes show makes it longer, never shorter. It is kept in memory:
 * a restart begins with the assumption again.
 */
export interface Visibility {
  /** Milliseconds after the last attempt before "not found" may mean "not there". */
  horizonMs(route: SearchRoute): number
  /** Whether this success should be looked for: one a minute is enough, and those that were not found stay wanted. */
  wants(invoiceId: string): boolean
  /** A search showed it so long after Chorus Pro had taken it; it had not been shown, if looked for, `hiddenMs` after. */
  seen(route: SearchRoute, invoiceId: string, afterMs: number, hiddenMs?: number): void
  /** A search did not show it yet. */
  hidden(route: SearchRoute, invoiceId: string, afterMs: number): void
  view(): { route: SearchRoute; horizonMs: number; slowestMs: number; measured: number }[]
}

export interface VisibilityOptions {
  /** What is assumed, milliseconds. */
  horizonMs: Record<SearchRoute, number>
  /** The least time between two looks at fresh successes, milliseconds. */
  everyMs: number
  now: () => number
  /** The assumption turns out too short. */
  warn: (facts: object, message: string) => void
}

/** The slowest that was seen, and as much again twice. */
const margin = 3
/** A search that never shows anything must not keep an invoice waiting for ever: then a person decides. */
const mostOfAssumed = 8
const keptSamples = 200
const keptHidden = 100

export function createVisibility({ horizonMs: assumed, everyMs, now, warn }: VisibilityOptions): Visibility {
  const samples: Record<SearchRoute, number[]> = { pdf: [], structured: [] }
  /** Not shown yet, and for how long. */
  const hidden = new Map<string, { route: SearchRoute; afterMs: number }>()
  let looked = Number.NEGATIVE_INFINITY

  function slowest(route: SearchRoute): number {
    const waiting = [...hidden.values()].filter((each) => each.route === route).map(({ afterMs }) => afterMs)
    return Math.max(0, ...samples[route], ...waiting)
  }
  function horizon(route: SearchRoute): number {
    return Math.min(Math.max(assumed[route], margin * slowest(route)), mostOfAssumed * assumed[route])
  }
  function note(route: SearchRoute, act: () => void): void {
    const before = horizon(route)
    act()
    const after = horizon(route)
    if (after > before) warn({ route, slowestMs: slowest(route), horizonMs: after }, 'the search of Chorus Pro lags')
  }

  return {
    horizonMs: horizon,
    wants(invoiceId) {
      if (hidden.has(invoiceId)) return true
      if (now() - looked < everyMs) return false
      looked = now()
      return true
    },
    seen(route, invoiceId, afterMs, hiddenMs = hidden.get(invoiceId)?.afterMs) {
      hidden.delete(invoiceId)
      // A look that came late, after an outage of our own, tells how late we were.
      const likely = Math.min(afterMs, 2 * (hiddenMs ?? 0) + 2 * everyMs)
      note(route, () => {
        samples[route].push(likely)
        if (samples[route].length > keptSamples) samples[route].shift()
      })
    },
    hidden(route, invoiceId, afterMs) {
      const [oldest] = hidden.keys()
      if (hidden.size >= keptHidden && oldest !== undefined && !hidden.has(invoiceId)) hidden.delete(oldest)
      note(route, () => hidden.set(invoiceId, { route, afterMs }))
    },
    view: () =>
      (['pdf', 'structured'] as const).map((route) => ({
        route,
        horizonMs: horizon(route),
        slowestMs: slowest(route),
        measured: samples[route].length
      }))
  }
}
