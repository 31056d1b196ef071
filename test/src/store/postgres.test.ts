import t, { type Test } from 'tap'
import { openShared } from '../../../src/store/shared.ts'
import { startPostgres } from '../../helpers/postgres.ts'
import { storeContract } from './contract.ts'
import type { MakeStore } from './samples.ts'

const postgres = await startPostgres(t)
if (postgres === undefined) t.plan(0, 'no PostgreSQL')
else {
  /** A clock far from the machine's own, so that nothing passes that asks the wrong one. */
  const makeStore: MakeStore = async (t) => {
    let now = Date.UTC(2031, 10, 22, 8)
    const url = await postgres.freshUrl()
    const { store } = await openShared({ url, clock: () => now, size: 6 })
    t.teardown(() => store.close())
    return {
      store,
      tamper: async (sql, owner) => {
        const schema = /search_path%3D(\w+)/.exec(url)?.[1] ?? ''
        if (owner) await postgres.sql(`alter table ${schema}.audit disable trigger user`)
        await postgres.sql(sql.replace(/\b(audit|audit_head)\b(?= (set|where|\())/, `${schema}.$1`))
      },
      now: () => now,
      advance: (ms) => {
        now += ms
      }
    }
  }

  t.test('the shared ledger keeps the contract', (t: Test) => storeContract(t, makeStore))
}
