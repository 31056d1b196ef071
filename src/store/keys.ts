import { appendAudit } from './audit.ts'
import { type Engine, lockRow, type Row, type Tx } from './engine.ts'
import { first, int, iso, text, time } from './rows.ts'

export interface ApiKey {
  id: string
  name: string
  /** SHA-256 of the secret, hexadecimal; the secret itself is nowhere. */
  digest: string
  scopes: string[]
  /** Empty: every seller. */
  sellers: string[]
  /** Whom it speaks for; absent: a caller of its own, with the key's id. An exchanged key keeps it. */
  caller?: string
  /** Operations of Chorus Pro that it may call as they are: `factures/soumettre`, or `structures/*`; absent: all. */
  operations?: string[]
  /** Where it may be used from, as CIDR ranges; absent: from everywhere. */
  networks?: string[]
  /** Requests; absent: as the gateway allows everybody, and without a daily quota. */
  ratePerMinute?: number
  requestsPerDay?: number
  createdAt: string
  expiresAt?: string
  revokedAt?: string
}

/** Who changes a key, for the audit, which is written with the change. */
export interface By {
  actor: string
  origin?: string
}

export interface KeyStore {
  addKey(key: ApiKey, by?: By): Promise<void>
  findKey(id: string): Promise<ApiKey | undefined>
  listKeys(): Promise<ApiKey[]>
  /** False when there is no such key, or it was revoked before. */
  revokeKey(id: string, at: string, by?: By): Promise<boolean>
  /** A new key in place of one that goes on until then, or as long as it would have anyway. False when that one has ended. */
  rotateKey(id: string, next: ApiKey, until: string, by?: By): Promise<boolean>
}

const gateway: By = { actor: 'gateway' }

export function createKeys(engine: Engine): KeyStore {
  const lock = lockRow(engine)
  return {
    addKey: (key, by = gateway) =>
      engine.write(async (tx) => {
        await insertKey(tx, key)
        await appendAudit(tx, [{ kind: 'key-created', ...by, data: factsOf(key) }])
      }),
    findKey: (id) =>
      engine.read(async (tx) => {
        const row = first(await tx.all('select * from api_key where id = $1', [id]))
        return row && keyFrom(row)
      }),
    listKeys: () =>
      engine.read(async (tx) => (await tx.all('select * from api_key order by created_at, id')).map(keyFrom)),
    revokeKey: (id, at, by = gateway) =>
      engine.write(async (tx) => {
        const revoked = await tx.run('update api_key set revoked_at = $1 where id = $2 and revoked_at is null', [
          Date.parse(at),
          id
        ])
        if (revoked > 0) await appendAudit(tx, [{ kind: 'key-revoked', ...by, data: { key: id } }])
        return revoked > 0
      }),
    rotateKey: (id, next, until, by = gateway) =>
      engine.write(async (tx) => {
        const row = first(await tx.all(`select * from api_key where id = $1${lock}`, [id]))
        if (row === undefined) return false
        const { revokedAt, expiresAt } = keyFrom(row)
        if (revokedAt !== undefined || (expiresAt !== undefined && expiresAt <= next.createdAt)) return false
        const end = expiresAt !== undefined && expiresAt < until ? expiresAt : until
        await tx.run('update api_key set expires_at = $1 where id = $2', [Date.parse(end), id])
        await insertKey(tx, next)
        const data = { ...factsOf(next), replaces: id, replacedEnds: end }
        await appendAudit(tx, [{ kind: 'key-rotated', ...by, data }])
        return true
      })
  }
}

/** Without its digest. */
function factsOf({ id, digest: _digest, createdAt: _createdAt, ...facts }: ApiKey): Record<string, unknown> {
  return { key: id, ...facts }
}

async function insertKey(tx: Tx, key: ApiKey): Promise<void> {
  await tx.run(
    `insert into api_key (id, name, digest, scopes, sellers, created_at, expires_at, revoked_at,
             caller, operations, networks, rate_per_minute, requests_per_day)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
    [
      key.id,
      key.name,
      key.digest,
      JSON.stringify(key.scopes),
      JSON.stringify(key.sellers),
      Date.parse(key.createdAt),
      key.expiresAt === undefined ? null : Date.parse(key.expiresAt),
      key.revokedAt === undefined ? null : Date.parse(key.revokedAt),
      key.caller ?? null,
      key.operations === undefined ? null : JSON.stringify(key.operations),
      key.networks === undefined ? null : JSON.stringify(key.networks),
      key.ratePerMinute ?? null,
      key.requestsPerDay ?? null
    ]
  )
}

function keyFrom(row: Row): ApiKey {
  return {
    id: text(row, 'id'),
    name: text(row, 'name'),
    digest: text(row, 'digest'),
    scopes: JSON.parse(text(row, 'scopes')) as string[],
    sellers: JSON.parse(text(row, 'sellers')) as string[],
    ...(row['caller'] !== null && { caller: text(row, 'caller') }),
    ...(row['operations'] !== null && { operations: JSON.parse(text(row, 'operations')) as string[] }),
    ...(row['networks'] !== null && { networks: JSON.parse(text(row, 'networks')) as string[] }),
    ...(row['rate_per_minute'] !== null && { ratePerMinute: int(row, 'rate_per_minute') }),
    ...(row['requests_per_day'] !== null && { requestsPerDay: int(row, 'requests_per_day') }),
    createdAt: time(row, 'created_at'),
    ...(row['expires_at'] !== null && { expiresAt: iso(int(row, 'expires_at')) }),
    ...(row['revoked_at'] !== null && { revokedAt: iso(int(row, 'revoked_at')) })
  }
}
