import { Agent, type Dispatcher } from 'undici'
import type { Connector } from './connect.ts'

export interface UpstreamDispatcher {
  dispatcher: Dispatcher
  /** Aborted when calls that are still under way must end. */
  ending: AbortSignal
  /** Lets what is under way finish until the deadline, then ends it. */
  close: (deadlineMs: number) => Promise<void>
}

/**
 * One agent per way to Chorus Pro. Connections are kept only just long enough for calls that follow each other: one that
 * the other side closes while we send leaves an unknown outcome (network brief, section 6). Deadlines are the caller's
 * own (call.ts), so undici's timers are only the net below them.
 */
export function createDispatcher(
  connector: Connector,
  settings: { connections?: number; timeoutMs: number }
): UpstreamDispatcher {
  const agent = new Agent({
    connect: connector.connect,
    allowH2: false,
    pipelining: 1,
    connections: settings.connections ?? 16,
    keepAliveTimeout: 2000,
    keepAliveMaxTimeout: 4000,
    headersTimeout: settings.timeoutMs + 30_000,
    bodyTimeout: settings.timeoutMs + 30_000,
    maxHeaderSize: 16_384
  })
  const ending = new AbortController()
  return {
    dispatcher: agent,
    ending: ending.signal,
    close: async (deadlineMs) => {
      // An agent that is closing forgets its clients: destroy() would no longer end what they do.
      const timer = setTimeout(() => {
        connector.close()
        ending.abort(Object.assign(new Error('the gateway is stopping'), { code: 'GATEWAY_STOPPING' }))
      }, deadlineMs)
      await agent.close().catch(() => {})
      clearTimeout(timer)
      connector.close()
    }
  }
}
