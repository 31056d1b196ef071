import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Answer, Ending } from './answer.ts'
import { encodeJson, type IdStyle } from './json.ts'
import { resetConnection } from './sockets.ts'

interface Manner {
  style: IdStyle
  correlation: string | undefined
  /** The caller went away before the answer was out. */
  aborted: () => void
}

function encode({ body }: Answer, style: IdStyle): Buffer {
  if (body === undefined) return Buffer.alloc(0)
  return Buffer.from(typeof body === 'string' ? body : encodeJson(body, style))
}

/** Sends an answer, or fails to in the way that was asked for. */
export function deliver(ending: Ending, request: FastifyRequest, reply: FastifyReply, manner: Manner): void {
  const { raw: response } = reply
  reply.hijack()
  const { socket } = request.raw
  if (ending.how === 'hang') return
  if (ending.how === 'reset') {
    resetConnection(socket)
    return
  }
  if (ending.how === 'drop') {
    socket.destroy()
    return
  }
  const body = encode(ending.answer, manner.style)
  const headers: Record<string, string> = { ...ending.answer.headers }
  if (body.length > 0) headers['content-type'] ??= 'application/json;charset=UTF-8'
  // A client in production reads the type of every refusal, and breaks where none is named.
  else if (ending.answer.status >= 400) headers['content-type'] ??= 'text/plain'
  if (manner.correlation !== undefined) headers['x-correlationid'] = manner.correlation
  response.once('close', () => {
    if (!response.writableFinished) manner.aborted()
  })
  if (ending.how === 'cut') {
    cut(ending, response, headers, body)
    return
  }
  response.writeHead(ending.answer.status, { ...headers, 'content-length': body.length })
  response.end(body)
  if (ending.extra === true) {
    const second =
      '{"codeRetour":0,"libelle":"GCU_MSG_01_000","identifiantFactureCPP":1,"numeroFacture":"INTRUS","statutFacture":"DEPOSEE"}'
    response.once('finish', () =>
      setImmediate(() =>
        socket.write(
          `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${second.length}\r\n\r\n${second}`
        )
      )
    )
  }
}

/** The connection ends in good order on the wire; only the HTTP message is short. */
function cut(ending: Ending, response: FastifyReply['raw'], headers: Record<string, string>, body: Buffer): void {
  const part = body.subarray(0, ending.at)
  if (ending.framing === 'close') {
    response.useChunkedEncodingByDefault = false
    response.shouldKeepAlive = false
    response.writeHead(ending.answer.status, { ...headers, connection: 'close' })
  } else if (ending.framing === 'chunked') {
    response.writeHead(ending.answer.status, headers)
  } else {
    response.writeHead(ending.answer.status, { ...headers, 'content-length': body.length })
  }
  const { socket } = response
  const leave = (): void => {
    socket?.end()
    socket?.destroySoon()
  }
  if (part.length === 0) {
    response.flushHeaders()
    setImmediate(leave)
  } else response.write(part, leave)
}
