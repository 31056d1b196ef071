import type { Engine, Row } from './engine.ts'
import { first, int, iso, text, time } from './rows.ts'
import type { ApiKey, Store } from './store.ts'

export function createKeys(engine: Engine): Pick<Store, 'addKey' | 'findKey' | 'listKeys' | 'revokeKey'> {
  return {
    addKey: (key) =>
      engine.write(async (tx) => {
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
      }),
    findKey: (id) =>
      engine.read(async (tx) => {
        const row = first(await tx.all('select * from api_key where id = $1', [id]))
        return row && keyFrom(row)
      }),
    listKeys: () =>
      engine.read(async (tx) => (await tx.all('select * from api_key order by created_at, id')).map(keyFrom)),
    revokeKey: (id, at) =>
      engine.write(async (tx) => {
        const revoked = await tx.run('update api_key set revoked_at = $1 where id = $2 and revoked_at is null', [
          Date.parse(at),
          id
        ])
        return revoked > 0
      })
  }
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
