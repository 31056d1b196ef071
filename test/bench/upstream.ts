import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createSecureContext } from 'node:tls'
import { Agent, type Dispatcher } from 'undici'
import { submitBody } from './payload.ts'

/** Where the sink listens, and the folder of its certificates. */
export interface Place {
  port: number
  folder: string
}

/** A bare client of the sink: one shared secure context, as many connections as the gateway has. */
export function createUpstream({ port, folder }: Place) {
  const read = (name: string) => readFileSync(join(folder, name))
  const secureContext = createSecureContext({ key: read('client.key'), cert: read('client.pem'), ca: read('ca.pem') })
  const agent = new Agent({ connect: { secureContext }, allowH2: false, connections: 16, pipelining: 1 })
  const headers = {
    authorization: `Basic ${Buffer.from('TECH_1_bench@bench.fr:secret').toString('base64')}`,
    'content-type': 'application/json;charset=utf-8'
  }

  async function post(service: string, body: Buffer): Promise<string> {
    const answer: Dispatcher.ResponseData = await agent.request({
      origin: `https://127.0.0.1:${port}`,
      path: `/service/${service}`,
      method: 'POST',
      headers,
      body
    })
    const text = await answer.body.text()
    if (answer.statusCode !== 200) throw new Error(`${service}: ${answer.statusCode} ${text.slice(0, 200)}`)
    return text
  }

  return {
    post,
    /** The calls of one invoice, as the gateway makes them. */
    async deposit(body: Buffer, number: string): Promise<string> {
      const deposited = await post('factures/deposer/pdf', body)
      const id = /"pieceJointeId":(\d+)/.exec(deposited)?.[1]
      if (id === undefined) throw new Error(`deposer/pdf: ${deposited.slice(0, 200)}`)
      return await post('factures/soumettre', submitBody(number, id))
    }
  }
}
