import fp from 'fastify-plugin'
import type { Problem } from '../../schemas/problem.ts'

/** Paths of clients that were written for Chorus Pro. */
const theirs = /^\/(cpro|service|service-qualif)\//

/**
 * Lets clients of the certificate mode show their key as they show a technical account, by HTTP Basic: the password is
 * the key, or the name where there is no password. Registered before whoever checks keys.
 */
export const chorusClients = fp(
  async (app) => {
    app.addHook('onRequest', async ({ url, headers }) => {
      if (!theirs.test(url)) return
      const key = keyOfBasic(headers.authorization)
      if (key !== undefined) headers.authorization = `Bearer ${key}`
    })
  },
  { name: 'chorus-clients' }
)

/** The key in `Basic base64(name:password)`. */
export function keyOfBasic(authorization: string | undefined): string | undefined {
  const pair = /^Basic +([A-Za-z0-9+/=_-]{1,12000})$/i.exec(authorization ?? '')?.[1]
  if (pair === undefined) return undefined
  const [, name = '', password = ''] = /^([^:]*):?(.*)$/s.exec(Buffer.from(pair, 'base64').toString('utf8')) ?? []
  return [password, name].find((text) => text.startsWith('cpg_')) ?? (password === '' ? name : password)
}

/**
 * Our own problems, readable for these clients too: `codeRetour` is the HTTP status, as with Chorus Pro's own 401, and
 * `libelle` our code with the detail.
 */
export const chorusClientProblems = fp(
  async (app) => {
    app.addHook('onSend', async (request, reply, payload) => {
      if (request.problem === undefined || typeof payload !== 'string') return payload
      // Some send Basic only when they are asked to.
      if (reply.statusCode === 401 && !request.url.startsWith('/cpro/'))
        reply.header('www-authenticate', 'Basic realm="Chorus Pro"')
      const problem = JSON.parse(payload) as Problem
      const { status, code, title, detail = title } = problem
      return JSON.stringify({ ...problem, codeRetour: status, libelle: `${code} - ${detail}` })
    })
  },
  { name: 'chorus-client-problems' }
)
