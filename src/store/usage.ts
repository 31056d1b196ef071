import type { Engine } from './engine.ts'
import { first, int } from './rows.ts'

export interface UsageStore {
  /**
   * Takes so much of a caller's limit in the window that is now, all of it or what is left; several replicas share it.
   * Returns what was taken, and when the window ends (RFC 3339), by the store's own clock.
   */
  takeUsage(
    what: { caller: string; kind: string; windowMs: number; limit: number },
    amount: number
  ): Promise<{ taken: number; endsAt: Date }>
}

export function createUsage(engine: Engine): UsageStore {
  return {
    takeUsage: ({ caller, kind, windowMs, limit }, amount) =>
      engine.write(async (tx) => {
        const now = await tx.now()
        const startsAt = now - (now % windowMs)
        // What another window used is forgotten by the same statement, which locks the row in both engines.
        const row = first(
          await tx.all(
            `insert into usage_window (caller, kind, starts_at, used) values ($1, $2, $3, 0)
             on conflict (caller, kind) do update set
               used = case when usage_window.starts_at = excluded.starts_at then usage_window.used else 0 end,
               starts_at = excluded.starts_at
             returning used`,
            [caller, kind, startsAt]
          )
        )
        const used = int(row ?? {}, 'used')
        // Less than nothing gives back what was not needed.
        const taken = amount < 0 ? Math.max(amount, -used) : Math.max(0, Math.min(amount, limit - used))
        if (taken !== 0) {
          await tx.run('update usage_window set used = $1 where caller = $2 and kind = $3', [
            used + taken,
            caller,
            kind
          ])
        }
        return { taken, endsAt: new Date(startsAt + windowMs) }
      })
  }
}
