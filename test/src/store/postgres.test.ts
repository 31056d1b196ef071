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
    const { store } = await openShared({ url: await postgres.freshUrl(), clock: () => now, size: 6 })
    t.teardown(() => store.close())
    return {
      store,
      now: () => now,
      advance: (ms) => {
        now += ms
      }
    }
  }

  t.test('the shared ledger keeps the contract', (t: Test) => storeContract(t, makeStore))
}
