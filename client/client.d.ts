import type { Invoice, InvoiceInput, Paths, Problem } from './contract.d.ts'

export type * from './contract.d.ts'

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete'
/** The paths that know a method. */
export type PathsOf<M extends Method> = {
  [P in keyof Paths]: Paths[P] extends Record<M, unknown> ? P : never
}[keyof Paths]
type Operation<P extends keyof Paths, M extends Method> = Paths[P] extends Record<M, infer O> ? O : never
type Member<O, K extends string> = O extends Record<K, infer T> ? T : never
export type Answer<P extends keyof Paths, M extends Method> = Member<Operation<P, M>, 'answer'>
/** Members that may be left out together with the object that holds them. */
type Needed<K extends string, T> = Record<never, never> extends T ? { [_ in K]?: T } : { [_ in K]: T }

export interface CallOptions {
  headers?: Record<string, string>
  /** Ends the call; what had left by then may have been done. */
  signal?: AbortSignal
}

type QuestionOptions<P extends keyof Paths, M extends Method> = CallOptions &
  Needed<'params', Member<Operation<P, M>, 'params'>> &
  Needed<'query', Member<Operation<P, M>, 'query'>>
type ActionOptions<P extends keyof Paths> = QuestionOptions<P, 'post'> &
  (undefined extends Member<Operation<P, 'post'>, 'body'>
    ? { body?: Member<Operation<P, 'post'>, 'body'> }
    : { body: Member<Operation<P, 'post'>, 'body'> })
/** Options may be left out where nothing in them is needed. */
type Last<T> = Record<never, never> extends T ? [options?: T] : [options: T]

export interface ClientOptions {
  /** Where the gateway listens, e.g. `http://127.0.0.1:3000`. */
  baseUrl: string
  /** `cpg_…`; left out where the gateway wants none. */
  key?: string
  /** Tries of what may be repeated, the first included; 4 by default. */
  tries?: number
  /** Milliseconds for one try; 90,000 by default, longer than the gateway waits for Chorus Pro. */
  timeoutMs?: number
  /** The platform's own by default. */
  fetch?: typeof fetch
}

export interface FilePart {
  name: string
  content: Blob | Uint8Array | ArrayBuffer
}

export interface SendOptions extends CallOptions {
  /** PDF, Factur-X, UBL or CII. Without it the invoice goes as data. */
  file?: FilePart | File
  attachments?: (FilePart | File)[]
  /** The same for a repeat of the same invoice, also days later; a random one by default. */
  idempotencyKey?: string
  /** Seconds to wait for Chorus Pro, at most 60; 0 answers as soon as the invoice is safe. 20 by default. */
  wait?: number
}

export interface Sent {
  invoice: Invoice
  /** 201: Chorus Pro has it. 202: safe, and on its way. 200: it was here before. */
  status: number
  replayed: boolean
  idempotencyKey: string
}

export interface Client {
  /** Repeated on 503 and broken connections: a question changes nothing. */
  get<P extends PathsOf<'get'>>(path: P, ...options: Last<QuestionOptions<P, 'get'>>): Promise<Answer<P, 'get'>>
  /** Sent once. For invoices use `send`, which may be repeated. */
  post<P extends PathsOf<'post'>>(path: P, ...options: Last<ActionOptions<P>>): Promise<Answer<P, 'post'>>
  /** Every item of a list, page after page. */
  each<P extends PathsOf<'get'>>(
    path: P,
    ...options: Last<QuestionOptions<P, 'get'>>
  ): AsyncGenerator<Answer<P, 'get'> extends { items: (infer Item)[] } ? Item : never, void, void>
  /**
   * Sends an invoice. On 503 and broken connections it is repeated with the same Idempotency-Key, so it is taken once.
   * When the last try fails too, `error.idempotencyKey` is the key to go on with.
   */
  send(invoice: InvoiceInput | undefined, options?: SendOptions): Promise<Sent>
}

export function createClient(options: ClientOptions): Client

/** The gateway said no. `code` is what to program against. */
export class GatewayProblem extends Error {
  readonly name: 'GatewayProblem'
  readonly status: number
  readonly code: string
  readonly problem: Problem
  /** Of the invoice that was being sent. */
  idempotencyKey?: string
}

/** No answer came: the gateway is away, or the connection broke. `cause` has the reason. */
export class GatewayUnreachable extends Error {
  readonly name: 'GatewayUnreachable'
  idempotencyKey?: string
}
