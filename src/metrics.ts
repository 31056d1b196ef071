import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

/** What operators watch. No invoice numbers, names or SIRETs in labels. */
export interface Metrics {
  observeRequest(route: string, method: string, status: number, ms: number): void
  text(): Promise<string>
  contentType: string
}

export interface MetricsSources {
  counts(): Promise<{ states: Record<string, number>; due: number }>
  lanes(): { lane: string; state: string; reason?: string }[]
  visibility(): { route: string; horizonMs: number; slowestMs: number }[]
  jobsInHand(): number
  uploadBytes(): number
  expiries(): { kind: string; connection: string; account: string; expiresAt: string | undefined }[]
  logLinesLost(): number
  renewal(): { failures: number; ways: { lane: string; state: string }[] }
}

export function createMetrics(sources: MetricsSources): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 20 })
  const requests = new Histogram({
    name: 'gateway_http_request_seconds',
    help: 'Duration of answered requests.',
    labelNames: ['route', 'method', 'status'],
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10, 60],
    registers
  })
  const invoices = new Gauge({ name: 'gateway_invoices', help: 'Invoices by state.', labelNames: ['state'], registers })
  const due = new Gauge({ name: 'gateway_jobs_due', help: 'Jobs that are due.', registers })
  const inHand = new Gauge({ name: 'gateway_jobs_in_hand', help: 'Jobs under way.', registers })
  const lanes = new Gauge({
    name: 'gateway_lane_open',
    help: '1 when a way to Chorus Pro is open.',
    labelNames: ['lane'],
    registers
  })
  const laneState = new Gauge({
    name: 'gateway_lane_state',
    help: '1 for the state that a way to Chorus Pro is in, with the problem that stopped it.',
    labelNames: ['lane', 'state', 'reason'],
    registers
  })
  const horizon = new Gauge({
    name: 'gateway_search_horizon_seconds',
    help: 'How long a search goes on before "not found" may mean "not there".',
    labelNames: ['route'],
    registers
  })
  const slowest = new Gauge({
    name: 'gateway_search_slowest_seconds',
    help: 'The longest that a search took lately to show an invoice that Chorus Pro had taken.',
    labelNames: ['route'],
    registers
  })
  const upload = new Gauge({ name: 'gateway_upload_bytes', help: 'Bytes of the upload budget in use.', registers })
  const failures = new Counter({
    name: 'gateway_metrics_failures_total',
    help: 'Scrapes that could not ask the ledger.',
    registers
  })

  new Counter({
    name: 'gateway_log_lines_lost_total',
    help: 'Lines of the log that could not be written.',
    registers,
    collect() {
      this.reset()
      this.inc(sources.logLinesLost())
    }
  })
  const ends = new Gauge({
    name: 'gateway_expiry_timestamp_seconds',
    help: 'When a certificate, password or secret ends, in seconds since 1970.',
    labelNames: ['kind', 'connection', 'account'],
    registers
  })
  const renewed = new Gauge({
    name: 'gateway_credentials_current',
    help: '1 when an account uses what the configuration says; 0 when the new credentials do not work.',
    labelNames: ['lane'],
    registers
  })
  const unusable = new Gauge({
    name: 'gateway_credentials_failures',
    help: 'Changes of credentials that did not take over, since the start.',
    registers
  })

  return {
    contentType: registry.contentType,
    observeRequest: (route, method, status, ms) => requests.observe({ route, method, status }, ms / 1000),
    async text() {
      ends.reset()
      for (const { expiresAt, ...labels } of sources.expiries()) {
        if (expiresAt !== undefined) ends.set(labels, Date.parse(expiresAt) / 1000)
      }
      const renewal = sources.renewal()
      unusable.set(renewal.failures)
      for (const { lane, state } of renewal.ways) renewed.set({ lane }, state === 'current' ? 1 : 0)
      inHand.set(sources.jobsInHand())
      upload.set(sources.uploadBytes())
      laneState.reset()
      for (const { lane, state, reason } of sources.lanes()) {
        lanes.set({ lane }, state === 'open' ? 1 : 0)
        laneState.set({ lane, state, reason: reason ?? '' }, 1)
      }
      for (const { route, horizonMs, slowestMs } of sources.visibility()) {
        horizon.set({ route }, horizonMs / 1000)
        slowest.set({ route }, slowestMs / 1000)
      }
      try {
        const counts = await sources.counts()
        for (const [state, count] of Object.entries(counts.states)) invoices.set({ state }, count)
        due.set(counts.due)
      } catch {
        failures.inc()
      }
      return registry.metrics()
    }
  }
}
