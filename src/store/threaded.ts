import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { LRUCache } from 'lru-cache'
import { armedFailpoints } from '../failpoint.ts'
import { threadFlags } from '../own-process.ts'
import type { DocumentStore } from './document-store.ts'
import { StoreUnavailable } from './errors.ts'
import { createReading } from './reading.ts'
import type { Store } from './store.ts'
import type { Job, StoredInvoice } from './stored-invoice.ts'
import { type Opened, type Question, type Reply, type ThreadData, uncarry } from './thread-messages.ts'
import { createThreadDocuments } from './threaded-documents.ts'

/** Asks a method of the thread's store, or of its documents. What is moved is gone here. */
export type Ask = <T>(of: Question['of'], method: string, args: unknown[], moved?: ArrayBuffer[]) => Promise<T>

/** Of invoices as they were noted last: a change most often decides on one of them without asking for it again. */
const remembered = 1_000

/** The package as published is JavaScript, and a thread's address is not rewritten as imports are. */
const script = new URL(import.meta.url.endsWith('.ts') ? './thread.ts' : './thread.js', import.meta.url)

/**
 * The store in a folder of this machine, as `openEmbedded` opens it, in a thread of its own: whoever waits for a disk
 * holds up nobody else. Throws what `openEmbedded` throws.
 */
export async function openThreaded({
  dataDir,
  clock
}: Pick<ThreadData, 'dataDir' | 'clock'>): Promise<{ store: Store; documents: DocumentStore }> {
  const workerData: ThreadData = { dataDir, armed: armedFailpoints(), ...(clock !== undefined && { clock }) }
  const thread = new Worker(script, { workerData, execArgv: threadFlags })
  const { methods, ask, close } = await converse(thread)
  let closed: Promise<void> | undefined
  const { accept, ...documents } = createThreadDocuments(ask)
  const plain = {
    ...Object.fromEntries(methods.map((name) => [name, (...args: unknown[]) => ask('store', name, args)])),
    accept
  } as unknown as Store & Core
  return {
    store: {
      ...plain,
      ...createMemory(plain),
      close: () => (closed ??= plain.close().then(close))
    },
    documents: { ...documents, ...createReading(join(dataDir, 'documents')) }
  }
}

/** What the ledger offers to its own thread alone. */
interface Core {
  changeAt: (
    id: string,
    version: number,
    change: ReturnType<Parameters<Store['change']>[1]>,
    job: Pick<Job, 'id' | 'fence'> | undefined
  ) => Promise<{ invoice: StoredInvoice; stale: boolean }>
}

/** `decide` cannot travel. It decides here, on the invoice as it is known, and the ledger takes it if that is still true. */
function createMemory(plain: Store & Core): Pick<Store, 'accept' | 'find' | 'change'> {
  const known = new LRUCache<string, StoredInvoice>({ max: remembered })
  const note = (invoice: StoredInvoice) => {
    known.set(invoice.id, invoice)
    return invoice
  }
  const find = async (id: string) => {
    const invoice = await plain.find(id)
    return invoice && note(invoice)
  }
  return {
    find,
    async accept(input, documents) {
      const result = await plain.accept(input, documents)
      note(result.invoice)
      return result
    },
    async change(id, decide, job) {
      const held = job && { id: job.id, fence: job.fence }
      let guess = known.get(id)
      for (;;) {
        const invoice: StoredInvoice | undefined = guess ?? (await find(id))
        if (invoice === undefined) throw new RangeError(`there is no invoice ${id}`)
        let change: ReturnType<typeof decide>
        try {
          change = decide(invoice)
        } catch (error) {
          // On an old copy it may have refused what is true by now.
          if (guess === undefined) throw error
          guess = undefined
          continue
        }
        const result = await plain.changeAt(id, invoice.version, change, held)
        guess = note(result.invoice)
        if (!result.stale) return guess
      }
    }
  }
}

/** Questions and answers that are ready in the same turn travel together. */
async function converse(thread: Worker): Promise<{ methods: string[]; ask: Ask; close: () => Promise<void> }> {
  const waiting = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>()
  let questions: Question[] = []
  let moved: ArrayBuffer[] = []
  let last = 0
  let ended = false
  let closing = false

  const send = () => {
    const [ready, with_] = [questions, moved]
    questions = []
    moved = []
    if (!ended) thread.postMessage(ready, with_)
  }
  const ask: Ask = (of, method, args, buffers = []) => {
    if (ended) return Promise.reject(new StoreUnavailable('unavailable'))
    if (questions.length === 0) setImmediate(send)
    const number = ++last
    questions.push({ number, of, method, args })
    moved.push(...buffers)
    return new Promise((resolve, reject) => waiting.set(number, { resolve, reject }))
  }

  const opened = await new Promise<Opened>((resolve, reject) => {
    thread.once('message', resolve)
    thread.once('error', reject)
  })
  if ('failure' in opened) {
    await thread.terminate()
    throw uncarry(opened.failure)
  }
  thread.removeAllListeners('error')
  thread.on('message', (replies: Reply[]) => {
    for (const reply of replies) {
      const one = waiting.get(reply.number)
      waiting.delete(reply.number)
      if ('error' in reply) one?.reject(uncarry(reply.error))
      else one?.resolve(reply.value as never)
    }
  })
  const onEnd = (error: Error) => {
    if (ended) return
    ended = true
    for (const { reject } of waiting.values()) reject(new StoreUnavailable('commit-unknown', { cause: error }))
    waiting.clear()
    // A gateway without its ledger is of no use: who started the process starts it again.
    if (!closing) throw new Error('the thread of the ledger ended by itself', { cause: error })
  }
  thread.on('error', onEnd)
  thread.on('exit', (code) => onEnd(new Error(`exit code ${code}`)))
  return {
    methods: opened.methods,
    ask,
    async close() {
      closing = true
      await thread.terminate()
      ended = true
    }
  }
}
