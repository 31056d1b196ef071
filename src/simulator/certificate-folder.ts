import { createHash, createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { join } from 'node:path'
import {
  type Authority,
  createAuthority,
  type Identity,
  issueClient,
  issueServer,
  writePkcs12
} from './certificates.ts'

export interface Certificates {
  authority: Authority
  server: Identity
  client: Identity
}

const files = ['ca.pem', 'ca.key', 'server.pem', 'server.key', 'client.pem', 'client.key'] as const

/** Made anew, or taken from the folder if all are there, still valid for a day and good for the hosts. */
export async function readyCertificates(hosts: readonly string[], folder: string | undefined): Promise<Certificates> {
  if (folder !== undefined && files.every((file) => existsSync(join(folder, file)))) {
    const kept = readFolder(folder)
    if (usable(kept, hosts)) return kept
  }
  const authority = await createAuthority()
  const [server, client] = await Promise.all([issueServer(authority, hosts), issueClient(authority)])
  return { authority, server, client }
}

function readFolder(folder: string): Certificates {
  const read = (file: (typeof files)[number]): string => readFileSync(join(folder, file), 'utf8')
  const signer = createPrivateKey(read('ca.key'))
  const certificate = read('ca.pem')
  const publicInfo = createPublicKey(signer).export({ type: 'spki', format: 'der' })
  return {
    authority: {
      name: new X509Certificate(certificate).subject.replace(/^CN=/, ''),
      certificate,
      key: read('ca.key'),
      signer,
      keyId: createHash('sha1').update(publicInfo).digest()
    },
    server: { certificate: read('server.pem'), key: read('server.key') },
    client: { certificate: read('client.pem'), key: read('client.key') }
  }
}

function usable({ authority, server, client }: Certificates, hosts: readonly string[]): boolean {
  const tomorrow = Date.now() + 86_400_000
  const parsed = [authority, server, client].map(({ certificate }) => new X509Certificate(certificate))
  const own = parsed[1] as X509Certificate
  return (
    parsed.every((one) => Date.parse(one.validTo) > tomorrow) &&
    hosts.every((host) => (isIP(host) === 0 ? own.checkHost(host) : own.checkIP(host)) !== undefined)
  )
}

/** Keys are for their owner alone. */
export function writeFolder(folder: string, { authority, server, client }: Certificates, passphrase: string): void {
  mkdirSync(folder, { recursive: true })
  const write = (file: string, content: string | Buffer, mode: number): void =>
    writeFileSync(join(folder, file), content, { mode })
  write('ca.pem', authority.certificate, 0o644)
  write('ca.key', authority.key, 0o600)
  write('server.pem', server.certificate, 0o644)
  write('server.key', server.key, 0o600)
  write('client.pem', client.certificate, 0o644)
  write('client.key', client.key, 0o600)
  write('client.p12', writePkcs12(client, authority.certificate, passphrase), 0o600)
}
