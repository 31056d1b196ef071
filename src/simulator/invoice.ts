import type { BankAccount, Service, Structure } from './directory.ts'
import type { StoredFile } from './files.ts'
import type { Id } from './json.ts'
import type { Step } from './settings.ts'

export interface StatusChange {
  id: Id
  status: string
  at: number
  comment?: string | undefined
  by?: string | undefined
}

export interface Action {
  id: Id
  code: string
  at: number
  by: string
}

/** What a complementary event is about is in no source: only the samples have some. */
export interface InvoiceEvent {
  id: Id
  label: string
  who: string
  at: number
}

export interface VatRow {
  code?: string | undefined
  rate?: number | undefined
  base?: number | undefined
  amount?: number | undefined
}

export interface Line {
  number: number
  reference?: string | undefined
  name?: string | undefined
  quantity?: number | undefined
  unit?: string | undefined
  price?: number | undefined
  discount?: number | undefined
  vatCode?: string | undefined
  vatRate?: number | undefined
}

export interface Attachment {
  linkId: Id
  file: StoredFile
  designation: string
  type: string
  line?: number | undefined
}

export interface Totals {
  ht?: number | undefined
  tva?: number | undefined
  ttc?: number | undefined
  discount?: number | undefined
  discountReason?: string | undefined
  payable?: number | undefined
}

export interface References {
  currency: string
  type: string
  vatType?: string | undefined
  exemption?: string | undefined
  contract?: string | undefined
  commitment?: string | undefined
  origin?: string | undefined
  payment?: string | undefined
  due?: string | undefined
}

/** What a deposit brings, whichever way it came. */
export interface InvoiceDraft {
  number: string
  mode: string
  framework: string
  /** `YYYY-MM-DD` */
  issued: string
  seller: Structure
  sellerService?: Service | undefined
  account?: BankAccount | undefined
  validator?: Structure | undefined
  /** Of documents of a works file. */
  works?: WorksFacts | undefined
  recipient: Structure
  service?: Service | undefined
  references: References
  totals: Totals
  vat: VatRow[]
  lines: Line[]
  main?: StoredFile | undefined
  attachments: Omit<Attachment, 'linkId'>[]
  flow?: string | undefined
  comment?: string | undefined
  creator: string
}

/** The place of a document in the billing file of a works contract. */
export interface WorksFacts {
  /** Project manager (MOE) and works owner (MOA). */
  manager?: Structure | undefined
  owner?: Structure | undefined
  file: { id: Id; number: string }
  previous?: Invoice | undefined
}

export interface Invoice extends Omit<InvoiceDraft, 'attachments'> {
  id: Id
  mainLinkId: Id
  attachments: Attachment[]
  /** Simulated milliseconds. */
  deposited: number
  history: StatusChange[]
  actions: Action[]
  events: InvoiceEvent[]
  upcoming: Step[]
  downloaded: boolean
  rejectionHandled: boolean
  paymentOrder?: string | undefined
  /** When the validator accepted it. */
  validated?: number | undefined
  /** Where this one stands between the shortest and the longest search lag, 0 to 1. */
  lag: number
}

export const currentStatus = (invoice: Invoice): StatusChange => invoice.history.at(-1) as StatusChange

/** Everyone who has to do with it. */
export const partiesOf = ({ seller, recipient, validator, works }: Invoice): Structure[] =>
  [seller, recipient, validator, works?.manager, works?.owner].filter((one) => one !== undefined)

export const totalSize = (invoice: Invoice): number =>
  (invoice.main?.size ?? 0) + invoice.attachments.reduce((sum, attachment) => sum + attachment.file.size, 0)
