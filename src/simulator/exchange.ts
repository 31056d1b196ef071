import { randomBytes } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Account } from './accounts.ts'
import { type Answer, type Ending, htmlAnswer } from './answer.ts'
import { BodyIncomplete, BodyTooLarge, type ParsedBody, parseBody, readBody } from './body.ts'
import { deliver } from './delivery.ts'
import { type Access, authenticate, bearerOf, findTarget, type Target, takesBody } from './edge.ts'
import { applyFault } from './fault-endings.ts'
import type { Faults } from './faults.ts'
import { decodeBase64 } from './files.ts'
import type { Arrival } from './ledger.ts'
import { EdgeRefusal, NoResult, Refusal } from './refusal.ts'
import type { World } from './world.ts'

/** Room for an archive of 30 MB in base64, and for a file that is too large to be told so by a service. */
const bodyLimit = 64 * 1_048_576
const emptyBody: ParsedBody = { fields: {}, file: undefined }

export interface ExchangeParts {
  world: World
  accounts: readonly Account[]
  faults: Faults
  issueToken: (headers: IncomingHttpHeaders, raw: Buffer) => Answer
  log: (line: string) => void
  signal: AbortSignal
}

/** One request from its first byte to the last of its answer, with the line that the ledger keeps of it. */
export function createExchange(parts: ExchangeParts) {
  const { world, accounts, faults, issueToken, log, signal } = parts

  async function serve(
    target: Target,
    request: FastifyRequest,
    raw: Buffer,
    parsed: ParsedBody | undefined,
    arrival: Arrival
  ): Promise<Answer> {
    const settings = world.settings()
    try {
      if (settings.maintenance) return htmlAnswer(503, 'Chorus Pro est en maintenance')
      if (target.form === 'token') return request.method === 'POST' ? issueToken(request.headers, raw) : { status: 405 }
      const account = authenticate(target, request.headers, { accounts, tokens: world.tokens, settings })
      arrival.account = account.login
      // A route that is not declared, or not open to this kind of application (authentication.md 2.4).
      if (target.found.length === 0 || target.form === 'unknown') throw new EdgeRefusal(403, {}, {})
      if (settings.internalApplication && target.domain === 'transverses')
        throw new EdgeRefusal(403, {}, parsed?.fields ?? {})
      const { route, params } = target.found.find((one) => one.route.method === request.method) ?? {}
      if (route === undefined || params === undefined) throw new EdgeRefusal(405)
      // A client that sends `null` along with a GET is known: nothing reads it there.
      const body = route.method === 'GET' ? emptyBody : parsed
      if (route.method !== 'GET' && raw.length > 0 && !takesBody(target.form, request.headers['content-type']))
        throw new EdgeRefusal(415)
      if (body === undefined) throw new EdgeRefusal(400)
      await world.flows.catchUp()
      arrival.processed = true
      const call = { world, account, mode: target.form, arrival, params, ...body }
      const answer = await route.handler(call)
      return { status: answer === undefined && route.method === 'PATCH' ? 204 : 200, body: answer }
    } catch (error) {
      return refusalAnswer(error, settings.refusalStatus, log)
    }
  }

  return async function exchange(
    request: FastifyRequest,
    reply: FastifyReply,
    access: Access,
    connection: number
  ): Promise<void> {
    const target = findTarget(request.raw.url ?? '/', access)
    const arrival = arrive(request, target, access, connection, world.ledger.nextSeq())
    let rule = faults.take(target.operation)
    let ending: Ending
    try {
      if (rule?.kind === 'slow' && rule.when === 'reading')
        await wait(rule.delayMs ?? 1000, undefined, { signal, ref: false })
      const length = request.headers['content-length']
      const raw = await readBody(request.raw, length === undefined ? undefined : Number(length), bodyLimit)
      arrival.bytes = raw.length
      const parsed = target.form === 'token' ? undefined : tryParse(raw)
      note(arrival, parsed)
      if (rule === undefined && arrival.number !== undefined) rule = faults.take(target.operation, arrival.number)
      let answer: Promise<Answer> | undefined
      ending = await applyFault(rule, {
        process: () => (answer ??= serve(target, request, raw, parsed, arrival)),
        fields: parsed?.fields ?? {},
        revokeToken: () => world.tokens.revoke(bearerOf(request.headers)),
        signal
      })
      // The ledger tells which file arrived even when no service looked at it.
      if (arrival.digest === undefined && parsed?.file !== undefined) {
        const digest = decodeBase64(parsed.file)?.digest
        if (digest !== undefined) arrival.digest = digest
      }
    } catch (error) {
      if (error instanceof BodyTooLarge)
        ending = { how: 'send', answer: { status: 413, headers: { connection: 'close' } } }
      else if (error instanceof BodyIncomplete || signal.aborted) {
        arrival.incomplete = true
        ending = { how: 'drop', answer: { status: 0 } }
      } else throw error
    }
    if (rule !== undefined) arrival.fault = rule.kind
    finish(arrival, ending)
    world.ledger.arrive(arrival)
    deliver(ending, request, reply, {
      style: world.settings().idStyle,
      correlation: access === 'certificate' ? undefined : `Id-${randomBytes(12).toString('hex')} 0`,
      aborted: () => {
        if (arrival.answer === 'sent') arrival.answer = 'aborted'
      }
    })
    log(`${request.method} ${target.operation} ${ending.how === 'send' ? ending.answer.status : ending.how}`)
  }
}

function refusalAnswer(error: unknown, refusalStatus: number, log: (line: string) => void): Answer {
  if (error instanceof Refusal) {
    const { codeRetour, libelle } = error
    return { status: error instanceof NoResult ? 200 : refusalStatus, body: { codeRetour, libelle } }
  }
  if (error instanceof EdgeRefusal) return { status: error.status, headers: error.headers, body: error.body }
  log(`simulator fault: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
  return { status: 500 }
}

function tryParse(raw: Buffer): ParsedBody | undefined {
  try {
    return parseBody(raw)
  } catch {
    return undefined
  }
}

function arrive(request: FastifyRequest, target: Target, access: Access, connection: number, seq: number): Arrival {
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(request.headers)) {
    if (typeof value === 'string' && (name.startsWith('x-') || name === 'user-agent')) headers[name] = value
  }
  return {
    kind: 'arrival',
    seq,
    at: new Date().toISOString(),
    access,
    operation: target.operation,
    connection,
    bytes: 0,
    headers,
    processed: false,
    accepted: false,
    answer: 'none'
  }
}

function note(arrival: Arrival, parsed: ParsedBody | undefined): void {
  const number = parsed?.fields.numeroFactureSaisi ?? parsed?.fields.numeroFacture
  if (typeof number === 'string' && number !== '') arrival.number = number
  const flow = parsed?.fields.numeroFluxDepot
  if (typeof flow === 'string' && flow !== '') arrival.flowNumber = flow
}

function finish(arrival: Arrival, { how, answer }: Ending): void {
  if (answer.status !== 0) arrival.status = answer.status
  const code = (answer.body as { codeRetour?: unknown } | undefined)?.codeRetour
  if (typeof code === 'number') arrival.codeRetour = code
  const names = { send: 'sent', drop: 'dropped', reset: 'reset', hang: 'none', cut: 'cut' } as const
  arrival.answer = arrival.incomplete ? 'none' : names[how]
}
