import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Test } from 'tap'

/** What an operation answers: an object, JSON as text (for numbers of many digits), or `silence`: the connection breaks. */
type Answer = object | string
export type Script = Record<string, Answer | ((body: Body) => Answer)>
// What a gateway sent; tests look into it freely.
// oxlint-disable-next-line typescript/no-explicit-any -- a test says by its assertions what it expects
type Body = any

export interface FakeUpstream {
  /** From now on it answers so; what was received before is forgotten. */
  says: (script: Script) => void
  apiUrl: string
  tokenUrl: string
  /** Bodies received by an operation, e.g. `factures/rechercher/valideur`. */
  sent: (service: string) => Body[]
  /** Every operation called, in order; the token is none. */
  services: () => string[]
}

/** A Chorus Pro over PISTE that answers as the script says, and `no result` to everything else; it ends with the test. */
export async function fakeUpstream(t: Test, first: Script = {}): Promise<FakeUpstream> {
  let script = first
  const calls: { service: string; body: Body }[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      if (request.url === '/token') return reply(response, { access_token: 'a-token', expires_in: 3600 })
      const service = (request.url ?? '').replace(/^\/cpro\/([^/]+)\/v1/, '$1')
      const body = JSON.parse(Buffer.concat(chunks).toString() || '{}') as unknown
      calls.push({ service, body })
      const says = script[service] ?? { codeRetour: 20000, libelle: 'TRA_MSG_00.015' }
      reply(response, typeof says === 'function' ? (says as (body: Body) => Answer)(body) : says)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    says: (next) => {
      script = next
      calls.length = 0
    },
    apiUrl: `${url}/cpro`,
    tokenUrl: `${url}/token`,
    sent: (wanted) => calls.filter(({ service }) => service === wanted).map(({ body }) => body),
    services: () => calls.map(({ service }) => service)
  }
}

function reply(response: ServerResponse, answer: Answer): void {
  if (answer === 'silence') return void response.socket?.destroy()
  const text =
    typeof answer === 'string' ? answer : JSON.stringify({ codeRetour: 0, libelle: 'TRA_MSG_00.000', ...answer })
  response.writeHead(200, { 'content-type': 'application/json' }).end(text)
}
