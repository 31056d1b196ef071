import { setTimeout as sleep } from 'node:timers/promises'
import { apiKey } from './final-answers.ts'
import type { JournalRecord, Learned, Role } from './history.ts'
import { type Kind, type Prepared, prepareInvoice } from './invoices.ts'
import type { Random } from './seed.ts'

/** An ERP that writes down what it means to send before it sends it, and never gives up on an invoice. */
export interface Erp {
  /** Posts one invoice until there is an answer; resolves then. */
  post(index: number): Promise<void>
  /** Posts `perMinute` invoices until `until` (epoch milliseconds); resolves when each has its answer. */
  load(perMinute: number, until: number): Promise<void>
  /** From now on nothing is tried again. */
  giveUp(): void
  posted(): number
}

export interface ErpOptions {
  run: string
  random: Random
  /** What the invoice of this index is. */
  kindOf: (index: number, random: Random) => Kind
  journal: { write(record: JournalRecord): void }
  /** Addresses of the gateways that may be asked. */
  urls: string[]
  /** Most invoices that wait for their answer at the same time. */
  most?: number
}

const mostWaitMs = 6_000

export function createErp({ run, random, kindOf, journal, urls, most = 60 }: ErpOptions): Erp {
  const choices = random.fork('invoices')
  const manners = random.fork('manners')
  let next = 0
  let over = false
  let waiting = 0
  const at = () => new Date().toISOString()

  async function once(prepared: Prepared, role: Role, attempt: number): Promise<Learned> {
    const { key } = prepared.meant
    journal.write({ kind: 'try', at: at(), key, role, attempt })
    const answer = await ask(prepared, role)
    const outcome: Learned = { kind: 'outcome', at: at(), key, role, attempt, ...answer }
    journal.write(outcome)
    return outcome
  }

  async function ask(prepared: Prepared, role: Role): Promise<Pick<Learned, 'result' | 'status' | 'code' | 'id'>> {
    const body = role === 'rival' ? prepared.rival() : prepared.body()
    if (body === undefined) return { result: 'info' }
    const { key } = prepared.meant
    const headers = {
      authorization: `Bearer ${apiKey}`,
      'idempotency-key': role === 'first' ? key : `${key}-${role}`,
      prefer: manners.pick(['respond-async', 'respond-async', 'wait=1', 'wait=3']),
      ...(typeof body === 'string' && { 'content-type': 'application/json' })
    }
    try {
      const signal = AbortSignal.timeout(mostWaitMs)
      const response = await fetch(`${manners.pick(urls)}/v1/invoices`, { method: 'POST', body, headers, signal })
      const read = (await response.json()) as { id?: string; code?: string; instance?: string }
      const { status } = response
      if (status === 200 || status === 201 || status === 202) {
        // A body that was cut would have failed above; a promise without an id is none.
        return read.id === undefined ? { result: 'info', status } : { result: 'ok', status, id: read.id }
      }
      const again = status === 429 || status >= 500 || read.code === 'request-in-progress'
      const id = /\/(inv_[^/]+)$/.exec(read.instance ?? '')?.[1]
      return {
        result: again ? 'info' : 'refused',
        status,
        ...(read.code !== undefined && { code: read.code }),
        ...(id !== undefined && { id })
      }
    } catch {
      return { result: 'info' }
    }
  }

  async function post(index: number): Promise<void> {
    const own = choices.fork(String(index))
    const prepared = prepareInvoice(run, index, own, kindOf(index, own))
    journal.write({ kind: 'invoice', at: at(), ...prepared.meant })
    const dice = choices.fork(`manner ${index}`)
    const twice = dice.chance(0.1)
    const another = dice.chance(0.1) && prepared.meant.mode !== 'data'
    for (let attempt = 1; !over; attempt++) {
      // The impatient user: the same key at the same moment.
      const [first, second] = await Promise.all([
        once(prepared, 'first', attempt),
        ...(twice && attempt === 1 ? [once(prepared, 'first', attempt)] : [])
      ])
      if (first.result !== 'info' || (second !== undefined && second.result !== 'info')) break
      await sleep(Math.min(100 * attempt, 1_000))
    }
    if (!another || over) return
    await once(prepared, 'other-key', 1)
    if (prepared.meant.fate === undefined) await once(prepared, 'rival', 1)
  }

  return {
    post,
    async load(perMinute, until) {
      const running = new Set<Promise<void>>()
      const pauses = random.fork('pauses')
      while (Date.now() < until && !over) {
        await sleep(Math.min(pauses.pauseMs(perMinute), 2_000))
        if (waiting >= most) continue
        waiting++
        const work = post(next++).finally(() => {
          waiting--
          running.delete(work)
        })
        running.add(work)
      }
      await Promise.all(running)
    },
    giveUp: () => {
      over = true
    },
    posted: () => next
  }
}
