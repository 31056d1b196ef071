import { writeFileSync } from 'node:fs'

/** Places where a process may die, fail or hang, in the order of one invoice's way. Tests arm them; production never does. */
export const failpoints = [
  'migrate',
  'recover',
  'document-write',
  'document-synced',
  'document-renamed',
  'document-kept',
  'accept',
  'accepted',
  'answer',
  'claimed',
  'upload',
  'uploaded',
  'token',
  'token-read',
  'tunnel',
  'attempt',
  'attempt-started',
  'headers-sent',
  'body-sent',
  'answer-started',
  'answer-read',
  'outcome',
  'outcome-noted',
  'postpone',
  'hold',
  'reconcile',
  'search-page',
  'searched',
  'reconciled',
  'flow-read',
  'flow-noted',
  'status-read',
  'status-noted',
  'commit',
  'committed',
  'release',
  'shutdown',
  'store-close'
] as const
export type FailpointName = (typeof failpoints)[number]

export interface Failure {
  /** The process is gone; an error is thrown; the whole process stands still. */
  kind: 'kill' | 'throw' | 'hang'
  /** How long it hangs; how much later it dies. */
  ms?: number
  /** Passages that are left alone first. */
  skip?: number
  /** How often; once when absent. */
  times?: number
  /** Only passages whose detail holds this text. */
  match?: string
}

export class FailpointError extends Error {
  constructor(name: FailpointName) {
    super(`failpoint ${name}`)
    this.name = 'FailpointError'
  }
}

const armed = new Map<FailpointName, { failure: Failure; skip: number; left: number }>()
let firedFile: string | undefined

/** Does nothing unless a test armed this place. `detail` tells passages apart. */
export function failpoint(name: FailpointName, detail = ''): void {
  if (armed.size > 0) pass(name, detail)
}

/** Each that fires is noted in the file just before, a line of JSON. The kind `hang` blocks its thread, as a slow disk would. */
export function armFailpoints(failures: ({ name: FailpointName } & Failure)[], file?: string): void {
  firedFile = file
  armed.clear()
  for (const { name, ...failure } of failures) {
    armed.set(name, { failure, skip: failure.skip ?? 0, left: failure.times ?? 1 })
  }
}

/** For a thread that is about to be started: it has failpoints of its own. */
export const armedFailpoints = (): unknown => ({ armed, firedFile })

export function restoreFailpoints(state: unknown): void {
  const { armed: others, firedFile: file } = state as { armed: typeof armed; firedFile: string | undefined }
  firedFile = file
  for (const [name, one] of others) armed.set(name, one)
}

/** What was written outlives a kill: only a power cut would lose it. */
function note(name: FailpointName, { kind }: Failure): void {
  if (firedFile === undefined) return
  writeFileSync(firedFile, `${JSON.stringify({ name, kind, at: realTime() })}\n`, { flag: 'a' })
}

/** Whatever the process takes for the time of day. */
const realTime = () => new Date(performance.timeOrigin + performance.now()).toISOString()

function pass(name: FailpointName, detail: string): void {
  const one = armed.get(name)
  if (one === undefined || one.left === 0 || !detail.includes(one.failure.match ?? '')) return
  if (one.skip > 0) {
    one.skip--
    return
  }
  one.left--
  const { failure } = one
  note(name, failure)
  switch (failure.kind) {
    case 'kill':
      if (failure.ms === undefined) process.kill(process.pid, 'SIGKILL')
      else setTimeout(() => process.kill(process.pid, 'SIGKILL'), failure.ms)
      return
    case 'throw':
      throw new FailpointError(name)
    case 'hang':
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, failure.ms ?? 1_000)
  }
}
