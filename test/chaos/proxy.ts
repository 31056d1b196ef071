import { createServer, connect as dial, type Socket } from 'node:net'

/** What the proxy does with the next CONNECT (reliability brief, I4 and I5). */
export const proxyMoods = [
  'open',
  'close',
  'silent',
  '407',
  '502',
  '503',
  'page',
  'drip',
  'late',
  'cut',
  'cut-answer'
] as const
export type ProxyMood = (typeof proxyMoods)[number]

/** A CONNECT proxy whose mood can change while it runs. */
export interface Proxy {
  url: string
  mood(mood: ProxyMood): void
  /** Ends every tunnel that is open; returns how many ends that had. */
  cutAll(): number
  /** CONNECTs that met the mood it is in now. */
  met(): number
  close(): Promise<void>
}

/** Longer than the gateway waits for a tunnel in these runs. */
const lateMs = 2_500

export async function startProxy(): Promise<Proxy> {
  const sockets = new Set<Socket>()
  let mood: ProxyMood = 'open'
  let met = 0

  const track = (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    socket.on('error', () => socket.destroy())
    return socket
  }

  const tunnel = (client: Socket, port: number, how: ProxyMood) => {
    const upstream = track(dial({ host: '127.0.0.1', port }))
    upstream.once('connect', () => {
      if (client.destroyed) return upstream.destroy()
      client.write('HTTP/1.1 200 Connection established\r\n\r\n')
      client.pipe(upstream)
      upstream.pipe(client)
      // After our bytes, or just before the answer's: the outcome is in doubt either way.
      if (how === 'cut') setTimeout(() => client.destroy(), 60)
      if (how === 'cut-answer') upstream.on('data', (chunk: Buffer) => chunk.length > 400 && client.destroy())
      return undefined
    })
    client.once('close', () => upstream.destroy())
    upstream.once('close', () => client.destroy())
  }

  const answer = (client: Socket, port: number) => {
    met++
    const say = (head: string, body = '') =>
      client.end(`HTTP/1.1 ${head}\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`)
    switch (mood) {
      case 'open':
      case 'cut':
      case 'cut-answer':
        return tunnel(client, port, mood)
      case 'close':
        return client.destroy()
      case 'silent':
        return undefined
      case '407':
        return say('407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="proxy"')
      case '502':
        return say('502 Bad Gateway')
      case '503':
        return say('503 Service Unavailable')
      case 'page':
        return say('200 OK\r\nContent-Type: text/html', '<html>blocked</html>')
      case 'drip': {
        const timer = setInterval(() => client.write('H'), 400)
        return client.once('close', () => clearInterval(timer))
      }
      case 'late':
        return void setTimeout(() => !client.destroyed && tunnel(client, port, 'open'), lateMs)
    }
  }

  const server = createServer((client) => {
    track(client)
    let head = ''
    const onData = (chunk: Buffer) => {
      head += chunk.toString('latin1')
      if (!head.includes('\r\n\r\n')) return
      client.off('data', onData)
      client.pause()
      const port = /^CONNECT 127\.0\.0\.1:(\d+) /.exec(head)?.[1]
      // Loopback and nothing else.
      if (port === undefined) client.destroy()
      else answer(client, Number(port))
    }
    client.on('data', onData)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const cutAll = () => {
    const many = sockets.size
    for (const socket of sockets) socket.destroy()
    return many
  }
  return {
    url: `http://127.0.0.1:${port}`,
    mood: (next) => {
      mood = next
      met = 0
    },
    cutAll,
    met: () => met,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        cutAll()
      })
  }
}
