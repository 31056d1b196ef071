import type { Status } from '../../schemas/status.ts'
import type { Expiry, RenewalState } from '../../schemas/ways-out.ts'
import type { Connected } from '../connections/connections.ts'
import type { LaneView } from '../invoices/lanes.ts'
import { type SeenErrors, titleOf } from './errors.ts'
import type { StatusHistory } from './history.ts'

export interface StatusSources {
  version: string
  now: () => Date
  ready(): Promise<{ store: Status['store'] }>
  counts(): Promise<{ states: Record<string, number>; due: number }>
  inHand(): number
  lanes(): LaneView[]
  connections: readonly Connected[]
  renewal(): RenewalState
  expiries(): Expiry[]
  errors: Pick<SeenErrors, 'view'>
  history: Pick<StatusHistory, 'view'>
}

/** What operators see at a glance: no secret, no login, no number, name or amount of an invoice. */
export function createStatus(sources: StatusSources): () => Promise<Status> {
  const startedAt = sources.now().toISOString()
  return async () => {
    const [{ store }, counts] = await Promise.all([sources.ready(), sources.counts().catch(() => undefined)])
    const credentials = new Map(sources.renewal().ways.map(({ lane, state }) => [lane, state]))
    return {
      version: sources.version,
      now: sources.now().toISOString(),
      startedAt,
      store,
      ...(counts !== undefined && { invoices: counts.states, due: counts.due }),
      inHand: sources.inHand(),
      // What Chorus Pro or a proxy wrote is left out: it may be anything.
      lanes: sources.lanes().map(({ detail: _detail, ...lane }) => ({
        ...lane,
        ...(lane.reason !== undefined && titleOf(lane.reason))
      })),
      connections: sources.connections.map(({ lane, chorus }) => {
        const { environment, access, host, proxy, missing, lastSuccessAt, lastFailure } = chorus.status()
        return {
          lane,
          environment,
          access,
          host,
          missing,
          credentials: credentials.get(lane) ?? 'current',
          ...(proxy !== undefined && { proxy }),
          ...(lastSuccessAt !== undefined && { lastSuccessAt }),
          ...(lastFailure !== undefined && {
            lastFailure: { at: lastFailure.at, problem: lastFailure.problem, service: lastFailure.service }
          })
        }
      }),
      expiries: sources.expiries().map(({ detail: _detail, ...expiry }) => expiry),
      errors: sources.errors.view(),
      history: sources.history.view()
    }
  }
}
