import { createAccept } from './accept.ts'
import { createAudit } from './audit.ts'
import { createChange, createChangeAt } from './change.ts'
import { createClaim } from './claim.ts'
import { createCounts } from './counts.ts'
import { createHoldLanes } from './deployment.ts'
import { documentsUsed } from './document-use.ts'
import { type Engine, lockRow } from './engine.ts'
import { createErase } from './erase.ts'
import { releaseJob, renewJob } from './jobs.ts'
import { createKeys } from './keys.ts'
import { createLinks } from './links.ts'
import { createList } from './list.ts'
import { createPickUps } from './pick-up.ts'
import { createPurge } from './purge.ts'
import { createRawCalls } from './raw-calls.ts'
import { createRecover } from './recover.ts'
import { createRestore } from './restore.ts'
import { first, int, invoiceFrom } from './rows.ts'
import type { Store } from './store.ts'
import { attemptsOf, timelineOf } from './timeline.ts'
import { createTombstones } from './tombstones.ts'
import { createUsage } from './usage.ts'

/** The ledger over an engine whose schema is up to date (`migrate`). Closing it closes the engine. */
export function createLedger({ engine }: { engine: Engine }): Store & { changeAt: ReturnType<typeof createChangeAt> } {
  const tombstones = createTombstones()
  return {
    accept: createAccept(engine, tombstones),
    find: (id) =>
      engine.read(async (tx) => {
        const row = first(await tx.all('select * from invoice where id = $1', [id]))
        return row && invoiceFrom(row)
      }),
    list: createList(engine),
    timeline: (id) =>
      engine.read(async (tx) => {
        const row = first(await tx.all('select seq from invoice where id = $1', [id]))
        if (row === undefined) return { entries: [], attempts: [] }
        const seq = int(row, 'seq')
        return { entries: await timelineOf(tx, seq), attempts: await attemptsOf(tx, seq) }
      }),
    change: createChange(engine),
    changeAt: createChangeAt(engine),
    ...createClaim(engine),
    release: (jobs) =>
      engine.write(async (tx) => {
        for (const job of jobs) await releaseJob(tx, job, lockRow(engine))
      }),
    renew: (jobs, leaseMs) =>
      engine.write(async (tx) => {
        const until = (await tx.now()) + leaseMs
        for (const job of jobs) await renewJob(tx, job, until)
      }),
    recover: createRecover(engine),
    restore: createRestore(engine),
    holdLanes: createHoldLanes(engine),
    counts: createCounts(engine),
    purge: createPurge(engine),
    erase: createErase(engine, tombstones),
    documentsUsed: (some) => engine.read((tx) => documentsUsed(tx, some)),
    ...createKeys(engine),
    ...createAudit(engine),
    ...createUsage(engine),
    ...createLinks(engine),
    ...createPickUps(engine),
    ...createRawCalls(engine),
    check: () =>
      engine.write(async (tx) => {
        await tx.run("update heartbeat set at = $1 where name = 'check'", [await tx.now()])
      }),
    close: () => engine.close()
  }
}
