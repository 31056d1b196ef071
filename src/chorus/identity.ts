import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { createSecureContext } from 'node:tls'
import { codeOf } from './connect-error.ts'
import { readPkcs12 } from './pkcs12.ts'
import type { CertificateFiles } from './settings.ts'
import { splitPem } from './trust.ts'

export interface Identity {
  /** PKCS#8 PEM. */
  key: string
  /** PEM, our certificate first, then those that issued it, as far as they were given. */
  chain: string
  subject: string
  issuer: string
  serial: string
  siren?: string
  notBefore: Date
  notAfter: Date
  /** False when the file does not hold the certificate that issued ours: a server that trusts only the root refuses it. */
  hasIssuer: boolean
}

/** The client certificate cannot be used. The message names the cause and the remedy, and never the passphrase. */
export class IdentityError extends Error {
  override readonly name = 'IdentityError'
}

/** Reads the key and its certificates; dates are shown, not judged. Costs up to a second for files with many iterations. */
export function readIdentity(files: CertificateFiles): Identity {
  const { key, certificates } = 'pkcs12' in files ? fromPkcs12(files.pkcs12, files.passphrase) : fromPem(files)
  const leaf = certificates.find((certificate) => certificate.checkPrivateKey(key))
  if (leaf === undefined) throw new IdentityError('The private key does not belong to any certificate of the file')
  const chain = order(leaf, certificates)
  const siren = readSiren(leaf)
  const pem = { key: key.export({ type: 'pkcs8', format: 'pem' }).toString(), cert: chain.map(String).join('') }
  try {
    createSecureContext(pem)
  } catch (error) {
    throw new IdentityError(`OpenSSL does not take this certificate (${codeOf(error)}): it may be too weak`)
  }
  return {
    key: pem.key,
    chain: pem.cert,
    subject: oneLine(leaf.subject),
    issuer: oneLine(leaf.issuer),
    serial: leaf.serialNumber,
    ...(siren !== undefined && { siren }),
    notBefore: new Date(leaf.validFrom),
    notAfter: new Date(leaf.validTo),
    hasIssuer: chain.length > 1 || leaf.checkIssued(leaf)
  }
}

type Pair = { key: KeyObject; certificates: X509Certificate[] }

function fromPkcs12(file: Buffer, passphrase: string | undefined): Pair {
  if (file.includes('-----BEGIN ')) {
    throw new IdentityError(
      'The certificate file is PEM, not PKCS#12: name the private key as well, in CHORUS_PRO_CERTIFICATE_KEY_FILE'
    )
  }
  const found = readPkcs12(file, passphrase ?? '')
  if (found === 'unreadable') throw new IdentityError('The certificate file is not PKCS#12, or it is damaged')
  if (found === 'wrong-passphrase') {
    const given =
      passphrase === undefined || passphrase === '' ? 'needs a passphrase' : 'does not open with this passphrase'
    throw new IdentityError(`The certificate file ${given}: check CHORUS_PRO_CERTIFICATE_PASSPHRASE`)
  }
  if (found.key === undefined) {
    throw new IdentityError('The certificate file holds no private key: export it again, with the key')
  }
  if (found.certificates.length === 0) throw new IdentityError('The certificate file holds a key and no certificate')
  const key = createPrivateKey({ key: found.key, format: 'der', type: 'pkcs8' })
  return { key, certificates: found.certificates.map((der) => new X509Certificate(der)) }
}

function fromPem(files: { cert: string; key: string; passphrase?: string }): Pair {
  const blocks = splitPem(files.cert)
  if (blocks.length === 0) throw new IdentityError('CHORUS_PRO_CERTIFICATE_FILE holds no PEM certificate')
  try {
    const { passphrase } = files
    const key = createPrivateKey({ key: files.key, format: 'pem', ...(passphrase !== undefined && { passphrase }) })
    return { key, certificates: blocks.map((pem) => new X509Certificate(pem)) }
  } catch {
    const text =
      'The private key or a certificate cannot be read: check the PEM files and CHORUS_PRO_CERTIFICATE_PASSPHRASE'
    throw new IdentityError(text)
  }
}

function order(leaf: X509Certificate, certificates: X509Certificate[]): X509Certificate[] {
  const chain = [leaf]
  for (;;) {
    const last = chain.at(-1)
    const issuer = certificates.find(
      (candidate) =>
        last?.checkIssued(candidate) === true && !chain.some((held) => held.fingerprint256 === candidate.fingerprint256)
    )
    if (issuer === undefined) return chain
    chain.push(issuer)
  }
}

/** `OU=0002 356000000` or `organizationIdentifier=SI:FR-356000000` (network brief, section 5.3). */
function readSiren(leaf: X509Certificate): string | undefined {
  return (
    /^OU=0002 (\d{9})/m.exec(leaf.subject)?.[1] ??
    /^(?:organizationIdentifier|2\.5\.4\.97)=.*?(\d{9})(?!\d)/m.exec(leaf.subject)?.[1]
  )
}

const oneLine = (name: string): string => name.split('\n').join(', ')
