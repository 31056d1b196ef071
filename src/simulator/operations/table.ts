import type { Handler, Mode, Operations } from '../world.ts'
import { certificateOnly } from './certificate-only.ts'
import { engagements } from './engagements.ts'
import { factures } from './factures.ts'
import { organisations } from './organisations.ts'
import { structures } from './structures.ts'
import { healthCheck, transverses } from './transverses.ts'
import { utilisateurs } from './utilisateurs.ts'
import { works } from './works.ts'

export interface SimulatedOperation {
  domain: string
  /** Below the domain; `{name}` stands for one part that the caller fills in. */
  path: string
  method: 'GET' | 'POST' | 'PATCH'
  /** Operations that were left behind when the services moved to PISTE are answered in the certificate mode alone. */
  modes: readonly Mode[]
}

export interface Route extends SimulatedOperation {
  handler: Handler
}

const both: readonly Mode[] = ['piste', 'certificate']

const posted = (domain: string, operations: Operations, modes = both): Route[] =>
  Object.entries(operations).map(([path, handler]) => ({ domain, path, method: 'POST', modes, handler }))

const routes: Route[] = [
  ...posted('factures', factures),
  ...posted('facturesTravaux', works),
  ...posted('structures', structures),
  { domain: 'transverses', path: 'health-check', method: 'GET', modes: both, handler: healthCheck },
  ...posted('transverses', transverses),
  ...posted('utilisateurs', utilisateurs),
  ...posted('engagementsJuridiques', engagements),
  // Which access the directory of organisations has in the certificate mode is not told: it is open there too.
  ...organisations.map((one) => ({ domain: 'organisations', modes: both, ...one })),
  ...Object.entries(certificateOnly).flatMap(([domain, operations]) => posted(domain, operations, ['certificate']))
]

/** Everything that is answered here, for tables and tests. A path is `/cpro/<domain>/v1/<path>` or `/service/<domain>/<path>`. */
export const simulatedOperations: readonly SimulatedOperation[] = routes.map(({ handler: _handler, ...facts }) => facts)

/** APIs that PISTE declares; any other has a realm of its own. */
export const domains: ReadonlySet<string> = new Set(routes.map((route) => route.domain))

const exact = Map.groupBy(routes, ({ domain, path }) => `${domain}/${path}`)
const withParams = routes
  .filter(({ path }) => path.includes('{'))
  .map((route) => ({ route, pattern: new RegExp(`^${route.path.replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`) }))

/** The routes of a path, one for each method, with what the caller filled in. */
export function findRoutes(
  domain: string,
  path: string,
  mode: Mode
): { route: Route; params: Record<string, string> }[] {
  const plain = (exact.get(`${domain}/${path}`) ?? []).map((route) => ({ route, params: {} }))
  const filled = withParams.flatMap(({ route, pattern }) => {
    const groups = route.domain === domain ? pattern.exec(path)?.groups : undefined
    return groups === undefined ? [] : [{ route, params: { ...groups } }]
  })
  return [...plain, ...filled].filter(({ route }) => route.modes.includes(mode))
}
