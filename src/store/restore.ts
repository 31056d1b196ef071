import { applyChange } from './change.ts'
import type { Engine, Row, Tx } from './engine.ts'
import { lockLedger } from './migrations.ts'
import { int, invoiceFrom } from './rows.ts'
import type { Store } from './store.ts'

const atATime = 500
const patience = { patienceMs: 600_000 }

/** The name of what `backup` leaves in its copy, for the gateway that is started on it one day. */
export const backupMark = 'backup'
const homeMark = 'home'
/** A dump that is read in again makes new objects with new numbers. A copy of the server's files does not. */
const here = `(select oid::bigint from pg_database where datname = current_database()) * 4294967296
  + 'invoice'::regclass::oid::bigint`

/**
 * An older ledger does not know what was sent after it was copied (reliability brief, 2.2 case 62): whatever it could
 * still send is searched for in Chorus Pro first. One transaction, so that a replica that starts meanwhile waits for it.
 */
export function createRestore(engine: Engine): Store['restore'] {
  return (quietMs, when) =>
    engine.write(async (tx) => {
      await lockLedger(engine, tx)
      const moved = engine.dialect === 'postgres' ? await cameFromElsewhere(tx) : await isBackup(tx)
      if (when === 'off' || (when === 'auto' && !moved)) return undefined
      const runAt = new Date((await tx.now()) + quietMs)
      let doubted = 0
      for (let after = 0; ; ) {
        const rows = await tx.all(
          `select * from invoice where state in ('received', 'deposited', 'submitting', 'unknown') and seq > $1
           order by seq limit $2`,
          [after, atATime]
        )
        for (const row of rows) await doubt(tx, row, runAt)
        doubted += rows.length
        if (rows.length < atATime) break
        after = int(rows.at(-1) ?? {}, 'seq')
      }
      // The others' jobs only ask. Their holders are those of another time.
      await tx.run('update job set lease_until = 1 where lease_until > 1')
      return doubted
    }, patience)
}

async function isBackup(tx: Tx): Promise<boolean> {
  return (await tx.run('delete from heartbeat where name = $1', [backupMark])) > 0
}

async function cameFromElsewhere(tx: Tx): Promise<boolean> {
  const [row] = await tx.all(`select at = ${here} as same from heartbeat where name = $1`, [homeMark])
  if (row !== undefined && Boolean(row['same'])) return false
  await tx.run(
    `insert into heartbeat (name, at) values ($1, ${here}) on conflict (name) do update set at = excluded.at`,
    [homeMark]
  )
  return row !== undefined
}

/** From its acceptance until now there may have been a call that this ledger has forgotten. */
async function doubt(tx: Tx, row: Row, runAt: Date): Promise<void> {
  const seq = int(row, 'seq')
  await tx.run("delete from job where invoice_seq = $1 and kind in ('send', 'reconcile')", [seq])
  const change = {
    patch: { state: 'unknown' as const, outcome: 'unknown' as const },
    timeline: [{ type: 'restored' }],
    jobs: [{ kind: 'reconcile' as const, runAt }]
  }
  if (row['state'] === 'submitting') {
    const detail = 'The ledger was restored before an answer was noted.'
    await applyChange(tx, { row }, { ...change, endAttempt: { proof: 'unknown', detail } }, undefined)
    return
  }
  const attempts = int(row, 'attempts') + 1
  await tx.run(
    `insert into attempt (invoice_seq, number, operation, started_at, ended_at, proof, detail)
     values ($1, $2, 'restored', $3, $4, 'unknown', 'The ledger was restored from a copy: what was sent after it is not known.')`,
    [seq, attempts, int(row, 'created_at'), await tx.now()]
  )
  await applyChange(tx, { row, before: { ...invoiceFrom(row), attempts } }, change, undefined)
}
