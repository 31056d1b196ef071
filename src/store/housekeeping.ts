import { createLoop, type Loop } from '../loop.ts'
import type { DocumentStore } from './document-store.ts'
import type { Store } from './store.ts'

const dayMs = 86_400_000
const atATime = 50
/** A call whose outcome was never learnt is not repeated blindly for so long. */
const rawCallDays = 90
/** Looking at every document takes its time, and nothing is in a hurry. */
const roundsPerLook = 24

export interface HousekeepingOptions {
  store: Pick<Store, 'purge' | 'documentsUsed' | 'forgetRawCalls'>
  documents: Pick<DocumentStore, 'removeUnused' | 'sweep'>
  /** Days after its last change that a finished invoice keeps its documents and texts; 0: for ever. */
  retentionDays: number
  now: () => Date
  /** Milliseconds, never set. */
  monotonic?: () => number
  /** How often. */
  everyMs: number
  log: { info(facts: object, message: string): void; error(facts: object, message: string): void }
}

/** Lets go of what is no longer needed. Every replica may do it: each piece of work is whole, and repeating it does nothing. */
export function createHousekeeping(options: HousekeepingOptions): Loop & { once(): Promise<void> } {
  const { store, documents, retentionDays, now, monotonic = () => performance.now(), everyMs, log } = options
  const drift = () => now().getTime() - monotonic()
  const atStart = drift()

  async function once(look = true): Promise<void> {
    let purged = 0
    // A clock that jumped forward makes everything look old (reliability brief, 2.2 case 60): nothing is taken by it.
    const jumped = drift() - atStart > dayMs
    if (jumped) log.error({ now: now().toISOString() }, 'the clock has jumped: nothing is purged before a restart')
    if (retentionDays > 0 && !jumped) {
      const before = new Date(now().getTime() - retentionDays * dayMs)
      for (let last = atATime; last === atATime; purged += last) last = await store.purge(before, atATime)
    }
    // A day: an upload that was kept and is about to be accepted is never as old.
    const removed = look && !jumped ? await documents.removeUnused((some) => store.documentsUsed(some), dayMs) : 0
    await documents.sweep()
    await store.forgetRawCalls(new Date(now().getTime() - rawCallDays * dayMs))
    if (purged + removed > 0)
      log.info({ invoices: purged, documents: removed }, 'what is no longer needed was let go of')
  }

  let round = 0
  const loop = createLoop(
    async () => {
      // A start has other things to do.
      if (round > 0) await once(round % roundsPerLook === 1)
      round++
      return everyMs
    },
    { restAfterErrorMs: everyMs, onError: (error) => log.error({ err: error }, 'housekeeping failed') }
  )
  return { ...loop, once }
}
