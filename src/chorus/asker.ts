import { fileBody } from './body.ts'
import type { CallOptions, UpstreamFile } from './chorus.ts'
import { type Download, openDownload } from './download.ts'
import { ChorusError } from './errors.ts'
import { type Json, type JsonObject, readInteger, readList, readObject } from './json.ts'
import { isNoResult } from './pages.ts'
import { type Answer, asJson, type Operation } from './request.ts'

/** The ways in which resources ask Chorus Pro. Everything throws `ChorusError`. */
export interface Asker {
  /** A question that changes nothing: repeated once or twice when its connection breaks. */
  read(service: string, payload: object, call?: ReadOptions): Promise<JsonObject>
  /** One page of a search; "no result" is an empty page. */
  page(search: PagedSearch, at: PageRequest, call?: CallOptions): Promise<Page<JsonObject>>
  /** Something is done upstream: never repeated. Silence after it left is an unknown outcome. */
  change(service: string, payload: object, call?: CallOptions): Promise<Answer>
  /** A file in base64 under `member`; harmless until its attachment id is used, but not repeated. */
  upload(service: string, members: Record<string, unknown>, member: string, file: UpstreamFile): Promise<Answer>
  /**
   * An answer whose member is a file in base64, decoded while it comes. The deadline is for its headers, and then for
   * silence between two pieces.
   */
  download(service: string, payload: object, member: string, call?: CallOptions): Promise<Download>
}

export interface ReadOptions extends CallOptions {
  /** Most bytes of the answer; 1 MiB by default. */
  maxBytes?: number
}

export interface PagedSearch {
  service: string
  /** Where the rows are. */
  rows: string | ((answer: JsonObject) => Json | undefined)
  payload: (at: PageRequest) => object
}

/** Which page: the first is 1. `seen` counts the rows of the pages before. */
export interface PageRequest {
  page: number
  size: number
  seen: number
}

export interface Page<T> {
  items: T[]
  /** As Chorus Pro announced it; absent where it does not. */
  total?: number
  next?: PageRequest
}

export function createAsker(ask: (operation: Operation, call: CallOptions | undefined) => Promise<Answer>): Asker {
  const read = async (service: string, payload: object, call: ReadOptions = {}) => {
    const { maxBytes, ...options } = call
    const operation: Operation = {
      service,
      body: asJson(payload),
      read: true,
      ...(maxBytes !== undefined && { maxBytes })
    }
    try {
      return (await ask(operation, options)).answer
    } catch (error) {
      throw withoutDoubt(error)
    }
  }

  return {
    read,
    async page({ service, rows, payload }, at, call) {
      let answer: JsonObject
      try {
        answer = await read(service, payload(at), call)
      } catch (error) {
        if (isNoResult(error)) return { items: [], total: 0 }
        throw error
      }
      // Under parametresRetour, or at the root (behaviour.md, section 11).
      const counters: JsonObject = { ...answer, ...readObject(answer['parametresRetour']) }
      const total = readInteger(counters['total'])
      const pages = readInteger(counters['pages'])
      const items = readList(typeof rows === 'string' ? answer[rows] : rows(answer))
      const seen = at.seen + items.length
      // Either counter may be too low. Where all pages have come and rows are still missing, the total was too high.
      const short = total !== undefined && seen < total
      const more = short || at.page < (pages ?? 1)
      if (short && items.length === 0 && at.page <= (pages ?? at.page)) {
        throw new ChorusError(`${service}: ${total} rows were announced and ${seen} came`, {
          proof: 'unknown',
          problem: 'upstream-protocol-error',
          service,
          lane: false
        })
      }
      return {
        items,
        ...(total !== undefined && { total }),
        ...(more && items.length > 0 && { next: { page: at.page + 1, size: at.size, seen } })
      }
    },
    change: (service, payload, call) => ask({ service, body: asJson(payload), once: true }, call),
    upload: (service, members, member, file) =>
      ask({ service, body: () => fileBody(members, member, file) }, undefined),
    download: (service, payload, member, call) =>
      openDownload(
        (receive) => ask({ service, body: asJson(payload), read: true, file: member, receive }, call),
        member
      )
  }
}

/** A question changes nothing: however it ends, it may be asked again. */
function withoutDoubt(error: unknown): unknown {
  if (!(error instanceof ChorusError) || error.evidence.proof !== 'unknown') return error
  return new ChorusError(error.message, { ...error.evidence, proof: 'not-processed' })
}
