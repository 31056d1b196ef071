import { asItIs, aside, asideService, type See } from './aside.ts'
import { createAsker } from './asker.ts'
import type { CallOptions, Chorus } from './chorus.ts'
import { createDoor, type Door } from './door.ts'
import { createDoors } from './doors.ts'
import { ChorusError } from './errors.ts'
import { throughGate } from './gate.ts'
import type { Identity } from './identity.ts'
import { createOperations } from './operations.ts'
import type { Passage } from './passage.ts'
import type { Answer, Operation } from './request.ts'
import { createResources, type Resources } from './resources.ts'
import type { ChorusSettings } from './settings.ts'

export interface ChorusStatus {
  environment: ChorusSettings['environment']
  access: ChorusSettings['access']
  host: string
  proxy?: string
  certificate?: Omit<Identity, 'key' | 'chain'>
  /** Names of settings without which nothing can be sent. */
  missing: string[]
  tokenRemainingMs?: number
  connections: { opened: number; resumed: number }
  lastSuccessAt?: string
  lastFailure?: { at: string; problem: string; service: string; message: string }
}

export interface ChorusClient extends Chorus {
  resources: Resources
  /** A call as somebody else wrote it, with our credentials. */
  pass: Passage
  /** Lets calls that are under way finish for so long (10 s), then ends them: what had left is then unknown. */
  close: (deadlineMs?: number) => Promise<void>
  status: () => ChorusStatus
  /**
   * Goes on with other credentials, certificate or proxy, once a harmless call has succeeded with them. Throws what that
   * call threw, IdentityError or TypeError, and everything stays as it was. The first real calls that fail for a reason
   * of ours are made again with those before, which then come back: `takenBack` tells.
   */
  renew: (settings: ChorusSettings, takenBack: (error: ChorusError) => void) => Promise<void>
}

/** The way to Chorus Pro. Throws as `createDoor` does, and opens nothing until something calls it. */
export function createChorus(settings: ChorusSettings): ChorusClient {
  const now = settings.now ?? Date.now
  const api = new URL(settings.apiUrl)
  const { access } = settings
  const sendAccountHeader = settings.sendAccountHeader !== false
  let takenBack: (error: ChorusError) => void = () => {}
  const doors = createDoors(createDoor(settings), {
    leaveMs: settings.timeoutMs + 5_000,
    takenBack: (error) => takenBack(error)
  })
  const last: Pick<ChorusStatus, 'lastSuccessAt' | 'lastFailure'> = {}

  /** Notes how it went: what operators see of this way. */
  async function noted<T>(
    service: string,
    probe: boolean,
    work: () => Promise<T>,
    see: See,
    isGood: (answer: T) => boolean = () => true
  ): Promise<T> {
    try {
      const seen = () =>
        work().catch((error: unknown) => {
          throw see(error)
        })
      const answer = await throughGate(probe ? undefined : settings.gate, service, seen, isGood)
      if (isGood(answer)) last.lastSuccessAt = new Date(now()).toISOString()
      return answer
    } catch (error) {
      const evidence = error instanceof ChorusError ? error.evidence : undefined
      if (error instanceof ChorusError && evidence?.problem !== 'deposit-refused' && evidence?.abandoned !== true) {
        const { problem, service } = error.evidence
        last.lastFailure = { at: new Date(now()).toISOString(), problem, service, message: error.message }
      }
      throw error
    }
  }
  const ask = (
    operation: Operation,
    call: CallOptions | undefined,
    see: See = operation.beside === true ? asideService : asItIs
  ): Promise<Answer> =>
    noted(operation.service, call?.probe === true, () => doors.use((door) => door.request(operation, call)), see)

  /** Where the account goes along, by a call that looks at it: health-check may not. */
  async function tryOut(door: Door): Promise<void> {
    const trial = createOperations({ ask: door.request, access, sendAccountHeader, now })
    const call = { deadlineMs: Math.min(30_000, settings.timeoutMs) }
    if (access === 'piste' && sendAccountHeader) await trial.suppliers(call)
    else await trial.ping(call)
  }

  return {
    ...createOperations({ ask, access, sendAccountHeader, now }),
    resources: createResources(createAsker((operation, call) => ask(operation, call, aside))),
    pass: (call, options) =>
      noted(
        call.operation,
        false,
        () => doors.use((door) => door.pass(call, options)),
        aside,
        ({ status }) => status < 500 && status !== 429
      ),
    close: (deadlineMs = 10_000) => doors.close(deadlineMs),
    async renew(next, tell) {
      const door = createDoor(next)
      try {
        await tryOut(door)
      } catch (error) {
        await door.close(0)
        throw error
      }
      takenBack = tell
      doors.change(door)
    },
    status: () => {
      const { identity, proxy, missing, tokenRemainingMs, counts } = doors.current()
      const remaining = tokenRemainingMs()
      return {
        environment: settings.environment,
        access,
        host: api.host,
        ...(proxy !== undefined && { proxy: proxy.label }),
        ...(identity !== undefined && { certificate: shown(identity) }),
        missing,
        ...(remaining !== undefined && { tokenRemainingMs: remaining }),
        connections: counts(),
        ...last
      }
    }
  }
}

function shown({
  subject,
  issuer,
  serial,
  siren,
  notBefore,
  notAfter,
  hasIssuer
}: Identity): Omit<Identity, 'key' | 'chain'> {
  return { subject, issuer, serial, ...(siren !== undefined && { siren }), notBefore, notAfter, hasIssuer }
}
