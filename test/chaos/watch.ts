import { setTimeout as sleep } from 'node:timers/promises'
import type { HistoryRecord } from './history.ts'
import type { Replica } from './site.ts'

const everyMs = 150

/** Asks each gateway how it is, and writes down what is wrong: once for each trouble while it lasts. */
export function watchReplicas(
  replicas: Replica[],
  history: { write(record: HistoryRecord): void }
): () => Promise<void> {
  const over = new AbortController()
  const look = async ({ url, name }: Replica) => {
    let before = new Set<string>()
    while (!over.signal.aborted) {
      const words = await troubles(url)
      for (const what of words.filter((one) => !before.has(one)))
        history.write({ kind: 'seen', at: new Date().toISOString(), target: name, what })
      before = new Set(words)
      await sleep(everyMs, undefined, { signal: over.signal }).catch(() => undefined)
    }
  }
  const looking = replicas.map(look)
  return async () => {
    over.abort()
    await Promise.all(looking)
  }
}

async function troubles(url: string): Promise<string[]> {
  try {
    const answer = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(2_000) })
    const { store, lanes } = (await answer.json()) as { store: string; lanes: { state: string; reason?: string }[] }
    const closed = lanes.flatMap(({ state, reason }) => (state === 'open' ? [] : [`lane ${state} ${reason ?? ''}`]))
    return [...(store === 'ok' ? [] : [`store ${store}`]), ...closed]
  } catch {
    return []
  }
}
