import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { type Ground, settingsOf } from './cells.ts'
import type { Order } from './drive.ts'
import { measure, median } from './measure.ts'
import { startGateway, startPart } from './processes.ts'
import type { RowsResult } from './rows.ts'
import type { SinkCounts } from './sink.ts'

/** New TLS connections at the sink while a thousand small invoices follow each other. */
export async function countConnections(ground: Ground, deposits = 1000): Promise<{ opened: number; resumed: number }> {
  const gateway = await startGateway(settingsOf(ground))
  const counts = async () => (await ground.sink.ask({})) as SinkCounts
  try {
    const order: Order = { kind: 'pdf', size: 10_000, concurrency: 1, least: deposits, most: deposits, ms: 0 }
    const before = await counts()
    await measure({ pid: gateway.pid, asker: ground.load, origin: gateway.url }, order)
    const after = await counts()
    const share = 1000 / deposits
    return {
      opened: (after.connections - before.connections) * share,
      resumed: (after.resumed - before.resumed) * share
    }
  } finally {
    await gateway.stop()
  }
}

/** Spawn to ready on a ledger that is there already; the first start makes it and does not count. */
export async function timeStarts(ground: Ground, starts: number): Promise<number> {
  const times: number[] = []
  const settings = settingsOf({ ...ground, profileDir: undefined }, 'data-start')
  for (let i = 0; i <= starts; i++) {
    const gateway = await startGateway(settings)
    if (i > 0) times.push(gateway.startedMs)
    await gateway.stop()
  }
  return median(times)
}

export async function compareRows(rows: number, store: 'sqlite' | 'postgres'): Promise<RowsResult> {
  const part = await startPart('rows.ts', [String(rows), ...(store === 'postgres' ? ['--postgres'] : [])])
  return part.ready as RowsResult
}

/** Durable accepts beside a bare store: a bench of its own, which prints its ratio. */
export async function compareStores(): Promise<{ ratio: number; text: string }> {
  const child = spawn(process.execPath, [fileURLToPath(new URL('store.ts', import.meta.url))], {
    stdio: ['ignore', 'pipe', 'inherit']
  })
  let text = ''
  for await (const chunk of child.stdout) text += String(chunk)
  return { ratio: Number(/ledger \/ bare: ([\d.]+)/.exec(text)?.[1] ?? Number.NaN), text: text.trim() }
}
