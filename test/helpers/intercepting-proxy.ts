import { connect as connectPlain, createServer, type Socket } from 'node:net'
import { connect as connectSecure, TLSSocket } from 'node:tls'
import type { Test } from 'tap'
import { type Issued, listen } from '../src/chorus/fixtures.ts'

/**
 * A proxy as companies have it: on CONNECT it shows a certificate of its own making and passes on what it has read. Does what
 * a squid with ssl-bump does, where none is installed.
 */
export async function startInterceptingProxy(t: Test, shown: Issued, upstreamCa: string): Promise<number> {
  const server = createServer((socket) => {
    socket.once('data', (head) => {
      const [, host = '', port = ''] = /^CONNECT \[?([^\s\]]+)\]?:(\d+) /.exec(head.toString('latin1')) ?? []
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
      const inside = new TLSSocket(socket, {
        isServer: true,
        cert: shown.cert,
        key: shown.key,
        ALPNProtocols: ['http/1.1']
      })
      const tcp: Socket = connectPlain({ host, port: Number(port) })
      const outside = connectSecure({ socket: tcp, host, ca: upstreamCa, servername: 'localhost' })
      const end = () => {
        inside.destroy()
        outside.destroy()
        tcp.destroy()
      }
      for (const each of [inside, outside, tcp]) each.on('error', end).on('close', end)
      inside.pipe(outside).pipe(inside)
    })
  })
  return listen(t, server)
}
