import { type Engine, lockRow, type Row, type Tx } from './engine.ts'
import { first, int, text, time } from './rows.ts'
import type { Proof } from './stored-invoice.ts'

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

/** When the same call may be made again. */
export interface RepeatRule {
  /** How long a call may be under way, milliseconds. */
  runsForMs: number
  /** How long after a success the same body counts as a repeat, milliseconds. */
  horizonMs: number
  /** The caller's own key tells what a repeat is, for as long as it is kept. */
  keyed: boolean
  /** The caller says that he means it, whatever became of the one before. */
  intended: boolean
}

export interface RawCallStore {
  /**
   * Records that the call is about to leave, unless the one before forbids it. A number is the try, to be named at its
   * end; otherwise nothing was written.
   */
  beginRawCall(call: RawCallFacts, rule: RepeatRule): Promise<{ started: number } | { earlier: EarlierCall }>
  /** What the try proved. An older try's word is not heard any more. */
  endRawCall(
    fingerprint: string,
    tried: number,
    outcome: { proof: Proof; status?: number; answer?: string }
  ): Promise<void>
  /** Forgets calls that began before; returns how many. */
  forgetRawCalls(before: Date): Promise<number>
}

export function createRawCalls(engine: Engine): RawCallStore {
  const lock = lockRow(engine)
  return {
    beginRawCall: (call, rule) =>
      engine.write(async (tx) => {
        const now = await tx.now()
        if (await insert(tx, call, now)) return { started: 1 }
        const row = first(await tx.all(`select * from raw_call where fingerprint = $1${lock}`, [call.fingerprint]))
        if (row === undefined) throw new Error('a recorded call vanished')
        const earlier = earlierFrom(row, now - rule.runsForMs)
        if (!mayRepeat(earlier, call, rule, now)) return { earlier }
        const started = earlier.tries + 1
        await tx.run(
          `update raw_call set digest = $1, tries = $2, started_at = $3, ended_at = null, proof = null, status = null,
             answer = null where fingerprint = $4`,
          [call.digest, started, now, call.fingerprint]
        )
        return { started }
      }),
    endRawCall: (fingerprint, tried, { proof, status, answer }) =>
      engine.write(async (tx) => {
        await tx.run(
          'update raw_call set ended_at = $1, proof = $2, status = $3, answer = $4 where fingerprint = $5 and tries = $6',
          [await tx.now(), proof, status ?? null, answer ?? null, fingerprint, tried]
        )
      }),
    forgetRawCalls: (before) =>
      engine.write((tx) => tx.run('delete from raw_call where started_at < $1', [before.getTime()]))
  }
}

/** Nothing was done: not sent, not processed, or refused. */
const harmless: readonly (Proof | undefined)[] = ['not-sent', 'not-processed', 'refused', 'exists']

function mayRepeat(
  { running, proof, digest, startedAt }: EarlierCall,
  call: RawCallFacts,
  { keyed, intended, horizonMs }: RepeatRule,
  now: number
): boolean {
  if (running || (keyed && digest !== call.digest)) return false
  if (intended || harmless.includes(proof)) return true
  return !keyed && proof === 'done' && now - Date.parse(startedAt) > horizonMs
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
