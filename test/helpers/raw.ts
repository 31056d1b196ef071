import { connect } from 'node:net'

/** Sends bytes as they are and returns what came back before the connection ended, or after two seconds. */
export function raw({ url }: { url: string }, bytes: Buffer | string, end = false): Promise<string> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname)
    let answer = ''
    const done = () => resolve(answer)
    socket.setTimeout(2_000, () => socket.destroy())
    socket.on('data', (chunk: Buffer) => {
      answer += chunk.toString('latin1')
    })
    socket.on('close', done)
    socket.on('error', done)
    if (end) socket.end(bytes)
    else socket.write(bytes)
  })
}

export const statusOf = (answer: string) => Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0)
