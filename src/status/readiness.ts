import type { Ready } from '../../schemas/health.ts'
import type { Lanes } from '../invoices/lanes.ts'
import { StoreUnavailable } from '../store/errors.ts'
import type { Store } from '../store/store.ts'

/** Whether invoices can be taken, and whether they get out. Never rejects. */
export function createReadiness({
  store,
  lanes
}: {
  store: Pick<Store, 'check'>
  lanes: Pick<Lanes, 'view'>
}): () => Promise<Ready> {
  return async () => {
    const state = await store.check().then(
      () => 'ok' as const,
      (error: unknown) =>
        error instanceof StoreUnavailable && error.reason === 'full' ? ('full' as const) : ('unavailable' as const)
    )
    const view = lanes.view().map(({ detail: _detail, ...lane }) => lane)
    const degraded = view.some((lane) => lane.state !== 'open')
    return { status: state !== 'ok' ? 'unavailable' : degraded ? 'degraded' : 'ready', store: state, lanes: view }
  }
}
