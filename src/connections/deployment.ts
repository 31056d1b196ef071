import { createHash } from 'node:crypto'
import type { Config } from '../config.ts'
import { createLoop, type Loop } from '../loop.ts'
import { LedgerTaken } from '../store/deployment.ts'
import type { Store } from '../store/store.ts'
import { laneOf } from '../store/stored-invoice.ts'

export interface DeploymentOptions {
  config: Readonly<Config>
  store: Pick<Store, 'holdLanes'>
  log: { error(facts: object, message: string): void }
  /** Somebody else sends now: this one has to end. */
  lost: () => void
}

/**
 * A copied configuration that names another account must not send, over the same database, what the first one accepted.
 * Throws LedgerTaken. The loop keeps what was taken; a deployment is taken for gone after two minutes.
 */
export async function takeLanes({ config, store, log, lost }: DeploymentOptions): Promise<Loop> {
  const targets = targetsOf(config)
  const leaseMs = Math.max(5_000, 120_000 / config.timeScale)
  const taken = await store.holdLanes(targets, leaseMs)
  if (taken !== undefined) throw new LedgerTaken(taken)
  return createLoop(
    async () => {
      const other = await store.holdLanes(targets, leaseMs)
      if (other !== undefined) {
        log.error({ lane: other }, 'another deployment has taken over this database: nothing more is sent from here')
        lost()
      }
      return leaseMs / 4
    },
    { restAfterErrorMs: 1_000, onError: (error) => log.error({ err: error }, 'the database cannot be held') }
  )
}

/** A simulator inside the process is another one at each start, and sends nothing anywhere. */
const targetsOf = ({ connections }: Readonly<Config>) =>
  connections.flatMap(({ environment, apiUrl, accounts }) =>
    accounts.flatMap(({ route, login = '' }) => {
      if (apiUrl === undefined) return []
      const target = createHash('sha256').update(`${apiUrl}\n${login}`).digest('hex').slice(0, 32)
      return [{ lane: laneOf({ environment, connection: route }), target }]
    })
  )
