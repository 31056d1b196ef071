import type { Lanes } from './lanes.ts'

type Note = (entry: { kind: string; actor: string; data: Record<string, unknown> }) => void

/** The lanes, with each change of their state noted in the audit. */
export function auditLanes(lanes: Lanes, note: Note): Lanes {
  const stateOf = (lane: string) => (lanes.open(lane) ? 'open' : lanes.trouble(lane)?.state)

  function watch(lane: string, act: () => void): void {
    const from = stateOf(lane)
    act()
    const to = stateOf(lane)
    if (from === to) return
    const reason = lanes.trouble(lane)?.reason
    note({ kind: 'lane-changed', actor: 'gateway', data: { lane, from, to, ...(reason !== undefined && { reason }) } })
  }

  return {
    ...lanes,
    failed: (lane, evidence, detail) => watch(lane, () => lanes.failed(lane, evidence, detail)),
    succeeded: (lane) => watch(lane, () => lanes.succeeded(lane)),
    probed: (lane) => watch(lane, () => lanes.probed(lane)),
    probeFailed: (lane, evidence, detail) => watch(lane, () => lanes.probeFailed(lane, evidence, detail))
  }
}
