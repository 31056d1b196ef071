import type { PlatformDocuments } from '../../schemas/platform-answers.ts'

type Documented = Pick<PlatformDocuments, 'id' | 'mainAttachmentId' | 'attachments'>

/** What there is of an invoice, and where each form of it can be had. `path` is the resource's. */
export function documentsOf({ id, mainAttachmentId, attachments }: Documented, path: string): PlatformDocuments {
  const href = (format: string) => `${path}/${id}/documents/${format}`
  return {
    id,
    attachments,
    ...(mainAttachmentId !== undefined && { mainAttachmentId }),
    downloads: [
      { format: 'pdf', description: 'The invoice as PDF.', href: href('pdf') },
      { format: 'archive', description: 'With its attachments; a ZIP where there are any.', href: href('archive') },
      { format: 'pivot', description: 'Pivot XML, attachments inside.', href: href('pivot') }
    ]
  }
}
