// Plain JavaScript with types beside it: Node strips no types below node_modules, and there is no build step.

export class GatewayProblem extends Error {
  /**
   * @param {number} status
   * @param {import('./contract.d.ts').Problem} problem
   */
  constructor(status, problem) {
    super(`${problem.code}: ${problem.detail ?? problem.title}`)
    this.name = 'GatewayProblem'
    this.status = status
    this.code = problem.code
    this.problem = problem
  }
}

export class GatewayUnreachable extends Error {
  /**
   * @param {string} message
   * @param {unknown} cause
   */
  constructor(message, cause) {
    super(message, { cause })
    this.name = 'GatewayUnreachable'
  }
}

/** @param {import('./client.d.ts').ClientOptions} options */
export function createClient({ baseUrl, key, tries = 4, timeoutMs = 90_000, fetch: ask = fetch }) {
  const base = baseUrl.replace(/\/+$/, '')

  async function once(path, { method, body, headers, signal }) {
    const timeout = AbortSignal.timeout(timeoutMs)
    const request = {
      method,
      body,
      headers: { accept: 'application/json, */*', ...(key && { authorization: `Bearer ${key}` }), ...headers },
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout
    }
    try {
      const response = await ask(base + path, request)
      const answer = await contentOf(response)
      return { response, answer }
    } catch (cause) {
      // The caller's own end of the call is no trouble of the way.
      if (signal?.aborted) throw cause
      throw new GatewayUnreachable(`${method} ${path}: no answer from ${base}`, cause)
    }
  }

  /** `repeatable`: doing it twice is the same as doing it once. */
  async function call(path, request, repeatable) {
    for (let number = 1; ; number += 1) {
      let wait
      try {
        const { response, answer } = await once(path, request)
        if (response.ok) return { response, answer }
        const problem = new GatewayProblem(response.status, problemOf(response, answer))
        if (!repeatable || number >= tries || !mayHelp(problem)) throw problem
        wait = problem.problem.retryAfter
      } catch (error) {
        if (!(error instanceof GatewayUnreachable) || !repeatable || number >= tries) throw error
      }
      await pause(
        wait === undefined ? Math.min(500 * 2 ** number, 10_000) * (0.5 + Math.random()) : wait * 1000,
        request.signal
      )
    }
  }

  async function get(path, options = {}) {
    const { headers, signal } = options
    return (await call(addressOf(path, options), { method: 'GET', headers, signal }, true)).answer
  }

  return {
    get,

    async post(path, options = {}) {
      const { body, headers, signal } = options
      const json = body !== undefined && !(body instanceof FormData)
      const request = {
        method: 'POST',
        body: json ? JSON.stringify(body) : body,
        headers: { ...(json && { 'content-type': 'application/json' }), ...headers },
        signal
      }
      return (await call(addressOf(path, options), request, false)).answer
    },

    async *each(path, options = {}) {
      let cursor
      do {
        const query = { ...options.query, ...(cursor !== undefined && { cursor }) }
        const page = await get(path, { ...options, query })
        yield* page.items
        cursor = page.nextCursor
      } while (cursor !== undefined)
    },

    async send(invoice, { file, attachments = [], idempotencyKey = randomKey(), wait, headers, signal } = {}) {
      const form = new FormData()
      if (invoice !== undefined) form.set('invoice', JSON.stringify(invoice))
      if (file !== undefined) append(form, 'file', file)
      for (const attachment of attachments) append(form, 'attachments', attachment)
      const asData = file === undefined && attachments.length === 0
      const request = {
        method: 'POST',
        body: asData ? JSON.stringify(invoice) : form,
        headers: {
          ...(asData && { 'content-type': 'application/json' }),
          'idempotency-key': idempotencyKey,
          ...(wait !== undefined && { prefer: wait === 0 ? 'respond-async' : `wait=${wait}` }),
          ...headers
        },
        signal
      }
      try {
        const { response, answer } = await call('/v1/invoices', request, true)
        const replayed = response.headers.get('idempotency-replayed') === 'true'
        return { invoice: answer, status: response.status, replayed, idempotencyKey }
      } catch (error) {
        if (error instanceof GatewayProblem || error instanceof GatewayUnreachable)
          error.idempotencyKey = idempotencyKey
        throw error
      }
    }
  }
}

/** Other problems stay as they are, however often one asks; a 503 without a problem comes from something in between. */
const mayHelp = ({ status, problem }) => status === 503 && problem.retryable !== false

async function contentOf(response) {
  const type = response.headers.get('content-type') ?? ''
  if (!type.includes('json')) return type.startsWith('text/') ? response.text() : response.blob()
  const text = await response.text()
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function problemOf(response, answer) {
  if (typeof answer?.code === 'string') return answer
  const detail = `The answer ${response.status} is not the gateway's: something in between gave it.`
  return {
    type: 'about:blank',
    title: response.statusText,
    status: response.status,
    code: 'no-problem',
    detail,
    owner: 'operator'
  }
}

/** `/v1/invoices/{id}` with its id, and the query. */
function addressOf(path, { params = {}, query = {} }) {
  const filled = path.replace(/\{(\w+)\}/g, (_, name) => {
    if (params[name] === undefined) throw new TypeError(`${path} needs params.${name}`)
    return encodeURIComponent(params[name])
  })
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    for (const each of [value].flat()) if (each !== undefined) search.append(name, String(each))
  }
  return search.size === 0 ? filled : `${filled}?${search}`
}

function append(form, name, part) {
  if (part instanceof Blob) form.append(name, part, part.name ?? name)
  else form.append(name, part.content instanceof Blob ? part.content : new Blob([part.content]), part.name)
}

/** `crypto.randomUUID` is missing on pages without TLS. */
const randomKey = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')

/** Ends early, with the caller's reason, when the caller ends the call. */
const pause = (ms, signal) =>
  new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer)
      reject(signal.reason)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', end)
      resolve()
    }, ms)
    if (signal?.aborted) end()
    else signal?.addEventListener('abort', end, { once: true })
  })
