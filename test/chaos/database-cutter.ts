import { createServer, connect as dial, type Socket } from 'node:net'

/** What happens to the next COMMIT that passes. */
export type CutMood = 'forward' | 'cut-before' | 'cut-after'

/** A relay between the gateways and PostgreSQL. */
export interface DatabaseCutter {
  port: number
  /** The next COMMIT's connection is cut, before or after PostgreSQL has it; `onCut` is called when that happens. */
  cutNextCommit(mood: Exclude<CutMood, 'forward'>, onCut: () => void): void
  /** Half-open: nothing passes any more, and nobody is told. */
  swallow(on: boolean): void
  delay(ms: number): void
  /** What was swallowed or delayed since either was asked for last. */
  met(): number
  cutAll(): void
  mend(): void
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
  let met = 0
  let onCut = () => {}

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
      if (swallowing || delayMs > 0) met++
      if (swallowing || to.destroyed) return
      if (delayMs === 0) to.write(chunk)
      else setTimeout(() => !to.destroyed && to.write(chunk), delayMs)
    }
    client.on('data', (chunk: Buffer) => {
      if (mood !== 'forward' && isCommit(chunk)) {
        const how = mood
        mood = 'forward'
        onCut()
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
    cutNextCommit(how, told) {
      mood = how
      onCut = told
    },
    met: () => met,
    swallow(on) {
      swallowing = on
      if (on) met = 0
      // What was swallowed is missing: those connections can never go on.
      if (!on) cutAll()
    },
    delay: (ms) => {
      delayMs = ms
      if (ms > 0) met = 0
    },
    cutAll,
    mend() {
      mood = 'forward'
      swallowing = false
      delayMs = 0
    },
    close: () =>
      new Promise((resolve) => {
        relay.close(() => resolve())
        cutAll()
      })
  }
  return cutter
}
