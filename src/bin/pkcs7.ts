import { X509Certificate } from 'node:crypto'

/**
 * PKCS#7 with certificates and nothing signed, as authorities and portals hand chains around (network brief, section 5.3).
 * By hand: node-forge does it for RSA alone.
 */
export function toPkcs7(certificates: Buffer[]): Buffer {
  const signedData = tlv(
    0x30,
    tlv(0x02, Buffer.from([1])),
    tlv(0x31),
    tlv(0x30, oid.data),
    tlv(0xa0, ...certificates),
    tlv(0x31)
  )
  return tlv(0x30, oid.signedData, tlv(0xa0, signedData))
}

export function toPkcs7Pem(certificates: Buffer[]): string {
  const lines =
    toPkcs7(certificates)
      .toString('base64')
      .match(/.{1,64}/g) ?? []
  return `-----BEGIN PKCS7-----\n${lines.join('\n')}\n-----END PKCS7-----\n`
}

/** The certificates of a PKCS#7 file in PEM: every one that stands in it as such. */
export function fromPkcs7(pem: string): X509Certificate[] {
  const der = Buffer.from(pem.replace(/-----[A-Z0-9 ]+-----|\s/g, ''), 'base64')
  const found: X509Certificate[] = []
  for (let at = der.indexOf(Buffer.of(0x30, 0x82)); at >= 0; at = der.indexOf(Buffer.of(0x30, 0x82), at + 1)) {
    try {
      const one = der.subarray(at, at + 4 + der.readUInt16BE(at + 2))
      found.push(new X509Certificate(one))
      at += one.length - 1
    } catch {
      // Another sequence of that form.
    }
  }
  return found
}

/** 1.2.840.113549.1.7.1 and .2 */
const oid = {
  data: Buffer.from('06092a864886f70d010701', 'hex'),
  signedData: Buffer.from('06092a864886f70d010702', 'hex')
}

function tlv(tag: number, ...content: Buffer[]): Buffer {
  const body = Buffer.concat(content)
  if (body.length < 0x80) return Buffer.concat([Buffer.from([tag, body.length]), body])
  const hex = body.length.toString(16)
  const length = Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex')
  return Buffer.concat([Buffer.from([tag, 0x80 | length.length]), length, body])
}
