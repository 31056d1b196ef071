import { createHash, generateKeyPair, type KeyObject, randomBytes, sign } from 'node:crypto'
import { isIP } from 'node:net'
import { promisify } from 'node:util'
import forge from 'node-forge'
import { bits, implicit, integer, octets, oid, sequence, set, tagged, time, utf8, yes } from './der.ts'

const makeKeys = promisify(generateKeyPair)

export interface Identity {
  /** PEM. */
  certificate: string
  key: string
}

export interface Authority extends Identity {
  name: string
  signer: KeyObject
  keyId: Buffer
}

export interface Validity {
  from: Date
  to: Date
}

const day = 86_400_000
export const usualValidity = (now = Date.now()): Validity => ({
  from: new Date(now - day),
  to: new Date(now + 397 * day)
})

const names = { authority: "Simulateur Chorus Pro, autorité d'essai", client: 'Simulateur Chorus Pro, client' }
const pem = (label: string, body: Buffer): string =>
  `-----BEGIN ${label}-----\n${body.toString('base64').replaceAll(/.{64}(?!$)/g, '$&\n')}\n-----END ${label}-----\n`
const exported = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }) as string

const sha256WithRsa = sequence(oid('1.2.840.113549.1.1.11'), Buffer.from([0x05, 0x00]))
const commonName = (name: string): Buffer => sequence(set(sequence(oid('2.5.4.3'), utf8(name))))
const extension = (id: string, body: Buffer, critical = false): Buffer =>
  sequence(oid(id), ...(critical ? [yes()] : []), octets(body))

interface Request {
  subject: string
  publicKey: KeyObject
  validity: Validity
  /** Extensions besides the key identifiers. */
  extensions: Buffer[]
}

function issue(
  { subject, publicKey, validity, extensions }: Request,
  by: { name: string; signer: KeyObject; keyId?: Buffer }
) {
  const publicInfo = publicKey.export({ type: 'spki', format: 'der' }) as Buffer
  const keyId = createHash('sha1').update(publicInfo).digest()
  // Recent clients (Python 3.13) insist on both key identifiers.
  const identifiers = [
    extension('2.5.29.14', octets(keyId)),
    extension('2.5.29.35', sequence(implicit(0, by.keyId ?? keyId)))
  ]
  const content = sequence(
    tagged(0, integer(2)),
    integer(Buffer.concat([Buffer.from([0x01]), randomBytes(15)])),
    sha256WithRsa,
    commonName(by.name),
    sequence(time(validity.from), time(validity.to)),
    commonName(subject),
    publicInfo,
    tagged(3, sequence(...extensions, ...identifiers))
  )
  const certificate = sequence(content, sha256WithRsa, bits(sign('sha256', content, by.signer)))
  return { certificate: pem('CERTIFICATE', certificate), keyId }
}

const keyUsage = (mask: number, unused: number): Buffer =>
  extension('2.5.29.15', bits(Buffer.from([mask]), unused), true)
const notAuthority = extension('2.5.29.19', sequence(), true)
const purpose = (id: string): Buffer => extension('2.5.29.37', sequence(oid(id)))

export async function createAuthority(validity = usualValidity()): Promise<Authority> {
  const { publicKey, privateKey } = await makeKeys('rsa', { modulusLength: 2048 })
  const extensions = [extension('2.5.29.19', sequence(yes()), true), keyUsage(0x06, 1)]
  const request = { subject: names.authority, publicKey, validity, extensions }
  const { certificate, keyId } = issue(request, { name: names.authority, signer: privateKey })
  return { name: names.authority, certificate, key: exported(privateKey), signer: privateKey, keyId }
}

/** An elliptic key: handshakes are cheap, and load tests make many. */
export async function issueServer(
  authority: Authority,
  hosts: readonly string[],
  validity = usualValidity()
): Promise<Identity> {
  const { publicKey, privateKey } = await makeKeys('ec', { namedCurve: 'P-256' })
  const alternatives = hosts.map((host) =>
    isIP(host) === 0 ? implicit(2, Buffer.from(host)) : implicit(7, addressBytes(host))
  )
  const extensions = [
    notAuthority,
    keyUsage(0x80, 7),
    purpose('1.3.6.1.5.5.7.3.1'),
    extension('2.5.29.17', sequence(...alternatives))
  ]
  const request = { subject: hosts[0] ?? 'localhost', publicKey, validity, extensions }
  return { certificate: issue(request, authority).certificate, key: exported(privateKey) }
}

/** RSA, as the certificates that companies really hold. */
export async function issueClient(
  authority: Authority,
  validity = usualValidity(),
  subject = names.client
): Promise<Identity> {
  const { publicKey, privateKey } = await makeKeys('rsa', { modulusLength: 2048 })
  const extensions = [notAuthority, keyUsage(0xa0, 5), purpose('1.3.6.1.5.5.7.3.2')]
  return {
    certificate: issue({ subject, publicKey, validity, extensions }, authority).certificate,
    key: exported(privateKey)
  }
}

/** PKCS#12 with the chain, in ciphers that OpenSSL 3 takes. */
export function writePkcs12({ certificate, key }: Identity, authority: string, passphrase: string): Buffer {
  const chain = [certificate, authority].map((one) => forge.pki.certificateFromPem(one))
  const asn1 = forge.pkcs12.toPkcs12Asn1(forge.pki.privateKeyFromPem(key), chain, passphrase, {
    algorithm: 'aes256',
    friendlyName: names.client
  })
  return Buffer.from(forge.asn1.toDer(asn1).getBytes(), 'binary')
}

function addressBytes(address: string): Buffer {
  if (isIP(address) === 4) return Buffer.from(address.split('.').map(Number))
  const [head = '', tail = ''] = address.split('::')
  const groups = (text: string): number[] =>
    text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16))
  const middle = address.includes('::')
    ? Array.from({ length: 8 - groups(head).length - groups(tail).length }, () => 0)
    : []
  const bytes = Buffer.alloc(16)
  for (const [index, group] of [...groups(head), ...middle, ...groups(tail)].entries())
    bytes.writeUInt16BE(group, index * 2)
  return bytes
}
