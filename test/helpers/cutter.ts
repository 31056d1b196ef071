// A TCP proxy before PostgreSQL that cuts connections at chosen moments.
import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

export type Cut =
  /** COMMIT does not reach the server. */
  | 'before-commit'
  /** COMMIT is carried out, its answer is lost. */
  | 'after-commit'
  /** Nothing moves any more, and nobody is told. */
  | 'silence'

export interface Cutter {
  url: string
  /** From now on, until `mend`. */
  cut(how: Cut): void
  mend(): void
  /** Ends every connection. */
  drop(): void
}

/** The simple query `commit` as it stands on the wire. */
const commit = Buffer.from('Q\0\0\0\x0bcommit\0')

export async function createCutter(t: { teardown(handler: () => unknown): void }, url: string): Promise<Cutter> {
  const target = new URL(url)
  const sockets = new Set<Socket>()
  let mode: Cut | undefined

  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname)
    let committing = false
    const end = () => {
      client.destroy()
      upstream.destroy()
    }
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', end)
      socket.on('close', () => {
        sockets.delete(socket)
        end()
      })
    }
    client.on('data', (data) => {
      if (mode === 'silence') return
      if (data.includes(commit) && mode === 'before-commit') return end()
      if (data.includes(commit) && mode === 'after-commit') committing = true
      upstream.write(data)
    })
    upstream.on('data', (data) => {
      if (mode === 'silence') return
      if (committing) return end()
      client.write(data)
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('no port')
  const own = new URL(url)
  own.port = String(address.port)
  const drop = () => {
    for (const socket of sockets) socket.destroy()
  }
  t.teardown(() => {
    drop()
    server.close()
  })
  return {
    url: own.href,
    cut: (how) => {
      mode = how
    },
    mend: () => {
      mode = undefined
    },
    drop
  }
}
