import { failpoint } from '../failpoint.ts'
import { createLoop } from '../loop.ts'
import { FenceLost, type Job } from '../store/store.ts'
import { followFlow } from './flow.ts'
import { followStatus } from './follow.ts'
import { reconcile } from './reconcile.ts'
import { send } from './send.ts'
import { after, type Workshop } from './workshop.ts'

/** Does the jobs of the ledger, a bounded number at a time. */
export interface Worker {
  start(): void
  /** Something may be due. */
  wake(): void
  /** Does a job that is already claimed, as soon as a place is free; resolves when it is done, never rejects. */
  run(job: Job, inHand?: { bytes: Buffer; done: () => void }): Promise<void>
  /** Takes no new job, waits for those in hand. What is only waiting for a place goes back to the ledger. */
  stop(): Promise<void>
  /** Jobs in hand. */
  busy(): number
}

const longestRestMs = 30_000

export function createWorker(
  workshop: Workshop,
  { places, settled }: { places: number; settled: (invoiceId: string) => void }
): Worker {
  const inHand = new Set<Promise<void>>()
  const waiting: (() => void)[] = []
  let taken = 0
  let stopping = false

  const doJob = async (job: Job, file?: { bytes: Buffer; done: () => void }) => {
    try {
      switch (job.kind) {
        case 'send':
          return await send(workshop, job, file)
        case 'reconcile':
          return await reconcile(workshop, job)
        case 'flow':
          return await followFlow(workshop, job)
        case 'status':
          return await followStatus(workshop, job)
      }
    } catch (error) {
      // Our own fault: the job comes again, more and more slowly; the invoice stays what it was.
      workshop.log.error({ err: error, invoiceId: job.invoiceId, job: job.kind }, 'job failed')
      if (error instanceof FenceLost) return
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
    } finally {
      file?.done()
      settled(job.invoiceId)
    }
  }

  const run = async (job: Job, file?: { bytes: Buffer; done: () => void }) => {
    if (taken >= places) await new Promise<void>((resolve) => waiting.push(resolve))
    else taken++
    try {
      if (stopping) {
        file?.done()
        failpoint('release')
        await workshop.store.release([job]).catch(() => {})
        settled(job.invoiceId)
        return
      }
      await doJob(job, file)
    } finally {
      const next = waiting.shift()
      if (next === undefined) taken--
      else next()
      if (waiting.length === 0) loop.wake()
    }
  }

  const track = (work: Promise<void>) => {
    inHand.add(work)
    void work.finally(() => inHand.delete(work))
    return work
  }

  let recovered = 0
  const round = async (): Promise<number> => {
    const { lanes, store, timing, now } = workshop
    // Leases that ended without a word, ours after a failure of our own included.
    if (now().getTime() - recovered > Math.min(timing.leaseMs / 4, longestRestMs)) {
      recovered = now().getTime()
      await store.recover(timing.quietMs)
    }
    await Promise.all(lanes.due().map((lane) => probe(workshop, lane)))
    const views = lanes.view()
    const open = views.filter((lane) => lane.state === 'open').map((lane) => lane.lane)
    const free = places - taken - waiting.length
    if (free <= 0) return longestRestMs
    const jobs = open.length === 0 ? [] : await store.claim(free, timing.leaseMs, open)
    if (jobs.length > 0) failpoint('claimed', jobs[0]?.kind)
    for (const job of jobs) void track(run(job))
    if (jobs.length === free) return longestRestMs
    const next = await store.nextDue(open)
    const untilNext = next === undefined ? longestRestMs : Math.max(next.getTime() - now().getTime(), 10)
    const untilProbe =
      views.length === open.length
        ? longestRestMs
        : Math.min(...views.filter((l) => l.state === 'paused').map((l) => lanes.restMs(l.lane)))
    // Jobs of a paused lane stay due: they must not make the loop spin.
    return Math.max(
      Math.min(open.length === 0 ? longestRestMs : untilNext, untilProbe, longestRestMs),
      jobs.length > 0 ? 0 : 10
    )
  }

  const loop = createLoop(round, {
    restAfterErrorMs: 1_000,
    onError: (error) => workshop.log.error({ err: error }, 'the ledger cannot be asked for work')
  })

  return {
    start: () => loop.start(),
    wake: () => loop.wake(),
    run: (job, file) => track(run(job, file)),
    busy: () => inHand.size,
    async stop() {
      stopping = true
      await loop.stop()
      for (const resume of waiting.splice(0)) {
        taken++
        resume()
      }
      await Promise.allSettled(inHand)
    }
  }
}

/** One harmless call proves that a lane works again. */
async function probe(workshop: Workshop, lane: string): Promise<void> {
  const connection = lane.slice(lane.indexOf('/') + 1)
  try {
    await workshop.way(connection).chorus.ping()
    workshop.lanes.succeeded(lane)
    workshop.log.info({ lane }, 'the way to Chorus Pro is open again')
  } catch (error) {
    const { evidence, message } = error as { evidence?: Parameters<typeof workshop.lanes.failed>[1]; message: string }
    if (evidence === undefined) throw error
    workshop.lanes.failed(lane, evidence, message)
    workshop.log.warn({ lane, reason: evidence.problem }, 'the way to Chorus Pro is still closed')
  }
}
