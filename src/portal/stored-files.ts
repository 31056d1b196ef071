import type { Page, PageRequest } from '../chorus/asker.ts'
import { ChorusError } from '../chorus/errors.ts'
import type { AttachmentOwner, StoredAttachment } from '../chorus/stored-attachments.ts'
import { ProblemError } from '../problem.ts'
import type { IncomingDocument } from '../store/document-store.ts'
import { checkAttachments } from './attachments.ts'
import { type ServedFile, serveInvoices } from './files.ts'
import { mayMean } from './records.ts'
import { isAbsent } from './refusals.ts'
import { badParameter } from './structures.ts'
import { type Visit, type Way, wayFor } from './visit.ts'

/** What Chorus Pro keeps for our account and our structures. Throws ProblemError, ChorusError. */
export interface StoredFiles {
  list(visit: Visit, query: StoredFileQuery, at: PageRequest): Promise<Page<StoredAttachment>>
  download(visit: Visit, query: { of: AttachmentOwner['of']; organization?: string; id?: string }): Promise<ServedFile>
  upload(visit: Visit, form: UploadForm): Promise<{ attachmentId: string; name: string; size: number }>
  detach(visit: Visit, linkId: string, organization: string | undefined): Promise<void>
}

export interface StoredFileQuery {
  organization?: string
  name?: string
  typeId?: string
}

export interface UploadForm {
  file?: { name: string; size: number; bytes?: Buffer; incoming: IncomingDocument }
  attachments: { incoming: IncomingDocument }[]
}

export function createStoredFiles(): StoredFiles {
  /** Our account's own files are everybody's who uses it: not for a key that is limited to sellers. */
  async function owner(visit: Visit, organization: string | undefined): Promise<{ way: Way; structureId?: string }> {
    const limited = visit.caller.sellers.length > 0
    if (organization === undefined) {
      if (limited) {
        throw badParameter(
          'organization',
          'This key sees the files of its sellers alone: name one.',
          'Add organization.'
        )
      }
      return { way: visit.ways[0] }
    }
    const way = wayFor(visit, organization)
    const structureId = mayMean(visit, organization) ? await way.resources.structureIds(organization) : undefined
    if (structureId === undefined) throw noSuchOrganization(organization)
    return { way, structureId }
  }

  return {
    async list(visit, { organization, ...filter }, at) {
      const { way, structureId } = await owner(visit, organization)
      return way.resources.attachments.search({ ...filter, ...(structureId !== undefined && { structureId }) }, at)
    },
    async download(visit, { of, organization, id }) {
      const ofOrganization = of === 'organization' || of === 'mandate' || of === 'bank_account'
      if (ofOrganization && organization === undefined) {
        throw badParameter('organization', `Files of ${of} need organization.`, 'Add the SIRET.')
      }
      const { way, structureId = '' } = await owner(visit, ofOrganization ? organization : undefined)
      if (of === 'support_request' && id === undefined) {
        throw badParameter('id', 'Files of a support request need its id.', 'Add id.')
      }
      const wanted: AttachmentOwner = ofOrganization
        ? { of, structureId }
        : of === 'support_request'
          ? { of, requestId: id ?? '' }
          : { of: 'account' }
      return serveInvoices(['1'], `${of}-files`, () => way.resources.attachments.download(wanted))
    },
    async upload(visit, { file, attachments }) {
      try {
        if (file?.bytes === undefined) {
          throw badParameter(
            'file',
            'There is no file.',
            'Send it as the part “file”, or as file: {name, contentBase64}.'
          )
        }
        const { name, size, bytes } = file
        checkAttachments([{ name, size }])
        const { attachmentId } = await visit.ways[0].resources.attachments.upload({ name, size, open: () => bytes })
        return { attachmentId, name, size }
      } finally {
        const received = [...attachments, ...(file === undefined ? [] : [file])]
        await Promise.all(received.map(({ incoming }) => incoming.discard()))
      }
    },
    async detach(visit, linkId, organization) {
      const { way, structureId } = await owner(visit, organization)
      // Files of invoices have such ties as well, and are in no list: without an organization Chorus Pro decides.
      if (structureId !== undefined && !(await isListed(way, structureId, linkId))) throw noSuchLink()
      try {
        await way.resources.attachments.detach(linkId)
      } catch (error) {
        if (isAbsent(error)) throw noSuchLink()
        if (!(error instanceof ChorusError) || error.evidence.proof !== 'unknown' || structureId === undefined)
          throw error
        // What is not listed any more has been detached, whatever became of the answer.
        if (await isListed(way, structureId, linkId)) throw error
      }
    }
  }
}

async function isListed({ resources }: Way, structureId: string, linkId: string): Promise<boolean> {
  for (let at: PageRequest | undefined = { page: 1, size: 100, seen: 0 }; at !== undefined; ) {
    const { items, next }: Page<StoredAttachment> = await resources.attachments.search({ structureId }, at)
    if (items.some((item) => item.linkId === linkId)) return true
    at = next
  }
  return false
}

const noSuchLink = () => new ProblemError('not-found', { detail: 'No file there has this link.' })

const noSuchOrganization = (siret: string) =>
  new ProblemError('not-found', { detail: `There is no organization ${siret} whose files you may see.` })
