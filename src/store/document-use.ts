import type { Tx } from './engine.ts'
import { text } from './rows.ts'
import type { StoredDocument } from './stored-invoice.ts'

export async function useDocuments(tx: Tx, seq: number, documents: Pick<StoredDocument, 'sha256'>[]): Promise<void> {
  for (const sha256 of new Set(documents.map((document) => document.sha256))) {
    await tx.run('insert into document_use (sha256, invoice_seq) values ($1, $2)', [sha256, seq])
  }
}

export async function documentsUsed(tx: Tx, some: string[]): Promise<Set<string>> {
  if (some.length === 0) return new Set()
  const places = some.map((_, index) => `$${index + 1}`).join(', ')
  const rows = await tx.all(`select distinct sha256 from document_use where sha256 in (${places})`, some)
  return new Set(rows.map((row) => text(row, 'sha256')))
}

/** Pages through the digests of all documents that an invoice names, in order. */
export async function documentsInUse(tx: Tx, after: string, limit: number): Promise<string[]> {
  const sql = 'select distinct sha256 from document_use where sha256 > $1 order by sha256 limit $2'
  return (await tx.all(sql, [after, limit])).map((row) => text(row, 'sha256'))
}
