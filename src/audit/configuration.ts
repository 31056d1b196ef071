import { createHash } from 'node:crypto'
import type { AuditEntry } from '../store/audit.ts'
import type { Store } from '../store/store.ts'

type Flat = Record<string, string | number | boolean>

/** Texts that may stand in the audit as they are: every other one is only told from none. */
const plain =
  /(^|\.)(host|adminHost|dataDir|restored|auth|logLevel|environment|access|noProxy|name|route|version|issuer|audience|(sellers|formerly|trustedProxies)\.\d+)$/

/**
 * The entry for a configuration that is not the one before; undefined when it is. Secrets are `set` or not there, files
 * are their digests, addresses their host alone.
 */
export async function configurationEntry(
  store: Pick<Store, 'listAudit'>,
  config: object
): Promise<AuditEntry | undefined> {
  const settings = flatten(config)
  const [last] = await store.listAudit({ kind: 'configuration-changed' }, { limit: 1 })
  const before = (last?.data?.['settings'] ?? {}) as Flat
  const names = new Set([...Object.keys(before), ...Object.keys(settings)])
  const changed = [...names].filter((name) => before[name] !== settings[name]).sort()
  if (changed.length === 0) return undefined
  const first = last === undefined ? { first: true } : { changed }
  return { kind: 'configuration-changed', actor: 'gateway', data: { ...first, settings } }
}

function flatten(value: unknown, path = ''): Flat {
  if (value === undefined || value === null) return {}
  if (typeof value === 'number' || typeof value === 'boolean') return { [path]: value }
  if (Buffer.isBuffer(value)) return { [path]: `sha256:${createHash('sha256').update(value).digest('hex')}` }
  if (typeof value === 'string') return { [path]: shown(path, value) }
  if (typeof value !== 'object') return {}
  // Its names are IBANs.
  if (path.endsWith('.bankAccounts')) return { [path]: value instanceof Map ? value.size : Object.keys(value).length }
  const parts = Object.entries(value).map(([name, member]) => flatten(member, path === '' ? name : `${path}.${name}`))
  return Object.assign({}, ...parts) as Flat
}

function shown(path: string, value: string): string {
  if (plain.test(path)) return value.slice(0, 200)
  if (/url$/i.test(path) && URL.canParse(value)) return new URL(value).host
  return 'set'
}
