import type { IncomingHttpHeaders } from 'node:http'
import { type Account, findAccount, type Tokens } from './accounts.ts'
import { domains, findRoutes, type Route } from './operations/table.ts'
import { EdgeRefusal } from './refusal.ts'
import type { Settings } from './settings.ts'
import type { Mode } from './world.ts'

/** Which way in: PISTE, the client certificate, or both without TLS. */
export type Access = 'piste' | 'certificate' | 'plain'

export interface Target {
  form: 'token' | Mode | 'unknown'
  domain: string
  /** As the ledger and the fault rules name it. */
  operation: string
  /** One for each method; none if the path is not known. */
  found: { route: Route; params: Record<string, string> }[]
}

const forms = [
  { form: 'piste', pattern: /^\/cpro\/([^/]+)\/v1\/(.+)$/, access: ['piste', 'plain'] },
  // Works invoices stood below `factures/` then; PISTE gave them a domain of their own.
  {
    form: 'certificate',
    pattern: /^\/service(?:-qualif)?\/(factures\/travaux|[^/]+)\/(.+)$/,
    access: ['certificate', 'plain']
  }
] as const

export function findTarget(url: string, access: Access): Target {
  const called = url.split('?', 1)[0] as string
  // A client that leaves the version of PISTE out writes `factures//soumettre`, and the certificate mode took it.
  const path = called.startsWith('/service') ? called.replaceAll(/\/{2,}/g, '/') : called
  const none = { domain: '', found: [] }
  if (path === '/api/oauth/token' && access !== 'certificate') return { ...none, form: 'token', operation: 'token' }
  for (const { form, pattern, access: open } of forms) {
    const [, named, operation] = pattern.exec(path) ?? []
    if (named === undefined || operation === undefined || !(open as readonly string[]).includes(access)) continue
    const domain = named === 'factures/travaux' ? 'facturesTravaux' : named
    const found = findRoutes(domain, operation, form)
    return { form, domain, operation: operation === 'health-check' ? operation : `${domain}/${operation}`, found }
  }
  return { ...none, form: 'unknown', operation: path }
}

export const bearerOf = (headers: IncomingHttpHeaders): string | undefined =>
  /^Bearer (\S+)$/i.exec(headers.authorization ?? '')?.[1]

/** Who calls. Throws what PISTE or the portal says before any service (authentication.md 2.4). */
export function authenticate(
  { form, domain }: Target,
  headers: IncomingHttpHeaders,
  { accounts, tokens, settings }: { accounts: readonly Account[]; tokens: Tokens; settings: Settings }
): Account {
  if (form === 'certificate') {
    const account = findAccount(accounts, /^Basic (\S+)$/i.exec(headers.authorization ?? '')?.[1])
    if (account === undefined || settings.passwordExpired) throw legacyRefusal()
    return account
  }
  const realm = (name: string) => new EdgeRefusal(401, { 'www-authenticate': `Bearer realm="${name}"` })
  // A path of no registered API has a realm of its own.
  if (form === 'unknown' || !domains.has(domain)) throw realm('DefaultRealm')
  if (!tokens.valid(bearerOf(headers))) throw realm('PISTE')
  const technical = headers['cpro-account']
  if (settings.internalApplication) {
    // authentication.md 2.5: the header must be absent, and transverses is closed (403 with an echo, by the caller).
    if (technical !== undefined) throw realm('PISTE')
    return accounts[0] as Account
  }
  const account = findAccount(accounts, typeof technical === 'string' ? technical : undefined)
  if (account === undefined || settings.passwordExpired) {
    // The directory of organisations has words of its own for it (other-domains.json).
    if (domain === 'organisations') throw new EdgeRefusal(401, {}, { ErrorCode: '401', Description: '[invalid field]' })
    throw realm('PISTE')
  }
  return account
}

/** The challenge is not recorded; a body with 401 as codeRetour was, in certificate mode. */
const legacyRefusal = (): EdgeRefusal =>
  new EdgeRefusal(
    401,
    { 'www-authenticate': 'Basic realm="Chorus Pro"' },
    { codeRetour: 401, libelle: "Impossible d'authentifier l'utilisateur dans le LDAP." }
  )

/** Through PISTE the type must be named (authentication.md 2.3). A client in production never named one in the other mode. */
export const takesBody = (mode: Mode, contentType: string | undefined): boolean =>
  contentType === undefined ? mode === 'certificate' : /^application\/json\s*(?:;|$)/i.test(contentType)
