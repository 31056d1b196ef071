import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { crc32 } from 'node:zlib'
import { type Entry, openPromise, type ZipFile } from 'yauzl'

/** One table of text inside the file. */
export interface Table {
  name: string
  /** Fails when the entry is damaged, at the latest at its end. */
  read(): AsyncIterable<Buffer>
}

/** More than the whole directory as text, many times over: what unpacks to more is no directory. */
const largestTable = 1024 * 1024 * 1024

/** The CSV files of a ZIP, or the file itself when it is none. Throws when it cannot be read. */
export async function* tablesOf(path: string): AsyncGenerator<Table> {
  if (!(await isZip(path))) {
    yield { name: path, read: () => createReadStream(path) }
    return
  }
  const zip = await openPromise(path, { lazyEntries: true, autoClose: false })
  try {
    for await (const entry of zip.eachEntry()) {
      if (!/\.(csv|txt)$/i.test(entry.fileName) || entry.uncompressedSize > largestTable) continue
      yield { name: entry.fileName, read: () => readEntry(zip, entry) }
    }
  } finally {
    zip.close()
  }
}

async function* readEntry(zip: ZipFile, entry: Entry): AsyncGenerator<Buffer> {
  let sum = 0
  for await (const chunk of (await zip.openReadStreamPromise(entry)) as AsyncIterable<Buffer>) {
    sum = crc32(chunk, sum)
    yield chunk
  }
  if (sum !== entry.crc32) throw new Error(`${entry.fileName} is damaged: its check sum is wrong`)
}

async function isZip(path: string): Promise<boolean> {
  const file = await open(path, 'r')
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0)
    return bytesRead === 2 && buffer.toString('latin1') === 'PK'
  } finally {
    await file.close()
  }
}
