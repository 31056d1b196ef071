import { ChorusError, type Evidence } from '../chorus/errors.ts'
import { failpoint } from '../failpoint.ts'
import { createLoop } from '../loop.ts'
import { FenceLost } from '../store/errors.ts'
import type { Job, StoredInvoice } from '../store/stored-invoice.ts'
import { followFlow } from './flow.ts'
import { followStatus } from './follow.ts'
import { reconcile } from './reconcile.ts'
import { type InHand, send } from './send.ts'
import { after, longestRestOf, type Workshop } from './workshop.ts'

/** Does the jobs of the ledger, a bounded number at a time. */
export interface Worker {
  start(): void
  /** Something may be due. */
  wake(): void
  /**
   * Does a job that is already claimed, as soon as a place is free. Resolves when it is done, with the invoice as it was
   * noted then, where that is known; never rejects.
   */
  run(job: Job, inHand?: InHand): Promise<StoredInvoice | undefined>
  /** Takes no new job, waits for those in hand. What is only waiting for a place goes back to the ledger. */
  stop(): Promise<void>
  /** Jobs in hand. */
  busy(): number
}

export interface WorkerOptions {
  places: number
  settled: (invoiceId: string) => void
  /** Other processes make and recover jobs as well: look often, and keep what is in hand by renewing its lease. */
  shared?: boolean
}

/** Asking the ledger for work costs as much as a small part of an invoice. */
const gatherMs = 25

export function createWorker(workshop: Workshop, { places, settled, shared = false }: WorkerOptions): Worker {
  const longestRestMs = shared ? 1_000 : 30_000
  const inHand = new Map<Promise<unknown>, Job>()
  const waiting: (() => void)[] = []
  let taken = 0
  let stopping = false

  const doJob = async (job: Job, file?: InHand): Promise<StoredInvoice | undefined> => {
    try {
      switch (job.kind) {
        case 'send':
          return await send(workshop, job, file)
        case 'reconcile':
          await reconcile(workshop, job)
          break
        case 'flow':
          await followFlow(workshop, job)
          break
        case 'status':
          await followStatus(workshop, job)
          break
      }
      return undefined
    } catch (error) {
      // Our own fault: the job comes again, more and more slowly; the invoice stays what it was.
      workshop.log.error({ err: error, invoiceId: job.invoiceId, job: job.kind }, 'job failed')
      if (error instanceof FenceLost) return undefined
      const runAt = after(
        workshop,
        Math.min(workshop.timing.retryMs.first * 4 ** job.tries, workshop.timing.retryMs.longest)
      )
      await workshop.store
        .change(job.invoiceId, () => ({ job: { runAt, countTry: true } }), job)
        .catch(() => workshop.store.release([job]))
        .catch((again: unknown) =>
          workshop.log.error({ err: again, invoiceId: job.invoiceId }, 'job could not be given back')
        )
      return undefined
    } finally {
      file?.done?.()
      workshop.lanes.ended(job.lane, job.invoiceId)
      settled(job.invoiceId)
    }
  }

  const run = async (job: Job, file?: InHand): Promise<StoredInvoice | undefined> => {
    if (taken >= places) await new Promise<void>((resolve) => waiting.push(resolve))
    else taken++
    try {
      if (stopping) {
        file?.done?.()
        failpoint('release')
        await workshop.store.release([job]).catch(() => {})
        settled(job.invoiceId)
        return undefined
      }
      return await doJob(job, file)
    } finally {
      const next = waiting.shift()
      if (next === undefined) taken--
      else next()
      if (waiting.length === 0) lookAgain()
    }
  }

  const track = <T>(job: Job, work: Promise<T>) => {
    inHand.set(work, job)
    void work.finally(() => inHand.delete(work))
    return work
  }

  /** For want of places, jobs that are due may have been left where they were. */
  let short = false
  let soon: NodeJS.Timeout | undefined
  /** A job has ended: what was left is taken at once, what it brought a little later, for many jobs together. */
  const lookAgain = () => {
    if (short) return loop.wake()
    soon ??= setTimeout(() => {
      soon = undefined
      loop.wake()
    }, gatherMs)
  }

  let recovered = Number.NEGATIVE_INFINITY
  const round = async (): Promise<number> => {
    const { lanes, store, timing, now } = workshop
    // Leases that ended without a word, ours after a failure of our own included.
    if (performance.now() - recovered > Math.min(timing.leaseMs / 4, 30_000)) {
      recovered = performance.now()
      await store.recover(timing.quietMs, longestRestOf(timing))
    }
    // On the side: a way that does not answer must not keep the others waiting.
    for (const lane of lanes.due()) void probe(workshop, lane).then(() => loop.wake())
    const views = lanes.view()
    const open = views.filter((lane) => lane.state === 'open').map((lane) => lane.lane)
    const free = places - taken - waiting.length
    short = free <= 0
    if (short) return longestRestMs
    const jobs = open.length === 0 ? [] : await store.claim(free, timing.leaseMs, open)
    for (const lane of lanes.trials()) {
      const [first] = await store.claim(1, timing.leaseMs, [lane])
      if (first === undefined) continue
      lanes.tried(lane, first.invoiceId)
      jobs.push(first)
    }
    if (jobs.length > 0) failpoint('claimed', jobs[0]?.kind)
    for (const job of jobs) void track(job, run(job))
    short = jobs.length >= free
    if (short) return longestRestMs
    const ready = [...open, ...lanes.trials()]
    const next = ready.length === 0 ? undefined : await store.nextDue(ready)
    const untilNext = next === undefined ? longestRestMs : Math.max(next.getTime() - now().getTime(), 10)
    const untilProbe = Math.min(
      longestRestMs,
      ...views.flatMap(({ until }) => (until === undefined ? [] : [Date.parse(until) - now().getTime()]))
    )
    // Jobs of a paused lane stay due: they must not make the loop spin.
    return Math.max(Math.min(untilNext, untilProbe, longestRestMs), jobs.length > 0 ? 0 : 10)
  }

  const loop = createLoop(round, {
    restAfterErrorMs: 1_000,
    onError: (error) => workshop.log.error({ err: error }, 'the ledger cannot be asked for work')
  })

  // Short leases free the work of a dead process soon; a living one keeps its own, however long a call takes.
  const renewal = createLoop(
    async () => {
      if (inHand.size > 0) await workshop.store.renew([...inHand.values()], workshop.timing.leaseMs)
      return workshop.timing.leaseMs / 3
    },
    { restAfterErrorMs: 1_000, onError: (error) => workshop.log.error({ err: error }, 'leases cannot be renewed') }
  )

  return {
    start() {
      loop.start()
      if (shared) renewal.start()
    },
    wake: () => loop.wake(),
    run: (job, file) => track(job, run(job, file)),
    busy: () => inHand.size,
    async stop() {
      stopping = true
      clearTimeout(soon)
      await loop.stop()
      for (const resume of waiting.splice(0)) {
        taken++
        resume()
      }
      await Promise.allSettled(inHand.keys())
      await renewal.stop()
    }
  }
}

/** One harmless call proves that a lane works again. */
async function probe(workshop: Workshop, lane: string): Promise<void> {
  try {
    await workshop.way(lane).chorus.ping({ probe: true })
    workshop.lanes.probed(lane)
    workshop.log.info({ lane }, 'the way to Chorus Pro answers again')
  } catch (error) {
    if (!(error instanceof ChorusError)) workshop.log.error({ err: error, lane }, 'a probe went wrong')
    const ours: Evidence = { proof: 'not-sent', problem: 'internal', service: 'ping', lane: false }
    const evidence = error instanceof ChorusError ? error.evidence : ours
    workshop.lanes.probeFailed(lane, evidence, error instanceof Error ? error.message : '')
    workshop.log.warn({ lane, reason: evidence.problem }, 'the way to Chorus Pro is still closed')
  }
}
