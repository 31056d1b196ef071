import { createServer, connect as dial, type Socket } from 'node:net'
import type { Random } from './seed.ts'

/** What happens to the next COMMIT that passes. */
export type CutMood = 'forward' | 'cut-before' | 'cut-after'

type Often = (name: string, perMinute: number, act: (dice: Random) => Promise<void>) => void
type During = (action: string, target: string, ms: number, begin: () => unknown, end: () => unknown) => Promise<void>

/** A relay between the gateways and PostgreSQL. */
export interface DatabaseCutter {
  port: number
  /** The next COMMIT's connection is cut, before or after PostgreSQL has it. */
  cutNextCommit(mood: Exclude<CutMood, 'forward'>): void
  /** Half-open: nothing passes any more, and nobody is told. */
  swallow(on: boolean): void
  delay(ms: number): void
  cutAll(): void
  mend(): void
  /** Its part of the nemesis' plan. */
  torment(tools: { often: Often; during: During; write: (action: string, detail?: string) => void }): void
  close(): Promise<void>
}

const target = (url: string) => {
  const { hostname, port } = new URL(url)
  return { host: hostname === 'localhost' ? '127.0.0.1' : hostname, port: Number(port || 5432) }
}

/** Simple queries and the texts of prepared ones bear the word; the case is the gateway's. */
const isCommit = (chunk: Buffer) => /\bcommit\b/i.test(chunk.toString('latin1'))

export async function startCutter(databaseUrl: string): Promise<DatabaseCutter> {
  const pairs = new Set<{ client: Socket; server: Socket }>()
  let mood: CutMood = 'forward'
  let swallowing = false
  let delayMs = 0

  const relay = createServer((client) => {
    const server = dial(target(databaseUrl))
    const pair = { client, server }
    pairs.add(pair)
    const end = () => {
      pairs.delete(pair)
      client.destroy()
      server.destroy()
    }
    for (const socket of [client, server]) socket.on('error', end).on('close', end).setNoDelay(true)
    const pass = (to: Socket, chunk: Buffer) => {
      if (swallowing || to.destroyed) return
      if (delayMs === 0) to.write(chunk)
      else setTimeout(() => !to.destroyed && to.write(chunk), delayMs)
    }
    client.on('data', (chunk: Buffer) => {
      if (mood !== 'forward' && isCommit(chunk)) {
        const how = mood
        mood = 'forward'
        if (how === 'cut-before') return end()
        // PostgreSQL gets it, and its answer gets lost.
        client.destroy()
        server.write(chunk, () => setTimeout(() => server.destroy(), 50))
        return undefined
      }
      return pass(server, chunk)
    })
    server.on('data', (chunk: Buffer) => pass(client, chunk))
  })
  await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve))
  const address = relay.address()
  const cutAll = () => {
    for (const { client, server } of pairs) {
      client.destroy()
      server.destroy()
    }
  }
  const cutter: DatabaseCutter = {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    cutNextCommit: (how) => {
      mood = how
    },
    swallow(on) {
      swallowing = on
      // What was swallowed is missing: those connections can never go on.
      if (!on) cutAll()
    },
    delay: (ms) => {
      delayMs = ms
    },
    cutAll,
    mend() {
      mood = 'forward'
      swallowing = false
      delayMs = 0
    },
    torment({ often, during, write }) {
      for (const how of ['cut-before', 'cut-after'] as const) {
        often(`database ${how}`, 5, async () => {
          cutter.cutNextCommit(how)
          write(`database ${how}`)
        })
      }
      often('database half-open', 1, (dice) =>
        during(
          'database half-open',
          'database',
          dice.between(2_000, 5_000),
          () => cutter.swallow(true),
          () => cutter.swallow(false)
        )
      )
      often('database slow', 2, (dice) =>
        during(
          'database slow',
          'database',
          dice.between(500, 2_000),
          () => cutter.delay(dice.between(20, 200)),
          () => cutter.delay(0)
        )
      )
      often('database restart', 1.5, async () => {
        cutAll()
        write('database cut all')
      })
    },
    close: () =>
      new Promise((resolve) => {
        relay.close(() => resolve())
        cutAll()
      })
  }
  return cutter
}
