import type { IncomingDocument } from '../store/document-store.ts'

/** Bytes of the invoice’s own JSON, at the most. */
export const invoiceMaxBytes = 1024 * 1024

export interface ReceivedFile {
  name: string
  mediaType: string
  size: number
  sha256: string
  incoming: IncomingDocument
  /** The invoice's own file, within the byte budget; attachments go to disk as they come. */
  bytes?: Buffer
}

export interface SubmissionForm {
  /** Not checked yet, but for its JSON. */
  invoice: unknown
  file?: ReceivedFile
  attachments: ReceivedFile[]
}

/** The last step of the path, without control characters or direction overrides. Length is for the checks to judge. */
export function cleanName(name: string | undefined, fallback: string): string {
  const last = (name ?? '').split(/[\\/]/).pop() ?? ''
  const clean = last
    .replace(/[\p{Cc}\p{Cf}\p{Cs}"]/gu, '')
    // What was not UTF-8.
    .replaceAll('\ufffd', '_')
    .normalize('NFC')
    .trim()
  return clean === '' || /^\.+$/.test(clean) ? fallback : clean.slice(0, 300)
}
