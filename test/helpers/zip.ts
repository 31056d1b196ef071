import { crc32, deflateRawSync } from 'node:zlib'

/** A ZIP as Java writes it: sizes behind the content, in a data descriptor; names in UTF-8. */
export function javaZip(files: { name: string; content: Buffer | string }[]): Buffer {
  const parts: Buffer[] = []
  const central: Buffer[] = []
  let offset = 0
  for (const { name, content } of files) {
    const raw = Buffer.from(content)
    const packed = deflateRawSync(raw)
    const title = Buffer.from(name)
    const sums = Buffer.alloc(12)
    sums.writeUInt32LE(crc32(raw), 0)
    sums.writeUInt32LE(packed.length, 4)
    sums.writeUInt32LE(raw.length, 8)
    const common = Buffer.from([0x14, 0, 0x08, 0x08, 0x08, 0, 0, 0, 0x21, 0x58])
    const lengths = Buffer.from([title.length, 0, 0, 0])
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, Buffer.alloc(12), lengths, title])
    const descriptor = Buffer.concat([Buffer.from('PK\x07\x08'), sums])
    const place = Buffer.alloc(4)
    place.writeUInt32LE(offset)
    central.push(
      Buffer.concat([
        Buffer.from('PK\x01\x02\x14\x00'),
        common,
        sums,
        lengths,
        Buffer.alloc(2),
        Buffer.alloc(8),
        place,
        title
      ])
    )
    parts.push(local, packed, descriptor)
    offset += local.length + packed.length + descriptor.length
  }
  const list = Buffer.concat(central)
  const end = Buffer.alloc(18)
  end.writeUInt16LE(files.length, 4)
  end.writeUInt16LE(files.length, 6)
  end.writeUInt32LE(list.length, 8)
  end.writeUInt32LE(offset, 12)
  return Buffer.concat([...parts, list, Buffer.from('PK\x05\x06'), end])
}
