import type { IncomingHttpHeaders } from 'node:http'
import { type Account, findAccount, type Tokens } from './accounts.ts'
import { domains } from './operations/table.ts'
import { EdgeRefusal } from './refusal.ts'
import type { Settings } from './settings.ts'
import type { Handler } from './world.ts'

/** Which way in: PISTE, the client certificate, or both without TLS. */
export type Access = 'piste' | 'certificate' | 'plain'

export interface Target {
  form: 'token' | 'piste' | 'legacy' | 'unknown'
  domain: string
  /** As the ledger and the fault rules name it. */
  operation: string
  handler: Handler | undefined
  health: boolean
}

const forms = [
  { form: 'piste', pattern: /^\/cpro\/([^/]+)\/v1\/(.+)$/, access: ['piste', 'plain'] },
  { form: 'legacy', pattern: /^\/service(?:-qualif)?\/([^/]+)\/(.+)$/, access: ['certificate', 'plain'] }
] as const

export function findTarget(url: string, access: Access): Target {
  const path = url.split('?', 1)[0] as string
  const none = { domain: '', handler: undefined, health: false }
  if (path === '/api/oauth/token' && access !== 'certificate') return { ...none, form: 'token', operation: 'token' }
  for (const { form, pattern, access: open } of forms) {
    const [, domain, operation] = pattern.exec(path) ?? []
    if (domain === undefined || operation === undefined || !(open as readonly string[]).includes(access)) continue
    const health = domain === 'transverses' && operation === 'health-check'
    const handler = Object.hasOwn(domains, domain) ? own(domains[domain] as object, operation) : undefined
    return { form, domain, operation: health ? 'health-check' : `${domain}/${operation}`, handler, health }
  }
  return { ...none, form: 'unknown', operation: path }
}

const own = (table: object, name: string): Handler | undefined =>
  Object.hasOwn(table, name) ? (table as Record<string, Handler>)[name] : undefined

export const bearerOf = (headers: IncomingHttpHeaders): string | undefined =>
  /^Bearer (\S+)$/i.exec(headers.authorization ?? '')?.[1]

/** Who calls. Throws what PISTE or the portal says before any service (authentication.md 2.4). */
export function authenticate(
  { form, domain }: Target,
  headers: IncomingHttpHeaders,
  { accounts, tokens, settings }: { accounts: readonly Account[]; tokens: Tokens; settings: Settings }
): Account {
  if (form === 'legacy') {
    const account = findAccount(accounts, /^Basic (\S+)$/i.exec(headers.authorization ?? '')?.[1])
    if (account === undefined || settings.passwordExpired) throw legacyRefusal()
    return account
  }
  const realm = (name: string) => new EdgeRefusal(401, { 'www-authenticate': `Bearer realm="${name}"` })
  // A path of no registered API has a realm of its own.
  if (form === 'unknown' || !Object.hasOwn(domains, domain)) throw realm('DefaultRealm')
  if (!tokens.valid(bearerOf(headers))) throw realm('PISTE')
  const technical = headers['cpro-account']
  if (settings.internalApplication) {
    // authentication.md 2.5: the header must be absent, and transverses is closed (403 with an echo, by the caller).
    if (technical !== undefined) throw realm('PISTE')
    return accounts[0] as Account
  }
  const account = findAccount(accounts, typeof technical === 'string' ? technical : undefined)
  if (account === undefined || settings.passwordExpired) throw realm('PISTE')
  return account
}

/** The challenge is not recorded; a body with 401 as codeRetour was, in certificate mode. */
const legacyRefusal = (): EdgeRefusal =>
  new EdgeRefusal(
    401,
    { 'www-authenticate': 'Basic realm="Chorus Pro"' },
    { codeRetour: 401, libelle: "Le compte technique n'est pas reconnu." }
  )

export const isJson = (contentType: string | undefined): boolean =>
  /^application\/json\s*(?:;|$)/i.test(contentType ?? '')
