import { createRequire } from 'node:module'
import type Forge from 'node-forge'

/** Loaded on first use: 30 ms that a start without a PKCS#12 file need not pay. */
const loadForge = (): typeof Forge => createRequire(import.meta.url)('node-forge') as typeof Forge

export interface Pkcs12Content {
  /** PKCS#8 DER. */
  key: Buffer | undefined
  /** DER, in the order of the file. */
  certificates: Buffer[]
}

/**
 * node-forge, because OpenSSL 3 no longer reads the RC2-40 files that many authorities still issue (network brief,
 * section 5). Never throws: forge's messages tell little.
 */
export function readPkcs12(file: Buffer, passphrase: string): Pkcs12Content | 'unreadable' | 'wrong-passphrase' {
  const forge = loadForge()
  const decode = () => forge.asn1.fromDer(file.toString('binary'), { parseAllBytes: false } as never)
  let structure: Forge.asn1.Asn1
  try {
    structure = decode()
    if (!Array.isArray(structure.value) || structure.value.length < 2) return 'unreadable'
  } catch {
    return 'unreadable'
  }
  const tries = [() => forge.pkcs12.pkcs12FromAsn1(structure, false, passphrase)]
  if (passphrase === '') tries.push(() => forge.pkcs12.pkcs12FromAsn1(decode(), false))
  // Forge checks the MAC as the standard says and decrypts PBES2 as if the passphrase were ASCII: with the MAC left
  // aside, the passphrase can be given as UTF-8 (network brief, section 5.3).
  if (/[^\x20-\x7e]/.test(passphrase)) {
    tries.push(() => {
      const bare = decode()
      ;(bare.value as Forge.asn1.Asn1[]).length = 2
      return forge.pkcs12.pkcs12FromAsn1(bare, false, forge.util.encodeUtf8(passphrase))
    })
  }
  const failures: string[] = []
  for (const open of tries) {
    try {
      return read(forge, open())
    } catch (error) {
      failures.push(error instanceof Error ? error.message : '')
    }
  }
  return failures.some((text) => /mac could not be verified|decrypt|password|too few bytes|unparsed/i.test(text))
    ? 'wrong-passphrase'
    : 'unreadable'
}

type Bag = Forge.pkcs12.Bag & { asn1: Forge.asn1.Asn1 }

function read(forge: typeof Forge, file: Forge.pkcs12.Pkcs12Pfx): Pkcs12Content {
  const { certBag, keyBag, pkcs8ShroudedKeyBag } = forge.pki.oids
  const bags = (type: string | undefined): Bag[] =>
    type === undefined ? [] : ((file.getBags({ bagType: type })[type] ?? []) as Bag[])
  const der = (asn1: Forge.asn1.Asn1): Buffer => Buffer.from(forge.asn1.toDer(asn1).getBytes(), 'binary')
  const [key] = [...bags(pkcs8ShroudedKeyBag), ...bags(keyBag)]
  return {
    key:
      key === undefined
        ? undefined
        : key.key
          ? der(forge.pki.wrapRsaPrivateKey(forge.pki.privateKeyToAsn1(key.key)))
          : der(key.asn1),
    certificates: bags(certBag).map((bag) => der(bag.cert ? forge.pki.certificateToAsn1(bag.cert) : bag.asn1))
  }
}
