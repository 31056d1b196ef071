import { X509Certificate } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { getCACertificates } from 'node:tls'
import { defineCommand } from 'citty'
import type { CertificateFile } from './certificate-file.ts'

const source = {
  file: {
    type: 'positional',
    required: false,
    description: '.p12, .pfx, PEM or DER; CHORUS_PRO_CERTIFICATE_FILE when absent'
  },
  key: { type: 'string', description: 'private key, where a PEM file does not hold it', valueHint: 'file' },
  'passphrase-file': {
    type: 'string',
    description: 'file with the passphrase; CHORUS_PRO_CERTIFICATE_PASSPHRASE when absent, else it is asked for',
    valueHint: 'file'
  },
  chain: {
    type: 'string',
    description: 'certificates of the authority (PEM, DER or a .p7b in PEM) that the file lacks',
    valueHint: 'file'
  }
} as const

const open = async (args: {
  file?: string | undefined
  key?: string | undefined
  'passphrase-file'?: string | undefined
  chain?: string | undefined
}) => {
  const { readCertificateFile } = await import('./certificate-file.ts')
  return readCertificateFile({
    file: args.file,
    key: args.key,
    passphraseFile: args['passphrase-file'],
    chainFile: args.chain
  })
}

const inspect = defineCommand({
  meta: { name: 'inspect', description: 'Say what a certificate file holds, whether it can be used, and what to do' },
  args: source,
  run: async ({ args }) => void process.stdout.write(describe(await open(args), new Date()))
})

const exportP7b = defineCommand({
  meta: { name: 'export-p7b', description: 'Write the certificates of a file, without the key, as PKCS#7' },
  args: {
    ...source,
    out: { type: 'string', required: true, description: 'file to write', valueHint: 'file' },
    der: { type: 'boolean', default: false, description: 'binary instead of PEM' }
  },
  async run({ args }) {
    const [{ chain }, { toPkcs7, toPkcs7Pem }] = await Promise.all([open(args), import('./pkcs7.ts')])
    const certificates = chain.map((certificate) => certificate.raw)
    await writeFile(args.out, args.der ? toPkcs7(certificates) : toPkcs7Pem(certificates))
    process.stdout.write(`${args.out}: ${count(chain.length)}, the key is not in it.\n`)
    if (!isWhole(chain)) process.stdout.write(`${incomplete(chain)}\n`)
  }
})

export const certificateCommand = defineCommand({
  meta: { name: 'certificate', description: 'Look into a client certificate, or export its chain' },
  subCommands: { inspect, 'export-p7b': exportP7b }
})

/** One fact a line, then what to do about them. */
export function describe({ path, kind, chain, identity, ciphers }: CertificateFile, now: Date): string {
  const [leaf] = chain
  if (leaf === undefined) return `${path} holds no certificate.\n`
  const days = Math.floor((Date.parse(leaf.validTo) - now.getTime()) / 86_400_000)
  const facts: [string, string | undefined][] = [
    ['file', `${path} (${kind})`],
    ['subject', oneLine(leaf.subject)],
    ['SIREN', identity === undefined ? undefined : (identity.siren ?? 'not in the certificate')],
    ['issuer', oneLine(leaf.issuer)],
    ['serial', leaf.serialNumber],
    ['valid', `${isoDay(leaf.validFrom)} to ${isoDay(leaf.validTo)}, ${days < 0 ? 'EXPIRED' : `${days} days left`}`],
    ['key', `${keyOf(leaf)}${identity === undefined ? ', the private key is not in the file' : ''}`],
    ['ciphers', ciphers],
    ['chain', `${count(chain.length)}, ${stateOf(chain)}`],
    ...chain.map((each, index): [string, string] => [`  ${index + 1}`, oneLine(each.subject)])
  ]
  const lines = facts.flatMap(([name, value]) => (value === undefined ? [] : [`${name.padEnd(8)} ${value}`]))
  const advice = adviceOn(chain, identity !== undefined, days, now, ciphers)
  return `${lines.join('\n')}\n\n${advice.length === 0 ? 'Nothing to do.' : advice.map((text) => `- ${text}`).join('\n')}\n`
}

function adviceOn(
  chain: X509Certificate[],
  hasKey: boolean,
  days: number,
  now: Date,
  ciphers: string | undefined
): string[] {
  const [leaf] = chain
  if (leaf === undefined) return []
  const shortLived = chain.slice(1).find((one) => Date.parse(one.validTo) < Date.parse(leaf.validTo))
  const usages = leaf.keyUsage as string[] | undefined
  const advice: [boolean, string][] = [
    [days < 0, 'It has expired: order a new one from the authority, declare it in Chorus Pro, and replace the file.'],
    [days >= 0 && days < 45, 'It ends soon: order the next one now and declare it in Chorus Pro before this one ends.'],
    [Date.parse(leaf.validFrom) > now.getTime(), 'It is not valid yet: check the clock of this machine, or wait.'],
    [!hasKey, 'The gateway needs the private key too: export the certificate with its key, or name it with --key.'],
    [
      chain.length === 1 && leaf.checkIssued(leaf),
      'It is self-signed: Chorus Pro takes those of recognized authorities.'
    ],
    [!isWhole(chain), incomplete(chain)],
    [
      shortLived !== undefined,
      `"${oneLine(shortLived?.subject ?? '')}" of its chain ends earlier, on ${isoDay(shortLived?.validTo ?? leaf.validTo)}: ask the authority for the one that follows it.`
    ],
    [
      ciphers?.startsWith('old') === true,
      'Its encryption is of the last century, as many authorities still hand it out: the gateway opens it, OpenSSL 3, curl and recent Java may not. To change it: openssl pkcs12 -legacy -in old.p12 -nodes -out all.pem, openssl pkcs12 -export -in all.pem -out new.p12, and delete all.pem.'
    ],
    [
      usages !== undefined && !usages.includes(clientAuthentication),
      'It is not made for client authentication: order one that is.'
    ]
  ]
  return advice.flatMap(([holds, text]) => (holds ? [text] : []))
}

const clientAuthentication = '1.3.6.1.5.5.7.3.2'

/** Up to where the chain goes, and who would come next. */
function stateOf(chain: X509Certificate[]): string {
  const last = chain.at(-1)
  if (last === undefined || !isWhole(chain)) return 'incomplete'
  if (last.checkIssued(last)) return 'complete, up to its root'
  const root = [...getCACertificates('bundled'), ...getCACertificates('system')].some((pem) =>
    last.checkIssued(new X509Certificate(pem))
  )
  const next = `"${oneLine(last.issuer)}"`
  return root
    ? `complete: ${next} is a root that this machine knows`
    : `complete if ${next} is a root; else name what is missing with --chain`
}

/** A root need not be there: one issuer or more is what servers ask for. */
const isWhole = (chain: X509Certificate[]) => chain.length > 1 || (chain[0]?.checkIssued(chain[0]) ?? false)
const incomplete = (chain: X509Certificate[]) =>
  `The certificate of its issuer is missing, and Chorus Pro may refuse it: get that of "${oneLine(chain.at(-1)?.issuer ?? '')}" from the authority and export the file again with the whole chain.`

function keyOf({ publicKey }: X509Certificate): string {
  const { modulusLength, namedCurve } = publicKey.asymmetricKeyDetails ?? {}
  return `${publicKey.asymmetricKeyType?.toUpperCase() ?? 'unknown'} ${modulusLength ?? namedCurve ?? ''}`.trim()
}

const count = (n: number) => `${n} certificate${n === 1 ? '' : 's'}`
const oneLine = (name: string) => name.split('\n').join(', ')
const isoDay = (text: string) => new Date(text).toISOString().slice(0, 10)
