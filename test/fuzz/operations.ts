import fc from 'fast-check'
import { apiKey, type TestGateway } from '../helpers/gateway.ts'
import { type Schema, valueOf, weird } from './values.ts'
import type { Watch } from './watch.ts'

interface Operation {
  method: string
  path: string
  parameters: { name: string; in: string; required?: boolean; schema: Schema }[]
  body?: Schema
  responses: Set<string>
}

export interface Contract {
  paths: Record<string, Record<string, RawOperation>>
  components: { schemas: Record<string, Schema> }
}
interface RawOperation {
  parameters?: Operation['parameters']
  requestBody?: { content?: Record<string, { schema?: Schema }> }
  responses?: Record<string, unknown>
}

/** What any address may answer with, whatever the contract says of the operation. */
const always = ['400', '401', '404', '405', '413', '414', '415', '429', '431']

/** Requests by the contract: good ones, and such with one or two members that are not. Returns how many. */
export async function fuzzOperations(
  g: TestGateway,
  watch: Watch,
  { seed, until, atLeast }: { seed: number; until: number; atLeast: number }
): Promise<number> {
  const contract = (await g.get('/openapi.json')).body as Contract
  const operations = operationsOf(contract)
  let sent = 0
  for (let round = 0; sent < atLeast || Date.now() < until; round++) {
    for (const operation of operations) {
      const requests = fc.sample(requestOf(operation, contract), { seed: seed + round, numRuns: 3 })
      await Promise.all(requests.map((request) => send(g, watch, operation, request)))
      sent += requests.length
    }
  }
  return sent
}

function operationsOf(contract: Contract): Operation[] {
  return Object.entries(contract.paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([method]) => ['get', 'post', 'put', 'patch', 'delete'].includes(method))
      .map(([method, raw]): Operation => {
        const body = raw.requestBody?.content?.['application/json']?.schema
        return {
          method: method.toUpperCase(),
          path,
          parameters: raw.parameters ?? [],
          responses: new Set([...always, ...Object.keys(raw.responses ?? {})]),
          ...(body !== undefined && { body })
        }
      })
  )
}

interface Request {
  path: string
  headers: [name: string, value: string][]
  body?: string
}

function requestOf(operation: Operation, contract: Contract): fc.Arbitrary<Request> {
  const mutated = { weird: 0.15 }
  const named = (place: string) => operation.parameters.filter((parameter) => parameter.in === place)
  const values = (place: string) =>
    fc.tuple(
      ...named(place).map(({ name, schema, required = false }) => {
        const value = fc.oneof(
          { weight: 5, arbitrary: valueOf(schema, contract, mutated) },
          { weight: 1, arbitrary: weird }
        )
        return fc.tuple(fc.constant(name), required ? value : fc.option(value, { nil: undefined, freq: 2 }))
      })
    )
  const body =
    operation.body === undefined
      ? fc.option(weird, { nil: undefined, freq: 20 })
      : fc.oneof({ weight: 8, arbitrary: valueOf(operation.body, contract, mutated) }, { weight: 1, arbitrary: weird })
  const twin = fc.option(fc.constantFrom('x=1', 'limit=1&limit=2', '__proto__=1', 'limit[]=1', '%00=1', 'q=%ff'), {
    nil: undefined,
    freq: 10
  })
  const type = fc.constantFrom(
    ...Array<string>(12).fill('application/json'),
    'text/plain',
    'application/JSON; charset=UTF-8',
    '',
    'application/json;charset=utf-16'
  )
  return fc
    .tuple(values('path'), values('query'), values('header'), body, twin, type)
    .map(([path, query, header, json, more, contentType]) => {
      const filled = path.reduce((url, [name, value]) => url.replace(`{${name}}`, encode(value)), operation.path)
      const search = query
        .filter(([, value]) => value !== undefined)
        .map(([name, value]) => `${encode(name)}=${encode(value)}`)
      if (more !== undefined) search.push(more)
      const headers = header.flatMap(([name, value]): [string, string][] =>
        value === undefined ? [] : [[name, plain(value)]]
      )
      return {
        path: search.length === 0 ? filled : `${filled}?${search.join('&')}`,
        headers: json === undefined || contentType === '' ? headers : [...headers, ['content-type', contentType]],
        ...(json !== undefined && { body: textOf(json) })
      }
    })
}

const encode = (value: unknown) => {
  try {
    return encodeURIComponent(typeof value === 'string' ? value : (JSON.stringify(value) ?? '')).slice(0, 4_000)
  } catch {
    // A lone surrogate has no encoding.
    return '%ED%A0%80'
  }
}
/** What a header may hold. */
const plain = (value: unknown) =>
  textOf(value)
    .replace(/[^\x20-\x7e]/g, '?')
    .slice(0, 2_000)
    .trim()
const textOf = (value: unknown) =>
  typeof value === 'string' && value.startsWith('raw:') ? value.slice(4) : (JSON.stringify(value) ?? '')

async function send(
  g: TestGateway,
  watch: Watch,
  operation: Operation,
  { path, headers, body }: Request
): Promise<void> {
  const what = `${operation.method} ${path.slice(0, 300)} ${JSON.stringify(headers).slice(0, 300)} ${(body ?? '').slice(0, 600)}`
  const started = performance.now()
  const all = new Headers({ prefer: 'respond-async', authorization: `Bearer ${apiKey}` })
  for (const [name, value] of headers) all.set(name, value)
  if (body !== undefined && !all.has('content-type')) all.set('content-type', '')
  const init = {
    method: operation.method,
    headers: all,
    ...(body !== undefined && operation.method !== 'GET' && { body })
  }
  const answer = await fetch(`${g.url}${path}`, init).catch((error: unknown) => watch.found(what, String(error)))
  if (answer === undefined) return
  const text = await answer.text()
  const { status } = answer
  watch.answered(what, {
    status,
    type: answer.headers.get('content-type'),
    body: text,
    ms: performance.now() - started
  })
  if (!operation.responses.has(String(status))) watch.found(what, `${status} is not in the contract`)
}
