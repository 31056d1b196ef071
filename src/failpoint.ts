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
let told: (name: FailpointName, failure: Failure) => void = () => {}

/** Does nothing unless a test armed this place. `detail` tells passages apart. */
export function failpoint(name: FailpointName, detail = ''): void {
  if (armed.size > 0) pass(name, detail)
}

/** `fired` is told just before. The kind `hang` blocks the event loop, as a stopped machine would. */
export function armFailpoints(failures: ({ name: FailpointName } & Failure)[], fired: typeof told = () => {}): void {
  told = fired
  armed.clear()
  for (const { name, ...failure } of failures) {
    armed.set(name, { failure, skip: failure.skip ?? 0, left: failure.times ?? 1 })
  }
}

function pass(name: FailpointName, detail: string): void {
  const one = armed.get(name)
  if (one === undefined || one.left === 0 || !detail.includes(one.failure.match ?? '')) return
  if (one.skip > 0) {
    one.skip--
    return
  }
  one.left--
  const { failure } = one
  told(name, failure)
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
