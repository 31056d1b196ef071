import type { Test } from 'tap'
import { acceptContract } from './contract/accept.ts'
import { auditContract } from './contract/audit.ts'
import { changeContract } from './contract/change.ts'
import { jobsContract } from './contract/jobs.ts'
import { keysContract } from './contract/keys.ts'
import { listContract } from './contract/list.ts'
import { pickUpContract } from './contract/pick-up.ts'
import { rawCallsContract } from './contract/raw-calls.ts'
import { retentionContract } from './contract/retention.ts'
import { transitionsContract } from './contract/transitions.ts'
import { usageContract } from './contract/usage.ts'
import type { MakeStore } from './samples.ts'

/** What every engine of the ledger passes. */
export async function storeContract(t: Test, makeStore: MakeStore): Promise<void> {
  await t.test('accept', (t) => acceptContract(t, makeStore))
  await t.test('change', (t) => changeContract(t, makeStore))
  await t.test('transitions', (t) => transitionsContract(t, makeStore))
  await t.test('jobs', (t) => jobsContract(t, makeStore))
  await t.test('list', (t) => listContract(t, makeStore))
  await t.test('retention', (t) => retentionContract(t, makeStore))
  await t.test('pick-up', (t) => pickUpContract(t, makeStore))
  await t.test('keys', (t) => keysContract(t, makeStore))
  await t.test('audit', (t) => auditContract(t, makeStore))
  await t.test('usage', (t) => usageContract(t, makeStore))
  await t.test('raw calls', (t) => rawCallsContract(t, makeStore))
}
