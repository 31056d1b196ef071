import { type Engine, lockRow, type Row, type Tx } from './engine.ts'
import { first, int, text, time } from './rows.ts'
import type { Proof } from './store.ts'

/** A call in Chorus Pro's own words that must not happen twice. */
export interface RawCallFacts {
  /** What makes two calls the same: caller, account, operation, and the body's digest or the caller's own key. */
  fingerprint: string
  caller: string
  operation: string
  /** SHA-256 of the body. */
  digest: string
}

/** The call before this one that was the same. */
export interface EarlierCall {
  digest: string
  tries: number
  startedAt: string
  /** Absent: it was begun, and nobody knows its end. */
  proof?: Proof
  status?: number
  /** What Chorus Pro answered, when it was short. */
  answer?: string
  /** It may still be on its way. */
  running: boolean
}

export interface RawCalls {
  /**
   * Records that the call is about to leave, unless `mayRepeat` says no to the one before. A number is the try, to be
   * named at its end; otherwise nothing was written. `mayRepeat` may run again and must not act on the world.
   */
  begin(
    call: RawCallFacts,
    rule: { runsForMs: number; mayRepeat: (earlier: EarlierCall, now: number) => boolean }
  ): Promise<{ started: number } | { earlier: EarlierCall }>
  /** What the try proved. An older try's word is not heard any more. */
  end(fingerprint: string, tried: number, outcome: { proof: Proof; status?: number; answer?: string }): Promise<void>
  /** Forgets calls that began before; returns how many. */
  forget(before: Date): Promise<number>
}

export function createRawCalls(engine: Engine): RawCalls {
  const lock = lockRow(engine)
  return {
    begin: (call, { runsForMs, mayRepeat }) =>
      engine.write(async (tx) => {
        const now = await tx.now()
        if (await insert(tx, call, now)) return { started: 1 }
        const row = first(await tx.all(`select * from raw_call where fingerprint = $1${lock}`, [call.fingerprint]))
        if (row === undefined) throw new Error('a recorded call vanished')
        const earlier = earlierFrom(row, now - runsForMs)
        if (!mayRepeat(earlier, now)) return { earlier }
        const started = earlier.tries + 1
        await tx.run(
          `update raw_call set digest = $1, tries = $2, started_at = $3, ended_at = null, proof = null, status = null,
             answer = null where fingerprint = $4`,
          [call.digest, started, now, call.fingerprint]
        )
        return { started }
      }),
    end: (fingerprint, tried, { proof, status, answer }) =>
      engine.write(async (tx) => {
        await tx.run(
          'update raw_call set ended_at = $1, proof = $2, status = $3, answer = $4 where fingerprint = $5 and tries = $6',
          [await tx.now(), proof, status ?? null, answer ?? null, fingerprint, tried]
        )
      }),
    forget: (before) => engine.write((tx) => tx.run('delete from raw_call where started_at < $1', [before.getTime()]))
  }
}

async function insert(tx: Tx, { fingerprint, caller, operation, digest }: RawCallFacts, now: number): Promise<boolean> {
  const written = await tx.run(
    `insert into raw_call (fingerprint, caller, operation, digest, tries, started_at)
     values ($1, $2, $3, $4, 1, $5) on conflict (fingerprint) do nothing`,
    [fingerprint, caller, operation, digest, now]
  )
  return written > 0
}

function earlierFrom(row: Row, runningSince: number): EarlierCall {
  const open = row['proof'] === null
  return {
    digest: text(row, 'digest'),
    tries: int(row, 'tries'),
    startedAt: time(row, 'started_at'),
    running: open && int(row, 'started_at') >= runningSince,
    ...(!open && { proof: text(row, 'proof') as Proof }),
    ...(row['status'] !== null && { status: int(row, 'status') }),
    ...(row['answer'] !== null && { answer: text(row, 'answer') })
  }
}
