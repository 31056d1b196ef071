import { type Static, Type } from 'typebox'
import { Decimal, IsoDate, ServiceCode, Siret } from './identifiers.ts'

/** Text that a person wrote: no control characters but line breaks and tabs. */
const text = (maxLength: number, description: string) =>
  Type.String({ maxLength, pattern: '^[^\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f]*$', description })

const closed = { additionalProperties: false } as const

export const Party = Type.Object({ siret: Type.Optional(Siret), serviceCode: Type.Optional(ServiceCode) }, closed)

export const VatCategory = Type.String({
  pattern: '^[A-Z]{1,3}$',
  description:
    'VAT category code (BT-118, BT-151): S standard rate, Z zero rate, E exempt, AE reverse charge, O out of scope …'
})

export const Totals = Type.Object(
  {
    taxExclusive: Type.Optional(Type.Unsafe<string>({ ...Decimal, description: 'Total without VAT (BT-109).' })),
    tax: Type.Optional(Type.Unsafe<string>({ ...Decimal, description: 'Total VAT (BT-110).' })),
    taxInclusive: Type.Optional(Type.Unsafe<string>({ ...Decimal, description: 'Total with VAT (BT-112).' })),
    allowance: Type.Optional(
      Type.Unsafe<string>({
        ...Decimal,
        description: 'Overall discount, with VAT (Chorus Pro montantRemiseGlobaleTTC).'
      })
    ),
    payable: Type.Optional(Type.Unsafe<string>({ ...Decimal, description: 'Amount due for payment (BT-115).' }))
  },
  { ...closed, description: 'Document totals (BG-22), decimal strings.' }
)

export const VatBreakdown = Type.Object(
  {
    categoryCode: Type.Optional(VatCategory),
    rate: Type.Optional(Type.Unsafe<string>({ ...Decimal, description: 'VAT rate in percent (BT-119).' })),
    taxable: Type.Optional(Type.Unsafe<string>({ ...Decimal, description: 'Taxable amount (BT-116).' })),
    tax: Type.Optional(Type.Unsafe<string>({ ...Decimal, description: 'VAT amount (BT-117).' })),
    exemptionReason: Type.Optional(text(500, 'Why no VAT is charged (BT-120).'))
  },
  closed
)

export const Line = Type.Object(
  {
    id: Type.Optional(text(50, 'Line number or reference (BT-126).')),
    name: Type.Optional(text(1000, 'What was delivered (BT-153).')),
    quantity: Type.Optional(Type.Unsafe<string>({ ...Decimal, description: 'Quantity (BT-129).' })),
    unitCode: Type.Optional(text(50, 'Unit (BT-130); Chorus Pro takes free text such as `lot` or `heure`.')),
    netPrice: Type.Optional(Type.Unsafe<string>({ ...Decimal, description: 'Unit price without VAT (BT-146).' })),
    netAmount: Type.Optional(Type.Unsafe<string>({ ...Decimal, description: 'Line amount without VAT (BT-131).' })),
    vat: Type.Optional(
      Type.Object(
        {
          categoryCode: Type.Optional(VatCategory),
          rate: Type.Optional(Type.Unsafe<string>({ ...Decimal, description: 'VAT rate in percent (BT-152).' }))
        },
        closed
      )
    )
  },
  closed
)

/** The names on the left are ours; those of Chorus Pro are understood as well. */
export const vatRegimes = ['on_debits', 'on_receipts', 'exempt', 'no_vat'] as const
const chorusVatRegimes = ['TVA_SUR_DEBIT', 'TVA_SUR_ENCAISSEMENT', 'EXONERATION', 'SANS_TVA'] as const

export const submissionModes = ['auto', 'pdf', 'structured', 'data'] as const

const content = {
  number: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 20,
      pattern: '^[A-Za-z0-9_/+-]+$',
      description:
        'Invoice number (BT-1): at most 20 letters, digits, `-` `_` `/` `+`. Chorus Pro refuses a number that the seller has used before. In mode `data` Chorus Pro makes the number.',
      examples: ['FA-2026-0042']
    })
  ),
  issueDate: Type.Optional(Type.Unsafe<string>({ ...IsoDate, description: 'Issue date (BT-2), YYYY-MM-DD.' })),
  typeCode: Type.Optional(
    Type.Enum(['380', '381', '386'], {
      description: 'Invoice type (BT-3): 380 invoice (taken when absent), 381 credit note, 386 prepayment invoice.'
    })
  ),
  currency: Type.Optional(
    Type.String({
      pattern: '^[A-Z]{3}$',
      description: 'Currency (BT-5), ISO 4217; EUR when absent.',
      examples: ['EUR']
    })
  ),
  taxPointDateCode: Type.Optional(
    Type.Enum(['3', '5', '29', '35', '72', '432'], {
      description: 'When VAT falls due (BT-8): 5, 3, 29 or 35 on invoicing or delivery, 72 or 432 on payment.'
    })
  ),
  vatRegime: Type.Optional(
    Type.Enum([...vatRegimes, ...chorusVatRegimes], {
      description:
        'VAT regime, instead of `taxPointDateCode`: `on_debits` (TVA_SUR_DEBIT), `on_receipts` (TVA_SUR_ENCAISSEMENT), `exempt` (EXONERATION), `no_vat` (SANS_TVA). The names of Chorus Pro are understood too.'
    })
  ),
  dueDate: Type.Optional(Type.Unsafe<string>({ ...IsoDate, description: 'Payment due date (BT-9), YYYY-MM-DD.' })),
  businessProcess: Type.Optional(
    Type.String({
      pattern: '^A([1-9]|1[0-9]|2[0-5])$',
      description:
        'Billing framework (BT-23, cadre de facturation): A1 supplier invoice (taken when absent), A2 already paid, A9 subcontractor, A12 co-contractor.',
      examples: ['A1']
    })
  ),
  seller: Type.Optional(
    Type.Unsafe<Static<typeof Party>>({
      ...Party,
      description:
        'Seller. `siret` (BT-30) may be left out when the key or the connection serves a single seller; `serviceCode` is our own service.'
    })
  ),
  buyer: Type.Optional(
    Type.Unsafe<Static<typeof Party>>({ ...Party, description: 'Buyer: `siret` (BT-47) and `serviceCode` (BT-10).' })
  ),
  commitmentNumber: Type.Optional(
    text(50, 'Commitment or purchase order number of the buyer (BT-13, numéro d’engagement).')
  ),
  contractReference: Type.Optional(text(50, 'Contract number (BT-12, numéro de marché).')),
  precedingInvoice: Type.Optional(text(50, 'Number of the invoice that this one corrects (BT-25).')),
  payment: Type.Optional(
    Type.Object(
      {
        meansCode: Type.Optional(
          Type.String({
            pattern: '^[0-9A-Z]{1,3}$',
            description: 'Payment means (BT-81, UNTDID 4461): 30 credit transfer, 49 direct debit, 20 cheque …'
          })
        ),
        bankAccount: Type.Optional(
          text(100, 'The seller’s account: its label or id in Chorus Pro, or an IBAN that the configuration maps.')
        )
      },
      closed
    )
  ),
  totals: Type.Optional(Totals),
  vatBreakdown: Type.Optional(Type.Array(VatBreakdown, { maxItems: 100, description: 'VAT breakdown (BG-23).' })),
  lines: Type.Optional(
    Type.Array(Line, { maxItems: 5000, description: 'Invoice lines (BG-25); needed in mode `data`.' })
  ),
  note: Type.Optional(text(2000, 'Free comment (BT-22).')),
  validator: Type.Optional(
    Type.Unsafe<Static<typeof Party>>({ ...Party, description: 'Validator, for the frameworks A9 and A12.' })
  )
}

/** The invoice itself, in the words of EN 16931. */
export const InvoiceContent = Type.Object(content, closed)
export type InvoiceContent = Static<typeof InvoiceContent>

/** The JSON that a caller hands in, except for the file that JSON callers may put inside. */
export const InvoiceInput = Type.Object(
  {
    ...content,
    submissionMode: Type.Optional(
      Type.Enum([...submissionModes], {
        description:
          'How to hand it to Chorus Pro. `auto` (when absent): `structured` for Factur-X, UBL and CII, `pdf` for any other PDF, `data` without a file.'
      })
    ),
    completeFromDocument: Type.Optional(
      Type.Boolean({ description: 'Fill the fields left out with what Chorus Pro reads in the PDF (mode `pdf`).' })
    ),
    replaces: Type.Optional(
      Type.String({
        pattern: '^inv_[0-9a-f]{32}$',
        description: 'The rejected or cancelled invoice that this one corrects under the same number.'
      })
    ),
    externalId: Type.Optional(text(200, 'Your own reference; given back, never sent.')),
    tags: Type.Optional(
      Type.Array(text(100, 'A tag.'), { maxItems: 20, description: 'Your own labels; given back, never sent.' })
    )
  },
  { $id: 'InvoiceInput', ...closed }
)
export type InvoiceInput = Static<typeof InvoiceInput>

/** The same with the file inside, for callers that cannot do multipart. */
export const InvoiceJson = Type.Object(
  {
    ...InvoiceInput.properties,
    file: Type.Optional(
      Type.Object(
        {
          name: Type.Optional(text(200, 'File name with its extension.')),
          contentBase64: Type.String({
            contentEncoding: 'base64',
            description: 'The file, base64; line breaks are tolerated and never passed on.'
          })
        },
        closed
      )
    )
  },
  { $id: 'InvoiceJson', ...closed }
)
export type InvoiceJson = Static<typeof InvoiceJson>
