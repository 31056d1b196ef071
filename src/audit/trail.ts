import type { AuditCheckpoint, AuditEntry } from '../store/audit.ts'
import type { Store } from '../store/store.ts'

export interface AuditTrail {
  /** Takes it in; it is written within a second. The same thing again within a minute is counted, not written. */
  note(entry: AuditEntry): void
  /** Writes what is left. */
  close(): Promise<void>
}

export interface AuditTrailOptions {
  store: Pick<Store, 'appendAudit'>
  now: () => Date
  log: { info(facts: object, message: string): void; error(facts: object, message: string): void }
  /** How long entries wait for others to share a write, milliseconds. */
  flushMs?: number
  windowMs?: number
  /** Different things in one window; those above it are counted together by their kind. */
  differentAtMost?: number
}

interface Noted {
  entry: AuditEntry
  /** Since it was written. */
  more: number
  first: Date
  last: Date
}

const waitingAtMost = 1_000
const checkpointEveryMs = 3_600_000

/**
 * The way to the audit for what happens often: a thousand refusals a second must neither fill the disk nor slow anybody
 * down. At most twice `differentAtMost` rows come out of a window, whatever goes in.
 */
export function createAuditTrail(options: AuditTrailOptions): AuditTrail {
  const { store, now, log, flushMs = 300, windowMs = 60_000, differentAtMost = 100 } = options
  const window = new Map<string, Noted>()
  let waiting: AuditEntry[] = []
  let flushing: Promise<void> = Promise.resolve()
  let flushTimer: NodeJS.Timeout | undefined
  let windowTimer: NodeJS.Timeout | undefined
  let checkpointAt = 0
  let checkpoint: AuditCheckpoint | undefined
  let failing = false

  function note(entry: AuditEntry): void {
    const at = now()
    const key = JSON.stringify(entry)
    const known = window.get(key) ?? (window.size < differentAtMost ? undefined : others(entry, at))
    if (known !== undefined) {
      known.more++
      known.last = at
      return
    }
    window.set(key, { entry, more: 0, first: at, last: at })
    windowTimer ??= setTimeout(endWindow, windowMs).unref()
    write(entry)
  }

  function others({ kind }: AuditEntry, first: Date): Noted {
    const key = `others ${kind}`
    const known = window.get(key) ?? {
      entry: { kind, actor: 'several', data: { different: true } },
      more: 0,
      first,
      last: first
    }
    window.set(key, known)
    return known
  }

  function endWindow(): void {
    windowTimer = undefined
    for (const { entry, more, first, last } of window.values()) {
      if (more === 0) continue
      const counted = { more, first: first.toISOString(), last: last.toISOString() }
      write({ ...entry, data: { ...entry.data, ...counted } })
    }
    window.clear()
  }

  function write(entry: AuditEntry): void {
    if (waiting.length < waitingAtMost) waiting.push(entry)
    flushTimer ??= setTimeout(flush, failing ? 5_000 : flushMs).unref()
  }

  function flush(): void {
    flushTimer = undefined
    flushing = flushing.then(writeAll)
  }

  async function writeAll(): Promise<void> {
    const entries = waiting
    waiting = []
    if (entries.length === 0) return
    try {
      checkpoint = await store.appendAudit(entries)
      failing = false
      if (now().getTime() >= checkpointAt) tellCheckpoint()
    } catch (error) {
      // It is tried again: what happens meanwhile is counted as before, and nobody waits for it.
      if (!failing) log.error({ err: error, entries: entries.length }, 'the audit cannot be written')
      failing = true
      waiting = [...entries, ...waiting].slice(0, waitingAtMost)
      flushTimer ??= setTimeout(flush, 5_000).unref()
    }
  }

  /** Outside the database, where the log goes: `audit verify --checkpoint` compares with it. */
  function tellCheckpoint(): void {
    if (checkpoint === undefined) return
    checkpointAt = now().getTime() + checkpointEveryMs
    log.info({ checkpoint: `${checkpoint.seq}:${checkpoint.seal}` }, 'audit checkpoint')
    checkpoint = undefined
  }

  return {
    note,
    async close() {
      clearTimeout(windowTimer)
      endWindow()
      clearTimeout(flushTimer)
      flush()
      await flushing
      tellCheckpoint()
    }
  }
}
