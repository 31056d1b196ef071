import { createWriteStream, existsSync } from 'node:fs'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { defineCommand } from 'citty'
import type { DocumentStore } from '../store/document-store.ts'
import { DocumentDamaged } from '../store/errors.ts'
import type { Store } from '../store/store.ts'
import { CommandError, UsageError } from './arguments.ts'
import { existingPlace, storeFolder, withStore } from './data-folder.ts'

export const exportCommand = defineCommand({
  meta: { name: 'export', description: 'Write all that is kept of one seller to a folder; the gateway may be running' },
  args: {
    seller: { type: 'string', required: true, description: 'whose invoices', valueHint: 'SIRET' },
    to: { type: 'string', required: true, description: 'a folder that is empty or not there', valueHint: 'folder' },
    data: storeFolder
  },
  async run({ args }) {
    const seller = siretOf(args.seller)
    const to = resolve(args.to)
    if (existsSync(to) && (await readdir(to)).length > 0) throw new CommandError(`${to} is not empty.`)
    const count = await withStore(existingPlace(args.data), ({ store, documents }) =>
      write(store, documents, seller, to)
    )
    process.stdout.write(
      `${to} holds ${count} invoices of ${seller}: one line each in invoices.jsonl, files in documents.\n`
    )
  }
})

export function siretOf(text: string): string {
  if (!/^\d{14}$/.test(text)) throw new UsageError(`--seller: a SIRET has 14 digits, this is none: ${text}`)
  return text
}

async function write(store: Store, documents: DocumentStore, sellerSiret: string, to: string): Promise<number> {
  await mkdir(join(to, 'documents'), { recursive: true, mode: 0o700 })
  let count = 0
  let cursor: string | undefined
  do {
    const page = await store.list({ sellerSiret }, { limit: 100, ...(cursor !== undefined && { cursor }) })
    for (const invoice of page.items) {
      const line = JSON.stringify({ ...invoice, ...(await store.timeline(invoice.id)) })
      await writeFile(join(to, 'invoices.jsonl'), `${line}\n`, { flag: 'a', mode: 0o600 })
      for (const { sha256 } of invoice.documents) await writeDocument(documents, sha256, join(to, 'documents', sha256))
      count++
    }
    cursor = page.nextCursor
  } while (cursor !== undefined)
  return count
}

/** The bytes were compared with their digest when the last of them came. */
async function writeDocument(documents: DocumentStore, sha256: string, place: string): Promise<void> {
  if (existsSync(place)) return
  try {
    await pipeline(documents.open(sha256), createWriteStream(place, { mode: 0o600 }))
  } catch (error) {
    if (!(error instanceof DocumentDamaged)) throw error
    throw new CommandError(`The document ${sha256} is missing or altered.`, 1, { cause: error })
  }
}
