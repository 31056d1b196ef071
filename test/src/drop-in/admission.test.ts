import t from 'tap'
import type { Connected } from '../../../src/connections/connections.ts'
import { admit } from '../../../src/drop-in/admission.ts'

const account = (name: string, environment: 'production' | 'qualification', sellers: string[] = []) =>
  ({
    connection: { name, environment },
    account: { route: `${name}/a`, sellers },
    lane: `${environment}/${name}`
  }) as unknown as Connected
const caller = { id: 'erp', sellers: [], connections: [] }
const over = (first: Connected, ...others: Connected[]) => ({
  allowed: (): [Connected, ...Connected[]] => [first, ...others]
})

t.test('an address of the qualification platform never reaches production', async (t) => {
  const call = { method: 'POST', path: '/service-qualif/factures/soumettre' }
  t.throws(() => admit(over(account('live', 'production')), caller, call), { code: 'connection-not-configured' })
  t.match(admit(over(account('test', 'qualification')), caller, call), { way: { lane: 'qualification/test' } })
  const live = { ...call, path: '/service/factures/soumettre' }
  t.match(admit(over(account('live', 'production')), caller, live), { way: { lane: 'production/live' } })
})

t.test('it goes over the account that serves everybody, before one that serves a few sellers', async (t) => {
  const few = account('live', 'production', ['99900010200015'])
  const all = { ...account('live', 'production'), lane: 'production/live/all' }
  const call = { method: 'POST', path: '/cpro/structures/v1/rechercher' }
  t.equal(admit(over(few, all), caller, call).way.lane, 'production/live/all')
  t.match(admit(over(few, all), caller, call), { kind: 'read', alternate: '/v1/directory/organizations' })
})
