// What the work costs at least: node:http, a multipart parser by hand, base64 into one buffer while it arrives, undici.
// No ledger, no checks, no authentication, no log (network brief, section 2).
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createUpstream } from './upstream.ts'

type Slices = Buffer & {
  base64Slice: (start: number, end: number) => string
  latin1Write: (text: string, offset: number) => number
}

const opening = Buffer.from('{"nomFichier":"invoice.pdf","formatDepot":"PDF_NON_SIGNE","fichierFacture":"')
/** Bytes encoded in one go: a multiple of 3. */
const slice = 48 * 1024

/** Reads the form; resolves to the number in its invoice part and the body of deposer/pdf. */
function readForm(request: IncomingMessage): Promise<{ number: string; body: Buffer }> {
  const length = Number(request.headers['content-length'])
  const boundary = /boundary=(\S+)/.exec(request.headers['content-type'] ?? '')?.[1] ?? ''
  const end = Buffer.from(`\r\n--${boundary}`)
  const body = Buffer.allocUnsafeSlow(opening.length + 4 * Math.ceil(length / 3) + 2) as Slices
  opening.copy(body)
  let at = opening.length
  let number: string | undefined
  let rest: Buffer = Buffer.alloc(0)
  let closed = false

  const encode = (bytes: Buffer) => {
    for (let start = 0; start < bytes.length; start += slice) {
      const text = (bytes as Slices).base64Slice(start, Math.min(start + slice, bytes.length))
      at += body.latin1Write(text, at)
    }
  }
  const take = (chunk: Buffer) => {
    const joined = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    const stop = joined.indexOf(end)
    if (stop >= 0) {
      encode(joined.subarray(0, stop))
      closed = true
      return
    }
    // What could be the start of the boundary waits, and what does not make whole groups of 3.
    const sure = Math.max(0, joined.length - end.length)
    const whole = sure - (sure % 3)
    encode(joined.subarray(0, whole))
    rest = joined.subarray(whole)
  }

  return new Promise((resolve, reject) => {
    request.on('error', reject)
    request.on('data', (chunk: Buffer) => {
      if (closed) return
      if (number !== undefined) return take(chunk)
      rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
      const part = rest.indexOf('name="file"')
      const start = part < 0 ? -1 : rest.indexOf('\r\n\r\n', part)
      if (start < 0) return
      number = /"number":"([^"]*)"/.exec(rest.toString('latin1', 0, part))?.[1] ?? ''
      const file = rest.subarray(start + 4)
      rest = Buffer.alloc(0)
      take(file)
    })
    request.on('end', () => {
      if (number === undefined || !closed) return reject(new Error('no whole form'))
      at += body.latin1Write('"}', at)
      resolve({ number, body: body.subarray(0, at) })
    })
  })
}

const [port = '0', folder = '.'] = process.argv.slice(2)
const upstream = createUpstream({ port: Number(port), folder })

async function handle(request: IncomingMessage): Promise<string> {
  const { number, body } = await readForm(request)
  return await upstream.deposit(body, number)
}

const server = createServer((request, response) => {
  handle(request).then(
    (text) => response.writeHead(201, { 'content-type': 'application/json' }).end(text),
    (error: unknown) => response.writeHead(500).end(String(error))
  )
})
server.keepAliveTimeout = 72_000
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }))
process.on('disconnect', () => process.exit())
