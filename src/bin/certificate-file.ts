import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { Writable } from 'node:stream'
import { type Identity, IdentityError, readIdentity } from '../chorus/identity.ts'
import { splitPem } from '../chorus/trust.ts'
import { CommandError } from './arguments.ts'
import { fromPkcs7 } from './pkcs7.ts'

export interface CertificateFile {
  path: string
  kind: 'PKCS#12' | 'PEM' | 'DER'
  /** Ours first, then those that issued it. */
  chain: X509Certificate[]
  /** Absent: the file holds certificates and no key. */
  identity?: Identity
  /** How a PKCS#12 file is encrypted. */
  ciphers?: string
}

export interface CertificateSource {
  file: string | undefined
  key: string | undefined
  passphraseFile: string | undefined
  /** More certificates of the chain. */
  chainFile: string | undefined
}

/** Opens what the operator names, or what the gateway is configured with. Throws CommandError with the cause and the remedy. */
export async function readCertificateFile(source: CertificateSource): Promise<CertificateFile> {
  const found = await openFile(source)
  return source.chainFile === undefined ? found : { ...found, chain: lengthen(found.chain, source.chainFile) }
}

/** Goes on with what the other file holds, as long as one has issued the one before. */
function lengthen(chain: X509Certificate[], path: string): X509Certificate[] {
  const bytes = read(path)
  const bare = certificateOf(bytes)
  const pem = bytes.includes('-----BEGIN PKCS7')
    ? fromPkcs7(bytes.toString('latin1'))
    : splitPem(bytes.toString('latin1')).map((text) => new X509Certificate(text))
  const given = bare === undefined ? pem : [bare]
  if (given.length === 0) throw new CommandError(`${path} holds no certificate.`)
  const whole = [...chain]
  for (;;) {
    const last = whole.at(-1)
    const next = given.find(
      (one) => last?.checkIssued(one) === true && !whole.some((held) => held.fingerprint256 === one.fingerprint256)
    )
    if (next === undefined) return whole
    whole.push(next)
  }
}

async function openFile(source: CertificateSource): Promise<CertificateFile> {
  try {
    process.loadEnvFile()
  } catch {
    // No .env file.
  }
  const path = source.file ?? process.env.CHORUS_PRO_CERTIFICATE_FILE
  if (!path) throw new CommandError('Name a file, or set CHORUS_PRO_CERTIFICATE_FILE.', 2)
  const bytes = read(path)
  const isPem = bytes.includes('-----BEGIN ')
  const keyPath = source.key ?? (source.file === undefined ? process.env.CHORUS_PRO_CERTIFICATE_KEY_FILE : undefined)
  const given = passphraseOf(source)
  try {
    if (isPem) return readPem(path, bytes.toString('utf8'), keyPath, given)
    const bare = certificateOf(bytes)
    if (bare !== undefined) return { path, kind: 'DER', chain: [bare] }
    return await readPkcs12(path, bytes, given)
  } catch (error) {
    if (error instanceof CommandError) throw error
    if (!(error instanceof IdentityError))
      throw new CommandError(`${path}: a certificate in it is damaged.`, 1, { cause: error })
    const hint = /passphrase/i.test(error.message) ? ', or name a file that holds it: --passphrase-file' : ''
    throw new CommandError(`${path}: ${error.message}${hint}.`, 1, { cause: error })
  }
}

function readPem(path: string, text: string, keyPath: string | undefined, given: string | undefined): CertificateFile {
  const key = keyPath === undefined ? text : read(keyPath).toString('utf8')
  if (!/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(key)) {
    const chain = splitPem(text).map((pem) => new X509Certificate(pem))
    if (chain.length === 0) throw new CommandError(`${path} holds no certificate.`)
    return { path, kind: 'PEM', chain }
  }
  const identity = readIdentity({ cert: text, key, ...(given !== undefined && { passphrase: given }) })
  return { path, kind: 'PEM', identity, chain: splitPem(identity.chain).map((pem) => new X509Certificate(pem)) }
}

async function readPkcs12(path: string, bytes: Buffer, given: string | undefined): Promise<CertificateFile> {
  const open = (passphrase: string | undefined) =>
    readIdentity({ pkcs12: bytes, ...(passphrase !== undefined && { passphrase }) })
  let identity: Identity
  try {
    identity = open(given)
  } catch (error) {
    const asks = given === undefined && error instanceof IdentityError && /needs a passphrase/.test(error.message)
    if (!asks || !process.stdin.isTTY) throw error
    identity = open(await prompt(`Passphrase of ${path}: `))
  }
  const chain = splitPem(identity.chain).map((pem) => new X509Certificate(pem))
  return { path, kind: 'PKCS#12', identity, chain, ciphers: ciphersOf(bytes) }
}

function passphraseOf({ passphraseFile }: CertificateSource): string | undefined {
  const path = passphraseFile ?? process.env.CHORUS_PRO_CERTIFICATE_PASSPHRASE_FILE
  if (path)
    return read(path)
      .toString('utf8')
      .replace(/\r?\n$/, '')
  return process.env.CHORUS_PRO_CERTIFICATE_PASSPHRASE
}

/** The algorithms stand in the clear: RC2-40 and 3DES of PKCS#12 itself, or PBES2. */
function ciphersOf(file: Buffer): string {
  const has = (hex: string) => file.includes(Buffer.from(hex, 'hex'))
  const old = [has('2a864886f70d010c0106') ? ['RC2-40'] : [], has('2a864886f70d010c0103') ? ['3DES'] : []].flat()
  if (old.length > 0) return `old (${old.join(' and ')}): the gateway reads it, OpenSSL 3 may need -legacy`
  return has('2a864886f70d01050d') ? 'current (PBES2)' : 'not known'
}

function certificateOf(der: Buffer): X509Certificate | undefined {
  try {
    return new X509Certificate(der)
  } catch {
    return undefined
  }
}

function read(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (error) {
    throw new CommandError(`${path} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'}).`)
  }
}

/** Typed letters do not show. */
async function prompt(question: string): Promise<string> {
  const { createInterface } = await import('node:readline/promises')
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  process.stderr.write(question)
  const reader = createInterface({ input: process.stdin, output: nowhere, terminal: true })
  reader.once('SIGINT', () => process.exit(130))
  try {
    return await reader.question('')
  } finally {
    reader.close()
    process.stderr.write('\n')
  }
}
