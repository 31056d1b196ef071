import { Worker } from 'node:worker_threads'
import { threadFlags } from '../own-process.ts'
import type { Answer, Job, JobAnswers } from './document-worker.ts'

/** The thread did not answer: too slow, out of memory, or stopped. */
export class WorkerFailure extends Error {
  readonly reason: 'timeout' | 'crash' | 'closed'

  constructor(reason: WorkerFailure['reason'], message: string) {
    super(message)
    this.name = 'WorkerFailure'
    this.reason = reason
  }
}

export type DocumentPool = {
  /** Runs one task on a copy of the bytes; the caller's buffer is neither moved nor changed. */
  run<Task extends Job['task']>(task: Task, bytes: Uint8Array): Promise<JobAnswers[Task]>
  close(): Promise<void>
}

type Waiting = { job: Job; resolve: (result: unknown) => void; reject: (error: Error) => void }
type Seat = { worker: Worker; ready: boolean; current: Waiting | undefined; timer: NodeJS.Timeout | undefined }

const stepsPerDocument = 4
/** So many bytes may take twice the time of a small document, on a busy machine too. */
const bytesPerTime = 8 * 1024 * 1024
const resourceLimits = { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 32, stackSizeMb: 4 }

/** The package as published is JavaScript, and a worker's address is not rewritten as imports are. */
const script = new URL(
  import.meta.url.endsWith('.ts') ? './document-worker.ts' : './document-worker.js',
  import.meta.url
)

/**
 * A few threads that open documents. Each is started when there is work for it, keeps the process alive only while it
 * works, and is thrown away when a document takes longer than `timeoutMs`, and its size beside it, or breaks it.
 */
export function createDocumentPool({ timeoutMs, workers }: { timeoutMs: number; workers: number }): DocumentPool {
  const seats = new Set<Seat>()
  const queue: Waiting[] = []
  let closed = false
  let nextId = 1

  function start(): void {
    const worker = new Worker(script, {
      resourceLimits,
      env: {},
      execArgv: threadFlags,
      stdout: true,
      stderr: true
    })
    const seat: Seat = { worker, ready: false, current: undefined, timer: undefined }
    seats.add(seat)
    worker.on('message', (message: Answer | 'ready') => {
      if (message === 'ready') seat.ready = true
      else settle(seat, message)
      next(seat)
    })
    worker.on('error', (error) => remove(seat, new WorkerFailure('crash', error.message)))
    worker.on('exit', () => remove(seat, new WorkerFailure('crash', 'the thread stopped')))
  }

  function settle(seat: Seat, answer: Answer): void {
    const { current } = seat
    if (current === undefined || current.job.id !== answer.id) return
    clearTimeout(seat.timer)
    seat.current = undefined
    if ('result' in answer) current.resolve(answer.result)
    else current.reject(new WorkerFailure('crash', answer.failure))
  }

  function remove(seat: Seat, failure: WorkerFailure): void {
    if (!seats.delete(seat)) return
    clearTimeout(seat.timer)
    void seat.worker.terminate()
    seat.current?.reject(failure)
    // A thread that cannot even start would otherwise leave its document waiting for ever.
    if (!seat.ready) queue.shift()?.reject(failure)
    if (queue.length > 0 && !closed) start()
  }

  function next(seat: Seat): void {
    if (!seat.ready || seat.current !== undefined) return
    const waiting = queue.shift()
    if (waiting === undefined) {
      seat.worker.unref()
      return
    }
    seat.current = waiting
    seat.worker.ref()
    // Counted in steps: a machine that stood still lets one of them pass, however long it was, and its answer comes next.
    const ms = Math.round(timeoutMs * (1 + waiting.job.bytes.length / bytesPerTime))
    let left = stepsPerDocument
    seat.timer = setInterval(() => {
      if (--left === 0) remove(seat, new WorkerFailure('timeout', `no answer within ${ms} ms`))
    }, ms / stepsPerDocument)
    seat.worker.postMessage(waiting.job, [waiting.job.bytes.buffer as ArrayBuffer])
  }

  return {
    run(task, bytes) {
      if (closed) return Promise.reject(new WorkerFailure('closed', 'the inspector is closed'))
      const copy = new Uint8Array(bytes)
      return new Promise((resolve, reject) => {
        const id = nextId++
        queue.push({ job: { id, task, bytes: copy }, resolve: resolve as (result: unknown) => void, reject })
        const idle = [...seats].find((seat) => seat.ready && seat.current === undefined)
        if (idle !== undefined) next(idle)
        else if (seats.size < workers) start()
      })
    },
    async close() {
      closed = true
      const failure = new WorkerFailure('closed', 'the inspector is closed')
      for (const { reject } of queue.splice(0)) reject(failure)
      await Promise.all(
        [...seats].map(async (seat) => {
          seats.delete(seat)
          clearTimeout(seat.timer)
          seat.current?.reject(failure)
          await seat.worker.terminate()
        })
      )
    }
  }
}
