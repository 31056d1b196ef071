/** How much to ask for: at least `least` requests, then on until `ms` are over or `most` is reached. */
export interface Order {
  kind: 'pdf' | 'json' | 'organization'
  /** Of the server; the direct client needs none. */
  origin?: string
  /** Bytes of the PDF. */
  size: number
  concurrency: number
  least: number
  most: number
  ms: number
}

export interface Driven {
  done: number
  ms: number
  p50: number
  p99: number
  failures: number
  /** What the first failure said. */
  complaint?: string
}

/** Keeps `concurrency` requests going and times each. What is under way at the end is waited for and counted. */
export async function drive(order: Order, once: () => Promise<void>): Promise<Driven> {
  const times: number[] = []
  const failed: string[] = []
  const start = performance.now()
  let asked = 0
  const more = () => asked < order.least || (asked < order.most && performance.now() - start < order.ms)
  const lane = async () => {
    while (more() && failed.length < 20) {
      asked++
      const from = performance.now()
      try {
        await once()
        times.push(performance.now() - from)
      } catch (error) {
        failed.push(error instanceof Error ? error.message : String(error))
      }
    }
  }
  await Promise.all(Array.from({ length: order.concurrency }, lane))
  const ms = performance.now() - start
  times.sort((a, b) => a - b)
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0
  return {
    done: times.length,
    ms,
    p50: at(0.5),
    p99: at(0.99),
    failures: failed.length,
    ...(failed[0] !== undefined && { complaint: failed[0] })
  }
}

/** The process that started this one asks and waits, one order at a time; without it there is nothing left to do. */
export function serveOrders(perform: (order: Order) => Promise<Driven>, ready: object = {}): void {
  process.on('disconnect', () => process.exit())
  process.on('message', (order: Order) => {
    perform(order).then(
      (driven) => process.send?.(driven),
      (error: unknown) => {
        console.error(error)
        process.exit(1)
      }
    )
  })
  process.send?.(ready)
}
