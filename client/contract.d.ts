// Generated from the routes by `npm run openapi`. Changes made here are lost.
// The types of openapi.yaml: one for each named schema, and what every path takes and gives.

export type FieldError = {
  /** JSON pointer to the member; `/file` and `/attachments/0` for files; empty for the whole. */
  pointer: string
  /** Business term of EN 16931. */
  term?: string
  /** The problem code of this entry. */
  rule: string
  message: string
  messageFr: string
  /** What to do. */
  fix: string
}

export type UpstreamAnswer = {
  /** The Chorus Pro operation. */
  service?: string
  httpStatus?: number
  /** codeRetour. */
  returnCode?: number
  /** libelle, as it came. */
  label?: string
  correlationId?: string
}

export type Problem = {
  /** Identifies the kind of problem; ends in `code`. */
  type: string
  title: string
  status: number
  detail?: string
  /** The invoice concerned, when there is one. */
  instance?: string
  /** Slug to program against; its meaning never changes. */
  code: string
  outcome?: 'not_sent' | 'sent' | 'unknown'
  /** True when the same request may succeed later without any change. */
  retryable: boolean
  /** Seconds to wait before a new try. */
  retryAfter?: number
  /** Who can mend it. */
  owner: 'caller' | 'operator' | 'recipient' | 'platform'
  errors?: FieldError[]
  upstream?: UpstreamAnswer
  requestId?: string
}

export type InvoiceInput = {
  /** Invoice number (BT-1): at most 20 letters, digits, `-` `_` `/` `+`. Chorus Pro refuses a number that the seller has used before. In mode `data` Chorus Pro makes the number. */
  number?: string
  /** Issue date (BT-2), YYYY-MM-DD. */
  issueDate?: string
  /** Invoice type (BT-3): 380 invoice (taken when absent), 381 credit note, 386 prepayment invoice. */
  typeCode?: '380' | '381' | '386'
  /** Currency (BT-5), ISO 4217; EUR when absent. */
  currency?: string
  /** When VAT falls due (BT-8): 5, 3, 29 or 35 on invoicing or delivery, 72 or 432 on payment. */
  taxPointDateCode?: '3' | '5' | '29' | '35' | '72' | '432'
  /** VAT regime, instead of `taxPointDateCode`: `on_debits` (TVA_SUR_DEBIT), `on_receipts` (TVA_SUR_ENCAISSEMENT), `exempt` (EXONERATION), `no_vat` (SANS_TVA). The names of Chorus Pro are understood too. */
  vatRegime?: 'on_debits' | 'on_receipts' | 'exempt' | 'no_vat' | 'TVA_SUR_DEBIT' | 'TVA_SUR_ENCAISSEMENT' | 'EXONERATION' | 'SANS_TVA'
  /** Payment due date (BT-9), YYYY-MM-DD. */
  dueDate?: string
  /** Billing framework (BT-23, cadre de facturation): A1 supplier invoice (taken when absent), A2 already paid, A9 subcontractor, A12 co-contractor. */
  businessProcess?: string
  /** Seller. `siret` (BT-30) may be left out when the key or the connection serves a single seller; `serviceCode` is our own service. */
  seller?: {
    /** SIRET, 14 digits. Kept as text: leading zeros count. */
    siret?: string
    /** Service code inside the structure (BT-10 for the buyer). */
    serviceCode?: string
  }
  /** Buyer: `siret` (BT-47) and `serviceCode` (BT-10). */
  buyer?: {
    /** SIRET, 14 digits. Kept as text: leading zeros count. */
    siret?: string
    /** Service code inside the structure (BT-10 for the buyer). */
    serviceCode?: string
  }
  /** Commitment or purchase order number of the buyer (BT-13, numéro d’engagement). */
  commitmentNumber?: string
  /** Contract number (BT-12, numéro de marché). */
  contractReference?: string
  /** Number of the invoice that this one corrects (BT-25). */
  precedingInvoice?: string
  payment?: {
    /** Payment means (BT-81, UNTDID 4461): 30 credit transfer, 49 direct debit, 20 cheque … */
    meansCode?: string
    /** The seller’s account: its label or id in Chorus Pro, or an IBAN that the configuration maps. */
    bankAccount?: string
  }
  /** Document totals (BG-22), decimal strings. */
  totals?: {
    /** Total without VAT (BT-109). */
    taxExclusive?: string
    /** Total VAT (BT-110). */
    tax?: string
    /** Total with VAT (BT-112). */
    taxInclusive?: string
    /** Overall discount, with VAT (Chorus Pro montantRemiseGlobaleTTC). */
    allowance?: string
    /** Amount due for payment (BT-115). */
    payable?: string
  }
  /** VAT breakdown (BG-23). */
  vatBreakdown?: {
    /** VAT category code (BT-118, BT-151): S standard rate, Z zero rate, E exempt, AE reverse charge, O out of scope … */
    categoryCode?: string
    /** VAT rate in percent (BT-119). */
    rate?: string
    /** Taxable amount (BT-116). */
    taxable?: string
    /** VAT amount (BT-117). */
    tax?: string
    /** Why no VAT is charged (BT-120). */
    exemptionReason?: string
  }[]
  /** Invoice lines (BG-25); needed in mode `data`. */
  lines?: {
    /** Line number or reference (BT-126). */
    id?: string
    /** What was delivered (BT-153). */
    name?: string
    /** Quantity (BT-129). */
    quantity?: string
    /** Unit (BT-130); Chorus Pro takes free text such as `lot` or `heure`. */
    unitCode?: string
    /** Unit price without VAT (BT-146). */
    netPrice?: string
    /** Line amount without VAT (BT-131). */
    netAmount?: string
    vat?: {
      /** VAT category code (BT-118, BT-151): S standard rate, Z zero rate, E exempt, AE reverse charge, O out of scope … */
      categoryCode?: string
      /** VAT rate in percent (BT-152). */
      rate?: string
    }
  }[]
  /** Free comment (BT-22). */
  note?: string
  /** Validator, for the frameworks A9 and A12. */
  validator?: {
    /** SIRET, 14 digits. Kept as text: leading zeros count. */
    siret?: string
    /** Service code inside the structure (BT-10 for the buyer). */
    serviceCode?: string
  }
  /** How to hand it to Chorus Pro. `auto` (when absent): `structured` for Factur-X, UBL and CII, `pdf` for any other PDF, `data` without a file. */
  submissionMode?: 'auto' | 'pdf' | 'structured' | 'data'
  /** Fill the fields left out with what Chorus Pro reads in the PDF (mode `pdf`). */
  completeFromDocument?: boolean
  /** The rejected or cancelled invoice that this one corrects under the same number. */
  replaces?: string
  /** Your own reference; given back, never sent. */
  externalId?: string
  /** Your own labels; given back, never sent. */
  tags?: string[]
}

export type InvoiceJson = {
  /** Invoice number (BT-1): at most 20 letters, digits, `-` `_` `/` `+`. Chorus Pro refuses a number that the seller has used before. In mode `data` Chorus Pro makes the number. */
  number?: string
  /** Issue date (BT-2), YYYY-MM-DD. */
  issueDate?: string
  /** Invoice type (BT-3): 380 invoice (taken when absent), 381 credit note, 386 prepayment invoice. */
  typeCode?: '380' | '381' | '386'
  /** Currency (BT-5), ISO 4217; EUR when absent. */
  currency?: string
  /** When VAT falls due (BT-8): 5, 3, 29 or 35 on invoicing or delivery, 72 or 432 on payment. */
  taxPointDateCode?: '3' | '5' | '29' | '35' | '72' | '432'
  /** VAT regime, instead of `taxPointDateCode`: `on_debits` (TVA_SUR_DEBIT), `on_receipts` (TVA_SUR_ENCAISSEMENT), `exempt` (EXONERATION), `no_vat` (SANS_TVA). The names of Chorus Pro are understood too. */
  vatRegime?: 'on_debits' | 'on_receipts' | 'exempt' | 'no_vat' | 'TVA_SUR_DEBIT' | 'TVA_SUR_ENCAISSEMENT' | 'EXONERATION' | 'SANS_TVA'
  /** Payment due date (BT-9), YYYY-MM-DD. */
  dueDate?: string
  /** Billing framework (BT-23, cadre de facturation): A1 supplier invoice (taken when absent), A2 already paid, A9 subcontractor, A12 co-contractor. */
  businessProcess?: string
  /** Seller. `siret` (BT-30) may be left out when the key or the connection serves a single seller; `serviceCode` is our own service. */
  seller?: {
    /** SIRET, 14 digits. Kept as text: leading zeros count. */
    siret?: string
    /** Service code inside the structure (BT-10 for the buyer). */
    serviceCode?: string
  }
  /** Buyer: `siret` (BT-47) and `serviceCode` (BT-10). */
  buyer?: {
    /** SIRET, 14 digits. Kept as text: leading zeros count. */
    siret?: string
    /** Service code inside the structure (BT-10 for the buyer). */
    serviceCode?: string
  }
  /** Commitment or purchase order number of the buyer (BT-13, numéro d’engagement). */
  commitmentNumber?: string
  /** Contract number (BT-12, numéro de marché). */
  contractReference?: string
  /** Number of the invoice that this one corrects (BT-25). */
  precedingInvoice?: string
  payment?: {
    /** Payment means (BT-81, UNTDID 4461): 30 credit transfer, 49 direct debit, 20 cheque … */
    meansCode?: string
    /** The seller’s account: its label or id in Chorus Pro, or an IBAN that the configuration maps. */
    bankAccount?: string
  }
  /** Document totals (BG-22), decimal strings. */
  totals?: {
    /** Total without VAT (BT-109). */
    taxExclusive?: string
    /** Total VAT (BT-110). */
    tax?: string
    /** Total with VAT (BT-112). */
    taxInclusive?: string
    /** Overall discount, with VAT (Chorus Pro montantRemiseGlobaleTTC). */
    allowance?: string
    /** Amount due for payment (BT-115). */
    payable?: string
  }
  /** VAT breakdown (BG-23). */
  vatBreakdown?: {
    /** VAT category code (BT-118, BT-151): S standard rate, Z zero rate, E exempt, AE reverse charge, O out of scope … */
    categoryCode?: string
    /** VAT rate in percent (BT-119). */
    rate?: string
    /** Taxable amount (BT-116). */
    taxable?: string
    /** VAT amount (BT-117). */
    tax?: string
    /** Why no VAT is charged (BT-120). */
    exemptionReason?: string
  }[]
  /** Invoice lines (BG-25); needed in mode `data`. */
  lines?: {
    /** Line number or reference (BT-126). */
    id?: string
    /** What was delivered (BT-153). */
    name?: string
    /** Quantity (BT-129). */
    quantity?: string
    /** Unit (BT-130); Chorus Pro takes free text such as `lot` or `heure`. */
    unitCode?: string
    /** Unit price without VAT (BT-146). */
    netPrice?: string
    /** Line amount without VAT (BT-131). */
    netAmount?: string
    vat?: {
      /** VAT category code (BT-118, BT-151): S standard rate, Z zero rate, E exempt, AE reverse charge, O out of scope … */
      categoryCode?: string
      /** VAT rate in percent (BT-152). */
      rate?: string
    }
  }[]
  /** Free comment (BT-22). */
  note?: string
  /** Validator, for the frameworks A9 and A12. */
  validator?: {
    /** SIRET, 14 digits. Kept as text: leading zeros count. */
    siret?: string
    /** Service code inside the structure (BT-10 for the buyer). */
    serviceCode?: string
  }
  /** How to hand it to Chorus Pro. `auto` (when absent): `structured` for Factur-X, UBL and CII, `pdf` for any other PDF, `data` without a file. */
  submissionMode?: 'auto' | 'pdf' | 'structured' | 'data'
  /** Fill the fields left out with what Chorus Pro reads in the PDF (mode `pdf`). */
  completeFromDocument?: boolean
  /** The rejected or cancelled invoice that this one corrects under the same number. */
  replaces?: string
  /** Your own reference; given back, never sent. */
  externalId?: string
  /** Your own labels; given back, never sent. */
  tags?: string[]
  file?: {
    /** File name with its extension. */
    name?: string
    /** The file, base64; line breaks are tolerated and never passed on. */
    contentBase64: string
  }
}

export type Invoice = {
  /** The gateway’s own id of an invoice, given before anything is sent. */
  id: string
  /** Invoice number (BT-1): at most 20 letters, digits, `-` `_` `/` `+`. Chorus Pro refuses a number that the seller has used before. In mode `data` Chorus Pro makes the number. */
  number?: string
  /** Issue date (BT-2), YYYY-MM-DD. */
  issueDate?: string
  /** Invoice type (BT-3): 380 invoice (taken when absent), 381 credit note, 386 prepayment invoice. */
  typeCode?: '380' | '381' | '386'
  /** Currency (BT-5), ISO 4217; EUR when absent. */
  currency?: string
  /** When VAT falls due (BT-8): 5, 3, 29 or 35 on invoicing or delivery, 72 or 432 on payment. */
  taxPointDateCode?: '3' | '5' | '29' | '35' | '72' | '432'
  /** VAT regime, instead of `taxPointDateCode`: `on_debits` (TVA_SUR_DEBIT), `on_receipts` (TVA_SUR_ENCAISSEMENT), `exempt` (EXONERATION), `no_vat` (SANS_TVA). The names of Chorus Pro are understood too. */
  vatRegime?: 'on_debits' | 'on_receipts' | 'exempt' | 'no_vat' | 'TVA_SUR_DEBIT' | 'TVA_SUR_ENCAISSEMENT' | 'EXONERATION' | 'SANS_TVA'
  /** Payment due date (BT-9), YYYY-MM-DD. */
  dueDate?: string
  /** Billing framework (BT-23, cadre de facturation): A1 supplier invoice (taken when absent), A2 already paid, A9 subcontractor, A12 co-contractor. */
  businessProcess?: string
  /** Seller. `siret` (BT-30) may be left out when the key or the connection serves a single seller; `serviceCode` is our own service. */
  seller?: {
    /** SIRET, 14 digits. Kept as text: leading zeros count. */
    siret?: string
    /** Service code inside the structure (BT-10 for the buyer). */
    serviceCode?: string
  }
  /** Buyer: `siret` (BT-47) and `serviceCode` (BT-10). */
  buyer?: {
    /** SIRET, 14 digits. Kept as text: leading zeros count. */
    siret?: string
    /** Service code inside the structure (BT-10 for the buyer). */
    serviceCode?: string
  }
  /** Commitment or purchase order number of the buyer (BT-13, numéro d’engagement). */
  commitmentNumber?: string
  /** Contract number (BT-12, numéro de marché). */
  contractReference?: string
  /** Number of the invoice that this one corrects (BT-25). */
  precedingInvoice?: string
  payment?: {
    /** Payment means (BT-81, UNTDID 4461): 30 credit transfer, 49 direct debit, 20 cheque … */
    meansCode?: string
    /** The seller’s account: its label or id in Chorus Pro, or an IBAN that the configuration maps. */
    bankAccount?: string
  }
  /** Document totals (BG-22), decimal strings. */
  totals?: {
    /** Total without VAT (BT-109). */
    taxExclusive?: string
    /** Total VAT (BT-110). */
    tax?: string
    /** Total with VAT (BT-112). */
    taxInclusive?: string
    /** Overall discount, with VAT (Chorus Pro montantRemiseGlobaleTTC). */
    allowance?: string
    /** Amount due for payment (BT-115). */
    payable?: string
  }
  /** VAT breakdown (BG-23). */
  vatBreakdown?: {
    /** VAT category code (BT-118, BT-151): S standard rate, Z zero rate, E exempt, AE reverse charge, O out of scope … */
    categoryCode?: string
    /** VAT rate in percent (BT-119). */
    rate?: string
    /** Taxable amount (BT-116). */
    taxable?: string
    /** VAT amount (BT-117). */
    tax?: string
    /** Why no VAT is charged (BT-120). */
    exemptionReason?: string
  }[]
  /** Invoice lines (BG-25); needed in mode `data`. */
  lines?: {
    /** Line number or reference (BT-126). */
    id?: string
    /** What was delivered (BT-153). */
    name?: string
    /** Quantity (BT-129). */
    quantity?: string
    /** Unit (BT-130); Chorus Pro takes free text such as `lot` or `heure`. */
    unitCode?: string
    /** Unit price without VAT (BT-146). */
    netPrice?: string
    /** Line amount without VAT (BT-131). */
    netAmount?: string
    vat?: {
      /** VAT category code (BT-118, BT-151): S standard rate, Z zero rate, E exempt, AE reverse charge, O out of scope … */
      categoryCode?: string
      /** VAT rate in percent (BT-152). */
      rate?: string
    }
  }[]
  /** Free comment (BT-22). */
  note?: string
  /** Validator, for the frameworks A9 and A12. */
  validator?: {
    /** SIRET, 14 digits. Kept as text: leading zeros count. */
    siret?: string
    /** Service code inside the structure (BT-10 for the buyer). */
    serviceCode?: string
  }
  /** How to hand it to Chorus Pro. `auto` (when absent): `structured` for Factur-X, UBL and CII, `pdf` for any other PDF, `data` without a file. */
  submissionMode?: 'auto' | 'pdf' | 'structured' | 'data'
  /** Fill the fields left out with what Chorus Pro reads in the PDF (mode `pdf`). */
  completeFromDocument?: boolean
  /** The rejected or cancelled invoice that this one corrects under the same number. */
  replaces?: string
  /** Your own reference; given back, never sent. */
  externalId?: string
  /** Your own labels; given back, never sent. */
  tags?: string[]
  submission: {
    /** Our side of the story. `received`: safe here, nothing sent. `deposited`: Chorus Pro has the file. `submitting`: the call is under way. `unknown`: the answer was lost; a search decides, nothing is sent again. `submitted`: Chorus Pro took it. `integrated`: it has an invoice id there. `rejected`: Chorus Pro refused it. `held`: waits for a person, with a reason. `cancelled`: withdrawn before anything was sent. */
    state: 'received' | 'deposited' | 'submitting' | 'unknown' | 'submitted' | 'integrated' | 'rejected' | 'held' | 'cancelled'
    mode: 'pdf' | 'structured' | 'data'
    /** Why this mode was used. */
    modeReason: string
    /** Whether Chorus Pro has it. `unknown` is cleared up by the gateway; sending again could double the invoice. */
    outcome: 'not_sent' | 'sent' | 'unknown'
    /** How often the invoice itself was sent; files are not counted. */
    attempts: number
    /** RFC 3339 time in UTC. */
    nextAttemptAt?: string
    heldReason?: string
    error?: {
      /** A problem code. */
      code: string
      detail: string
      /** Who can mend it: caller, operator, recipient or platform. */
      owner: string
      errors?: FieldError[]
      upstream?: UpstreamAnswer
    }
  }
  status?: {
    /** Our name of Chorus Pro’s status; `other` where there is none. */
    code: string
    /** Chorus Pro’s code as it came. */
    raw: string
    /** Since when, as far as Chorus Pro tells. */
    since?: string
    /** What the recipient wrote, e.g. the reason of a rejection. */
    comment?: string
  }
  upstream: {
    environment: string
    connection: string
    /** identifiantFactureCPP. */
    invoiceId?: string
    /** numeroFluxDepot. */
    flowNumber?: string
    /** etatCourantDepotFlux. */
    flowState?: string
    /** The number Chorus Pro gave in mode `data`. */
    number?: string
    /** Chorus Pro’s status code as it came. */
    status?: string
    depositDate?: string
    /** empreinteCertificatDepot. */
    depositFingerprint?: string
    service?: string
    httpStatus?: number
    /** codeRetour. */
    returnCode?: number
    /** libelle. */
    label?: string
    correlationId?: string
  }
  /** What Chorus Pro read in the PDF. */
  extraction?: Record<string, unknown>
  warnings: FieldError[]
  documents: {
    id: string
    role: 'invoice' | 'attachment'
    name: string
    mediaType: string
    /** Bytes. */
    size: number
    sha256: string
    href: string
  }[]
  links: {
    self: string
    timeline: string
    refresh: string
    cancel?: string
  }
  /** RFC 3339 time in UTC. */
  createdAt: string
  /** RFC 3339 time in UTC. */
  updatedAt: string
}

export type InvoiceList = {
  items: Invoice[]
  /** Opaque position in a list, from `nextCursor` of the page before. */
  nextCursor?: string
}

export type Timeline = {
  items: {
    /** RFC 3339 time in UTC. */
    at: string
    type: string
    data: Record<string, unknown>
  }[]
  /** Every sending of the invoice itself. */
  attempts: {
    number: number
    operation: string
    /** RFC 3339 time in UTC. */
    startedAt: string
    /** RFC 3339 time in UTC. */
    endedAt?: string
    /** What the attempt proves: not-sent, not-processed, refused, exists, done, unknown. */
    proof?: string
    detail?: string
    upstream?: UpstreamAnswer
  }[]
  /** Chorus Pro’s own history of statuses, as last read. */
  history: {
    code: string
    raw: string
    at?: string
    comment?: string
  }[]
}

export type Validation = {
  /** `valid`: it would be accepted now. */
  verdict: 'valid' | 'invalid'
  errors: FieldError[]
  warnings: FieldError[]
  plan: {
    mode: 'pdf' | 'structured' | 'data'
    reason: string
    /** The calls to Chorus Pro, in order. */
    steps: string[]
    /** syntaxeFlux, in mode `structured`. */
    syntax?: string
    document?: {
      kind: string
      profile?: string
      signed: boolean
      encrypted: boolean
      size: number
      sha256: string
    }
  }
}

export type Organization = {
  /** SIRET, 14 digits. Kept as text: leading zeros count. */
  siret: string
  name?: string
  /** False: it takes no invoices. */
  active: boolean
  requirements: {
    /** An invoice must name a service (BT-10). */
    serviceCode: boolean
    /** An invoice must carry a commitment number (BT-13). */
    commitmentNumber: boolean
    /** One of the two is enough. It stands before the two others. */
    serviceOrCommitment: boolean
  }
  kind?: 'public' | 'private'
  /** A works owner (MOA) may intervene in works invoices. */
  worksOwner?: boolean
  /** Invoices come to it as works owner (MOA) alone. */
  worksOnly?: boolean
  /** False: it never tells that it has paid. */
  paymentReported?: boolean
  vatNumber?: string
  address?: {
    lines?: string[]
    postalCode?: string
    town?: string
    /** As Chorus Pro writes it: a name or a code. */
    country?: string
  }
  /** RFC 3339 time in UTC. */
  asOf: string
  /** Who says so: Chorus Pro at `asOf`, or the gateway’s copy of the recipients’ directory as it was then, while Chorus Pro is away. */
  source: 'chorus-pro' | 'local-copy'
  upstream: {
    /** idStructureCPP, as text: it may be larger than 2^53. */
    structureId?: string
  }
}

export type FoundOrganization = {
  /** SIRET, 14 digits. Kept as text: leading zeros count. */
  siret?: string
  /** Its SIRET, or what stands for one abroad and overseas. */
  identifier: string
  /** siret, eu_vat, non_eu, ridet, tahiti, individual or other. */
  identifierType: string
  name?: string
  active: boolean
  requirements?: {
    /** An invoice must name a service (BT-10). */
    serviceCode: boolean
    /** An invoice must carry a commitment number (BT-13). */
    commitmentNumber: boolean
    /** One of the two is enough. It stands before the two others. */
    serviceOrCommitment: boolean
  }
  address?: {
    lines?: string[]
    postalCode?: string
    town?: string
    /** As Chorus Pro writes it: a name or a code. */
    country?: string
  }
  /** RFC 3339 time in UTC. */
  asOf: string
  /** Who says so: Chorus Pro at `asOf`, or the gateway’s copy of the recipients’ directory as it was then, while Chorus Pro is away. */
  source: 'chorus-pro' | 'local-copy'
  upstream: {
    /** idStructureCPP, as text: it may be larger than 2^53. */
    structureId?: string
    /** typeIdentifiantStructure. */
    identifierType?: string
    /** statut, as it came. */
    status?: string
  }
}

export type OrganizationList = {
  items: FoundOrganization[]
  /** Opaque position in a list, from `nextCursor` of the page before. */
  nextCursor?: string
  /** Items in all, where Chorus Pro announces it. */
  total?: number
  /** RFC 3339 time in UTC. */
  asOf: string
  /** Who says so: Chorus Pro at `asOf`, or the gateway’s copy of the recipients’ directory as it was then, while Chorus Pro is away. */
  source: 'chorus-pro' | 'local-copy'
}

export type ServiceRow = {
  code: string
  name?: string
  active: boolean
  /** Valid from: RFC 3339, or a date. */
  from?: string
  until?: string
  upstream: {
    /** idService. */
    serviceId: string
  }
}

export type ServiceList = {
  items: ServiceRow[]
  /** Opaque position in a list, from `nextCursor` of the page before. */
  nextCursor?: string
  total: number
}

export type OrganizationService = {
  code: string
  name?: string
  active: boolean
  /** Valid from: RFC 3339, or a date. */
  from?: string
  until?: string
  description?: string
  requirements: {
    /** This service demands a commitment number, whatever its organization demands. */
    commitmentNumber: boolean
  }
  address?: {
    lines?: string[]
    postalCode?: string
    town?: string
    /** As Chorus Pro writes it: a name or a code. */
    country?: string
  }
  upstream: {
    /** idService. */
    serviceId: string
  }
}

export type BankAccount = {
  label?: string
  upstream: {
    /** idCoordonneeBancaire. */
    bankAccountId: string
  }
}

export type BankAccountList = {
  items: BankAccount[]
  total: number
}

export type IssuedInvoice = {
  /** Chorus Pro’s own id of the invoice, as text: it may be larger than JSON numbers hold. */
  id: string
  /** Invoice number (BT-1). */
  number?: string
  /** Invoice type (BT-3): 380 invoice, 381 credit note, 386 prepayment invoice; `other` for anything else. */
  typeCode?: string
  /** Kind of payment request: `invoice`, `works_invoice` … */
  requestType?: string
  /** Kind of works document, where it is one. */
  worksType?: string
  /** Issue date (BT-2). */
  issueDate?: string
  /** When Chorus Pro received it. */
  depositDate?: string
  /** Currency (BT-5). */
  currency?: string
  /** Billing framework (BT-23), A1 to A25. */
  businessProcess?: string
  seller: {
    /** SIRET (BT-30 of the seller, BT-47 of the buyer); absent where the identifier is of another kind. */
    siret?: string
    /** Identifier as it came. */
    identifier?: string
    /** Its kind, as Chorus Pro writes it: SIRET, UE_HORS_FRANCE, RIDET … */
    identifierType?: string
    /** Name (BT-27, BT-44). */
    name?: string
    /** Service inside the structure (BT-10 for the buyer). */
    serviceCode?: string
    /** Name of that service. */
    serviceName?: string
    address?: {
      /** BT-35, BT-50. */
      line1?: string
      /** BT-36, BT-51. */
      line2?: string
      /** BT-162, BT-163. */
      line3?: string
      /** BT-38, BT-53. */
      postalCode?: string
      /** BT-37, BT-52. */
      town?: string
      /** BT-40, BT-55. */
      countryCode?: string
    }
  }
  buyer: {
    /** SIRET (BT-30 of the seller, BT-47 of the buyer); absent where the identifier is of another kind. */
    siret?: string
    /** Identifier as it came. */
    identifier?: string
    /** Its kind, as Chorus Pro writes it: SIRET, UE_HORS_FRANCE, RIDET … */
    identifierType?: string
    /** Name (BT-27, BT-44). */
    name?: string
    /** Service inside the structure (BT-10 for the buyer). */
    serviceCode?: string
    /** Name of that service. */
    serviceName?: string
    address?: {
      /** BT-35, BT-50. */
      line1?: string
      /** BT-36, BT-51. */
      line2?: string
      /** BT-162, BT-163. */
      line3?: string
      /** BT-38, BT-53. */
      postalCode?: string
      /** BT-37, BT-52. */
      town?: string
      /** BT-40, BT-55. */
      countryCode?: string
    }
  }
  /** Document totals (BG-22), decimal texts with the digits that Chorus Pro wrote. */
  totals: {
    /** Total without VAT (BT-109). */
    taxExclusive?: string
    /** Total VAT (BT-110). */
    tax?: string
    /** Total with VAT (BT-112). */
    taxInclusive?: string
    /** Total with VAT before the overall discount. */
    beforeAllowance?: string
    /** Overall discount, with VAT. */
    allowance?: string
    /** Why it is granted. */
    allowanceReason?: string
    /** Amount due for payment (BT-115). */
    payable?: string
  }
  status: {
    /** Our name of the status; `other` where we have none. */
    code: string
    /** Chorus Pro’s code as it came. */
    raw: string
    /** When the invoice reached it, RFC 3339 in UTC. */
    since?: string
    /** What was said with it, for instance why the invoice was rejected. */
    comment?: string
  }
  /** Commitment or purchase order number (BT-13). */
  commitmentNumber?: string
  /** Contract number (BT-12). */
  contractReference?: string
  /** Number of the invoice that this one corrects (BT-25). */
  precedingInvoice?: string
  /** How it reached Chorus Pro, in our words: `pdf_api`, `edi_structured` …; `other` where we have none. */
  depositMode?: string
  /** Those who had to approve it, in order. */
  validators?: {
    /** SIRET of the validator. */
    siret?: string
    /** Identifier as it came. */
    identifier?: string
    /** Its kind. */
    identifierType?: string
    /** Name of the company. */
    name?: string
    /** When it decided. */
    validatedAt?: string
  }[]
  bankAccount?: {
    /** Technical id in Chorus Pro. */
    id?: string
    /** Name of the account in Chorus Pro. */
    label?: string
    /** Country of the account. */
    countryCode?: string
    /** Bank code. */
    bankCode?: string
    /** Branch code. */
    branchCode?: string
    /** Account number (part of BT-84). */
    accountNumber?: string
    /** Check digits of the IBAN. */
    ibanCheckDigits?: string
    /** RIB key. */
    ribKey?: string
    /** BIC (BT-86). */
    bic?: string
  }
  factor?: {
    /** Identifier of the factor. */
    identifier?: string
    /** Its kind. */
    identifierType?: string
    /** Name. */
    name?: string
  }
  /** Size with its attachments, where `size=true` asks for it; Chorus Pro does not say the unit. */
  size?: number
  /** Raw codes, by our names: `status`, `type`, `businessProcess`, `depositMode`, `requestType` … */
  upstream: Record<string, string>
  /** numeroFluxDepot, where it came by a flow. */
  flowNumber?: string
  /** The rejection was marked as handled. */
  rejectionAcknowledged?: boolean
  /** Our id, where you sent it through this gateway. */
  gatewayInvoiceId?: string
  links: {
    self: string
    history: string
    documents: string
    /** The invoice in the gateway, where it came through it. */
    submission?: string
  }
}

export type IssuedInvoiceDetail = {
  /** Chorus Pro’s own id of the invoice, as text: it may be larger than JSON numbers hold. */
  id: string
  /** Invoice number (BT-1). */
  number?: string
  /** Invoice type (BT-3): 380 invoice, 381 credit note, 386 prepayment invoice; `other` for anything else. */
  typeCode?: string
  /** Kind of payment request: `invoice`, `works_invoice` … */
  requestType?: string
  /** Kind of works document, where it is one. */
  worksType?: string
  /** Issue date (BT-2). */
  issueDate?: string
  /** When Chorus Pro received it. */
  depositDate?: string
  /** Currency (BT-5). */
  currency?: string
  /** Billing framework (BT-23), A1 to A25. */
  businessProcess?: string
  seller: {
    /** SIRET (BT-30 of the seller, BT-47 of the buyer); absent where the identifier is of another kind. */
    siret?: string
    /** Identifier as it came. */
    identifier?: string
    /** Its kind, as Chorus Pro writes it: SIRET, UE_HORS_FRANCE, RIDET … */
    identifierType?: string
    /** Name (BT-27, BT-44). */
    name?: string
    /** Service inside the structure (BT-10 for the buyer). */
    serviceCode?: string
    /** Name of that service. */
    serviceName?: string
    address?: {
      /** BT-35, BT-50. */
      line1?: string
      /** BT-36, BT-51. */
      line2?: string
      /** BT-162, BT-163. */
      line3?: string
      /** BT-38, BT-53. */
      postalCode?: string
      /** BT-37, BT-52. */
      town?: string
      /** BT-40, BT-55. */
      countryCode?: string
    }
  }
  buyer: {
    /** SIRET (BT-30 of the seller, BT-47 of the buyer); absent where the identifier is of another kind. */
    siret?: string
    /** Identifier as it came. */
    identifier?: string
    /** Its kind, as Chorus Pro writes it: SIRET, UE_HORS_FRANCE, RIDET … */
    identifierType?: string
    /** Name (BT-27, BT-44). */
    name?: string
    /** Service inside the structure (BT-10 for the buyer). */
    serviceCode?: string
    /** Name of that service. */
    serviceName?: string
    address?: {
      /** BT-35, BT-50. */
      line1?: string
      /** BT-36, BT-51. */
      line2?: string
      /** BT-162, BT-163. */
      line3?: string
      /** BT-38, BT-53. */
      postalCode?: string
      /** BT-37, BT-52. */
      town?: string
      /** BT-40, BT-55. */
      countryCode?: string
    }
  }
  /** Document totals (BG-22), decimal texts with the digits that Chorus Pro wrote. */
  totals: {
    /** Total without VAT (BT-109). */
    taxExclusive?: string
    /** Total VAT (BT-110). */
    tax?: string
    /** Total with VAT (BT-112). */
    taxInclusive?: string
    /** Total with VAT before the overall discount. */
    beforeAllowance?: string
    /** Overall discount, with VAT. */
    allowance?: string
    /** Why it is granted. */
    allowanceReason?: string
    /** Amount due for payment (BT-115). */
    payable?: string
  }
  status: {
    /** Our name of the status; `other` where we have none. */
    code: string
    /** Chorus Pro’s code as it came. */
    raw: string
    /** When the invoice reached it, RFC 3339 in UTC. */
    since?: string
    /** What was said with it, for instance why the invoice was rejected. */
    comment?: string
  }
  /** Commitment or purchase order number (BT-13). */
  commitmentNumber?: string
  /** Contract number (BT-12). */
  contractReference?: string
  /** Number of the invoice that this one corrects (BT-25). */
  precedingInvoice?: string
  /** How it reached Chorus Pro, in our words: `pdf_api`, `edi_structured` …; `other` where we have none. */
  depositMode?: string
  /** Those who had to approve it, in order. */
  validators?: {
    /** SIRET of the validator. */
    siret?: string
    /** Identifier as it came. */
    identifier?: string
    /** Its kind. */
    identifierType?: string
    /** Name of the company. */
    name?: string
    /** When it decided. */
    validatedAt?: string
  }[]
  bankAccount?: {
    /** Technical id in Chorus Pro. */
    id?: string
    /** Name of the account in Chorus Pro. */
    label?: string
    /** Country of the account. */
    countryCode?: string
    /** Bank code. */
    bankCode?: string
    /** Branch code. */
    branchCode?: string
    /** Account number (part of BT-84). */
    accountNumber?: string
    /** Check digits of the IBAN. */
    ibanCheckDigits?: string
    /** RIB key. */
    ribKey?: string
    /** BIC (BT-86). */
    bic?: string
  }
  factor?: {
    /** Identifier of the factor. */
    identifier?: string
    /** Its kind. */
    identifierType?: string
    /** Name. */
    name?: string
  }
  /** Size with its attachments, where `size=true` asks for it; Chorus Pro does not say the unit. */
  size?: number
  /** Raw codes, by our names: `status`, `type`, `businessProcess`, `depositMode`, `requestType` … */
  upstream: Record<string, string>
  /** Payment due date (BT-9). */
  dueDate?: string
  /** When it was made in Chorus Pro. */
  createdAt?: string
  /** VAT regime: `on_debits`, `on_receipts`, `exempt`, `no_vat`. */
  vatRegime?: string
  /** Why no VAT is charged (BT-120). */
  exemptionReason?: string
  payment?: {
    /** Payment means (BT-81, UNTDID 4461), where it has one. */
    meansCode?: string
    /** Payment order number (mandat) given by the recipient. */
    orderNumber?: string
  }
  /** Free comment (BT-22). */
  note?: string
  /** Every line (BG-25). */
  lines: {
    /** Line number. */
    number?: string
    /** Article reference (BT-155). */
    id?: string
    /** What was delivered (BT-153). */
    name?: string
    /** Quantity (BT-129). */
    quantity?: string
    /** Unit (BT-130), as Chorus Pro labels it. */
    unitCode?: string
    /** Unit price without VAT (BT-146). */
    netPrice?: string
    /** Discount on the line, without VAT (BT-136). */
    allowance?: string
    /** Line amount without VAT (BT-131). */
    netAmount?: string
    /** VAT of the line. */
    tax?: string
    /** Line amount with VAT. */
    grossAmount?: string
    vat: {
      /** VAT rate in percent (BT-152). */
      rate?: string
      /** Code of the rate, such as TVA5. */
      code?: string
    }
  }[]
  /** Every VAT rate (BG-23). */
  vatBreakdown: {
    /** VAT rate in percent (BT-119). */
    rate?: string
    /** Code of the rate. */
    code?: string
    /** Its label. */
    label?: string
    /** Taxable amount (BT-116). */
    taxable?: string
    /** Tax amount (BT-117). */
    tax?: string
  }[]
  /** pieceJointeId of the invoice’s own PDF. */
  mainAttachmentId?: string
  /** Every attachment (BG-24). */
  attachments: {
    /** pieceJointeId. */
    attachmentId?: string
    /** Name shown (BT-123). */
    name?: string
    /** Kind of attachment, code. */
    typeCode?: string
    /** Its label. */
    typeLabel?: string
    /** Line that it belongs to. */
    line?: string
    /** File ending. */
    extension?: string
  }[]
  previousDocument?: {
    /** Technical id. */
    id?: string
    /** Its number. */
    number?: string
    /** Its billing framework. */
    businessProcess?: string
  }
  nextDocument?: {
    /** Technical id. */
    id?: string
    /** Its number. */
    number?: string
    /** Its billing framework. */
    businessProcess?: string
  }
  /** numeroFluxDepot, where it came by a flow. */
  flowNumber?: string
  /** The rejection was marked as handled. */
  rejectionAcknowledged?: boolean
  /** Our id, where you sent it through this gateway. */
  gatewayInvoiceId?: string
  links: {
    self: string
    history: string
    documents: string
    /** The invoice in the gateway, where it came through it. */
    submission?: string
  }
}

export type Completion = {
  /** What to say to the recipient. */
  comment?: string
  /** Files, in JSON; in a form they are parts. */
  attachments?: {
    /** File name with its ending; Chorus Pro takes 50 characters. */
    name: string
    /** The file; line breaks are tolerated. */
    contentBase64: string
    /** Kind of attachment (code list of attachment types). */
    typeCode?: string
  }[]
}

export type Rerouting = {
  /** The right recipient (BT-47) or service (BT-10). With another SIRET the old service is not kept. */
  buyer?: {
    /** SIRET, 14 digits. Kept as text: leading zeros count. */
    siret?: string
    /** Service code inside the structure (BT-10 for the buyer). */
    serviceCode?: string
  }
  /** Commitment number (BT-13). */
  commitmentNumber?: string
  /** Contract number (BT-12). */
  contractReference?: string
  /** Number of the invoice that this one corrects (BT-25). */
  precedingInvoice?: string
  /** Invoice type (BT-3). */
  typeCode?: '380' | '381'
  /** Currency (BT-5). */
  currency?: string
  /** VAT regime. */
  vatRegime?: 'on_debits' | 'on_receipts' | 'exempt' | 'no_vat'
  /** Why no VAT is charged (BT-120). */
  exemptionReason?: string
  /** Payment means (BT-81). */
  paymentMeansCode?: string
  /** What to say. */
  comment?: string
}

export type RejectionAcknowledgement = {
  /** Why it is done with. */
  reason?: string
  /** More about it. */
  comment?: string
}

export type ValidatorCorrection = {
  /** The right validator. */
  validator: {
    /** SIRET, 14 digits. Kept as text: leading zeros count. */
    siret: string
  }
}

export type ReceivedInvoice = {
  /** Chorus Pro’s own id of the invoice, as text: it may be larger than JSON numbers hold. */
  id: string
  /** Invoice number (BT-1). */
  number?: string
  /** Invoice type (BT-3): 380 invoice, 381 credit note, 386 prepayment invoice; `other` for anything else. */
  typeCode?: string
  /** Kind of payment request: `invoice`, `works_invoice` … */
  requestType?: string
  /** Kind of works document, where it is one. */
  worksType?: string
  /** Issue date (BT-2). */
  issueDate?: string
  /** When Chorus Pro received it. */
  depositDate?: string
  /** Currency (BT-5). */
  currency?: string
  /** Billing framework (BT-23), A1 to A25. */
  businessProcess?: string
  seller: {
    /** SIRET (BT-30 of the seller, BT-47 of the buyer); absent where the identifier is of another kind. */
    siret?: string
    /** Identifier as it came. */
    identifier?: string
    /** Its kind, as Chorus Pro writes it: SIRET, UE_HORS_FRANCE, RIDET … */
    identifierType?: string
    /** Name (BT-27, BT-44). */
    name?: string
    /** Service inside the structure (BT-10 for the buyer). */
    serviceCode?: string
    /** Name of that service. */
    serviceName?: string
    address?: {
      /** BT-35, BT-50. */
      line1?: string
      /** BT-36, BT-51. */
      line2?: string
      /** BT-162, BT-163. */
      line3?: string
      /** BT-38, BT-53. */
      postalCode?: string
      /** BT-37, BT-52. */
      town?: string
      /** BT-40, BT-55. */
      countryCode?: string
    }
  }
  buyer: {
    /** SIRET (BT-30 of the seller, BT-47 of the buyer); absent where the identifier is of another kind. */
    siret?: string
    /** Identifier as it came. */
    identifier?: string
    /** Its kind, as Chorus Pro writes it: SIRET, UE_HORS_FRANCE, RIDET … */
    identifierType?: string
    /** Name (BT-27, BT-44). */
    name?: string
    /** Service inside the structure (BT-10 for the buyer). */
    serviceCode?: string
    /** Name of that service. */
    serviceName?: string
    address?: {
      /** BT-35, BT-50. */
      line1?: string
      /** BT-36, BT-51. */
      line2?: string
      /** BT-162, BT-163. */
      line3?: string
      /** BT-38, BT-53. */
      postalCode?: string
      /** BT-37, BT-52. */
      town?: string
      /** BT-40, BT-55. */
      countryCode?: string
    }
  }
  /** Document totals (BG-22), decimal texts with the digits that Chorus Pro wrote. */
  totals: {
    /** Total without VAT (BT-109). */
    taxExclusive?: string
    /** Total VAT (BT-110). */
    tax?: string
    /** Total with VAT (BT-112). */
    taxInclusive?: string
    /** Total with VAT before the overall discount. */
    beforeAllowance?: string
    /** Overall discount, with VAT. */
    allowance?: string
    /** Why it is granted. */
    allowanceReason?: string
    /** Amount due for payment (BT-115). */
    payable?: string
  }
  status: {
    /** Our name of the status; `other` where we have none. */
    code: string
    /** Chorus Pro’s code as it came. */
    raw: string
    /** When the invoice reached it, RFC 3339 in UTC. */
    since?: string
    /** What was said with it, for instance why the invoice was rejected. */
    comment?: string
  }
  /** Commitment or purchase order number (BT-13). */
  commitmentNumber?: string
  /** Contract number (BT-12). */
  contractReference?: string
  /** Number of the invoice that this one corrects (BT-25). */
  precedingInvoice?: string
  /** How it reached Chorus Pro, in our words: `pdf_api`, `edi_structured` …; `other` where we have none. */
  depositMode?: string
  /** Those who had to approve it, in order. */
  validators?: {
    /** SIRET of the validator. */
    siret?: string
    /** Identifier as it came. */
    identifier?: string
    /** Its kind. */
    identifierType?: string
    /** Name of the company. */
    name?: string
    /** When it decided. */
    validatedAt?: string
  }[]
  bankAccount?: {
    /** Technical id in Chorus Pro. */
    id?: string
    /** Name of the account in Chorus Pro. */
    label?: string
    /** Country of the account. */
    countryCode?: string
    /** Bank code. */
    bankCode?: string
    /** Branch code. */
    branchCode?: string
    /** Account number (part of BT-84). */
    accountNumber?: string
    /** Check digits of the IBAN. */
    ibanCheckDigits?: string
    /** RIB key. */
    ribKey?: string
    /** BIC (BT-86). */
    bic?: string
  }
  factor?: {
    /** Identifier of the factor. */
    identifier?: string
    /** Its kind. */
    identifierType?: string
    /** Name. */
    name?: string
  }
  /** Size with its attachments, where `size=true` asks for it; Chorus Pro does not say the unit. */
  size?: number
  /** Raw codes, by our names: `status`, `type`, `businessProcess`, `depositMode`, `requestType` … */
  upstream: Record<string, string>
  /** A download by anybody sets it. For safe pick-up use `POST /v1/received-invoices/pick-up`. */
  downloaded?: boolean
  projectManager?: {
    /** SIRET (BT-30 of the seller, BT-47 of the buyer); absent where the identifier is of another kind. */
    siret?: string
    /** Identifier as it came. */
    identifier?: string
    /** Its kind, as Chorus Pro writes it: SIRET, UE_HORS_FRANCE, RIDET … */
    identifierType?: string
    /** Name (BT-27, BT-44). */
    name?: string
    /** Service inside the structure (BT-10 for the buyer). */
    serviceCode?: string
    /** Name of that service. */
    serviceName?: string
    address?: {
      /** BT-35, BT-50. */
      line1?: string
      /** BT-36, BT-51. */
      line2?: string
      /** BT-162, BT-163. */
      line3?: string
      /** BT-38, BT-53. */
      postalCode?: string
      /** BT-37, BT-52. */
      town?: string
      /** BT-40, BT-55. */
      countryCode?: string
    }
  }
  worksOwner?: {
    /** SIRET (BT-30 of the seller, BT-47 of the buyer); absent where the identifier is of another kind. */
    siret?: string
    /** Identifier as it came. */
    identifier?: string
    /** Its kind, as Chorus Pro writes it: SIRET, UE_HORS_FRANCE, RIDET … */
    identifierType?: string
    /** Name (BT-27, BT-44). */
    name?: string
    /** Service inside the structure (BT-10 for the buyer). */
    serviceCode?: string
    /** Name of that service. */
    serviceName?: string
    address?: {
      /** BT-35, BT-50. */
      line1?: string
      /** BT-36, BT-51. */
      line2?: string
      /** BT-162, BT-163. */
      line3?: string
      /** BT-38, BT-53. */
      postalCode?: string
      /** BT-37, BT-52. */
      town?: string
      /** BT-40, BT-55. */
      countryCode?: string
    }
  }
  links: {
    self: string
    history: string
    documents: string
    /** The invoice in the gateway, where it came through it. */
    submission?: string
  }
}

export type ReceivedInvoiceDetail = {
  /** Chorus Pro’s own id of the invoice, as text: it may be larger than JSON numbers hold. */
  id: string
  /** Invoice number (BT-1). */
  number?: string
  /** Invoice type (BT-3): 380 invoice, 381 credit note, 386 prepayment invoice; `other` for anything else. */
  typeCode?: string
  /** Kind of payment request: `invoice`, `works_invoice` … */
  requestType?: string
  /** Kind of works document, where it is one. */
  worksType?: string
  /** Issue date (BT-2). */
  issueDate?: string
  /** When Chorus Pro received it. */
  depositDate?: string
  /** Currency (BT-5). */
  currency?: string
  /** Billing framework (BT-23), A1 to A25. */
  businessProcess?: string
  seller: {
    /** SIRET (BT-30 of the seller, BT-47 of the buyer); absent where the identifier is of another kind. */
    siret?: string
    /** Identifier as it came. */
    identifier?: string
    /** Its kind, as Chorus Pro writes it: SIRET, UE_HORS_FRANCE, RIDET … */
    identifierType?: string
    /** Name (BT-27, BT-44). */
    name?: string
    /** Service inside the structure (BT-10 for the buyer). */
    serviceCode?: string
    /** Name of that service. */
    serviceName?: string
    address?: {
      /** BT-35, BT-50. */
      line1?: string
      /** BT-36, BT-51. */
      line2?: string
      /** BT-162, BT-163. */
      line3?: string
      /** BT-38, BT-53. */
      postalCode?: string
      /** BT-37, BT-52. */
      town?: string
      /** BT-40, BT-55. */
      countryCode?: string
    }
  }
  buyer: {
    /** SIRET (BT-30 of the seller, BT-47 of the buyer); absent where the identifier is of another kind. */
    siret?: string
    /** Identifier as it came. */
    identifier?: string
    /** Its kind, as Chorus Pro writes it: SIRET, UE_HORS_FRANCE, RIDET … */
    identifierType?: string
    /** Name (BT-27, BT-44). */
    name?: string
    /** Service inside the structure (BT-10 for the buyer). */
    serviceCode?: string
    /** Name of that service. */
    serviceName?: string
    address?: {
      /** BT-35, BT-50. */
      line1?: string
      /** BT-36, BT-51. */
      line2?: string
      /** BT-162, BT-163. */
      line3?: string
      /** BT-38, BT-53. */
      postalCode?: string
      /** BT-37, BT-52. */
      town?: string
      /** BT-40, BT-55. */
      countryCode?: string
    }
  }
  /** Document totals (BG-22), decimal texts with the digits that Chorus Pro wrote. */
  totals: {
    /** Total without VAT (BT-109). */
    taxExclusive?: string
    /** Total VAT (BT-110). */
    tax?: string
    /** Total with VAT (BT-112). */
    taxInclusive?: string
    /** Total with VAT before the overall discount. */
    beforeAllowance?: string
    /** Overall discount, with VAT. */
    allowance?: string
    /** Why it is granted. */
    allowanceReason?: string
    /** Amount due for payment (BT-115). */
    payable?: string
  }
  status: {
    /** Our name of the status; `other` where we have none. */
    code: string
    /** Chorus Pro’s code as it came. */
    raw: string
    /** When the invoice reached it, RFC 3339 in UTC. */
    since?: string
    /** What was said with it, for instance why the invoice was rejected. */
    comment?: string
  }
  /** Commitment or purchase order number (BT-13). */
  commitmentNumber?: string
  /** Contract number (BT-12). */
  contractReference?: string
  /** Number of the invoice that this one corrects (BT-25). */
  precedingInvoice?: string
  /** How it reached Chorus Pro, in our words: `pdf_api`, `edi_structured` …; `other` where we have none. */
  depositMode?: string
  /** Those who had to approve it, in order. */
  validators?: {
    /** SIRET of the validator. */
    siret?: string
    /** Identifier as it came. */
    identifier?: string
    /** Its kind. */
    identifierType?: string
    /** Name of the company. */
    name?: string
    /** When it decided. */
    validatedAt?: string
  }[]
  bankAccount?: {
    /** Technical id in Chorus Pro. */
    id?: string
    /** Name of the account in Chorus Pro. */
    label?: string
    /** Country of the account. */
    countryCode?: string
    /** Bank code. */
    bankCode?: string
    /** Branch code. */
    branchCode?: string
    /** Account number (part of BT-84). */
    accountNumber?: string
    /** Check digits of the IBAN. */
    ibanCheckDigits?: string
    /** RIB key. */
    ribKey?: string
    /** BIC (BT-86). */
    bic?: string
  }
  factor?: {
    /** Identifier of the factor. */
    identifier?: string
    /** Its kind. */
    identifierType?: string
    /** Name. */
    name?: string
  }
  /** Size with its attachments, where `size=true` asks for it; Chorus Pro does not say the unit. */
  size?: number
  /** Raw codes, by our names: `status`, `type`, `businessProcess`, `depositMode`, `requestType` … */
  upstream: Record<string, string>
  /** Payment due date (BT-9). */
  dueDate?: string
  /** When it was made in Chorus Pro. */
  createdAt?: string
  /** VAT regime: `on_debits`, `on_receipts`, `exempt`, `no_vat`. */
  vatRegime?: string
  /** Why no VAT is charged (BT-120). */
  exemptionReason?: string
  payment?: {
    /** Payment means (BT-81, UNTDID 4461), where it has one. */
    meansCode?: string
    /** Payment order number (mandat) given by the recipient. */
    orderNumber?: string
  }
  /** Free comment (BT-22). */
  note?: string
  /** Every line (BG-25). */
  lines: {
    /** Line number. */
    number?: string
    /** Article reference (BT-155). */
    id?: string
    /** What was delivered (BT-153). */
    name?: string
    /** Quantity (BT-129). */
    quantity?: string
    /** Unit (BT-130), as Chorus Pro labels it. */
    unitCode?: string
    /** Unit price without VAT (BT-146). */
    netPrice?: string
    /** Discount on the line, without VAT (BT-136). */
    allowance?: string
    /** Line amount without VAT (BT-131). */
    netAmount?: string
    /** VAT of the line. */
    tax?: string
    /** Line amount with VAT. */
    grossAmount?: string
    vat: {
      /** VAT rate in percent (BT-152). */
      rate?: string
      /** Code of the rate, such as TVA5. */
      code?: string
    }
  }[]
  /** Every VAT rate (BG-23). */
  vatBreakdown: {
    /** VAT rate in percent (BT-119). */
    rate?: string
    /** Code of the rate. */
    code?: string
    /** Its label. */
    label?: string
    /** Taxable amount (BT-116). */
    taxable?: string
    /** Tax amount (BT-117). */
    tax?: string
  }[]
  /** pieceJointeId of the invoice’s own PDF. */
  mainAttachmentId?: string
  /** Every attachment (BG-24). */
  attachments: {
    /** pieceJointeId. */
    attachmentId?: string
    /** Name shown (BT-123). */
    name?: string
    /** Kind of attachment, code. */
    typeCode?: string
    /** Its label. */
    typeLabel?: string
    /** Line that it belongs to. */
    line?: string
    /** File ending. */
    extension?: string
  }[]
  previousDocument?: {
    /** Technical id. */
    id?: string
    /** Its number. */
    number?: string
    /** Its billing framework. */
    businessProcess?: string
  }
  nextDocument?: {
    /** Technical id. */
    id?: string
    /** Its number. */
    number?: string
    /** Its billing framework. */
    businessProcess?: string
  }
  /** A download by anybody sets it. For safe pick-up use `POST /v1/received-invoices/pick-up`. */
  downloaded?: boolean
  projectManager?: {
    /** SIRET (BT-30 of the seller, BT-47 of the buyer); absent where the identifier is of another kind. */
    siret?: string
    /** Identifier as it came. */
    identifier?: string
    /** Its kind, as Chorus Pro writes it: SIRET, UE_HORS_FRANCE, RIDET … */
    identifierType?: string
    /** Name (BT-27, BT-44). */
    name?: string
    /** Service inside the structure (BT-10 for the buyer). */
    serviceCode?: string
    /** Name of that service. */
    serviceName?: string
    address?: {
      /** BT-35, BT-50. */
      line1?: string
      /** BT-36, BT-51. */
      line2?: string
      /** BT-162, BT-163. */
      line3?: string
      /** BT-38, BT-53. */
      postalCode?: string
      /** BT-37, BT-52. */
      town?: string
      /** BT-40, BT-55. */
      countryCode?: string
    }
  }
  worksOwner?: {
    /** SIRET (BT-30 of the seller, BT-47 of the buyer); absent where the identifier is of another kind. */
    siret?: string
    /** Identifier as it came. */
    identifier?: string
    /** Its kind, as Chorus Pro writes it: SIRET, UE_HORS_FRANCE, RIDET … */
    identifierType?: string
    /** Name (BT-27, BT-44). */
    name?: string
    /** Service inside the structure (BT-10 for the buyer). */
    serviceCode?: string
    /** Name of that service. */
    serviceName?: string
    address?: {
      /** BT-35, BT-50. */
      line1?: string
      /** BT-36, BT-51. */
      line2?: string
      /** BT-162, BT-163. */
      line3?: string
      /** BT-38, BT-53. */
      postalCode?: string
      /** BT-37, BT-52. */
      town?: string
      /** BT-40, BT-55. */
      countryCode?: string
    }
  }
  links: {
    self: string
    history: string
    documents: string
    /** The invoice in the gateway, where it came through it. */
    submission?: string
  }
}

export type AllowedStatuses = {
  current: {
    /** Our name of the status; `other` where we have none. */
    code: string
    /** Chorus Pro’s code as it came. */
    raw: string
    /** When the invoice reached it, RFC 3339 in UTC. */
    since?: string
    /** What was said with it, for instance why the invoice was rejected. */
    comment?: string
  }
  /** Statuses that Chorus Pro lets a recipient set from here. */
  items: {
    /** Our name of the status; `other` where we have none. */
    code: string
    /** Chorus Pro’s code as it came. */
    raw: string
    /** Chorus Pro demands a reason with it. */
    reasonRequired: boolean
  }[]
}

export type StatusChange = {
  /** The new status: our name or Chorus Pro’s code. `/allowed-statuses` lists them. */
  status: string
  /** Why; Chorus Pro demands it with `suspended` and `rejected`. */
  reason?: string
  /** Payment order number (mandat). */
  paymentOrderNumber?: string
}

export type PickUpRequest = {
  /** Invoices at most; 10 when absent. */
  limit?: number
  /** How long they are yours; 300 when absent. */
  leaseSeconds?: number
  /** SIRET of our structure that received it (BT-47). */
  recipient?: string
}

export type PickUp = {
  items: {
    invoice: ReceivedInvoice
    /** Give it back with the acknowledgement. */
    lease: string
    /** RFC 3339 time in UTC. */
    leaseUntil: string
    /** How often it was handed out, this time included; more than 1: perhaps you have it already. */
    deliveries: number
  }[]
}

export type Acknowledgement = {
  /** The lease that came with the invoice. */
  lease: string
}

export type Acknowledged = {
  /** Chorus Pro’s own id of the invoice, as text: it may be larger than JSON numbers hold. */
  id: string
  /** RFC 3339 time in UTC. */
  acknowledgedAt: string
}

export type PlatformHistory = {
  /** Chorus Pro’s own id of the invoice, as text: it may be larger than JSON numbers hold. */
  id: string
  /** Every status it had, oldest first. */
  statuses: {
    code: string
    raw: string
    /** Id of the entry. */
    id?: string
    /** RFC 3339 in UTC. */
    at?: string
    /** What was said with it. */
    comment?: string
  }[]
  events: {
    /** What happened. */
    name?: string
    /** Id of the entry. */
    id?: string
    /** RFC 3339 in UTC. */
    at?: string
    /** What was said with it. */
    comment?: string
  }[]
  /** What people did with it. Their names stay in Chorus Pro. */
  actions: {
    /** Id of the entry. */
    id?: string
    /** RFC 3339 in UTC. */
    at?: string
    /** `downloaded`, `rejection_acknowledged`, `suspension_acknowledged`, `rejection_handled`, or `other`. */
    code?: string
    /** Chorus Pro’s code. */
    raw?: string
  }[]
}

export type PlatformDocuments = {
  /** Chorus Pro’s own id of the invoice, as text: it may be larger than JSON numbers hold. */
  id: string
  /** pieceJointeId of the invoice’s own PDF. */
  mainAttachmentId?: string
  /** Every attachment (BG-24). */
  attachments: {
    /** pieceJointeId. */
    attachmentId?: string
    /** Name shown (BT-123). */
    name?: string
    /** Kind of attachment, code. */
    typeCode?: string
    /** Its label. */
    typeLabel?: string
    /** Line that it belongs to. */
    line?: string
    /** File ending. */
    extension?: string
  }[]
  downloads: {
    format: 'pdf' | 'archive' | 'pivot'
    description: string
    href: string
  }[]
}

export type PlatformChange = {
  /** Chorus Pro’s own id of the invoice, as text: it may be larger than JSON numbers hold. */
  id: string
  /** Invoice number (BT-1). */
  number?: string
  /** Chorus Pro did it. Anything else is a problem. */
  outcome: 'sent'
  status?: {
    /** Our name of the status; `other` where we have none. */
    code: string
    /** Chorus Pro’s code as it came. */
    raw: string
    /** When the invoice reached it, RFC 3339 in UTC. */
    since?: string
    /** What was said with it, for instance why the invoice was rejected. */
    comment?: string
  }
  /** When Chorus Pro noted it. */
  processedAt?: string
  upstream: UpstreamAnswer
}

export type CodeListSummary = {
  name: string
  title: string
  /** `built-in`: known to the gateway by itself; Chorus Pro has no operation for it, or is away. */
  source: 'chorus-pro' | 'built-in'
  /** Chorus Pro’s operation. */
  operation?: string
  /** What the query member `for` means to this list. */
  for?: {
    description: string
    required: boolean
    default?: string
  }
}

export type CodeListIndex = {
  items: CodeListSummary[]
  total: number
}

export type Code = {
  /** Our name of it where we have one, else as it came; `other`: new to us. */
  code: string
  /** Chorus Pro’s code, as it came. */
  raw: string
  label?: string
  /** Chorus Pro’s id of it, as text. */
  id?: string
  /** A decimal as text, e.g. the rate in percent. */
  value?: string
  /** What it is a code for, as it came. */
  for?: string
}

export type CodeList = {
  name: string
  title: string
  language: 'fr' | 'en'
  for?: string
  /** `built-in`: known to the gateway by itself; Chorus Pro has no operation for it, or is away. */
  source: 'chorus-pro' | 'built-in'
  /** RFC 3339 time in UTC. */
  asOf?: string
  /** False: there may be more codes than these. */
  complete: boolean
  items: Code[]
}

export type Flow = {
  /** numeroFluxDepot. */
  number: string
  state: {
    /** pending, integrated, partly-integrated, rejected, failed or other. */
    code: string
    raw: string
    /** RFC 3339 time in UTC. */
    since?: string
  }
  /** RFC 3339 time in UTC. */
  depositedAt?: string
  /** Chorus Pro’s name of the file. */
  fileName?: string
  /** Invoices that were refused; the others of the flow may be in order. */
  invoiceErrors: {
    /** Invoice number, as written in the flow. */
    number?: string
    /** Identifier of the seller, as read in the flow. */
    seller?: string
    /** Identifier of the buyer. */
    buyer?: string
    errors: {
      /** Chorus Pro’s text, which has no code. */
      raw: string
      /** A problem code, where the text is of a kind that is known. */
      rule?: string
      /** The same in English. */
      message?: string
    }[]
  }[]
  /** Errors that refuse the whole flow. */
  technicalErrors: {
    /** Chorus Pro’s text, which has no code. */
    raw: string
    /** A problem code, where the text is of a kind that is known. */
    rule?: string
    /** The same in English. */
    message?: string
    /** codeErreur. */
    code?: string
    /** natureErreur. */
    nature?: string
  }[]
  upstream: {
    /** codeInterfaceDepotFlux. */
    interfaceCode?: string
  }
}

export type CommitmentRow = {
  /** Commitment number (BT-13). */
  number: string
  /** What it is: purchase_order or other. */
  type?: {
    /** Our name; `other` where there is none. */
    code: string
    /** Chorus Pro’s code as it came. */
    raw: string
  }
  /** ordered, to_process or other. */
  status: {
    /** Our name; `other` where there is none. */
    code: string
    /** Chorus Pro’s code as it came. */
    raw: string
  }
  /** Who got the order. */
  seller: {
    /** SIRET, 14 digits. Kept as text: leading zeros count. */
    siret?: string
    /** Name. */
    name?: string
  }
  /** Where the invoice goes (BT-10). */
  service?: {
    /** Code. */
    code?: string
    /** Name. */
    name?: string
  }
  /** Who ordered. */
  issuingService?: {
    /** Code. */
    code?: string
    /** Name. */
    name?: string
  }
  /** Calendar date, YYYY-MM-DD. */
  notifiedOn?: string
  /** Calendar date, YYYY-MM-DD. */
  createdOn?: string
  totals: {
    /** Without VAT. */
    taxExclusive?: string
    /** With VAT. */
    taxInclusive?: string
  }
  /** ISO 4217. */
  currency?: string
  upstream: {
    /** idEngagementJuridique. */
    commitmentId?: string
  }
}

export type CommitmentPage = {
  items: CommitmentRow[]
  /** Opaque position in a list, from `nextCursor` of the page before. */
  nextCursor?: string
  /** Items in all, where Chorus Pro announces it. */
  total?: number
}

export type Commitment = {
  number: string
  /** ordered, to_process or other. */
  status: {
    /** Our name; `other` where there is none. */
    code: string
    /** Chorus Pro’s code as it came. */
    raw: string
  }
  buyer: {
    /** SIRET, 14 digits. Kept as text: leading zeros count. */
    siret?: string
    /** Name. */
    name?: string
    /** Who ordered. */
    service?: {
      /** Code. */
      code?: string
      /** Name. */
      name?: string
    }
  }
  seller: {
    /** SIRET, 14 digits. Kept as text: leading zeros count. */
    siret?: string
    /** Name. */
    name?: string
    address?: {
      lines?: string[]
      /** Postal code. */
      postalCode?: string
      /** Town. */
      town?: string
      /** Country. */
      country?: string
    }
  }
  lines: {
    /** Line number. */
    number?: string
    /** ordered, to_process or other. */
    status: {
      /** Our name; `other` where there is none. */
      code: string
      /** Chorus Pro’s code as it came. */
      raw: string
    }
    /** With VAT. */
    taxInclusive?: string
  }[]
  /** What was invoiced on it so far. */
  paymentRequests: {
    /** Invoice number. */
    number?: string
    /** invoice, works_invoice, court_fee_statement, refund_request or other. */
    requestType?: string
    /** As of invoices. */
    status: {
      /** Our name; `other` where there is none. */
      code: string
      /** Chorus Pro’s code as it came. */
      raw: string
    }
    /** Calendar date, YYYY-MM-DD. */
    issueDate?: string
    /** With VAT. */
    taxInclusive?: string
    upstream: {
      /** idDemandePaiement. */
      invoiceId?: string
      /** typeDemandePaiement. */
      requestType?: string
      /** sousType. */
      subtype?: string
    }
  }[]
  upstream: {
    /** idEngagement. */
    commitmentId?: string
    /** idStructureEmettrice. */
    buyerId?: string
    /** idStructureReceptrice. */
    sellerId?: string
  }
}

export type AccountAttachment = {
  /** SIRET, 14 digits. Kept as text: leading zeros count. */
  siret?: string
  identifier: string
  identifierType: string
  /** Name. */
  name?: string
  /** Our role there, as it came. */
  role?: string
  /** pending, refused, active, disabled, deleted or other. */
  status?: {
    /** Our name; `other` where there is none. */
    code: string
    /** Chorus Pro’s code as it came. */
    raw: string
  }
  services: {
    code: string
    /** Name. */
    name?: string
    active: boolean
    /** Valid from. */
    from?: string
    /** Valid until. */
    until?: string
    /** Of our attachment to the service. */
    status?: {
      /** Our name; `other` where there is none. */
      code: string
      /** Chorus Pro’s code as it came. */
      raw: string
    }
    upstream: {
      /** idService. */
      serviceId?: string
      /** idRattachementService. */
      attachmentId?: string
    }
  }[]
  upstream: {
    /** idStructure. */
    structureId?: string
    /** idRattachementStructure. */
    attachmentId?: string
    /** statutUtilisateur. */
    userStatus?: string
    /** typeIdentifiantStructure. */
    identifierType?: string
  }
}

export type AccountAttachmentPage = {
  items: AccountAttachment[]
  /** Opaque position in a list, from `nextCursor` of the page before. */
  nextCursor?: string
  /** Items in all, where Chorus Pro announces it. */
  total?: number
}

export type Account = {
  environment: string
  /** Connection and account, by their names in the configuration. */
  connection: string
  access: 'piste' | 'certificate'
  /** Of the technical account: where Chorus Pro shows its end, or the configuration tells it. */
  password: {
    /** Calendar date, YYYY-MM-DD. */
    expiresOn?: string
    /** Who says so. */
    source?: 'chorus-pro' | 'configuration'
  }
  attachments: AccountAttachmentPage
}

export type Attachment = {
  /** pieceJointeId, as text. */
  attachmentId: string
  /** Its designation. */
  name?: string
  /** Lower case. */
  extension?: string
  /** A code of /v1/code-lists/attachment-types. */
  type?: {
    code: string
    /** As Chorus Pro says it. */
    label?: string
  }
  organization?: {
    /** SIRET. */
    siret?: string
    /** Name. */
    name?: string
  }
  /** pieceJointeObjetId: the tie to what it belongs to, which DELETE cuts. */
  linkId?: string
  upstream: {
    /** Structure. */
    structureId?: string
    /** User. */
    userId?: string
  }
}

export type AttachmentPage = {
  items: Attachment[]
  /** Opaque position in a list, from `nextCursor` of the page before. */
  nextCursor?: string
  /** Items in all, where Chorus Pro announces it. */
  total?: number
}

export type UploadedAttachment = {
  /** pieceJointeId, as text. */
  attachmentId: string
  name: string
  /** Bytes. */
  size: number
}

export type Resolution = {
  /** `link`: it is this invoice in Chorus Pro (checked by reading it). `resend`: allow one more sending. `close`: give it up; its number is free again. */
  action: 'link' | 'resend' | 'close'
  /** identifiantFactureCPP, needed with `link`. */
  invoiceId?: string
  /** Why; kept in the timeline with who decided. */
  reason: string
}

/** An invoice as its validator sees it in a list. */
export type ValidatorInvoice = {
  /** Chorus Pro’s own id of the invoice, as text: it may be larger than JSON numbers hold. */
  id: string
  /** Invoice number (BT-1). */
  number?: string
  /** Kind of payment request: `invoice`, `works_invoice` … */
  requestType?: string
  /** Invoice type (BT-3): 380 invoice, 381 credit note, 386 prepayment invoice; `other` for anything else. */
  typeCode?: string
  /** Kind of works document, where it is one. */
  worksType?: string
  /** Billing framework (BT-23), A1 to A25. */
  businessProcess?: string
  /** Issue date (BT-2). */
  issueDate?: string
  /** When Chorus Pro received it. */
  depositDate?: string
  /** Currency (BT-5). */
  currency?: string
  /** Document totals (BG-22), decimal texts with the digits that Chorus Pro wrote. */
  totals: {
    /** Total without VAT (BT-109). */
    taxExclusive?: string
    /** Total VAT (BT-110). */
    tax?: string
    /** Total with VAT (BT-112). */
    taxInclusive?: string
    /** Total with VAT before the overall discount. */
    beforeAllowance?: string
    /** Overall discount, with VAT. */
    allowance?: string
    /** Why it is granted. */
    allowanceReason?: string
    /** Amount due for payment (BT-115). */
    payable?: string
  }
  status?: {
    /** Our name of the status; `other` where we have none. */
    code: string
    /** Chorus Pro’s code as it came. */
    raw: string
    /** When the invoice reached it, RFC 3339 in UTC. */
    since?: string
    /** What was said with it, for instance why the invoice was rejected. */
    comment?: string
  }
  seller?: {
    /** SIRET (BT-30 of the seller, BT-47 of the buyer); absent where the identifier is of another kind. */
    siret?: string
    /** Identifier as it came. */
    identifier?: string
    /** Its kind, as Chorus Pro writes it: SIRET, UE_HORS_FRANCE, RIDET … */
    identifierType?: string
    /** Name (BT-27, BT-44). */
    name?: string
    /** Service inside the structure (BT-10 for the buyer). */
    serviceCode?: string
    /** Name of that service. */
    serviceName?: string
    address?: {
      /** BT-35, BT-50. */
      line1?: string
      /** BT-36, BT-51. */
      line2?: string
      /** BT-162, BT-163. */
      line3?: string
      /** BT-38, BT-53. */
      postalCode?: string
      /** BT-37, BT-52. */
      town?: string
      /** BT-40, BT-55. */
      countryCode?: string
    }
  }
  buyer?: {
    /** SIRET (BT-30 of the seller, BT-47 of the buyer); absent where the identifier is of another kind. */
    siret?: string
    /** Identifier as it came. */
    identifier?: string
    /** Its kind, as Chorus Pro writes it: SIRET, UE_HORS_FRANCE, RIDET … */
    identifierType?: string
    /** Name (BT-27, BT-44). */
    name?: string
    /** Service inside the structure (BT-10 for the buyer). */
    serviceCode?: string
    /** Name of that service. */
    serviceName?: string
    address?: {
      /** BT-35, BT-50. */
      line1?: string
      /** BT-36, BT-51. */
      line2?: string
      /** BT-162, BT-163. */
      line3?: string
      /** BT-38, BT-53. */
      postalCode?: string
      /** BT-37, BT-52. */
      town?: string
      /** BT-40, BT-55. */
      countryCode?: string
    }
  }
  /** Contract number (BT-12). */
  contractReference?: string
  /** Commitment or purchase order number (BT-13). */
  commitmentNumber?: string
  /** Number of the invoice that this one corrects (BT-25). */
  precedingInvoice?: string
  /** Raw codes, by our names: `status`, `type`, `businessProcess`, `depositMode`, `requestType` … */
  upstream: Record<string, string>
  validator?: {
    /** SIRET (BT-30 of the seller, BT-47 of the buyer); absent where the identifier is of another kind. */
    siret?: string
    /** Identifier as it came. */
    identifier?: string
    /** Its kind, as Chorus Pro writes it: SIRET, UE_HORS_FRANCE, RIDET … */
    identifierType?: string
    /** Name (BT-27, BT-44). */
    name?: string
    /** Service inside the structure (BT-10 for the buyer). */
    serviceCode?: string
    /** Name of that service. */
    serviceName?: string
    address?: {
      /** BT-35, BT-50. */
      line1?: string
      /** BT-36, BT-51. */
      line2?: string
      /** BT-162, BT-163. */
      line3?: string
      /** BT-38, BT-53. */
      postalCode?: string
      /** BT-37, BT-52. */
      town?: string
      /** BT-40, BT-55. */
      countryCode?: string
    }
  }
  projectManager?: {
    /** SIRET (BT-30 of the seller, BT-47 of the buyer); absent where the identifier is of another kind. */
    siret?: string
    /** Identifier as it came. */
    identifier?: string
    /** Its kind, as Chorus Pro writes it: SIRET, UE_HORS_FRANCE, RIDET … */
    identifierType?: string
    /** Name (BT-27, BT-44). */
    name?: string
    /** Service inside the structure (BT-10 for the buyer). */
    serviceCode?: string
    /** Name of that service. */
    serviceName?: string
    address?: {
      /** BT-35, BT-50. */
      line1?: string
      /** BT-36, BT-51. */
      line2?: string
      /** BT-162, BT-163. */
      line3?: string
      /** BT-38, BT-53. */
      postalCode?: string
      /** BT-37, BT-52. */
      town?: string
      /** BT-40, BT-55. */
      countryCode?: string
    }
  }
  worksOwner?: {
    /** SIRET (BT-30 of the seller, BT-47 of the buyer); absent where the identifier is of another kind. */
    siret?: string
    /** Identifier as it came. */
    identifier?: string
    /** Its kind, as Chorus Pro writes it: SIRET, UE_HORS_FRANCE, RIDET … */
    identifierType?: string
    /** Name (BT-27, BT-44). */
    name?: string
    /** Service inside the structure (BT-10 for the buyer). */
    serviceCode?: string
    /** Name of that service. */
    serviceName?: string
    address?: {
      /** BT-35, BT-50. */
      line1?: string
      /** BT-36, BT-51. */
      line2?: string
      /** BT-162, BT-163. */
      line3?: string
      /** BT-38, BT-53. */
      postalCode?: string
      /** BT-37, BT-52. */
      town?: string
      /** BT-40, BT-55. */
      countryCode?: string
    }
  }
}

/** One page, oldest first. Keys limited to sellers may get pages with fewer items than `limit`. */
export type ValidatorInvoicePage = {
  items: ValidatorInvoice[]
  /** Opaque position in a list, from `nextCursor` of the page before. */
  nextCursor?: string
  /** Items in all, where Chorus Pro announces it. */
  total?: number
}

/** An invoice in full, as its validator sees it. */
export type ValidatorInvoiceDetail = {
  /** Chorus Pro’s own id of the invoice, as text: it may be larger than JSON numbers hold. */
  id: string
  /** Invoice number (BT-1). */
  number?: string
  /** Invoice type (BT-3): 380 invoice, 381 credit note, 386 prepayment invoice; `other` for anything else. */
  typeCode?: string
  /** Kind of payment request: `invoice`, `works_invoice` … */
  requestType?: string
  /** Kind of works document, where it is one. */
  worksType?: string
  /** Issue date (BT-2). */
  issueDate?: string
  /** When Chorus Pro received it. */
  depositDate?: string
  /** Currency (BT-5). */
  currency?: string
  /** Billing framework (BT-23), A1 to A25. */
  businessProcess?: string
  seller: {
    /** SIRET (BT-30 of the seller, BT-47 of the buyer); absent where the identifier is of another kind. */
    siret?: string
    /** Identifier as it came. */
    identifier?: string
    /** Its kind, as Chorus Pro writes it: SIRET, UE_HORS_FRANCE, RIDET … */
    identifierType?: string
    /** Name (BT-27, BT-44). */
    name?: string
    /** Service inside the structure (BT-10 for the buyer). */
    serviceCode?: string
    /** Name of that service. */
    serviceName?: string
    address?: {
      /** BT-35, BT-50. */
      line1?: string
      /** BT-36, BT-51. */
      line2?: string
      /** BT-162, BT-163. */
      line3?: string
      /** BT-38, BT-53. */
      postalCode?: string
      /** BT-37, BT-52. */
      town?: string
      /** BT-40, BT-55. */
      countryCode?: string
    }
  }
  buyer: {
    /** SIRET (BT-30 of the seller, BT-47 of the buyer); absent where the identifier is of another kind. */
    siret?: string
    /** Identifier as it came. */
    identifier?: string
    /** Its kind, as Chorus Pro writes it: SIRET, UE_HORS_FRANCE, RIDET … */
    identifierType?: string
    /** Name (BT-27, BT-44). */
    name?: string
    /** Service inside the structure (BT-10 for the buyer). */
    serviceCode?: string
    /** Name of that service. */
    serviceName?: string
    address?: {
      /** BT-35, BT-50. */
      line1?: string
      /** BT-36, BT-51. */
      line2?: string
      /** BT-162, BT-163. */
      line3?: string
      /** BT-38, BT-53. */
      postalCode?: string
      /** BT-37, BT-52. */
      town?: string
      /** BT-40, BT-55. */
      countryCode?: string
    }
  }
  /** Document totals (BG-22), decimal texts with the digits that Chorus Pro wrote. */
  totals: {
    /** Total without VAT (BT-109). */
    taxExclusive?: string
    /** Total VAT (BT-110). */
    tax?: string
    /** Total with VAT (BT-112). */
    taxInclusive?: string
    /** Total with VAT before the overall discount. */
    beforeAllowance?: string
    /** Overall discount, with VAT. */
    allowance?: string
    /** Why it is granted. */
    allowanceReason?: string
    /** Amount due for payment (BT-115). */
    payable?: string
  }
  status: {
    /** Our name of the status; `other` where we have none. */
    code: string
    /** Chorus Pro’s code as it came. */
    raw: string
    /** When the invoice reached it, RFC 3339 in UTC. */
    since?: string
    /** What was said with it, for instance why the invoice was rejected. */
    comment?: string
  }
  /** Commitment or purchase order number (BT-13). */
  commitmentNumber?: string
  /** Contract number (BT-12). */
  contractReference?: string
  /** Number of the invoice that this one corrects (BT-25). */
  precedingInvoice?: string
  /** How it reached Chorus Pro, in our words: `pdf_api`, `edi_structured` …; `other` where we have none. */
  depositMode?: string
  /** Those who had to approve it, in order. */
  validators?: {
    /** SIRET of the validator. */
    siret?: string
    /** Identifier as it came. */
    identifier?: string
    /** Its kind. */
    identifierType?: string
    /** Name of the company. */
    name?: string
    /** When it decided. */
    validatedAt?: string
  }[]
  bankAccount?: {
    /** Technical id in Chorus Pro. */
    id?: string
    /** Name of the account in Chorus Pro. */
    label?: string
    /** Country of the account. */
    countryCode?: string
    /** Bank code. */
    bankCode?: string
    /** Branch code. */
    branchCode?: string
    /** Account number (part of BT-84). */
    accountNumber?: string
    /** Check digits of the IBAN. */
    ibanCheckDigits?: string
    /** RIB key. */
    ribKey?: string
    /** BIC (BT-86). */
    bic?: string
  }
  factor?: {
    /** Identifier of the factor. */
    identifier?: string
    /** Its kind. */
    identifierType?: string
    /** Name. */
    name?: string
  }
  /** Size with its attachments, where `size=true` asks for it; Chorus Pro does not say the unit. */
  size?: number
  /** Raw codes, by our names: `status`, `type`, `businessProcess`, `depositMode`, `requestType` … */
  upstream: Record<string, string>
  /** Payment due date (BT-9). */
  dueDate?: string
  /** When it was made in Chorus Pro. */
  createdAt?: string
  /** VAT regime: `on_debits`, `on_receipts`, `exempt`, `no_vat`. */
  vatRegime?: string
  /** Why no VAT is charged (BT-120). */
  exemptionReason?: string
  payment?: {
    /** Payment means (BT-81, UNTDID 4461), where it has one. */
    meansCode?: string
    /** Payment order number (mandat) given by the recipient. */
    orderNumber?: string
  }
  /** Free comment (BT-22). */
  note?: string
  /** Every line (BG-25). */
  lines: {
    /** Line number. */
    number?: string
    /** Article reference (BT-155). */
    id?: string
    /** What was delivered (BT-153). */
    name?: string
    /** Quantity (BT-129). */
    quantity?: string
    /** Unit (BT-130), as Chorus Pro labels it. */
    unitCode?: string
    /** Unit price without VAT (BT-146). */
    netPrice?: string
    /** Discount on the line, without VAT (BT-136). */
    allowance?: string
    /** Line amount without VAT (BT-131). */
    netAmount?: string
    /** VAT of the line. */
    tax?: string
    /** Line amount with VAT. */
    grossAmount?: string
    vat: {
      /** VAT rate in percent (BT-152). */
      rate?: string
      /** Code of the rate, such as TVA5. */
      code?: string
    }
  }[]
  /** Every VAT rate (BG-23). */
  vatBreakdown: {
    /** VAT rate in percent (BT-119). */
    rate?: string
    /** Code of the rate. */
    code?: string
    /** Its label. */
    label?: string
    /** Taxable amount (BT-116). */
    taxable?: string
    /** Tax amount (BT-117). */
    tax?: string
  }[]
  /** pieceJointeId of the invoice’s own PDF. */
  mainAttachmentId?: string
  /** Every attachment (BG-24). */
  attachments: {
    /** pieceJointeId. */
    attachmentId?: string
    /** Name shown (BT-123). */
    name?: string
    /** Kind of attachment, code. */
    typeCode?: string
    /** Its label. */
    typeLabel?: string
    /** Line that it belongs to. */
    line?: string
    /** File ending. */
    extension?: string
  }[]
  previousDocument?: {
    /** Technical id. */
    id?: string
    /** Its number. */
    number?: string
    /** Its billing framework. */
    businessProcess?: string
  }
  nextDocument?: {
    /** Technical id. */
    id?: string
    /** Its number. */
    number?: string
    /** Its billing framework. */
    businessProcess?: string
  }
  projectManager?: {
    /** SIRET (BT-30 of the seller, BT-47 of the buyer); absent where the identifier is of another kind. */
    siret?: string
    /** Identifier as it came. */
    identifier?: string
    /** Its kind, as Chorus Pro writes it: SIRET, UE_HORS_FRANCE, RIDET … */
    identifierType?: string
    /** Name (BT-27, BT-44). */
    name?: string
    /** Service inside the structure (BT-10 for the buyer). */
    serviceCode?: string
    /** Name of that service. */
    serviceName?: string
    address?: {
      /** BT-35, BT-50. */
      line1?: string
      /** BT-36, BT-51. */
      line2?: string
      /** BT-162, BT-163. */
      line3?: string
      /** BT-38, BT-53. */
      postalCode?: string
      /** BT-37, BT-52. */
      town?: string
      /** BT-40, BT-55. */
      countryCode?: string
    }
  }
  worksOwner?: {
    /** SIRET (BT-30 of the seller, BT-47 of the buyer); absent where the identifier is of another kind. */
    siret?: string
    /** Identifier as it came. */
    identifier?: string
    /** Its kind, as Chorus Pro writes it: SIRET, UE_HORS_FRANCE, RIDET … */
    identifierType?: string
    /** Name (BT-27, BT-44). */
    name?: string
    /** Service inside the structure (BT-10 for the buyer). */
    serviceCode?: string
    /** Name of that service. */
    serviceName?: string
    address?: {
      /** BT-35, BT-50. */
      line1?: string
      /** BT-36, BT-51. */
      line2?: string
      /** BT-162, BT-163. */
      line3?: string
      /** BT-38, BT-53. */
      postalCode?: string
      /** BT-37, BT-52. */
      town?: string
      /** BT-40, BT-55. */
      countryCode?: string
    }
  }
  /** The rejection was marked as handled. */
  rejectionAcknowledged?: boolean
  /** What `POST …/decision` would take now; empty when the status allows nothing. */
  decisions: ('accept' | 'refuse')[]
}

export type DecisionInput = {
  /** Accept or refuse the invoice. */
  decision: 'accept' | 'refuse'
  /** Needed to refuse: a code of `GET …/refusal-reasons`, or your own words. */
  reason?: string
  /** More about the reason. */
  comment?: string
  /** A file already uploaded to Chorus Pro. */
  attachmentId?: string
}

/** The decision as Chorus Pro recorded it. */
export type Decision = {
  /** Chorus Pro’s own id of the invoice, as text: it may be larger than JSON numbers hold. */
  id: string
  number?: string
  status?: {
    /** Our name of the status; `other` where we have none. */
    code: string
    /** Chorus Pro’s code as it came. */
    raw: string
    /** When the invoice reached it, RFC 3339 in UTC. */
    since?: string
    /** What was said with it, for instance why the invoice was rejected. */
    comment?: string
  }
  /** When it was recorded: a time, or a day. */
  at?: string
  decision: 'accept' | 'refuse'
  upstream: UpstreamAnswer
}

/** Reasons that Chorus Pro offers for refusing this invoice. */
export type RefusalReasons = {
  items: {
    code: string
    id?: string
    label?: string
  }[]
}

/** The statuses in which a validator sees an invoice. */
export type VisibleStatuses = {
  items: {
    /** Our name of the status; `other` where we have none. */
    code: string
    /** Chorus Pro’s code as it came. */
    raw: string
  }[]
}

/** A payment request of any kind, live or archived. */
export type PaymentRequest = {
  /** Chorus Pro’s own id of the invoice, as text: it may be larger than JSON numbers hold. */
  id: string
  /** Invoice number (BT-1). */
  number?: string
  /** Kind of payment request: `invoice`, `works_invoice` … */
  requestType?: string
  /** Invoice type (BT-3): 380 invoice, 381 credit note, 386 prepayment invoice; `other` for anything else. */
  typeCode?: string
  /** Kind of works document, where it is one. */
  worksType?: string
  /** Billing framework (BT-23), A1 to A25. */
  businessProcess?: string
  /** Issue date (BT-2). */
  issueDate?: string
  /** When Chorus Pro received it. */
  depositDate?: string
  /** Currency (BT-5). */
  currency?: string
  /** Document totals (BG-22), decimal texts with the digits that Chorus Pro wrote. */
  totals: {
    /** Total without VAT (BT-109). */
    taxExclusive?: string
    /** Total VAT (BT-110). */
    tax?: string
    /** Total with VAT (BT-112). */
    taxInclusive?: string
    /** Total with VAT before the overall discount. */
    beforeAllowance?: string
    /** Overall discount, with VAT. */
    allowance?: string
    /** Why it is granted. */
    allowanceReason?: string
    /** Amount due for payment (BT-115). */
    payable?: string
  }
  status?: {
    /** Our name of the status; `other` where we have none. */
    code: string
    /** Chorus Pro’s code as it came. */
    raw: string
    /** When the invoice reached it, RFC 3339 in UTC. */
    since?: string
    /** What was said with it, for instance why the invoice was rejected. */
    comment?: string
  }
  seller?: {
    /** SIRET (BT-30 of the seller, BT-47 of the buyer); absent where the identifier is of another kind. */
    siret?: string
    /** Identifier as it came. */
    identifier?: string
    /** Its kind, as Chorus Pro writes it: SIRET, UE_HORS_FRANCE, RIDET … */
    identifierType?: string
    /** Name (BT-27, BT-44). */
    name?: string
    /** Service inside the structure (BT-10 for the buyer). */
    serviceCode?: string
    /** Name of that service. */
    serviceName?: string
    address?: {
      /** BT-35, BT-50. */
      line1?: string
      /** BT-36, BT-51. */
      line2?: string
      /** BT-162, BT-163. */
      line3?: string
      /** BT-38, BT-53. */
      postalCode?: string
      /** BT-37, BT-52. */
      town?: string
      /** BT-40, BT-55. */
      countryCode?: string
    }
  }
  buyer?: {
    /** SIRET (BT-30 of the seller, BT-47 of the buyer); absent where the identifier is of another kind. */
    siret?: string
    /** Identifier as it came. */
    identifier?: string
    /** Its kind, as Chorus Pro writes it: SIRET, UE_HORS_FRANCE, RIDET … */
    identifierType?: string
    /** Name (BT-27, BT-44). */
    name?: string
    /** Service inside the structure (BT-10 for the buyer). */
    serviceCode?: string
    /** Name of that service. */
    serviceName?: string
    address?: {
      /** BT-35, BT-50. */
      line1?: string
      /** BT-36, BT-51. */
      line2?: string
      /** BT-162, BT-163. */
      line3?: string
      /** BT-38, BT-53. */
      postalCode?: string
      /** BT-37, BT-52. */
      town?: string
      /** BT-40, BT-55. */
      countryCode?: string
    }
  }
  /** Contract number (BT-12). */
  contractReference?: string
  /** Commitment or purchase order number (BT-13). */
  commitmentNumber?: string
  /** Number of the invoice that this one corrects (BT-25). */
  precedingInvoice?: string
  /** Raw codes, by our names: `status`, `type`, `businessProcess`, `depositMode`, `requestType` … */
  upstream: Record<string, string>
  /** It is in the archive. */
  archived?: boolean
  /** Works. */
  billingFile?: {
    /** Chorus Pro’s own id. */
    id?: string
    /** Its number. */
    number?: string
  }
  /** Payment order number given by the recipient. */
  paymentOrderNumber?: string
  /** Court fee statements. */
  court?: {
    /** Code. */
    code?: string
    /** Name. */
    name?: string
    /** High court. */
    highCourt?: string
  }
}

/** One page, by id. */
export type PaymentRequestPage = {
  items: PaymentRequest[]
  /** Opaque position in a list, from `nextCursor` of the page before. */
  nextCursor?: string
  /** Items in all, where Chorus Pro announces it. */
  total?: number
}

/** A document of a works contract. Of its members public documents show the id and the service codes; the others are there when Chorus Pro gives them. */
export type WorksInvoice = {
  /** Chorus Pro’s own id of the invoice, as text: it may be larger than JSON numbers hold. */
  id: string
  /** Invoice number (BT-1). */
  number?: string
  /** Kind of payment request: `invoice`, `works_invoice` … */
  requestType?: string
  /** Invoice type (BT-3): 380 invoice, 381 credit note, 386 prepayment invoice; `other` for anything else. */
  typeCode?: string
  /** Kind of works document, where it is one. */
  worksType?: string
  /** Billing framework (BT-23), A1 to A25. */
  businessProcess?: string
  /** Issue date (BT-2). */
  issueDate?: string
  /** When Chorus Pro received it. */
  depositDate?: string
  /** Currency (BT-5). */
  currency?: string
  /** Document totals (BG-22), decimal texts with the digits that Chorus Pro wrote. */
  totals: {
    /** Total without VAT (BT-109). */
    taxExclusive?: string
    /** Total VAT (BT-110). */
    tax?: string
    /** Total with VAT (BT-112). */
    taxInclusive?: string
    /** Total with VAT before the overall discount. */
    beforeAllowance?: string
    /** Overall discount, with VAT. */
    allowance?: string
    /** Why it is granted. */
    allowanceReason?: string
    /** Amount due for payment (BT-115). */
    payable?: string
  }
  status?: {
    /** Our name of the status; `other` where we have none. */
    code: string
    /** Chorus Pro’s code as it came. */
    raw: string
    /** When the invoice reached it, RFC 3339 in UTC. */
    since?: string
    /** What was said with it, for instance why the invoice was rejected. */
    comment?: string
  }
  seller?: {
    /** SIRET (BT-30 of the seller, BT-47 of the buyer); absent where the identifier is of another kind. */
    siret?: string
    /** Identifier as it came. */
    identifier?: string
    /** Its kind, as Chorus Pro writes it: SIRET, UE_HORS_FRANCE, RIDET … */
    identifierType?: string
    /** Name (BT-27, BT-44). */
    name?: string
    /** Service inside the structure (BT-10 for the buyer). */
    serviceCode?: string
    /** Name of that service. */
    serviceName?: string
    address?: {
      /** BT-35, BT-50. */
      line1?: string
      /** BT-36, BT-51. */
      line2?: string
      /** BT-162, BT-163. */
      line3?: string
      /** BT-38, BT-53. */
      postalCode?: string
      /** BT-37, BT-52. */
      town?: string
      /** BT-40, BT-55. */
      countryCode?: string
    }
  }
  buyer?: {
    /** SIRET (BT-30 of the seller, BT-47 of the buyer); absent where the identifier is of another kind. */
    siret?: string
    /** Identifier as it came. */
    identifier?: string
    /** Its kind, as Chorus Pro writes it: SIRET, UE_HORS_FRANCE, RIDET … */
    identifierType?: string
    /** Name (BT-27, BT-44). */
    name?: string
    /** Service inside the structure (BT-10 for the buyer). */
    serviceCode?: string
    /** Name of that service. */
    serviceName?: string
    address?: {
      /** BT-35, BT-50. */
      line1?: string
      /** BT-36, BT-51. */
      line2?: string
      /** BT-162, BT-163. */
      line3?: string
      /** BT-38, BT-53. */
      postalCode?: string
      /** BT-37, BT-52. */
      town?: string
      /** BT-40, BT-55. */
      countryCode?: string
    }
  }
  /** Contract number (BT-12). */
  contractReference?: string
  /** Commitment or purchase order number (BT-13). */
  commitmentNumber?: string
  /** Number of the invoice that this one corrects (BT-25). */
  precedingInvoice?: string
  /** Raw codes, by our names: `status`, `type`, `businessProcess`, `depositMode`, `requestType` … */
  upstream: Record<string, string>
  projectManager?: {
    /** SIRET (BT-30 of the seller, BT-47 of the buyer); absent where the identifier is of another kind. */
    siret?: string
    /** Identifier as it came. */
    identifier?: string
    /** Its kind, as Chorus Pro writes it: SIRET, UE_HORS_FRANCE, RIDET … */
    identifierType?: string
    /** Name (BT-27, BT-44). */
    name?: string
    /** Service inside the structure (BT-10 for the buyer). */
    serviceCode?: string
    /** Name of that service. */
    serviceName?: string
    address?: {
      /** BT-35, BT-50. */
      line1?: string
      /** BT-36, BT-51. */
      line2?: string
      /** BT-162, BT-163. */
      line3?: string
      /** BT-38, BT-53. */
      postalCode?: string
      /** BT-37, BT-52. */
      town?: string
      /** BT-40, BT-55. */
      countryCode?: string
    }
  }
  worksOwner?: {
    /** SIRET (BT-30 of the seller, BT-47 of the buyer); absent where the identifier is of another kind. */
    siret?: string
    /** Identifier as it came. */
    identifier?: string
    /** Its kind, as Chorus Pro writes it: SIRET, UE_HORS_FRANCE, RIDET … */
    identifierType?: string
    /** Name (BT-27, BT-44). */
    name?: string
    /** Service inside the structure (BT-10 for the buyer). */
    serviceCode?: string
    /** Name of that service. */
    serviceName?: string
    address?: {
      /** BT-35, BT-50. */
      line1?: string
      /** BT-36, BT-51. */
      line2?: string
      /** BT-162, BT-163. */
      line3?: string
      /** BT-38, BT-53. */
      postalCode?: string
      /** BT-37, BT-52. */
      town?: string
      /** BT-40, BT-55. */
      countryCode?: string
    }
  }
}

/** One page, in Chorus Pro’s order. */
export type WorksInvoicePage = {
  items: WorksInvoice[]
  /** Opaque position in a list, from `nextCursor` of the page before. */
  nextCursor?: string
  /** Items in all, where Chorus Pro announces it. */
  total?: number
}

export type WorksInvoiceDetail = {
  /** Chorus Pro’s own id of the invoice, as text: it may be larger than JSON numbers hold. */
  id: string
  /** Invoice number (BT-1). */
  number?: string
  /** Kind of payment request: `invoice`, `works_invoice` … */
  requestType?: string
  /** Invoice type (BT-3): 380 invoice, 381 credit note, 386 prepayment invoice; `other` for anything else. */
  typeCode?: string
  /** Kind of works document, where it is one. */
  worksType?: string
  /** Billing framework (BT-23), A1 to A25. */
  businessProcess?: string
  /** Issue date (BT-2). */
  issueDate?: string
  /** When Chorus Pro received it. */
  depositDate?: string
  /** Currency (BT-5). */
  currency?: string
  /** Document totals (BG-22), decimal texts with the digits that Chorus Pro wrote. */
  totals: {
    /** Total without VAT (BT-109). */
    taxExclusive?: string
    /** Total VAT (BT-110). */
    tax?: string
    /** Total with VAT (BT-112). */
    taxInclusive?: string
    /** Total with VAT before the overall discount. */
    beforeAllowance?: string
    /** Overall discount, with VAT. */
    allowance?: string
    /** Why it is granted. */
    allowanceReason?: string
    /** Amount due for payment (BT-115). */
    payable?: string
  }
  status?: {
    /** Our name of the status; `other` where we have none. */
    code: string
    /** Chorus Pro’s code as it came. */
    raw: string
    /** When the invoice reached it, RFC 3339 in UTC. */
    since?: string
    /** What was said with it, for instance why the invoice was rejected. */
    comment?: string
  }
  seller?: {
    /** SIRET (BT-30 of the seller, BT-47 of the buyer); absent where the identifier is of another kind. */
    siret?: string
    /** Identifier as it came. */
    identifier?: string
    /** Its kind, as Chorus Pro writes it: SIRET, UE_HORS_FRANCE, RIDET … */
    identifierType?: string
    /** Name (BT-27, BT-44). */
    name?: string
    /** Service inside the structure (BT-10 for the buyer). */
    serviceCode?: string
    /** Name of that service. */
    serviceName?: string
    address?: {
      /** BT-35, BT-50. */
      line1?: string
      /** BT-36, BT-51. */
      line2?: string
      /** BT-162, BT-163. */
      line3?: string
      /** BT-38, BT-53. */
      postalCode?: string
      /** BT-37, BT-52. */
      town?: string
      /** BT-40, BT-55. */
      countryCode?: string
    }
  }
  buyer?: {
    /** SIRET (BT-30 of the seller, BT-47 of the buyer); absent where the identifier is of another kind. */
    siret?: string
    /** Identifier as it came. */
    identifier?: string
    /** Its kind, as Chorus Pro writes it: SIRET, UE_HORS_FRANCE, RIDET … */
    identifierType?: string
    /** Name (BT-27, BT-44). */
    name?: string
    /** Service inside the structure (BT-10 for the buyer). */
    serviceCode?: string
    /** Name of that service. */
    serviceName?: string
    address?: {
      /** BT-35, BT-50. */
      line1?: string
      /** BT-36, BT-51. */
      line2?: string
      /** BT-162, BT-163. */
      line3?: string
      /** BT-38, BT-53. */
      postalCode?: string
      /** BT-37, BT-52. */
      town?: string
      /** BT-40, BT-55. */
      countryCode?: string
    }
  }
  /** Contract number (BT-12). */
  contractReference?: string
  /** Commitment or purchase order number (BT-13). */
  commitmentNumber?: string
  /** Number of the invoice that this one corrects (BT-25). */
  precedingInvoice?: string
  /** Raw codes, by our names: `status`, `type`, `businessProcess`, `depositMode`, `requestType` … */
  upstream: Record<string, string>
  projectManager?: {
    /** SIRET (BT-30 of the seller, BT-47 of the buyer); absent where the identifier is of another kind. */
    siret?: string
    /** Identifier as it came. */
    identifier?: string
    /** Its kind, as Chorus Pro writes it: SIRET, UE_HORS_FRANCE, RIDET … */
    identifierType?: string
    /** Name (BT-27, BT-44). */
    name?: string
    /** Service inside the structure (BT-10 for the buyer). */
    serviceCode?: string
    /** Name of that service. */
    serviceName?: string
    address?: {
      /** BT-35, BT-50. */
      line1?: string
      /** BT-36, BT-51. */
      line2?: string
      /** BT-162, BT-163. */
      line3?: string
      /** BT-38, BT-53. */
      postalCode?: string
      /** BT-37, BT-52. */
      town?: string
      /** BT-40, BT-55. */
      countryCode?: string
    }
  }
  worksOwner?: {
    /** SIRET (BT-30 of the seller, BT-47 of the buyer); absent where the identifier is of another kind. */
    siret?: string
    /** Identifier as it came. */
    identifier?: string
    /** Its kind, as Chorus Pro writes it: SIRET, UE_HORS_FRANCE, RIDET … */
    identifierType?: string
    /** Name (BT-27, BT-44). */
    name?: string
    /** Service inside the structure (BT-10 for the buyer). */
    serviceCode?: string
    /** Name of that service. */
    serviceName?: string
    address?: {
      /** BT-35, BT-50. */
      line1?: string
      /** BT-36, BT-51. */
      line2?: string
      /** BT-162, BT-163. */
      line3?: string
      /** BT-38, BT-53. */
      postalCode?: string
      /** BT-37, BT-52. */
      town?: string
      /** BT-40, BT-55. */
      countryCode?: string
    }
  }
  /** Those who had to approve it, in order. */
  validators?: {
    /** SIRET of the validator. */
    siret?: string
    /** Identifier as it came. */
    identifier?: string
    /** Its kind. */
    identifierType?: string
    /** Name of the company. */
    name?: string
    /** When it decided. */
    validatedAt?: string
  }[]
  /** The document with Chorus Pro’s own names, numbers as text: no public source lists its members. */
  original: Record<string, unknown>
}

/** The chain of documents that a works document belongs to. */
export type BillingFile = {
  /** Its documents, in Chorus Pro’s order. */
  items: WorksInvoiceDetail[]
}

export type WorksRerouting = {
  buyer?: {
    /** SIRET, 14 digits. Kept as text: leading zeros count. */
    siret: string
    /** Service code inside the structure (BT-10 for the buyer). */
    serviceCode?: string
  }
  /** BT-13. */
  commitmentNumber?: string
}

export type WorksSuspension = {
  /** What is missing. */
  comment?: string
}

/** The action as Chorus Pro recorded it. */
export type WorksChange = {
  /** Chorus Pro’s own id of the invoice, as text: it may be larger than JSON numbers hold. */
  id: string
  number?: string
  status?: {
    /** Our name of the status; `other` where we have none. */
    code: string
    /** Chorus Pro’s code as it came. */
    raw: string
    /** When the invoice reached it, RFC 3339 in UTC. */
    since?: string
    /** What was said with it, for instance why the invoice was rejected. */
    comment?: string
  }
  /** When it was recorded: a time, or a day. */
  at?: string
  previousDocument?: {
    /** Chorus Pro’s own id of the invoice, as text: it may be larger than JSON numbers hold. */
    id: string
  }
  upstream: UpstreamAnswer
}

export type Live = {
  status: 'alive'
}

export type Ready = {
  status: 'ready' | 'degraded' | 'unavailable'
  store: 'ok' | 'unavailable' | 'full'
  lanes: {
    /** Environment and connection. */
    lane: string
    /** `held`: a person has to mend it. `half_open`: it answers again, and one invoice goes first. */
    state: 'open' | 'paused' | 'held' | 'half_open'
    /** The problem code that stopped it. */
    reason?: string
    /** Since when it is not open. */
    since?: string
    /** When it is tried again. */
    until?: string
  }[]
}

export interface Paths {
  '/health/live': {
    /** The process is alive */
    get: {
      params: Record<never, never>
      query: Record<never, never>
      body: undefined
      answer: Live
    }
  }
  '/health/ready': {
    /** The gateway can take invoices */
    get: {
      params: Record<never, never>
      query: Record<never, never>
      body: undefined
      answer: Ready
    }
  }
  '/v1/invoices': {
    /** Your invoices, newest first */
    get: {
      params: Record<never, never>
      query: {
        number?: string
        /** SIRET, 14 digits. Kept as text: leading zeros count. */
        seller?: string
        /** SIRET, 14 digits. Kept as text: leading zeros count. */
        buyer?: string
        /** Our side of the story. `received`: safe here, nothing sent. `deposited`: Chorus Pro has the file. `submitting`: the call is under way. `unknown`: the answer was lost; a search decides, nothing is sent again. `submitted`: Chorus Pro took it. `integrated`: it has an invoice id there. `rejected`: Chorus Pro refused it. `held`: waits for a person, with a reason. `cancelled`: withdrawn before anything was sent. */
        state?: 'received' | 'deposited' | 'submitting' | 'unknown' | 'submitted' | 'integrated' | 'rejected' | 'held' | 'cancelled'
        /** Our name of a Chorus Pro status. */
        status?: string
        /** Calendar date, YYYY-MM-DD. */
        issueDateFrom?: string
        /** Calendar date, YYYY-MM-DD. */
        issueDateTo?: string
        /** Calendar date, YYYY-MM-DD. */
        createdFrom?: string
        /** Calendar date, YYYY-MM-DD. */
        createdTo?: string
        /** Items a page; 50 when absent. */
        limit?: number
        /** Opaque position in a list, from `nextCursor` of the page before. */
        cursor?: string
      }
      body: undefined
      answer: InvoiceList
    }
    /** Send an invoice to Chorus Pro */
    post: {
      params: Record<never, never>
      query: Record<never, never>
      body: FormData | InvoiceJson
      answer: Invoice
    }
  }
  '/v1/invoices/validate': {
    /** Check an invoice without keeping or sending anything */
    post: {
      params: Record<never, never>
      query: Record<never, never>
      body: FormData | InvoiceJson
      answer: Validation
    }
  }
  '/v1/attachments': {
    /** Search the files of our account, or of an organization */
    get: {
      params: Record<never, never>
      query: {
        /** SIRET, 14 digits. Kept as text: leading zeros count. */
        organization?: string
        /** Its designation. */
        name?: string
        /** An `id` of /v1/code-lists/attachment-types. */
        typeId?: string
        /** Items a page, 50 by default. A cursor keeps that of its first page. */
        limit?: number
        /** Opaque position in a list, from `nextCursor` of the page before. */
        cursor?: string
      }
      body: undefined
      answer: AttachmentPage
    }
    /** Give a file to Chorus Pro */
    post: {
      params: Record<never, never>
      query: Record<never, never>
      body: FormData | {
        file: {
          name: string
          contentBase64: string
        }
      }
      answer: UploadedAttachment
    }
  }
  '/v1/issued-invoices/{id}/completion': {
    /** Answer a suspension with a comment and files */
    post: {
      params: {
        /** Chorus Pro’s own id of the invoice, as text: it may be larger than JSON numbers hold. */
        id: string
      }
      query: Record<never, never>
      body: FormData | Completion
      answer: PlatformChange
    }
  }
  '/v1/issued-invoices/{id}/rerouting': {
    /** Correct recipient, service or references and send it on */
    post: {
      params: {
        /** Chorus Pro’s own id of the invoice, as text: it may be larger than JSON numbers hold. */
        id: string
      }
      query: Record<never, never>
      body: FormData | Rerouting
      answer: PlatformChange
    }
  }
  '/v1/issued-invoices/{id}/rejection-acknowledgement': {
    /** Mark a rejection as handled */
    post: {
      params: {
        /** Chorus Pro’s own id of the invoice, as text: it may be larger than JSON numbers hold. */
        id: string
      }
      query: Record<never, never>
      body: FormData | RejectionAcknowledgement
      answer: PlatformChange
    }
  }
  '/v1/issued-invoices/{id}/validator': {
    /** Name another validator */
    post: {
      params: {
        /** Chorus Pro’s own id of the invoice, as text: it may be larger than JSON numbers hold. */
        id: string
      }
      query: Record<never, never>
      body: FormData | ValidatorCorrection
      answer: PlatformChange
    }
  }
  '/v1/invoices/{id}': {
    /** One invoice as it stands */
    get: {
      params: {
        /** The gateway’s own id of an invoice, given before anything is sent. */
        id: string
      }
      query: Record<never, never>
      body: undefined
      answer: Invoice
    }
  }
  '/v1/invoices/{id}/timeline': {
    /** Everything that happened to an invoice */
    get: {
      params: {
        /** The gateway’s own id of an invoice, given before anything is sent. */
        id: string
      }
      query: Record<never, never>
      body: undefined
      answer: Timeline
    }
  }
  '/v1/invoices/{id}/documents/{document}': {
    /** A file of the invoice, as it was sent */
    get: {
      params: {
        /** The gateway’s own id of an invoice, given before anything is sent. */
        id: string
        document: string
      }
      query: Record<never, never>
      body: undefined
      answer: Blob
    }
  }
  '/v1/invoices/{id}/refresh': {
    /** Ask Chorus Pro for the status now */
    post: {
      params: {
        /** The gateway’s own id of an invoice, given before anything is sent. */
        id: string
      }
      query: Record<never, never>
      body: undefined
      answer: Invoice
    }
  }
  '/v1/invoices/{id}/cancel': {
    /** Withdraw an invoice that was not sent yet */
    post: {
      params: {
        /** The gateway’s own id of an invoice, given before anything is sent. */
        id: string
      }
      query: Record<never, never>
      body: undefined
      answer: Invoice
    }
  }
  '/v1/invoices/{id}/resolution': {
    /** Decide about a held invoice (operators) */
    post: {
      params: {
        /** The gateway’s own id of an invoice, given before anything is sent. */
        id: string
      }
      query: Record<never, never>
      body: Resolution
      answer: Invoice
    }
  }
  '/v1/validations': {
    /** Search the invoices that you validate */
    get: {
      params: Record<never, never>
      query: {
        /** The seller’s number, exactly. */
        number?: string
        /** Our name of a status, or Chorus Pro’s code. */
        status?: string
        /** Invoicing framework (BT-23). */
        businessProcess?: string
        /** SIRET, 14 digits. Kept as text: leading zeros count. */
        seller?: string
        /** Service of the seller; needs `seller`. */
        sellerServiceCode?: string
        /** SIRET, 14 digits. Kept as text: leading zeros count. */
        buyer?: string
        /** Service of the buyer; needs `buyer`. */
        buyerServiceCode?: string
        /** SIRET, 14 digits. Kept as text: leading zeros count. */
        validator?: string
        /** SIRET, 14 digits. Kept as text: leading zeros count. */
        projectManager?: string
        /** SIRET, 14 digits. Kept as text: leading zeros count. */
        worksOwner?: string
        /** Calendar date, YYYY-MM-DD. */
        issueDateFrom?: string
        /** Calendar date, YYYY-MM-DD. */
        issueDateTo?: string
        /** Calendar date, YYYY-MM-DD. */
        depositDateFrom?: string
        /** Calendar date, YYYY-MM-DD. */
        depositDateTo?: string
        taxExclusiveMin?: string
        taxExclusiveMax?: string
        taxInclusiveMin?: string
        taxInclusiveMax?: string
        payableMin?: string
        payableMax?: string
        /** Contract number (BT-12). */
        contractReference?: string
        /** Commitment number (BT-13). */
        commitmentNumber?: string
        /** With `seller`: every establishment of its SIREN. */
        sellerSiren?: boolean
        /** With `buyer`: every establishment of its SIREN. */
        buyerSiren?: boolean
        /** Kind of payment request. */
        requestType?: 'invoice' | 'works_invoice' | 'court_fee_statement' | 'refund_request'
        /** Invoice, credit note, prepayment (BT-3). */
        typeCode?: '380' | '381' | '386'
        /** Kind of works document: our name or Chorus Pro’s code. */
        worksType?: string
        /** Items a page, 50 by default. A cursor keeps that of its first page. */
        limit?: number
        /** Opaque position in a list, from `nextCursor` of the page before. */
        cursor?: string
      }
      body: undefined
      answer: ValidatorInvoicePage
    }
  }
  '/v1/validations/to-process': {
    /** Invoices that wait for your decision */
    get: {
      params: Record<never, never>
      query: {
        /** SIRET, 14 digits. Kept as text: leading zeros count. */
        validator?: string
        /** Items a page, 50 by default. A cursor keeps that of its first page. */
        limit?: number
        /** Opaque position in a list, from `nextCursor` of the page before. */
        cursor?: string
      }
      body: undefined
      answer: ValidatorInvoicePage
    }
  }
  '/v1/validations/statuses': {
    /** The statuses in which a validator sees an invoice */
    get: {
      params: Record<never, never>
      query: Record<never, never>
      body: undefined
      answer: VisibleStatuses
    }
  }
  '/v1/validations/{id}': {
    /** One invoice in full, as its validator sees it */
    get: {
      params: {
        /** Chorus Pro’s own id of the invoice, as text: it may be larger than JSON numbers hold. */
        id: string
      }
      query: Record<never, never>
      body: undefined
      answer: ValidatorInvoiceDetail
    }
  }
  '/v1/validations/{id}/refusal-reasons': {
    /** Reasons for refusing this invoice */
    get: {
      params: {
        /** Chorus Pro’s own id of the invoice, as text: it may be larger than JSON numbers hold. */
        id: string
      }
      query: Record<never, never>
      body: undefined
      answer: RefusalReasons
    }
  }
  '/v1/validations/{id}/decision': {
    /** Accept or refuse an invoice as its validator */
    post: {
      params: {
        /** Chorus Pro’s own id of the invoice, as text: it may be larger than JSON numbers hold. */
        id: string
      }
      query: Record<never, never>
      body: DecisionInput
      answer: Decision
    }
  }
  '/v1/payment-requests': {
    /** Search payment requests of every kind */
    get: {
      params: Record<never, never>
      query: {
        /** As whom you search; `seller` when absent. */
        role?: 'seller' | 'project_manager' | 'works_owner' | 'validator' | 'buyer'
        /** The seller’s number, exactly. */
        number?: string
        /** Our name of a status, or Chorus Pro’s code. */
        status?: string
        /** Invoicing framework (BT-23). */
        businessProcess?: string
        /** SIRET, 14 digits. Kept as text: leading zeros count. */
        seller?: string
        /** Service of the seller; needs `seller`. */
        sellerServiceCode?: string
        /** SIRET, 14 digits. Kept as text: leading zeros count. */
        buyer?: string
        /** Service of the buyer; needs `buyer`. */
        buyerServiceCode?: string
        /** SIRET, 14 digits. Kept as text: leading zeros count. */
        validator?: string
        /** SIRET, 14 digits. Kept as text: leading zeros count. */
        projectManager?: string
        /** SIRET, 14 digits. Kept as text: leading zeros count. */
        worksOwner?: string
        /** Calendar date, YYYY-MM-DD. */
        issueDateFrom?: string
        /** Calendar date, YYYY-MM-DD. */
        issueDateTo?: string
        /** Calendar date, YYYY-MM-DD. */
        depositDateFrom?: string
        /** Calendar date, YYYY-MM-DD. */
        depositDateTo?: string
        taxExclusiveMin?: string
        taxExclusiveMax?: string
        taxInclusiveMin?: string
        taxInclusiveMax?: string
        payableMin?: string
        payableMax?: string
        /** Contract number (BT-12). */
        contractReference?: string
        /** Commitment number (BT-13). */
        commitmentNumber?: string
        /** With `seller`: every establishment of its SIREN. */
        sellerSiren?: boolean
        /** With `buyer`: every establishment of its SIREN. */
        buyerSiren?: boolean
        /** Kind of payment request. */
        requestType?: 'invoice' | 'works_invoice' | 'court_fee_statement' | 'refund_request'
        /** Invoice, credit note, prepayment (BT-3). */
        typeCode?: '380' | '381' | '386'
        /** Kind of works document: our name or Chorus Pro’s code. */
        worksType?: string
        /** Reached its status then or later, in the local time of Chorus Pro. */
        statusSince?: string
        /** Reached its status then or earlier. */
        statusUntil?: string
        /** The invoice it corrects (BT-25). */
        precedingInvoice?: string
        /** Number of the works billing file. */
        billingFileNumber?: string
        paymentOrderNumber?: string
        /** Search the archive instead of the live base. */
        archived?: boolean
        /** Items a page, 50 by default. A cursor keeps that of its first page. */
        limit?: number
        /** Opaque position in a list, from `nextCursor` of the page before. */
        cursor?: string
      }
      body: undefined
      answer: PaymentRequestPage
    }
  }
  '/v1/works-invoices': {
    /** Search works invoices */
    get: {
      params: Record<never, never>
      query: {
        /** As whom you search; `seller` when absent. A key limited to sellers sees the documents in which one of them has this role; with several it names one in the filter of that name. */
        role?: 'seller' | 'project_manager' | 'works_owner' | 'validator' | 'buyer'
        /** The seller’s number, exactly. */
        number?: string
        /** Our name of a status, or Chorus Pro’s code. */
        status?: string
        /** Invoicing framework (BT-23). */
        businessProcess?: string
        /** SIRET, 14 digits. Kept as text: leading zeros count. */
        seller?: string
        /** Service of the seller; needs `seller`. */
        sellerServiceCode?: string
        /** SIRET, 14 digits. Kept as text: leading zeros count. */
        buyer?: string
        /** Service of the buyer; needs `buyer`. */
        buyerServiceCode?: string
        /** SIRET, 14 digits. Kept as text: leading zeros count. */
        validator?: string
        /** SIRET, 14 digits. Kept as text: leading zeros count. */
        projectManager?: string
        /** SIRET, 14 digits. Kept as text: leading zeros count. */
        worksOwner?: string
        /** Calendar date, YYYY-MM-DD. */
        issueDateFrom?: string
        /** Calendar date, YYYY-MM-DD. */
        issueDateTo?: string
        /** Calendar date, YYYY-MM-DD. */
        depositDateFrom?: string
        /** Calendar date, YYYY-MM-DD. */
        depositDateTo?: string
        taxExclusiveMin?: string
        taxExclusiveMax?: string
        taxInclusiveMin?: string
        taxInclusiveMax?: string
        payableMin?: string
        payableMax?: string
        /** Contract number (BT-12). */
        contractReference?: string
        /** Commitment number (BT-13). */
        commitmentNumber?: string
        /** Reached its status then or later, in the local time of Chorus Pro. */
        statusSince?: string
        /** Reached its status then or earlier. */
        statusUntil?: string
        /** The flow that brought it. */
        flowNumber?: string
        /** Only documents that no other follows. */
        withoutFollowing?: boolean
        /** Downloaded already, by anybody. */
        downloaded?: boolean
        /** Items a page, 50 by default. A cursor keeps that of its first page. */
        limit?: number
        /** Opaque position in a list, from `nextCursor` of the page before. */
        cursor?: string
      }
      body: undefined
      answer: WorksInvoicePage
    }
  }
  '/v1/works-invoices/to-process': {
    /** Works invoices that wait for you */
    get: {
      params: Record<never, never>
      query: {
        /** Items a page, 50 by default. A cursor keeps that of its first page. */
        limit?: number
        /** Opaque position in a list, from `nextCursor` of the page before. */
        cursor?: string
      }
      body: undefined
      answer: WorksInvoicePage
    }
  }
  '/v1/works-invoices/{id}': {
    /** One works invoice */
    get: {
      params: {
        /** Chorus Pro’s own id of the invoice, as text: it may be larger than JSON numbers hold. */
        id: string
      }
      query: Record<never, never>
      body: undefined
      answer: WorksInvoiceDetail
    }
  }
  '/v1/works-invoices/{id}/billing-file': {
    /** The chain of documents that a works invoice belongs to */
    get: {
      params: {
        /** Chorus Pro’s own id of the invoice, as text: it may be larger than JSON numbers hold. */
        id: string
      }
      query: Record<never, never>
      body: undefined
      answer: BillingFile
    }
  }
  '/v1/works-invoices/{id}/rerouting': {
    /** Correct the recipient, its service or the commitment number */
    post: {
      params: {
        /** Chorus Pro’s own id of the invoice, as text: it may be larger than JSON numbers hold. */
        id: string
      }
      query: Record<never, never>
      body: WorksRerouting
      answer: WorksChange
    }
  }
  '/v1/works-invoices/{id}/rerouting-request': {
    /** Ask for the document before this one to be corrected */
    post: {
      params: {
        /** Chorus Pro’s own id of the invoice, as text: it may be larger than JSON numbers hold. */
        id: string
      }
      query: Record<never, never>
      body: undefined
      answer: WorksChange
    }
  }
  '/v1/works-invoices/{id}/suspension': {
    /** Suspend a works invoice, or ask its author to complete it */
    post: {
      params: {
        /** Chorus Pro’s own id of the invoice, as text: it may be larger than JSON numbers hold. */
        id: string
      }
      query: Record<never, never>
      body: WorksSuspension
      answer: WorksChange
    }
  }
  '/v1/issued-invoices': {
    /** Search the invoices that your sellers issued */
    get: {
      params: Record<never, never>
      query: {
        /** Invoice number (BT-1). */
        number?: string
        /** Only in one of these statuses: our names or Chorus Pro’s codes; repeated or with commas. */
        status?: string[] | string
        /** Reached its status at this moment or later. Chorus Pro does not tell its time zone: up to two hours more are included. */
        statusSince?: string
        /** Reached its status at this moment or earlier; up to two hours more are included. */
        statusUntil?: string
        /** Issue date (BT-2), first day. */
        issueDateFrom?: string
        /** Issue date, last day. */
        issueDateTo?: string
        /** Deposit date, first day. */
        depositDateFrom?: string
        /** Deposit date, last day. */
        depositDateTo?: string
        /** Least total without VAT (BT-109). */
        taxExclusiveMin?: string
        /** Largest total without VAT. */
        taxExclusiveMax?: string
        /** Least total with VAT (BT-112). */
        taxInclusiveMin?: string
        /** Largest total with VAT. */
        taxInclusiveMax?: string
        /** Least amount due (BT-115). */
        payableMin?: string
        /** Largest amount due. */
        payableMax?: string
        /** Billing framework (BT-23). */
        businessProcess?: string
        /** Commitment number (BT-13). */
        commitmentNumber?: string
        /** Contract number (BT-12). */
        contractReference?: string
        /** SIRET of the validator. */
        validator?: string
        /** Tell the size of each invoice. */
        size?: boolean
        /** SIRET of the seller, one of ours (BT-30). */
        seller?: string
        /** Service of the seller; needs `seller`. */
        sellerServiceCode?: string
        /** SIRET of the buyer (BT-47). */
        buyer?: string
        /** Name of the buyer, instead of `buyer`. */
        buyerName?: string
        /** Service of the buyer; needs `buyer`. */
        buyerServiceCode?: string
        /** With `buyer`: every establishment of its SIREN. */
        buyerSiren?: boolean
        /** Invoice type (BT-3). */
        typeCode?: '380' | '381' | '386'
        /** Number of the invoice that it corrects (BT-25). */
        precedingInvoice?: string
        /** numeroFluxDepot. */
        flowNumber?: string
        /** How it reached Chorus Pro: our name (`pdf_api`) or the code. */
        depositMode?: string
        /** The seller’s bank account, label or id; needs `seller`. */
        bankAccount?: string
        /** Technical ids of the users who made it. */
        createdBy?: string[] | string
        /** Whether its rejection was marked as handled. */
        rejectionAcknowledged?: boolean
        /** Column, with `-` before it for the largest or newest first; `-depositDate` when absent. */
        sort?: 'number' | '-number' | 'issueDate' | '-issueDate' | 'depositDate' | '-depositDate' | 'type' | '-type' | 'status' | '-status' | 'currency' | '-currency' | 'taxExclusive' | '-taxExclusive' | 'taxInclusive' | '-taxInclusive' | 'payable' | '-payable' | 'sellerSiret' | '-sellerSiret' | 'sellerName' | '-sellerName' | 'buyerSiret' | '-buyerSiret' | 'buyerName' | '-buyerName' | 'buyerServiceCode' | '-buyerServiceCode' | 'commitmentNumber' | '-commitmentNumber' | 'contractReference' | '-contractReference' | 'flowNumber' | '-flowNumber' | 'depositMode' | '-depositMode' | 'precedingInvoice' | '-precedingInvoice'
        /** Items a page, 50 by default. A cursor keeps that of its first page. */
        limit?: number
        /** Opaque position in a list, from `nextCursor` of the page before. */
        cursor?: string
      }
      body: undefined
      answer: {
        items: IssuedInvoice[]
        /** Opaque position in a list, from `nextCursor` of the page before. */
        nextCursor?: string
        /** Items in all, where Chorus Pro announces it. */
        total?: number
      }
    }
  }
  '/v1/issued-invoices/to-process': {
    /** Issued invoices on which the seller can still act */
    get: {
      params: Record<never, never>
      query: {
        /** Only invoices of this seller. */
        seller?: string
        /** Leave rejected ones out. */
        hideRejected?: boolean
        /** Tell the size of each invoice. */
        size?: boolean
        /** Column, with `-` before it for the largest or newest first; `-depositDate` when absent. */
        sort?: 'number' | '-number' | 'issueDate' | '-issueDate' | 'depositDate' | '-depositDate' | 'type' | '-type' | 'status' | '-status' | 'currency' | '-currency' | 'taxExclusive' | '-taxExclusive' | 'taxInclusive' | '-taxInclusive' | 'payable' | '-payable' | 'sellerSiret' | '-sellerSiret' | 'sellerName' | '-sellerName' | 'buyerSiret' | '-buyerSiret' | 'buyerName' | '-buyerName' | 'buyerServiceCode' | '-buyerServiceCode' | 'commitmentNumber' | '-commitmentNumber' | 'contractReference' | '-contractReference'
        /** Items a page, 50 by default. A cursor keeps that of its first page. */
        limit?: number
        /** Opaque position in a list, from `nextCursor` of the page before. */
        cursor?: string
      }
      body: undefined
      answer: {
        items: IssuedInvoice[]
        /** Opaque position in a list, from `nextCursor` of the page before. */
        nextCursor?: string
        /** Items in all, where Chorus Pro announces it. */
        total?: number
      }
    }
  }
  '/v1/issued-invoices/documents': {
    /** Download several issued invoices at once */
    get: {
      params: Record<never, never>
      query: {
        /** Ids, repeated or with commas; at most 100. */
        id: string[] | string
        /** `pdf`: the invoice as PDF. `archive`: with its attachments; a ZIP where there are any. `pivot`: the pivot XML, which always holds the attachments. */
        format: 'pdf' | 'archive' | 'pivot'
      }
      body: undefined
      answer: Blob
    }
  }
  '/v1/issued-invoices/{id}': {
    /** One issued invoice with its lines, taxes and attachments */
    get: {
      params: {
        /** Chorus Pro’s own id of the invoice, as text: it may be larger than JSON numbers hold. */
        id: string
      }
      query: Record<never, never>
      body: undefined
      answer: IssuedInvoiceDetail
    }
  }
  '/v1/issued-invoices/{id}/history': {
    /** Statuses, events and actions of an issued invoice */
    get: {
      params: {
        /** Chorus Pro’s own id of the invoice, as text: it may be larger than JSON numbers hold. */
        id: string
      }
      query: Record<never, never>
      body: undefined
      answer: PlatformHistory
    }
  }
  '/v1/issued-invoices/{id}/documents': {
    /** What there is of an issued invoice to download */
    get: {
      params: {
        /** Chorus Pro’s own id of the invoice, as text: it may be larger than JSON numbers hold. */
        id: string
      }
      query: Record<never, never>
      body: undefined
      answer: PlatformDocuments
    }
  }
  '/v1/issued-invoices/{id}/documents/{format}': {
    /** Download an issued invoice as PDF, archive or pivot XML */
    get: {
      params: {
        /** Chorus Pro’s own id of the invoice, as text: it may be larger than JSON numbers hold. */
        id: string
        /** `pdf`: the invoice as PDF. `archive`: with its attachments; a ZIP where there are any. `pivot`: the pivot XML, which always holds the attachments. */
        format: 'pdf' | 'archive' | 'pivot'
      }
      query: Record<never, never>
      body: undefined
      answer: Blob
    }
  }
  '/v1/received-invoices': {
    /** Search the invoices that your structures received */
    get: {
      params: Record<never, never>
      query: {
        /** Invoice number (BT-1). */
        number?: string
        /** Only in one of these statuses: our names or Chorus Pro’s codes; repeated or with commas. */
        status?: string[] | string
        /** Reached its status at this moment or later. Chorus Pro does not tell its time zone: up to two hours more are included. */
        statusSince?: string
        /** Reached its status at this moment or earlier; up to two hours more are included. */
        statusUntil?: string
        /** Issue date (BT-2), first day. */
        issueDateFrom?: string
        /** Issue date, last day. */
        issueDateTo?: string
        /** Deposit date, first day. */
        depositDateFrom?: string
        /** Deposit date, last day. */
        depositDateTo?: string
        /** Least total without VAT (BT-109). */
        taxExclusiveMin?: string
        /** Largest total without VAT. */
        taxExclusiveMax?: string
        /** Least total with VAT (BT-112). */
        taxInclusiveMin?: string
        /** Largest total with VAT. */
        taxInclusiveMax?: string
        /** Least amount due (BT-115). */
        payableMin?: string
        /** Largest amount due. */
        payableMax?: string
        /** Billing framework (BT-23). */
        businessProcess?: string
        /** Commitment number (BT-13). */
        commitmentNumber?: string
        /** Contract number (BT-12). */
        contractReference?: string
        /** SIRET of the validator. */
        validator?: string
        /** Tell the size of each invoice. */
        size?: boolean
        /** SIRET of our structure that received it (BT-47). */
        recipient?: string
        /** Its service (BT-10); needs `recipient`. */
        recipientServiceCode?: string
        /** SIRET of the seller (BT-30). */
        seller?: string
        /** Service of the seller; needs `seller`. */
        sellerServiceCode?: string
        /** With `seller`: every establishment of its SIREN. */
        sellerSiren?: boolean
        /** Kind of payment request: FACTURE or FACTURE_TRAVAUX. */
        requestType?: 'invoice' | 'works_invoice'
        /** Invoice types (BT-3): 380, 381; repeated or with commas. */
        typeCode?: string[] | string
        /** Kinds of works documents: our names or Chorus Pro’s codes. */
        worksType?: string[] | string
        /** `false`: not downloaded yet, by anybody. */
        downloaded?: boolean
        /** Column, with `-` before it for the largest or newest first; `-depositDate` when absent. */
        sort?: 'number' | '-number' | 'issueDate' | '-issueDate' | 'depositDate' | '-depositDate' | 'type' | '-type' | 'status' | '-status' | 'currency' | '-currency' | 'taxExclusive' | '-taxExclusive' | 'taxInclusive' | '-taxInclusive' | 'payable' | '-payable' | 'sellerSiret' | '-sellerSiret' | 'sellerName' | '-sellerName' | 'buyerSiret' | '-buyerSiret' | 'buyerName' | '-buyerName' | 'buyerServiceCode' | '-buyerServiceCode' | 'commitmentNumber' | '-commitmentNumber' | 'contractReference' | '-contractReference' | 'downloaded' | '-downloaded'
        /** Items a page, 50 by default. A cursor keeps that of its first page. */
        limit?: number
        /** Opaque position in a list, from `nextCursor` of the page before. */
        cursor?: string
      }
      body: undefined
      answer: {
        items: ReceivedInvoice[]
        /** Opaque position in a list, from `nextCursor` of the page before. */
        nextCursor?: string
        /** Items in all, where Chorus Pro announces it. */
        total?: number
      }
    }
  }
  '/v1/received-invoices/to-process': {
    /** Received invoices that wait for the recipient */
    get: {
      params: Record<never, never>
      query: {
        /** SIRET of our structure that received it (BT-47). */
        recipient?: string
        /** Tell the size of each invoice. */
        size?: boolean
        /** Column, with `-` before it for the largest or newest first; `-depositDate` when absent. */
        sort?: 'number' | '-number' | 'issueDate' | '-issueDate' | 'depositDate' | '-depositDate' | 'type' | '-type' | 'status' | '-status' | 'currency' | '-currency' | 'taxExclusive' | '-taxExclusive' | 'taxInclusive' | '-taxInclusive' | 'payable' | '-payable' | 'sellerSiret' | '-sellerSiret' | 'sellerName' | '-sellerName' | 'buyerSiret' | '-buyerSiret' | 'buyerName' | '-buyerName' | 'buyerServiceCode' | '-buyerServiceCode' | 'commitmentNumber' | '-commitmentNumber' | 'contractReference' | '-contractReference' | 'downloaded' | '-downloaded'
        /** Items a page, 50 by default. A cursor keeps that of its first page. */
        limit?: number
        /** Opaque position in a list, from `nextCursor` of the page before. */
        cursor?: string
      }
      body: undefined
      answer: {
        items: ReceivedInvoice[]
        /** Opaque position in a list, from `nextCursor` of the page before. */
        nextCursor?: string
        /** Items in all, where Chorus Pro announces it. */
        total?: number
      }
    }
  }
  '/v1/received-invoices/documents': {
    /** Download several received invoices at once */
    get: {
      params: Record<never, never>
      query: {
        /** Ids, repeated or with commas; at most 100. */
        id: string[] | string
        /** `pdf`: the invoice as PDF. `archive`: with its attachments; a ZIP where there are any. `pivot`: the pivot XML, which always holds the attachments. */
        format: 'pdf' | 'archive' | 'pivot'
      }
      body: undefined
      answer: Blob
    }
  }
  '/v1/received-invoices/pick-up': {
    /** Take new invoices, one caller at a time */
    post: {
      params: Record<never, never>
      query: Record<never, never>
      body: PickUpRequest
      answer: PickUp
    }
  }
  '/v1/received-invoices/{id}/acknowledgement': {
    /** You have it for good: it is not handed out again */
    post: {
      params: {
        /** Chorus Pro’s own id of the invoice, as text: it may be larger than JSON numbers hold. */
        id: string
      }
      query: Record<never, never>
      body: Acknowledgement
      answer: Acknowledged
    }
  }
  '/v1/received-invoices/{id}': {
    /** One received invoice with its lines, taxes and attachments */
    get: {
      params: {
        /** Chorus Pro’s own id of the invoice, as text: it may be larger than JSON numbers hold. */
        id: string
      }
      query: Record<never, never>
      body: undefined
      answer: ReceivedInvoiceDetail
    }
  }
  '/v1/received-invoices/{id}/history': {
    /** Statuses, events and actions of a received invoice */
    get: {
      params: {
        /** Chorus Pro’s own id of the invoice, as text: it may be larger than JSON numbers hold. */
        id: string
      }
      query: Record<never, never>
      body: undefined
      answer: PlatformHistory
    }
  }
  '/v1/received-invoices/{id}/documents': {
    /** What there is of a received invoice to download */
    get: {
      params: {
        /** Chorus Pro’s own id of the invoice, as text: it may be larger than JSON numbers hold. */
        id: string
      }
      query: Record<never, never>
      body: undefined
      answer: PlatformDocuments
    }
  }
  '/v1/received-invoices/{id}/documents/{format}': {
    /** Download a received invoice as PDF, archive or pivot XML */
    get: {
      params: {
        /** Chorus Pro’s own id of the invoice, as text: it may be larger than JSON numbers hold. */
        id: string
        /** `pdf`: the invoice as PDF. `archive`: with its attachments; a ZIP where there are any. `pivot`: the pivot XML, which always holds the attachments. */
        format: 'pdf' | 'archive' | 'pivot'
      }
      query: Record<never, never>
      body: undefined
      answer: Blob
    }
  }
  '/v1/received-invoices/{id}/allowed-statuses': {
    /** Statuses that you may set now */
    get: {
      params: {
        /** Chorus Pro’s own id of the invoice, as text: it may be larger than JSON numbers hold. */
        id: string
      }
      query: Record<never, never>
      body: undefined
      answer: AllowedStatuses
    }
  }
  '/v1/received-invoices/{id}/status': {
    /** Move a received invoice to another status */
    post: {
      params: {
        /** Chorus Pro’s own id of the invoice, as text: it may be larger than JSON numbers hold. */
        id: string
      }
      query: Record<never, never>
      body: StatusChange
      answer: PlatformChange
    }
  }
  '/v1/flows/{number}': {
    /** The state of a flow and its errors */
    get: {
      params: {
        number: string
      }
      query: Record<never, never>
      body: undefined
      answer: Flow
    }
  }
  '/v1/flows/{number}/report': {
    /** Chorus Pro’s report on a flow, a PDF */
    get: {
      params: {
        number: string
      }
      query: Record<never, never>
      body: undefined
      answer: Blob
    }
  }
  '/v1/commitments': {
    /** Search the commitments that we may see */
    get: {
      params: Record<never, never>
      query: {
        /** Commitment number (BT-13). */
        number?: string
        code?: string
        /** Contract (BT-12). */
        contractReference?: string
        /** SIRET, 14 digits. Kept as text: leading zeros count. */
        seller?: string
        status?: 'ordered' | 'to_process'
        /** Calendar date, YYYY-MM-DD. */
        notifiedFrom?: string
        /** Calendar date, YYYY-MM-DD. */
        notifiedTo?: string
        /** Exact decimal as text, at most 19 digits of which 6 after the point. Never a JSON number. */
        amountMin?: string
        /** Exact decimal as text, at most 19 digits of which 6 after the point. Never a JSON number. */
        amountMax?: string
        /** Items a page, 50 by default. A cursor keeps that of its first page. */
        limit?: number
        /** Opaque position in a list, from `nextCursor` of the page before. */
        cursor?: string
      }
      body: undefined
      answer: CommitmentPage
    }
  }
  '/v1/commitments/{number}': {
    /** A commitment and what was invoiced on it */
    get: {
      params: {
        number: string
      }
      query: Record<never, never>
      body: undefined
      answer: Commitment
    }
  }
  '/v1/commitments/{number}/document': {
    /** The file of a commitment */
    get: {
      params: {
        number: string
      }
      query: Record<never, never>
      body: undefined
      answer: Blob
    }
  }
  '/v1/account': {
    /** Our technical account: its organizations, the end of its password */
    get: {
      params: Record<never, never>
      query: Record<never, never>
      body: undefined
      answer: Account
    }
  }
  '/v1/account/attachments': {
    /** The organizations and services that our account is attached to */
    get: {
      params: Record<never, never>
      query: {
        /** Items a page, 50 by default. A cursor keeps that of its first page. */
        limit?: number
        /** Opaque position in a list, from `nextCursor` of the page before. */
        cursor?: string
      }
      body: undefined
      answer: AccountAttachmentPage
    }
  }
  '/v1/attachments/file': {
    /** The files themselves */
    get: {
      params: Record<never, never>
      query: {
        /** Whose files: of our account, of an organization (its own, its mandate, its bank accounts), of a support request. */
        of: 'account' | 'organization' | 'mandate' | 'bank_account' | 'support_request'
        /** SIRET, 14 digits. Kept as text: leading zeros count. */
        organization?: string
        id?: string
      }
      body: undefined
      answer: Blob
    }
  }
  '/v1/attachments/{linkId}': {
    /** Cut the tie between a file and what it belongs to */
    delete: {
      params: {
        linkId: string
      }
      query: {
        /** SIRET, 14 digits. Kept as text: leading zeros count. */
        organization?: string
      }
      body: undefined
      answer: undefined
    }
  }
  '/v1/code-lists': {
    /** Which lists of codes there are */
    get: {
      params: Record<never, never>
      query: Record<never, never>
      body: undefined
      answer: CodeListIndex
    }
  }
  '/v1/code-lists/{name}': {
    /** A list of codes with their labels */
    get: {
      params: {
        name: string
      }
      query: {
        /** Narrows a list that depends on something: `/v1/code-lists` tells on what. Our code, or Chorus Pro’s. */
        for?: string
        /** Language of the labels; fr when absent. */
        language?: 'fr' | 'en'
      }
      body: undefined
      answer: CodeList
    }
  }
  '/v1/directory/organizations': {
    /** Find recipients by name, place or identifier */
    get: {
      params: Record<never, never>
      query: {
        /** Words of the name, the town or the postal code. Goes with no other filter. */
        q?: string
        /** SIRET, 14 digits. Kept as text: leading zeros count. */
        siret?: string
        /** Instead of a SIRET. */
        identifier?: string
        identifierType?: 'siret' | 'eu_vat' | 'non_eu' | 'ridet' | 'tahiti' | 'other' | 'individual'
        /** Words of the name. */
        name?: string
        postalCode?: string
        /** Town. */
        town?: string
        /** ISO 3166. */
        country?: string
        active?: boolean
        kind?: 'public' | 'private'
        /** A works owner (MOA) may intervene. */
        worksOwner?: boolean
        worksOnly?: boolean
        /** Private structures to which our account is not attached, too. */
        includePrivate?: boolean
        /** Insist on one source. Absent: Chorus Pro, and the local copy where Chorus Pro does not answer. What the copy does not list may exist all the same. */
        source?: 'chorus-pro' | 'local-copy'
        /** Items a page, 50 by default. A cursor keeps that of its first page. */
        limit?: number
        /** Opaque position in a list, from `nextCursor` of the page before. */
        cursor?: string
      }
      body: undefined
      answer: OrganizationList
    }
  }
  '/v1/directory/own-organizations': {
    /** The structures that our account may act for */
    get: {
      params: Record<never, never>
      query: {
        /** What they may do: send invoices (the default), receive them, or take part in works invoices. */
        role?: 'supplier' | 'recipient' | 'works'
      }
      body: undefined
      answer: OrganizationList
    }
  }
  '/v1/directory/organizations/{siret}': {
    /** A recipient and what it demands on an invoice */
    get: {
      params: {
        /** SIRET, 14 digits. Kept as text: leading zeros count. */
        siret: string
      }
      query: {
        /** Insist on one source. Absent: Chorus Pro, and the local copy where Chorus Pro does not answer. What the copy does not list may exist all the same. */
        source?: 'chorus-pro' | 'local-copy'
      }
      body: undefined
      answer: Organization
    }
  }
  '/v1/directory/organizations/{siret}/services': {
    /** The services of a recipient */
    get: {
      params: {
        /** SIRET, 14 digits. Kept as text: leading zeros count. */
        siret: string
      }
      query: {
        /** Part of the code or the name; case does not count. */
        name?: string
        active?: boolean
        /** Items a page, 50 by default. A cursor keeps that of its first page. */
        limit?: number
        /** Opaque position in a list, from `nextCursor` of the page before. */
        cursor?: string
      }
      body: undefined
      answer: ServiceList
    }
  }
  '/v1/directory/organizations/{siret}/services/{code}': {
    /** A service and what it demands */
    get: {
      params: {
        /** SIRET, 14 digits. Kept as text: leading zeros count. */
        siret: string
        /** Service code inside the structure (BT-10 for the buyer). */
        code: string
      }
      query: Record<never, never>
      body: undefined
      answer: OrganizationService
    }
  }
  '/v1/directory/organizations/{siret}/bank-accounts': {
    /** The bank accounts of a structure of ours */
    get: {
      params: {
        /** SIRET, 14 digits. Kept as text: leading zeros count. */
        siret: string
      }
      query: Record<never, never>
      body: undefined
      answer: BankAccountList
    }
  }
}
