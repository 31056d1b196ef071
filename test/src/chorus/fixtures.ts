import { execFileSync } from 'node:child_process'
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import type { AddressInfo, Server, Socket } from 'node:net'
import forge from 'node-forge'
import type { Test } from 'tap'
import { type ChorusClient, createChorus } from '../../../src/chorus/client.ts'
import { ChorusError } from '../../../src/chorus/errors.ts'
import type { ChorusSettings } from '../../../src/chorus/settings.ts'

export interface Issued {
  cert: string
  key: string
  forgeCert: forge.pki.Certificate
  forgeKey: forge.pki.rsa.PrivateKey
}

const day = 86_400_000

/** A certificate made on the spot: nothing with a key is kept in the repository. */
export function issue(
  name: string,
  how: { by?: Issued; ca?: boolean; days?: [number, number]; names?: string[]; unit?: string } = {}
): Issued {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const key = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString()
  const forgeKey = forge.pki.privateKeyFromPem(key)
  const cert = forge.pki.createCertificate()
  cert.publicKey = forge.pki.setRsaPublicKey(forgeKey.n, forgeKey.e)
  cert.serialNumber = `01${randomBytes(8).toString('hex')}`
  const [from, to] = how.days ?? [-1, 365]
  cert.validity.notBefore = new Date(Date.now() + from * day)
  cert.validity.notAfter = new Date(Date.now() + to * day)
  const subject = [
    { name: 'commonName', value: name },
    ...(how.unit ? [{ name: 'organizationalUnitName', value: how.unit }] : [])
  ]
  cert.setSubject(subject)
  cert.setIssuer(how.by?.forgeCert.subject.attributes ?? subject)
  cert.setExtensions([
    { name: 'basicConstraints', cA: how.ca === true },
    ...(how.names === undefined
      ? []
      : [
          {
            name: 'subjectAltName',
            altNames: how.names.map((value) => (/^\d/.test(value) ? { type: 7, ip: value } : { type: 2, value }))
          }
        ])
  ])
  cert.sign(how.by?.forgeKey ?? forgeKey, forge.md.sha256.create())
  return { cert: forge.pki.certificateToPem(cert), key, forgeCert: cert, forgeKey }
}

/** Everything a TLS test needs, made once for a test file. */
export function makePki() {
  const root = issue('Test Root', { ca: true })
  const middle = issue('Test Intermediate', { by: root, ca: true })
  return {
    root,
    middle,
    server: issue('localhost', { by: root, names: ['localhost', '127.0.0.1'] }),
    client: issue('ERP Client', { by: middle, unit: '0002 356000000' })
  }
}

export function pkcs12(
  leaf: Issued,
  chain: Issued[],
  passphrase: string,
  algorithm: 'aes256' | '3des' = 'aes256'
): Buffer {
  const asn1 = forge.pkcs12.toPkcs12Asn1(
    leaf.forgeKey,
    [leaf, ...chain].map((one) => one.forgeCert),
    passphrase,
    {
      algorithm,
      count: 100
    }
  )
  return Buffer.from(forge.asn1.toDer(asn1).getBytes(), 'binary')
}

export function hasOpenssl(): boolean {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** Listens on a free loopback port; everything is closed when the test ends. */
export async function listen(t: Test, server: Server): Promise<number> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => {}).on('close', () => sockets.delete(socket))
  })
  t.teardown(
    () =>
      new Promise<void>((resolve) => {
        for (const socket of sockets) socket.destroy()
        server.close(() => resolve())
      })
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

/** Secrets that no text may show, in any form. */
export const secrets = {
  login: 'TECH_MARKER_1@cpro.fr',
  password: 'P4ss-Marker/é+word',
  clientId: 'client-marker-id',
  clientSecret: 's3cret-marker=value',
  passphrase: 'p12-marker-phrase',
  proxyPassword: 'pr0xy-marker@word',
  token: 'token-marker-0123456789'
}

/** Where one of the secrets shows in the text, raw, in base64 or URL-encoded; the login alone is no secret. */
export function leaks(text: string): string[] {
  const hidden = [secrets.password, secrets.clientSecret, secrets.passphrase, secrets.proxyPassword, secrets.token]
  const pairs = [`${secrets.login}:${secrets.password}`, `proxyuser:${secrets.proxyPassword}`]
  return [...hidden, ...pairs].filter((secret) =>
    [secret, Buffer.from(secret).toString('base64').replace(/=+$/, ''), encodeURIComponent(secret)].some((form) =>
      text.includes(form)
    )
  )
}

export interface Harness {
  chorus: ChorusClient
  /** Everything that was logged. */
  logged: () => string
}

export function connectTo(t: Test, settings: Partial<ChorusSettings> & { apiUrl: string }): Harness {
  const lines: string[] = []
  const note = (facts: object, message: string) => lines.push(`${message} ${JSON.stringify(facts)}`)
  const chorus = createChorus({
    environment: 'simulator',
    access: 'certificate',
    login: secrets.login,
    password: secrets.password,
    clientId: secrets.clientId,
    clientSecret: secrets.clientSecret,
    timeoutMs: 3000,
    connectTimeoutMs: 1000,
    timeScale: 100,
    trace: true,
    log: { warn: note, info: note, debug: note },
    ...settings
  })
  t.teardown(async () => {
    await chorus.close()
    const found = leaks(lines.join('\n'))
    if (found.length > 0) throw new Error(`${found.length} secrets in the log`)
  })
  return { chorus, logged: () => lines.join('\n') }
}

/** The ChorusError that the call must end in; its text is searched for secrets. */
export async function failure(t: Test, work: Promise<unknown>): Promise<ChorusError> {
  try {
    await work
  } catch (error) {
    if (!(error instanceof ChorusError)) throw error
    t.same(leaks(`${error.message} ${error.stack} ${JSON.stringify(error.evidence)}`), [], 'no secret in the error')
    return error
  }
  throw new Error('the call was expected to fail')
}
