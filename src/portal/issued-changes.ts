import { Completion, RejectionAcknowledgement, Rerouting, ValidatorCorrection } from '../../schemas/issued-invoice.ts'
import type { PlatformChange } from '../../schemas/platform-answers.ts'
import type { UpstreamFile } from '../chorus/chorus.ts'
import type { IssuedDetail } from '../chorus/invoice-detail.ts'
import type { AddedFile, IssuedInvoices } from '../chorus/issued-invoices.ts'
import { ProblemError } from '../problem.ts'
import type { DocumentStore, IncomingDocument } from '../store/document-store.ts'
import { checkAttachments } from './attachments.ts'
import { createReader } from './body.ts'
import type { Issued } from './issued.ts'
import { createTurns } from './one-at-a-time.ts'
import { act, type Todo, wrongState } from './refusals.ts'
import type { Visit } from './visit.ts'

/** What came with a request: its fields, not checked yet, and the files of a form. */
export interface Form {
  invoice: unknown
  file?: FormFile
  attachments: readonly FormFile[]
}

export interface FormFile {
  name: string
  size: number
  sha256: string
  incoming: IncomingDocument
}

/** What a supplier can do to an invoice that Chorus Pro holds. Every one reads its status first, and is never repeated. */
export interface IssuedChanges {
  complete(visit: Visit, id: string, form: Form): Promise<PlatformChange>
  reroute(visit: Visit, id: string, form: Form): Promise<PlatformChange>
  acknowledgeRejection(visit: Visit, id: string, form: Form): Promise<PlatformChange>
  correctValidator(visit: Visit, id: string, form: Form): Promise<PlatformChange>
}

const readCompletion = createReader(Completion)
const readRerouting = createReader(Rerouting)
const readAcknowledgement = createReader(RejectionAcknowledgement)
const readCorrection = createReader(ValidatorCorrection)

/** behaviour.md, section 12; the to-do search lists both sorts of wrong validators. */
const completing: Todo = { done: 'completed', from: ['suspended'] }
const rerouting: Todo = { done: 'rerouted', from: ['to_reroute'] }
const acknowledging: Todo = { done: 'acknowledged as rejected', from: ['rejected'] }
const correcting: Todo = {
  done: 'given another validator',
  from: ['wrong_validator_by_supplier', 'wrong_validator_by_co_contractor']
}

export function createIssuedChanges({
  issued,
  documents
}: {
  issued: Pick<Issued, 'visible'>
  documents: Pick<DocumentStore, 'keep' | 'open'>
}): IssuedChanges {
  const inTurn = createTurns()

  function change(
    visit: Visit,
    id: string,
    todo: Todo,
    work: (invoices: IssuedInvoices, invoice: IssuedDetail) => Promise<PlatformChange>
  ): Promise<PlatformChange> {
    return inTurn(`${visit.ways[0].environment}/${id}`, async () => {
      const { way, invoice } = await issued.visible(visit, id)
      if (!todo.from.includes(invoice.status.code)) throw wrongState(todo, invoice.status.code)
      const { issuedInvoices } = way.resources
      const now = async () => (await issuedInvoices.find(id)).status.code
      return act(todo, { before: invoice.status.code, now }, () => work(issuedInvoices, invoice))
    })
  }

  return {
    async complete(visit, id, form) {
      return tidied(form, async () => {
        const { comment, attachments = [] } = readCompletion(form.invoice)
        const files = [...filesOf(form).map(kept), ...attachments.map(decoded)]
        if (comment === undefined && files.length === 0) throw nothingToSay()
        checkAttachments(files)
        return change(visit, id, completing, async (invoices) => {
          // Bytes of a form are on disk, and readable once they are kept; housekeeping removes what nobody names.
          await documents.keep(filesOf(form).map(({ incoming }) => incoming))
          const added: AddedFile[] = []
          for (const { typeCode, ...file } of files) {
            const attachmentId = await invoices.addFile(file)
            added.push({ name: file.name, attachmentId, ...(typeCode !== undefined && { typeCode }) })
          }
          return invoices.complete(id, { ...(comment !== undefined && { comment }), attachments: added })
        })
      })
    },
    async reroute(visit, id, form) {
      return tidied(form, async () => {
        const correction = readRerouting(withoutFiles(form))
        return change(visit, id, rerouting, (invoices, invoice) => invoices.reroute(invoice, correction))
      })
    },
    async acknowledgeRejection(visit, id, form) {
      return tidied(form, async () => {
        const facts = readAcknowledgement(withoutFiles(form))
        return change(visit, id, acknowledging, async (invoices, { rejectionAcknowledged }) => {
          if (rejectionAcknowledged === true) throw alreadyAcknowledged()
          return invoices.acknowledgeRejection(id, facts)
        })
      })
    },
    async correctValidator(visit, id, form) {
      return tidied(form, async () => {
        const { validator } = readCorrection(withoutFiles(form))
        return change(visit, id, correcting, (invoices) => invoices.correctValidator(id, validator.siret))
      })
    }
  }

  function kept({ name, size, sha256 }: FormFile): UpstreamFile & { typeCode?: string } {
    return { name, size, open: () => documents.open(sha256) }
  }
}

/** A part named `file` is meant as one more. */
const filesOf = ({ file, attachments }: Form): FormFile[] => [...(file === undefined ? [] : [file]), ...attachments]

/** Files that came and are not kept leave no trace, whatever happened. */
async function tidied<T>(form: Form, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } finally {
    await Promise.all(filesOf(form).map(({ incoming }) => incoming.discard()))
  }
}

function decoded({ name, contentBase64, typeCode }: { name: string; contentBase64: string; typeCode?: string }) {
  const text = contentBase64.replace(/\s+/g, '')
  const bytes = Buffer.from(text, 'base64')
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text) || bytes.toString('base64').replace(/=+$/, '') !== text.replace(/=+$/, '')) {
    throw new ProblemError('malformed-request', { detail: `The content of “${name}” is not base64.` })
  }
  return { name, size: bytes.length, open: () => bytes, ...(typeCode !== undefined && { typeCode }) }
}

function withoutFiles(form: Form): unknown {
  const [found] = filesOf(form)
  if (found === undefined) return form.invoice ?? {}
  throw new ProblemError('malformed-request', {
    detail: `“${found.name}” is a file, and this takes none: Chorus Pro has no place for it. Only a completion takes files.`
  })
}

const nothingToSay = () =>
  new ProblemError('validation-failed', {
    detail: 'A completion needs a comment, a file or both.',
    errors: [
      {
        pointer: '/comment',
        rule: 'validation-failed',
        message: 'There is neither a comment nor a file.',
        messageFr: 'Ni commentaire ni fichier.',
        fix: 'Add comment, or files as parts “attachments”.'
      }
    ]
  })

const alreadyAcknowledged = () =>
  new ProblemError('invalid-transition', {
    detail: 'The rejection is acknowledged already. The invoice is `rejected`; once is enough.',
    outcome: 'not_sent'
  })
