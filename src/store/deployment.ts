import type { Engine } from './engine.ts'
import { lockLedger } from './migrations.ts'
import { int, text } from './rows.ts'
import type { Store } from './store.ts'

/** Thrown at start when another deployment that is alive sends what this ledger holds, as somebody else. Nothing was taken. */
export class LedgerTaken extends Error {
  constructor(lane: string) {
    super(
      `the database belongs to another deployment, whose ${lane} is another account or another Chorus Pro. ` +
        'Two gateways share a database only with the same configuration. When this one is to take over, stop the other and wait two minutes.'
    )
    this.name = 'LedgerTaken'
  }
}

const prefix = 'lane '

/** Replicas name the same targets, and hold them together (reliability brief, 2.2 case 63). */
export function createHoldLanes(engine: Engine): Store['holdLanes'] {
  return (targets, leaseMs) =>
    engine.write(async (tx) => {
      await lockLedger(engine, tx)
      const now = await tx.now()
      const rows = await tx.all('select name, at from heartbeat')
      const alive = rows.filter((row) => int(row, 'at') > now - leaseMs).map((row) => text(row, 'name'))
      for (const { lane, target } of targets) {
        const own = `${prefix}${lane} ${target}`
        if (alive.some((name) => name.startsWith(`${prefix}${lane} `) && name !== own)) return lane
      }
      for (const { lane, target } of targets) {
        await tx.run(
          'insert into heartbeat (name, at) values ($1, $2) on conflict (name) do update set at = excluded.at',
          [`${prefix}${lane} ${target}`, now]
        )
      }
      for (const row of rows) {
        // Long gone: a month of changed logins must not stay for ever.
        const old = text(row, 'name').startsWith(prefix) && int(row, 'at') < now - 30 * 86_400_000
        if (old) await tx.run('delete from heartbeat where name = $1', [text(row, 'name')])
      }
      return undefined
    })
}
