import { crc32, deflateRawSync, gunzipSync } from 'node:zlib'

export interface ArchiveEntry {
  name: string
  bytes: Buffer
}

const mostBytes = 200 * 1_048_576

export const isGzip = (bytes: Buffer): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b

/** The files of a tar.gz. Throws if it is none. */
export function readTarGz(bytes: Buffer): ArchiveEntry[] {
  const tar = gunzipSync(bytes, { maxOutputLength: mostBytes })
  const entries: ArchiveEntry[] = []
  for (let at = 0; at + 512 <= tar.length; ) {
    const header = tar.subarray(at, at + 512)
    if (header[0] === 0) break
    const size = Number.parseInt(header.toString('latin1', 124, 136), 8)
    if (!Number.isFinite(size)) throw new Error('not a tar archive')
    const name = header.toString('latin1', 0, 100).replace(/\0.*$/s, '')
    const kind = header.toString('latin1', 156, 157)
    if (kind === '0' || kind === '\0') entries.push({ name, bytes: tar.subarray(at + 512, at + 512 + size) })
    at += 512 + Math.ceil(size / 512) * 512
  }
  return entries
}

/** A ZIP whose entries are stored as they are: invoices are mostly PDF, already compressed. */
export function writeZip(entries: readonly ArchiveEntry[]): Buffer {
  const bodies: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const { name, bytes } of entries) {
    const label = Buffer.from(name, 'utf8')
    const shared = Buffer.alloc(26)
    shared.writeUInt16LE(20, 0)
    shared.writeUInt16LE(0x0800, 2)
    shared.writeUInt16LE(0x21, 8)
    shared.writeUInt32LE(crc32(bytes), 10)
    shared.writeUInt32LE(bytes.length, 14)
    shared.writeUInt32LE(bytes.length, 18)
    shared.writeUInt16LE(label.length, 22)
    bodies.push(Buffer.from('PK\x03\x04', 'latin1'), shared, label, bytes)
    const rest = Buffer.alloc(14)
    rest.writeUInt32LE(offset, 10)
    directory.push(Buffer.from('PK\x01\x02\x14\x00', 'latin1'), shared, rest, label)
    offset += 4 + 26 + label.length + bytes.length
  }
  const size = directory.reduce((sum, piece) => sum + piece.length, 0)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 'latin1')
  end.writeUInt16LE(entries.length, 8)
  end.writeUInt16LE(entries.length, 10)
  end.writeUInt32LE(size, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...bodies, ...directory, end])
}

/**
 * One file in a ZIP that was written in a single pass: compressed, and with its sizes behind the data. The beginning
 * of the directory file that a client recorded has these marks (`PK 03 04`, version 20, flags 0808, method 8).
 */
export function writeStreamedZip(name: string, bytes: Buffer): Buffer {
  const label = Buffer.from(name, 'utf8')
  const data = deflateRawSync(bytes)
  const fixed = Buffer.alloc(10)
  fixed.writeUInt16LE(20, 0)
  fixed.writeUInt16LE(0x0808, 2)
  fixed.writeUInt16LE(8, 4)
  fixed.writeUInt16LE(0x21, 8)
  const sizes = Buffer.alloc(12)
  sizes.writeUInt32LE(crc32(bytes), 0)
  sizes.writeUInt32LE(data.length, 4)
  sizes.writeUInt32LE(bytes.length, 8)
  const lengths = Buffer.alloc(4)
  lengths.writeUInt16LE(label.length, 0)
  const local = Buffer.concat([sign('PK\x03\x04'), fixed, Buffer.alloc(12), lengths, label])
  const entry = Buffer.concat([
    sign('PK\x01\x02'),
    Buffer.from([20, 0]),
    fixed,
    sizes,
    lengths,
    Buffer.alloc(14),
    label
  ])
  const descriptor = Buffer.concat([sign('PK\x07\x08'), sizes])
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 'latin1')
  end.writeUInt16LE(1, 8)
  end.writeUInt16LE(1, 10)
  end.writeUInt32LE(entry.length, 12)
  end.writeUInt32LE(local.length + data.length + descriptor.length, 16)
  return Buffer.concat([local, data, descriptor, entry, end])
}

const sign = (text: string): Buffer => Buffer.from(text, 'latin1')
