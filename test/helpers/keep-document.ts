import type { DocumentStore, IncomingDocument } from '../../src/store/document-store.ts'

/** A document whose bytes have come, in pieces of so many; neither ended nor kept. */
export async function receive(
  documents: DocumentStore,
  bytes: Buffer,
  pieceBytes = 64 * 1024
): Promise<IncomingDocument> {
  const incoming = await documents.receive()
  for (let at = 0; at < bytes.length; at += pieceBytes) await incoming.write(bytes.subarray(at, at + pieceBytes))
  return incoming
}

/** Gives its SHA-256. */
export async function keep(documents: DocumentStore, bytes: Buffer): Promise<string> {
  const incoming = await receive(documents, bytes)
  const { sha256 } = await incoming.end()
  await documents.keep([incoming])
  return sha256
}
