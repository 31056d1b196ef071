import type { Readable } from 'node:stream'
import type { InvoiceContent } from '../../schemas/invoice.ts'

/**
 * What the rest of the gateway may ask of Chorus Pro, in our own words. Every method either answers, or throws a
 * `ChorusError` whose evidence says what is known of the attempt. Technical ids are decimal strings: they may exceed 2^53.
 */
export interface Chorus {
  /** Repeatable: a file deposited and never submitted is harmless. */
  depositPdf(file: UpstreamFile, signature: 'none' | 'pades', call?: CallOptions): Promise<PdfDeposit>
  /** Repeatable, like `depositPdf`. */
  addFile(file: UpstreamFile, call?: CallOptions): Promise<{ attachmentId: string }>
  /** Not repeatable: the caller has recorded the attempt before it calls this. */
  submit(order: SubmissionOrder, call?: CallOptions): Promise<Submitted>
  /** Not repeatable, like `submit`. */
  depositFlow(file: UpstreamFile, flow: { syntax: string; signed: boolean }, call?: CallOptions): Promise<FlowDeposit>
  /** undefined while Chorus Pro does not know the flow, which is normal just after its deposit. */
  flowReport(flowNumber: string, call?: CallOptions): Promise<FlowReport | undefined>
  /** Every page, oldest deposit first; throws when the pages do not add up to the announced total. */
  searchIssued(filter: IssuedFilter, call?: CallOptions): Promise<IssuedInvoice[]>
  history(invoiceId: string, call?: CallOptions): Promise<History>
  /** Structures with exactly this identifier; public ones, and those we are attached to. */
  findStructures(siret: string, call?: CallOptions): Promise<FoundStructure[]>
  structure(structureId: string, call?: CallOptions): Promise<Structure>
  /** Every page. Inactive services are listed too. */
  services(structureId: string, call?: CallOptions): Promise<Service[]>
  service(structureId: string, serviceId: string, call?: CallOptions): Promise<ServiceDetail>
  /** Our own active structures usable as supplier. */
  suppliers(call?: CallOptions): Promise<Supplier[]>
  bankAccounts(structureId: string, call?: CallOptions): Promise<BankAccount[]>
  /** The smallest call that proves that credentials, account and the way out all work. */
  ping(call?: CallOptions): Promise<void>
}

export interface CallOptions {
  /** Ends the wait for the answer. What it proves is still classified by what had left before. */
  signal?: AbortSignal
  /** Milliseconds for the whole call; the configured one by default. */
  deadlineMs?: number
  /** Made to find out whether the way is open again, and so made while it is closed. */
  probe?: true
  /** Called once when the headers of this very request have left: from here on silence means unknown. */
  onSent?: () => void
}

export interface UpstreamFile {
  name: string
  /** Bytes before base64. */
  size: number
  /** A fresh stream of the raw bytes, or the bytes themselves while they are still in memory. */
  open: () => Buffer | Readable
}

/** What Chorus Pro read from a deposited PDF. Absent: it read nothing there. */
export interface Extraction {
  number?: string
  issueDate?: string
  buyerSiret?: string
  buyerServiceCode?: string
  sellerSiret?: string
  currency?: string
  typeCode?: string
  vatRegime?: string
  commitmentNumber?: string
  totals?: { taxExclusive?: string; tax?: string; taxInclusive?: string; payable?: string }
}

export interface PdfDeposit {
  attachmentId: string
  extraction: Extraction
}

export interface SubmissionOrder {
  mode: 'pdf' | 'data'
  /** True for a PDF with a PAdES signature (DEPOT_PDF_SIGNE_API). */
  signed: boolean
  invoice: InvoiceContent
  supplierId: string
  supplierServiceId?: string
  bankAccountId?: string
  mainAttachment?: { name: string; attachmentId: string }
  attachments: { name: string; attachmentId: string; typeCode?: string }[]
}

export interface Submitted {
  invoiceId: string
  /** As Chorus Pro echoed it; checked against ours in mode `pdf`, made by Chorus Pro in mode `data`. */
  number: string
  status: UpstreamStatus
  depositDate?: string
  depositFingerprint?: string
  exchange: Exchange
}

export interface FlowDeposit {
  flowNumber: string
  depositDate?: string
  exchange: Exchange
}

export interface FlowReport {
  flowNumber: string
  /** Chorus Pro's code, e.g. IN_INTEGRE, as it came. */
  rawState: string
  /** `other`: a state we do not know; shown, and asked for again. */
  state: 'pending' | 'integrated' | 'partly-integrated' | 'rejected' | 'failed' | 'other'
  since?: string
  invoiceErrors: { number?: string; sellerId?: string; buyerId?: string; messages: string[] }[]
  technicalErrors: { code?: string; nature?: string; message: string }[]
}

/** Our name for a Chorus Pro status beside the raw code; `other` where we have no name for it. */
export interface UpstreamStatus {
  code: string
  raw: string
}

export interface IssuedFilter {
  number?: string
  supplierId?: string
  flowNumber?: string
  issueDateFrom?: string
  issueDateTo?: string
  /** Only rows whose current status is this recent (ISO date or date-time). */
  statusSince?: string
  /** Technical id of the recipient. */
  buyerId?: string
  /** First day of deposit. */
  depositedFrom?: string
  payableFrom?: string
  payableTo?: string
}

export interface IssuedInvoice {
  invoiceId: string
  number: string
  sellerSiret?: string
  buyerSiret?: string
  buyerName?: string
  buyerServiceCode?: string
  /** ISO dates and RFC 3339 times, read leniently. */
  issueDate?: string
  depositDate?: string
  totals: { taxExclusive?: string; taxInclusive?: string; payable?: string }
  currency?: string
  status: UpstreamStatus & { since?: string; comment?: string }
  flowNumber?: string
  commitmentNumber?: string
  depositMode?: string
}

export interface History {
  invoiceId: string
  /** Oldest first. Names, mails and telephones of agents are left out. */
  statuses: (UpstreamStatus & { id?: string; at?: string; comment?: string })[]
  events: { id?: string; at?: string; name?: string; comment?: string }[]
  actions: { id?: string; at?: string; code?: string }[]
}

export interface FoundStructure {
  structureId: string
  siret: string
  name?: string
  active: boolean
}

export interface Structure extends FoundStructure {
  requirements: { serviceCode: boolean; commitmentNumber: boolean; serviceOrCommitment: boolean }
  isPublic?: boolean
  /** Whether a works owner may intervene, and whether invoices come to it in that role alone. */
  worksOwner?: boolean
  worksOnly?: boolean
  /** False: this recipient never tells that it has paid. */
  paymentReported?: boolean
  vatNumber?: string
  address?: Address
  /** Of the password of our technical account, where the structure is ours. */
  passwordExpiresOn?: string
}

export interface Address {
  lines?: string[]
  postalCode?: string
  town?: string
  country?: string
}

export interface Service {
  serviceId: string
  code: string
  name?: string
  active: boolean
  /** Validity, RFC 3339 or a date. */
  from?: string
  until?: string
}

export interface ServiceDetail extends Service {
  commitmentNumberRequired: boolean
  description?: string
  address?: Address
}

export interface Supplier {
  structureId: string
  siret: string
  name?: string
}

export interface BankAccount {
  bankAccountId: string
  label?: string
}

/** The facts of one answered HTTP exchange, kept with the attempt. */
export interface Exchange {
  service: string
  httpStatus: number
  returnCode?: number
  label?: string
  correlationId?: string
}
