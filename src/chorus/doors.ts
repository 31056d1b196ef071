import type { Door } from './door.ts'
import { ChorusError, type UpstreamProblem } from './errors.ts'

/** The door in use, and, for the first calls after a change, the one before it. */
export interface Doors {
  current: () => Door
  /** One call. It may be made a second time, through the door before, where the first did nothing. */
  use: <T>(call: (door: Door) => Promise<T>) => Promise<T>
  /** From now on through this one. What is under way finishes where it began. */
  change: (next: Door) => void
  close: (deadlineMs: number) => Promise<void>
}

export interface DoorsOptions {
  /** How long calls of a door that was left may still take, milliseconds. */
  leaveMs: number
  /** New credentials failed where those before them work: they are taken back. */
  takenBack: (error: ChorusError) => void
}

/** So many calls prove new credentials good; until then the ones before are at hand. */
const proofs = 5

/** What speaks of credentials, certificate or proxy, and not of the invoice or of Chorus Pro being away. */
const ours = new Set<UpstreamProblem>([
  'technical-account-rejected',
  'token-refused',
  'api-not-subscribed',
  'client-certificate-rejected',
  'client-certificate-expired',
  'connection-not-configured',
  'proxy-authentication-failed',
  'proxy-unreachable',
  'tls-handshake-failed'
])

const isOurs = (error: unknown): error is ChorusError =>
  error instanceof ChorusError && ours.has(error.evidence.problem)

/** Nothing was done: the same call may be made again, whatever it does. */
const isHarmless = ({ evidence }: ChorusError): boolean =>
  ['not-sent', 'not-processed', 'refused'].includes(evidence.proof)

export function createDoors(first: Door, { leaveMs, takenBack }: DoorsOptions): Doors {
  let current = first
  /** Where to go when the current one fails; gone once it has proven itself. */
  const before = new Map<Door, Door>()
  const successes = new Map<Door, number>()

  const leave = (door: Door | undefined) => {
    if (door === undefined) return
    successes.delete(door)
    void door.close(leaveMs)
  }

  function proven(door: Door): void {
    const count = (successes.get(door) ?? 0) + 1
    successes.set(door, count)
    if (count < proofs) return
    const old = before.get(door)
    before.delete(door)
    leave(old)
  }

  return {
    current: () => current,
    async use(call) {
      const door = current
      try {
        const answer = await call(door)
        if (before.has(door)) proven(door)
        return answer
      } catch (error) {
        const old = before.get(door)
        if (old === undefined || !isOurs(error) || !isHarmless(error)) throw error
        const back = () => {
          if (current !== door) return
          current = old
          before.delete(door)
          leave(door)
          takenBack(error)
        }
        try {
          const answer = await call(old)
          back()
          return answer
        } catch (again) {
          // Where the old ones fail as well, the new ones are not at fault.
          if (isOurs(again) && isHarmless(again)) throw error
          if (again instanceof ChorusError && again.evidence.problem === 'deposit-refused') back()
          throw again
        }
      }
    },
    change(next) {
      const old = before.get(current)
      before.delete(current)
      leave(old)
      before.set(next, current)
      current = next
    },
    async close(deadlineMs) {
      await Promise.all([current, ...before.values()].map((door) => door.close(deadlineMs)))
    }
  }
}
