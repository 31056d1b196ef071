import { test } from 'tap'
import { openEmbedded } from '../../../src/store/embedded.ts'
import { storeContract } from './contract.ts'
import { type MakeStore, temporaryFolder } from './samples.ts'

const makeStore: MakeStore = async (t) => {
  let now = Date.UTC(2026, 10, 22, 8)
  const { store } = await openEmbedded({ dataDir: temporaryFolder(t), now: () => now })
  t.teardown(() => store.close())
  return {
    store,
    now: () => now,
    advance: (ms) => {
      now += ms
    }
  }
}

test('the embedded ledger keeps the contract', (t) => storeContract(t, makeStore))
