import type { UpstreamFile } from '../chorus/chorus.ts'
import { failpoint } from '../failpoint.ts'
import type { Change } from '../store/store.ts'
import type { StoredDocument, StoredInvoice } from '../store/stored-invoice.ts'
import type { Held, Way, Workshop } from './workshop.ts'

/** Uploads what Chorus Pro does not have yet. What it read is kept; the ids are noted by the caller, with the next step. */
export async function uploadFiles(
  workshop: Workshop,
  way: Way,
  invoice: StoredInvoice,
  job: Held,
  inHand: { bytes?: Buffer }
) {
  let renewed = workshop.now().getTime()
  const documents: StoredDocument[] = []
  let extraction = invoice.extraction as Awaited<ReturnType<Way['chorus']['depositPdf']>>['extraction'] | undefined
  let uploaded = 0
  for (const document of invoice.documents) {
    if (document.attachmentId !== undefined) {
      documents.push(document)
      continue
    }
    uploaded++
    // Many large attachments over a slow line can outlast a lease.
    if (workshop.now().getTime() - renewed > workshop.timing.leaseMs / 3) {
      renewed = workshop.now().getTime()
      await workshop.store.change(invoice.id, () => ({ job: { leaseMs: workshop.timing.leaseMs } }), job)
    }
    failpoint('upload', document.role)
    if (document.role === 'invoice') {
      const deposit = await way.chorus.depositPdf(
        fileOf(workshop, document, inHand.bytes),
        invoice.signed ? 'pades' : 'none'
      )
      extraction = deposit.extraction
      documents.push({ ...document, attachmentId: deposit.attachmentId })
    } else {
      const { attachmentId } = await way.chorus.addFile(fileOf(workshop, document))
      documents.push({ ...document, attachmentId })
    }
  }
  failpoint('uploaded')
  const change: Change =
    uploaded === 0
      ? {}
      : {
          patch: { documents, ...(extraction !== undefined && { extraction: { ...extraction } }) },
          timeline: [{ type: 'deposited', data: { files: uploaded } }]
        }
  return { change, extraction: extraction ?? {} }
}

/** From memory while the bytes are there, else from the store. */
export const fileOf = (workshop: Workshop, document: StoredDocument, bytes?: Buffer): UpstreamFile => ({
  name: document.name,
  size: document.size,
  open: () => bytes ?? workshop.documents.open(document.sha256)
})
