import { crc32 } from 'node:zlib'

export interface ZipEntry {
  name: string
  content: AsyncIterable<Buffer>
}

const utf8AndSizesBehind = 0x0808

/** A ZIP whose entries are stored as they come: their sizes stand behind them. For less than 4 GiB in all. */
export async function* writeZip(entries: AsyncIterable<ZipEntry>): AsyncGenerator<Buffer> {
  const directory: Buffer[] = []
  let offset = 0
  for await (const { name, content } of entries) {
    const label = Buffer.from(name)
    const at = offset
    const header = Buffer.alloc(30)
    header.writeUInt32LE(0x04034b50, 0)
    writeCommon(header, 4, { crc: 0, size: 0, name: label.length })
    yield Buffer.concat([header, label])
    let crc = 0
    let size = 0
    for await (const chunk of content) {
      crc = crc32(chunk, crc)
      size += chunk.length
      yield chunk
    }
    const behind = Buffer.alloc(16)
    behind.writeUInt32LE(0x08074b50, 0)
    behind.writeUInt32LE(crc, 4)
    behind.writeUInt32LE(size, 8)
    behind.writeUInt32LE(size, 12)
    yield behind
    offset += header.length + label.length + size + behind.length
    const listed = Buffer.alloc(46)
    listed.writeUInt32LE(0x02014b50, 0)
    listed.writeUInt16LE(20, 4)
    writeCommon(listed, 6, { crc, size, name: label.length })
    listed.writeUInt32LE(at, 42)
    directory.push(Buffer.concat([listed, label]))
  }
  const listing = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(directory.length, 8)
  end.writeUInt16LE(directory.length, 10)
  end.writeUInt32LE(listing.length, 12)
  end.writeUInt32LE(offset, 16)
  yield Buffer.concat([listing, end])
}

/** The 26 bytes that an entry and its line in the directory share: version, flags, method, time, sum, sizes, length. */
function writeCommon(buffer: Buffer, at: number, facts: { crc: number; size: number; name: number }): void {
  buffer.writeUInt16LE(20, at)
  buffer.writeUInt16LE(utf8AndSizesBehind, at + 2)
  // 1980-01-01, the earliest there is: when it was made is nobody's affair.
  buffer.writeUInt16LE(0x21, at + 8)
  buffer.writeUInt32LE(facts.crc, at + 10)
  buffer.writeUInt32LE(facts.size, at + 14)
  buffer.writeUInt32LE(facts.size, at + 18)
  buffer.writeUInt16LE(facts.name, at + 22)
}
