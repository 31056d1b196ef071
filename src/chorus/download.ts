import { Readable } from 'node:stream'
import { readAnswer } from './answer.ts'
import { createBase64Decoder } from './base64.ts'
import { AbandonedError, type AnswerFlow, OversizeError } from './call.ts'
import type { Exchange } from './chorus.ts'
import { ChorusError } from './errors.ts'
import { type JsonObject, readInteger } from './json.ts'
import { createMemberFilter } from './json-member.ts'
import type { Answer, SuccessStart } from './request.ts'

export interface Download {
  /** The other members of the answer. Of a large file, those behind its content are here when the content has ended. */
  facts: JsonObject
  /**
   * The file. Fails with a ChorusError when its answer ends too soon or turns out to be a refusal: what was read until
   * then is not the file. Empty when the answer holds none.
   */
  content: Readable
  exchange: Exchange
}

/** An answer whose file is smaller is judged as a whole before anything of it is given out. */
const readAhead = 256 * 1024
const largestFile = 200 * 1024 * 1024

/** Throws a ChorusError when Chorus Pro refuses, or its answer cannot be read, before content is given out. */
export function openDownload(
  ask: (receive: (start: SuccessStart) => (piece: Buffer) => Buffer) => Promise<Answer>,
  member: string
): Promise<Download> {
  return new Promise((resolve, reject) => {
    const facts: JsonObject = {}
    let flow: AnswerFlow | undefined
    let over = false
    let given = false
    const content = new Readable({
      highWaterMark: readAhead,
      read: () => flow?.resume(),
      destroy(error, done) {
        if (!over) flow?.abort(new AbandonedError('the reader of the file went away'))
        done(error)
      }
    })
    // It may fail before its reader has begun.
    content.on('error', () => {})
    const fail = (error: unknown) => {
      over = true
      const failure = error instanceof Error ? error : new Error('the download failed', { cause: error })
      reject(failure)
      content.destroy(failure)
    }
    const give = (answer: JsonObject, exchange: Exchange) => {
      const { [member]: _content, ...others } = answer
      Object.assign(facts, others)
      if (given) return
      given = true
      resolve({ facts, content, exchange })
    }

    ask(({ flow: running, describe }) => {
      flow = running
      const decoder = createBase64Decoder()
      const kept: Buffer[] = []
      let size = 0
      let refused = false
      /** Something was added to more than its reader has asked for. Without an addition he would never ask again. */
      let full = false
      const add = (bytes: Buffer) => {
        size += bytes.length
        if (size > largestFile) throw new OversizeError(`the file in it is larger than ${largestFile} bytes`)
        if (bytes.length > 0 && !refused && !content.push(bytes)) full = true
      }
      const filter = createMemberFilter({
        name: member,
        text: (text) => add(decoder.push(text)),
        end: () => add(decoder.end())
      })
      return (piece) => {
        full = false
        const left = filter.take(piece)
        // Only what is not yet told is looked through again.
        if (!given && !refused) kept.push(left)
        if (!full || !filter.inside()) return left
        if (!given) {
          const answer = readAnswer({ body: Buffer.concat([...kept, Buffer.from('"}')]) }) ?? {}
          refused = (readInteger(answer['codeRetour']) ?? 0) !== 0
          if (refused) return left
          give(answer, describe(answer))
        }
        running.pause()
        return left
      }
    }).then(({ answer, exchange }) => {
      // Lifted out: what is still there is no text, or came twice.
      if ((answer[member] ?? '') !== '') return fail(unreadable(exchange, member))
      over = true
      give(answer, exchange)
      content.push(null)
    }, fail)
  })
}

function unreadable(exchange: Exchange, member: string): ChorusError {
  const { service } = exchange
  const evidence = { proof: 'unknown', problem: 'upstream-protocol-error', service, lane: false, exchange } as const
  return new ChorusError(`${service}: ${member} is not one text`, evidence)
}
