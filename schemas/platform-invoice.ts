import { Type } from 'typebox'
import { IsoDate } from './identifiers.ts'
import { text } from './texts.ts'

/** What invoices have in common that Chorus Pro holds, whichever side we are on. */

const closed = { additionalProperties: false } as const
const day = (description: string) => Type.Optional(Type.Unsafe<string>({ ...IsoDate, description }))
const amount = (description: string) =>
  Type.Optional(Type.String({ description, pattern: '^-?[0-9]+(\\.[0-9]+)?$', examples: ['1200.0'] }))

/** identifiantFactureCPP and idFacture are the same number (behaviour.md, section 6). */
export const PlatformId = Type.String({
  pattern: '^[0-9]{1,20}$',
  description: 'Chorus Pro’s own id of the invoice, as text: it may be larger than JSON numbers hold.',
  examples: ['8400801']
})
export const PlatformParams = Type.Object({ id: PlatformId }, closed)

export const PlatformStatus = Type.Object(
  {
    code: Type.String({
      description: 'Our name of the status; `other` where we have none.',
      examples: ['made_available', 'suspended']
    }),
    raw: Type.String({ description: 'Chorus Pro’s code as it came.', examples: ['MISE_A_DISPOSITION'] }),
    since: text('When the invoice reached it, RFC 3339 in UTC.'),
    comment: text('What was said with it, for instance why the invoice was rejected.')
  },
  closed
)

export const PlatformParty = Type.Object(
  {
    siret: text('SIRET (BT-30 of the seller, BT-47 of the buyer); absent where the identifier is of another kind.'),
    identifier: text('Identifier as it came.'),
    identifierType: text('Its kind, as Chorus Pro writes it: SIRET, UE_HORS_FRANCE, RIDET …'),
    name: text('Name (BT-27, BT-44).'),
    serviceCode: text('Service inside the structure (BT-10 for the buyer).'),
    serviceName: text('Name of that service.'),
    address: Type.Optional(
      Type.Object(
        {
          line1: text('BT-35, BT-50.'),
          line2: text('BT-36, BT-51.'),
          line3: text('BT-162, BT-163.'),
          postalCode: text('BT-38, BT-53.'),
          town: text('BT-37, BT-52.'),
          countryCode: text('BT-40, BT-55.')
        },
        closed
      )
    )
  },
  closed
)

export const Reviewer = Type.Object(
  {
    siret: text('SIRET of the validator.'),
    identifier: text('Identifier as it came.'),
    identifierType: text('Its kind.'),
    name: text('Name of the company.'),
    validatedAt: text('When it decided.')
  },
  closed
)

export const BankDetails = Type.Object(
  {
    id: text('Technical id in Chorus Pro.'),
    label: text('Name of the account in Chorus Pro.'),
    countryCode: text('Country of the account.'),
    bankCode: text('Bank code.'),
    branchCode: text('Branch code.'),
    accountNumber: text('Account number (part of BT-84).'),
    ibanCheckDigits: text('Check digits of the IBAN.'),
    ribKey: text('RIB key.'),
    bic: text('BIC (BT-86).')
  },
  closed
)

const Factor = Type.Object(
  { identifier: text('Identifier of the factor.'), identifierType: text('Its kind.'), name: text('Name.') },
  closed
)

/** Members of a row of a search. */
export const summary = {
  id: PlatformId,
  number: text('Invoice number (BT-1).'),
  typeCode: text(
    'Invoice type (BT-3): 380 invoice, 381 credit note, 386 prepayment invoice; `other` for anything else.'
  ),
  requestType: text('Kind of payment request: `invoice`, `works_invoice` …'),
  worksType: text('Kind of works document, where it is one.'),
  issueDate: day('Issue date (BT-2).'),
  depositDate: day('When Chorus Pro received it.'),
  currency: text('Currency (BT-5).'),
  businessProcess: text('Billing framework (BT-23), A1 to A25.'),
  seller: PlatformParty,
  buyer: PlatformParty,
  totals: Type.Object(
    {
      taxExclusive: amount('Total without VAT (BT-109).'),
      tax: amount('Total VAT (BT-110).'),
      taxInclusive: amount('Total with VAT (BT-112).'),
      beforeAllowance: amount('Total with VAT before the overall discount.'),
      allowance: amount('Overall discount, with VAT.'),
      allowanceReason: text('Why it is granted.'),
      payable: amount('Amount due for payment (BT-115).')
    },
    { ...closed, description: 'Document totals (BG-22), decimal texts with the digits that Chorus Pro wrote.' }
  ),
  status: PlatformStatus,
  commitmentNumber: text('Commitment or purchase order number (BT-13).'),
  contractReference: text('Contract number (BT-12).'),
  precedingInvoice: text('Number of the invoice that this one corrects (BT-25).'),
  depositMode: text(
    'How it reached Chorus Pro, in our words: `pdf_api`, `edi_structured` …; `other` where we have none.'
  ),
  validators: Type.Optional(Type.Array(Reviewer, { description: 'Those who had to approve it, in order.' })),
  bankAccount: Type.Optional(BankDetails),
  factor: Type.Optional(Factor),
  size: Type.Optional(
    Type.Integer({
      description: 'Size with its attachments, where `size=true` asks for it; Chorus Pro does not say the unit.'
    })
  ),
  upstream: Type.Unsafe<Record<string, string>>({
    type: 'object',
    additionalProperties: { type: 'string' },
    description: 'Raw codes, by our names: `status`, `type`, `businessProcess`, `depositMode`, `requestType` …'
  })
}

const Line = Type.Object(
  {
    number: text('Line number.'),
    id: text('Article reference (BT-155).'),
    name: text('What was delivered (BT-153).'),
    quantity: amount('Quantity (BT-129).'),
    unitCode: text('Unit (BT-130), as Chorus Pro labels it.'),
    netPrice: amount('Unit price without VAT (BT-146).'),
    allowance: amount('Discount on the line, without VAT (BT-136).'),
    netAmount: amount('Line amount without VAT (BT-131).'),
    tax: amount('VAT of the line.'),
    grossAmount: amount('Line amount with VAT.'),
    vat: Type.Object(
      { rate: amount('VAT rate in percent (BT-152).'), code: text('Code of the rate, such as TVA5.') },
      closed
    )
  },
  closed
)

const VatRow = Type.Object(
  {
    rate: amount('VAT rate in percent (BT-119).'),
    code: text('Code of the rate.'),
    label: text('Its label.'),
    taxable: amount('Taxable amount (BT-116).'),
    tax: amount('Tax amount (BT-117).')
  },
  closed
)

const PlatformAttachment = Type.Object(
  {
    attachmentId: text('pieceJointeId.'),
    name: text('Name shown (BT-123).'),
    typeCode: text('Kind of attachment, code.'),
    typeLabel: text('Its label.'),
    line: text('Line that it belongs to.'),
    extension: text('File ending.')
  },
  closed
)

const Related = Type.Optional(
  Type.Object(
    { id: text('Technical id.'), number: text('Its number.'), businessProcess: text('Its billing framework.') },
    closed
  )
)

/** Members that only the invoice itself has. */
export const detail = {
  dueDate: day('Payment due date (BT-9).'),
  createdAt: text('When it was made in Chorus Pro.'),
  vatRegime: text('VAT regime: `on_debits`, `on_receipts`, `exempt`, `no_vat`.'),
  exemptionReason: text('Why no VAT is charged (BT-120).'),
  payment: Type.Optional(
    Type.Object(
      {
        meansCode: text('Payment means (BT-81, UNTDID 4461), where it has one.'),
        orderNumber: text('Payment order number (mandat) given by the recipient.')
      },
      closed
    )
  ),
  note: text('Free comment (BT-22).'),
  lines: Type.Array(Line, { description: 'Every line (BG-25).' }),
  vatBreakdown: Type.Array(VatRow, { description: 'Every VAT rate (BG-23).' }),
  mainAttachmentId: text('pieceJointeId of the invoice’s own PDF.'),
  attachments: Type.Array(PlatformAttachment, { description: 'Every attachment (BG-24).' }),
  previousDocument: Related,
  nextDocument: Related
}

export const links = Type.Object(
  {
    self: Type.String(),
    history: Type.String(),
    documents: Type.String(),
    submission: Type.Optional(Type.String({ description: 'The invoice in the gateway, where it came through it.' }))
  },
  closed
)
