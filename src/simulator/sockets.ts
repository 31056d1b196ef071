import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'

/** The TCP socket below a TLS one: only that one can send a reset. */
const below = new WeakMap<Socket, Socket>()

export interface Connections {
  opened: (number: number) => void
  failed: () => void
}

/** Numbers the connections of a listener; answers with the number of a socket. */
export function watchConnections(server: Server, tls: boolean, next: () => number, { opened, failed }: Connections) {
  const numbers = new WeakMap<Socket, number>()
  const lower = new Map<string, Socket>()
  const key = (socket: Socket): string => `${socket.remoteAddress} ${socket.remotePort}`
  const count = (socket: Socket): void => {
    const number = next()
    numbers.set(socket, number)
    opened(number)
  }
  server.on('connection', (socket: Socket) => {
    if (!tls) {
      count(socket)
      return
    }
    const place = key(socket)
    lower.set(place, socket)
    socket.once('close', () => lower.delete(place))
  })
  server.on('secureConnection', (socket: TLSSocket) => {
    const raw = lower.get(key(socket))
    if (raw !== undefined) below.set(socket, raw)
    count(socket)
  })
  server.on('tlsClientError', failed)
  return (socket: Socket): number => numbers.get(socket) ?? 0
}

export function resetConnection(socket: Socket): void {
  const raw = below.get(socket) ?? socket
  try {
    raw.resetAndDestroy()
  } finally {
    socket.destroy()
  }
}
