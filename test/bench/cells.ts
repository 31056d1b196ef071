import { join } from 'node:path'
import type { Order } from './drive.ts'
import { type Contestant, measure, type Sample } from './measure.ts'
import { type Part, startGateway, startPart } from './processes.ts'

export const contestants = ['floor', 'gateway', 'direct'] as const
export type Name = (typeof contestants)[number]

/** One line of the table: the same requests to each contestant in turn. */
export interface Cell {
  name: string
  order: Order
  among: readonly Name[]
  /** Left out of `--quick`. */
  long?: boolean
}

export interface Result {
  cell: Cell
  samples: Record<Name, Sample[]>
}

const kB = 1000
const MB = 1000 * kB
const upload = (size: number, concurrency: number, more: Partial<Order> = {}): Order => ({
  kind: 'pdf',
  size,
  concurrency,
  least: Math.max(concurrency, 60),
  most: 4000,
  ms: 1200,
  ...more
})
const read = (concurrency: number): Order => ({ ...upload(0, concurrency), kind: 'organization', ms: 800 })
const all = contestants
const withoutFloor = ['gateway', 'direct'] as const

/** 10 MB by count: a window that cuts off long requests measures its own edge. */
export const cells: readonly Cell[] = [
  { name: '100 kB c1', order: upload(100 * kB, 1), among: all },
  { name: '100 kB c16', order: upload(100 * kB, 16), among: all },
  { name: '100 kB c64', order: upload(100 * kB, 64), among: all, long: true },
  { name: '1 MB c1', order: upload(MB, 1), among: all },
  { name: '1 MB c16', order: upload(MB, 16), among: all },
  { name: '1 MB c64', order: upload(MB, 64), among: all, long: true },
  { name: '10 MB c1', order: upload(10 * MB, 1, { least: 10, most: 10 }), among: all, long: true },
  { name: '10 MB c16', order: upload(10 * MB, 16, { least: 32, most: 32 }), among: ['gateway'] },
  {
    name: '10 MB c16 as JSON',
    order: upload(10 * MB, 16, { kind: 'json', least: 32, most: 32 }),
    among: ['gateway']
  },
  { name: '10 MB c64', order: upload(10 * MB, 64, { least: 96, most: 96 }), among: all },
  { name: 'read c1', order: read(1), among: withoutFloor },
  { name: 'read c16', order: read(16), among: withoutFloor, long: true }
]

export interface Ground {
  /** Of certificates and data. */
  folder: string
  key: string
  sink: Part & { ready: { port: number } }
  load: Part
  direct: Part
  profileDir?: string | undefined
}

/** By count: it is calls, not seconds, that make the compiler take a function seriously. */
function warmUpOf(order: Order): Order {
  if (order.size > MB) return { ...order, least: 6, most: 6 }
  return {
    ...order,
    concurrency: Math.max(order.concurrency, 8),
    least: order.size < MB ? 400 : 150,
    most: 1000,
    ms: 0
  }
}

let dataFolders = 0
export const settingsOf = (ground: Ground, name = `data-${++dataFolders}`) => ({
  sinkPort: ground.sink.ready.port,
  folder: ground.folder,
  dataDir: join(ground.folder, name),
  key: ground.key,
  profileDir: ground.profileDir
})

/** Fresh servers, a warm-up that does not count, then rounds in which each has its turn. */
export async function runCell(ground: Ground, cell: Cell, rounds: number): Promise<Result> {
  const gateway = await startGateway(settingsOf(ground))
  const { port } = ground.sink.ready
  const floor = cell.among.includes('floor') ? await startPart('floor.ts', [String(port), ground.folder]) : undefined
  const who: Record<Name, Contestant | undefined> = {
    floor: floor && {
      pid: floor.pid,
      asker: ground.load,
      origin: `http://127.0.0.1:${(floor.ready as { port: number }).port}`
    },
    gateway: { pid: gateway.pid, asker: ground.load, origin: gateway.url },
    direct: { pid: ground.direct.pid, asker: ground.direct }
  }
  const samples: Result['samples'] = { floor: [], gateway: [], direct: [] }
  try {
    for (let round = 0; round <= rounds; round++) {
      for (const name of cell.among) {
        const contestant = who[name]
        if (contestant === undefined) continue
        const sample = await measure(contestant, round === 0 ? warmUpOf(cell.order) : cell.order)
        if (round > 0) samples[name].push(sample)
      }
    }
  } catch (error) {
    throw new Error(`${cell.name}: ${String(error)}\nThe gateway's log ended so:\n${gateway.lastWords()}`, {
      cause: error
    })
  } finally {
    await Promise.all([gateway.stop(), floor?.stop()])
  }
  return { cell, samples }
}
