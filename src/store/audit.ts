import { createHash } from 'node:crypto'
import type { Engine, Row, Tx } from './engine.ts'
import { first, int, text, time } from './rows.ts'

/** One thing that happened. Holds no secret, no file, no text of an invoice. */
export interface AuditEntry {
  /** `refused`, `key-created`, `key-revoked`, `lane-paused`, `operator-decided`, `configuration-changed`… */
  kind: string
  /** A caller's id, `admin`, `cli:<user>`, `gateway`, or `nobody`. */
  actor: string
  /** The address it came from; empty where there is none. */
  origin?: string
  /** The invoice it is about; it has a chain of its own. */
  invoiceId?: string
  data?: Record<string, unknown>
}

export interface AuditRow extends AuditEntry {
  seq: number
  /** RFC 3339. */
  at: string
  /** Within its chain, from 1. */
  position: number
  hash: string
  seal: string
}

/** Up to here the whole audit is what it was when this was noted somewhere else. */
export interface AuditCheckpoint {
  seq: number
  seal: string
}

export interface AuditVerdict {
  rows: number
  head: AuditCheckpoint
  /** The first of them; empty: nothing was changed, removed, inserted or moved. */
  findings: { seq: number; what: 'edited' | 'missing' | 'out-of-order' | 'checkpoint'; detail: string }[]
}

export interface AuditFilter {
  kind?: string
  actor?: string
  invoiceId?: string
}

export interface AuditStore {
  /** In this order, all or nothing. */
  appendAudit(entries: AuditEntry[]): Promise<AuditCheckpoint>
  /** Newest first, those before the row `before`; or oldest first, those after the row `after`. */
  listAudit(filter: AuditFilter, page: { limit: number; before?: number; after?: number }): Promise<AuditRow[]>
  /** Reads all of it. */
  verifyAudit(checkpoint?: AuditCheckpoint): Promise<AuditVerdict>
}

const gatewayChain = 'gateway'
const findingsAtMost = 20
const patience = { patienceMs: 600_000 }

export function createAudit(engine: Engine): AuditStore {
  return {
    appendAudit: (entries) => engine.write((tx) => appendAudit(tx, entries)),
    listAudit: (filter, { limit, before, after }) =>
      engine.read(async (tx) => {
        const values: (string | number)[] = []
        const bind = (value: string | number) => `$${values.push(value)}`
        const where = [
          filter.kind !== undefined && `kind = ${bind(filter.kind)}`,
          filter.actor !== undefined && `actor = ${bind(filter.actor)}`,
          filter.invoiceId !== undefined && `chain = ${bind(filter.invoiceId)}`,
          before !== undefined && `seq < ${bind(before)}`,
          after !== undefined && `seq > ${bind(after)}`
        ].filter((part) => part !== false)
        const rows = await tx.all(
          `select * from audit ${where.length === 0 ? '' : `where ${where.join(' and ')} `}
           order by seq ${after === undefined ? 'desc' : 'asc'} limit ${bind(limit)}`,
          values
        )
        return rows.map(auditRow)
      }),
    verifyAudit: (checkpoint) => engine.read((tx) => verify(tx, checkpoint), patience)
  }
}

/** Inside a transaction that writes what it tells of; to be its last lock, so that nobody waits in a circle. */
export async function appendAudit(tx: Tx, entries: AuditEntry[]): Promise<AuditCheckpoint> {
  // An update rather than a select: it holds the head of both engines until the end.
  const head = first(await tx.all('update audit_head set seq = seq where id = 1 returning seq, seal')) ?? {}
  let [seq, seal] = [int(head, 'seq'), text(head, 'seal')]
  const ends = new Map<string, { position: number; hash: string }>()
  const at = await tx.now()
  for (const { kind, actor, origin = '', invoiceId: chain = gatewayChain, data = {} } of entries) {
    const end = ends.get(chain) ?? (await endOf(tx, chain))
    const row = { at, chain, position: end.position + 1, kind, actor, origin, data: JSON.stringify(data) }
    const hash = hashOf(row, end.hash)
    seq++
    seal = sealOf(seq, seal, hash)
    ends.set(chain, { position: row.position, hash })
    await tx.run(
      `insert into audit (seq, at, chain, position, kind, actor, origin, data, hash, seal)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      [seq, at, chain, row.position, kind, actor, origin, row.data, hash, seal]
    )
  }
  await tx.run('update audit_head set seq = $1, seal = $2 where id = 1', [seq, seal])
  return { seq, seal }
}

async function endOf(tx: Tx, chain: string): Promise<{ position: number; hash: string }> {
  const row = first(
    await tx.all('select position, hash from audit where chain = $1 order by position desc limit 1', [chain])
  )
  return row === undefined ? { position: 0, hash: '' } : { position: int(row, 'position'), hash: text(row, 'hash') }
}

type Hashed = Record<'chain' | 'kind' | 'actor' | 'origin' | 'data', string> & { at: number; position: number }

/** Each row holds on to the one before it in its chain. */
function hashOf({ at, chain, position, kind, actor, origin, data }: Hashed, previous: string): string {
  return sha256(JSON.stringify([chain, position, at, kind, actor, origin, data, previous]))
}

/** And all of them, whatever their chain, to the one that was written before. */
const sealOf = (seq: number, previous: string, hash: string) => sha256(`${seq} ${previous} ${hash}`)
const sha256 = (value: string) => createHash('sha256').update(value).digest('hex')

async function verify(tx: Tx, checkpoint: AuditCheckpoint | undefined): Promise<AuditVerdict> {
  const findings: AuditVerdict['findings'] = []
  const found = (seq: number, what: AuditVerdict['findings'][number]['what'], detail: string) => {
    if (findings.length < findingsAtMost) findings.push({ seq, what, detail })
  }
  const ends = new Map<string, { position: number; hash: string }>()
  let rows = 0
  let last = { seq: 0, seal: '' }
  for (;;) {
    const page = await tx.all('select * from audit where seq > $1 order by seq limit 500', [last.seq])
    if (page.length === 0) break
    for (const row of page) {
      rows++
      const seq = int(row, 'seq')
      const fields = hashedOf(row)
      const end = ends.get(fields.chain) ?? { position: 0, hash: '' }
      if (seq !== last.seq + 1) {
        found(seq, 'missing', `rows ${last.seq + 1} to ${seq - 1} are gone`)
      } else if (fields.position !== end.position + 1) {
        found(seq, 'out-of-order', `place ${fields.position} of ${fields.chain} follows place ${end.position}`)
      } else if (hashOf(fields, end.hash) !== row['hash']) {
        found(seq, 'edited', 'the row is not what its hash was made from')
      } else if (sealOf(seq, last.seal, text(row, 'hash')) !== row['seal']) {
        found(seq, 'edited', 'the row and its hash are not what was sealed')
      }
      // Going on with what is there: one change is one finding.
      ends.set(fields.chain, { position: fields.position, hash: text(row, 'hash') })
      last = { seq, seal: text(row, 'seal') }
      if (seq === checkpoint?.seq && last.seal !== checkpoint.seal) {
        found(seq, 'checkpoint', 'the seal is not the one that was noted')
      }
    }
  }
  const head = first(await tx.all('select seq, seal from audit_head where id = 1')) ?? {}
  if (int(head, 'seq') !== last.seq || head['seal'] !== last.seal) {
    found(
      last.seq,
      'missing',
      `the last row should be ${String(head['seq'])}: the end is cut off, or the head was changed`
    )
  }
  if (checkpoint !== undefined && checkpoint.seq > last.seq) {
    found(last.seq, 'checkpoint', `there is no row ${checkpoint.seq} any more`)
  }
  return { rows, head: last, findings }
}

function hashedOf(row: Row): Hashed {
  return {
    at: int(row, 'at'),
    chain: text(row, 'chain'),
    position: int(row, 'position'),
    kind: text(row, 'kind'),
    actor: text(row, 'actor'),
    origin: text(row, 'origin'),
    data: text(row, 'data')
  }
}

function auditRow(row: Row): AuditRow {
  const { chain, origin, data, at: _at, ...rest } = hashedOf(row)
  return {
    seq: int(row, 'seq'),
    at: time(row, 'at'),
    ...rest,
    ...(origin !== '' && { origin }),
    ...(chain !== gatewayChain && { invoiceId: chain }),
    data: JSON.parse(data) as Record<string, unknown>,
    hash: text(row, 'hash'),
    seal: text(row, 'seal')
  }
}
