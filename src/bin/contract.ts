import { pino } from 'pino'
import { createApp } from '../app.ts'
import { compose } from '../compose.ts'
import { readConfig } from '../config.ts'
import { waysOf } from '../connections/ways.ts'
import { version } from '../gateway.ts'
import type { DocumentStore } from '../store/document-store.ts'
import type { Store } from '../store/store.ts'
import { type ContractDocument, writeTypes } from './client-types.ts'

/** The contract, from the routes themselves: nothing listens, no folder is touched, no setting is read. */
export async function writeContract(): Promise<{ yaml: string; types: string }> {
  const config = readConfig({})
  const log = pino({ level: 'silent' })
  const parts = compose({
    config,
    version,
    store: absent<Store>(),
    documents: absent<DocumentStore>(),
    ways: waysOf(config, log, { apiUrl: 'https://localhost/cpro' }),
    log
  })
  const app = await createApp(parts, log)
  try {
    await app.ready()
    return { yaml: app.swagger({ yaml: true }), types: writeTypes(app.swagger() as ContractDocument) }
  } finally {
    await app.close()
    await parts.close()
  }
}

/** Stands in where a part wants a store and will never ask it for anything but to close. */
function absent<T extends object>(): T {
  const methods: ProxyHandler<object> = {
    get: (_target, name) => async () => {
      if (name !== 'close') throw new Error(`the contract needs no ${String(name)}`)
    }
  }
  return new Proxy({}, methods) as T
}
