import type { TLSSocket } from 'node:tls'
import { chainOf, nameOf } from './connect.ts'
import { codeOf } from './connect-error.ts'
import { type Identity, IdentityError } from './identity.ts'
import { Stop, type Walk } from './road.ts'
import type { Trust } from './trust.ts'
import type { Proxy } from './tunnel.ts'

const unknownAuthority = /SELF_SIGNED|UNABLE_TO|DEPTH_ZERO/

export function judgeServer(walk: Walk, secure: TLSSocket, trust: Trust, proxy: Proxy | undefined): void {
  const { hostname } = walk.target
  const chain = chainOf(secure)
  const issuer = nameOf(chain[0]?.issuer)
  if (!secure.authorized) {
    const code = codeOf(secure.authorizationError)
    const why = code === 'no code' ? String(secure.authorizationError) : code
    if (!unknownAuthority.test(why)) {
      throw new Stop(
        'server-certificate',
        `The certificate of ${hostname}, issued by "${issuer}", is not valid (${why})`
      )
    }
    const who = proxy === undefined ? 'somebody on the way' : `the proxy ${proxy.label}`
    throw new Stop(
      'server-certificate',
      `What answers for ${hostname} shows a certificate of "${issuer}", whom this machine does not know (${why}): most likely ${who} opens TLS connections to look inside`,
      true
    )
  }
  const until = new Date(chain[0]?.valid_to ?? '').toISOString().slice(0, 10)
  const added = chain.some((certificate) => trust.isExtra(certificate.raw))
  const note = added ? '; trusted through the CA file, which an intercepting proxy needs as well' : ''
  walk.green('server-certificate', `Issued by "${issuer}", valid until ${until}${note}`)
}

/** What a server says unasked after the handshake, it says within this time. */
const afterwordMs = 700

export async function judgeClient(
  walk: Walk,
  secure: TLSSocket,
  identity: Identity | IdentityError | undefined,
  trust: Trust,
  proxy: Proxy | undefined
): Promise<void> {
  const { hostname } = walk.target
  if (walk.settings.access !== 'certificate') return walk.skip('client-certificate', 'PISTE needs none.')
  if (identity === undefined) throw new Stop('client-certificate', 'No client certificate is configured')
  if (identity instanceof IdentityError) throw new Stop('client-certificate', identity.message)
  const now = (walk.settings.now ?? Date.now)()
  const day = (date: Date) => date.toISOString().slice(0, 10)
  if (now > identity.notAfter.getTime())
    throw new Stop('client-certificate', `Our client certificate expired on ${day(identity.notAfter)}`)
  if (now < identity.notBefore.getTime())
    throw new Stop('client-certificate', `Our client certificate is not valid before ${day(identity.notBefore)}`)
  const asked = secure.isSessionReused() || secure.getSharedSigalgs().length > 0
  const chain = chainOf(secure)
  if (!asked && proxy !== undefined && chain.some((certificate) => trust.isExtra(certificate.raw))) {
    throw new Stop(
      'client-certificate',
      `The proxy ${proxy.label} opens the TLS connection (its certificate is issued by "${nameOf(chain[0]?.issuer)}"): a client certificate cannot pass it`,
      true
    )
  }
  const code = await afterword(secure)
  if (code !== undefined)
    throw new Stop('client-certificate', `${hostname} hangs up when it sees our client certificate (${code})`)
  const whole = identity.hasIssuer
    ? ''
    : '; the certificate that issued it is not in the file, and some servers ask for it'
  walk.green(
    'client-certificate',
    `${identity.subject}, until ${day(identity.notAfter)}${asked ? '' : '; it was not asked for'}${whole}`
  )
}

/** With TLS 1.3 a server refuses our certificate after the handshake. Undefined: it stays calm. */
async function afterword(secure: TLSSocket): Promise<string | undefined> {
  let alert: string | undefined
  secure.on('error', (error) => {
    alert = codeOf(error)
  })
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(undefined), afterwordMs)
    secure.once('close', () => {
      clearTimeout(timer)
      resolve(alert ?? 'closed')
    })
    secure.resume()
  })
}
