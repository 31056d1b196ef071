import { type Static, Type } from 'typebox'
import { InvoiceId, Siret } from './identifiers.ts'
import { Party, vatRegimes } from './invoice.ts'
import { DownloadFormat } from './platform-answers.ts'
import { detail, links, PlatformId, summary } from './platform-invoice.ts'
import { commonFilters, flag, paging, plain, serviceOf, several, siret, sortBy } from './platform-query.ts'

const closed = { additionalProperties: false } as const
const free = (maxLength: number, description: string) =>
  Type.Optional(
    Type.String({
      minLength: 1,
      maxLength,
      pattern: '^[^\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f]*$',
      description
    })
  )

const ours = {
  flowNumber: Type.Optional(Type.String({ description: 'numeroFluxDepot, where it came by a flow.' })),
  rejectionAcknowledged: Type.Optional(Type.Boolean({ description: 'The rejection was marked as handled.' })),
  gatewayInvoiceId: Type.Optional(
    Type.Unsafe<string>({ ...InvoiceId, description: 'Our id, where you sent it through this gateway.' })
  ),
  links
}

/** An invoice of ours as a search of Chorus Pro shows it. */
export const IssuedInvoice = Type.Object(
  { ...summary, ...ours },
  {
    $id: 'IssuedInvoice',
    ...closed,
    examples: [
      {
        id: '8400801',
        number: 'FA-2026-0042',
        typeCode: '380',
        issueDate: '2026-09-01',
        depositDate: '2026-09-02',
        currency: 'EUR',
        seller: { siret: '99900010200015', identifier: '99900010200015', identifierType: 'SIRET' },
        buyer: { siret: '12345678200051', identifier: '12345678200051', name: 'DESTINATAIRE EXEMPLE' },
        totals: { taxExclusive: '1000.0', taxInclusive: '1200.0', payable: '1200.0' },
        status: {
          code: 'suspended',
          raw: 'SUSPENDUE',
          since: '2026-09-05T07:30:00.000Z',
          comment: 'Il manque le bon de livraison'
        },
        commitmentNumber: 'EJ-778899',
        depositMode: 'pdf_api',
        upstream: { status: 'SUSPENDUE', type: 'FACTURE', depositMode: 'DEPOT_PDF_API' },
        gatewayInvoiceId: 'inv_0123456789abcdef0123456789abcdef',
        links: {
          self: '/v1/issued-invoices/8400801',
          history: '/v1/issued-invoices/8400801/history',
          documents: '/v1/issued-invoices/8400801/documents',
          submission: '/v1/invoices/inv_0123456789abcdef0123456789abcdef'
        }
      }
    ]
  }
)
export type IssuedInvoice = Static<typeof IssuedInvoice>

/** The whole invoice. */
export const IssuedInvoiceDetail = Type.Object(
  { ...summary, ...detail, ...ours },
  { $id: 'IssuedInvoiceDetail', ...closed }
)
export type IssuedInvoiceDetail = Static<typeof IssuedInvoiceDetail>

export const IssuedInvoiceQuery = Type.Object(
  {
    ...commonFilters,
    seller: siret('SIRET of the seller, one of ours (BT-30).'),
    sellerServiceCode: serviceOf('Service of the seller; needs `seller`.'),
    buyer: siret('SIRET of the buyer (BT-47).'),
    buyerName: plain(200, 'Name of the buyer, instead of `buyer`.'),
    buyerServiceCode: serviceOf('Service of the buyer; needs `buyer`.'),
    buyerSiren: flag('With `buyer`: every establishment of its SIREN.'),
    typeCode: Type.Optional(Type.Enum(['380', '381', '386'], { description: 'Invoice type (BT-3).' })),
    precedingInvoice: plain(50, 'Number of the invoice that it corrects (BT-25).'),
    flowNumber: plain(100, 'numeroFluxDepot.'),
    depositMode: plain(60, 'How it reached Chorus Pro: our name (`pdf_api`) or the code.'),
    bankAccount: plain(100, 'The seller’s bank account, label or id; needs `seller`.'),
    createdBy: several('Technical ids of the users who made it.'),
    rejectionAcknowledged: flag('Whether its rejection was marked as handled.'),
    sort: sortBy(['flowNumber', 'depositMode', 'precedingInvoice']),
    ...paging
  },
  closed
)
export type IssuedInvoiceQuery = Static<typeof IssuedInvoiceQuery>

export const IssuedToProcessQuery = Type.Object(
  {
    seller: siret('Only invoices of this seller.'),
    hideRejected: flag('Leave rejected ones out.'),
    size: commonFilters.size,
    sort: sortBy(),
    ...paging
  },
  closed
)
export type IssuedToProcessQuery = Static<typeof IssuedToProcessQuery>

export const DocumentsQuery = Type.Object(
  {
    id: Type.Unsafe<string | string[]>({
      anyOf: [
        { type: 'array', minItems: 1, maxItems: 100, items: PlatformId },
        { type: 'string', pattern: '^[0-9]{1,20}(,[0-9]{1,20}){0,99}$' }
      ],
      description: 'Ids, repeated or with commas; at most 100.',
      examples: ['8400801,8400802']
    }),
    format: DownloadFormat
  },
  closed
)
export const DocumentFormatParams = Type.Object({ id: PlatformId, format: DownloadFormat }, closed)

const JsonFile = Type.Object(
  {
    name: Type.String({
      minLength: 1,
      maxLength: 300,
      description: 'File name with its ending; Chorus Pro takes 50 characters.'
    }),
    contentBase64: Type.String({ contentEncoding: 'base64', description: 'The file; line breaks are tolerated.' }),
    typeCode: Type.Optional(
      Type.String({ maxLength: 30, description: 'Kind of attachment (code list of attachment types).' })
    )
  },
  closed
)

/** Answers a suspension. In a form, files are parts `attachments`. */
export const Completion = Type.Object(
  {
    comment: free(2000, 'What to say to the recipient.'),
    attachments: Type.Optional(
      Type.Array(JsonFile, { maxItems: 20, description: 'Files, in JSON; in a form they are parts.' })
    )
  },
  {
    $id: 'Completion',
    ...closed,
    examples: [
      { comment: 'Voici le bon de livraison.', attachments: [{ name: 'bon.pdf', contentBase64: 'JVBERi0xLjQK' }] }
    ]
  }
)
export type Completion = Static<typeof Completion>

/** Only what is to be corrected: the rest goes back as it stands. */
export const Rerouting = Type.Object(
  {
    buyer: Type.Optional(
      Type.Unsafe<Static<typeof Party>>({
        ...Party,
        description: 'The right recipient (BT-47) or service (BT-10). With another SIRET the old service is not kept.'
      })
    ),
    commitmentNumber: free(50, 'Commitment number (BT-13).'),
    contractReference: free(50, 'Contract number (BT-12).'),
    precedingInvoice: free(50, 'Number of the invoice that this one corrects (BT-25).'),
    typeCode: Type.Optional(Type.Enum(['380', '381'], { description: 'Invoice type (BT-3).' })),
    currency: Type.Optional(Type.String({ pattern: '^[A-Z]{3}$', description: 'Currency (BT-5).' })),
    vatRegime: Type.Optional(Type.Enum([...vatRegimes], { description: 'VAT regime.' })),
    exemptionReason: free(500, 'Why no VAT is charged (BT-120).'),
    paymentMeansCode: Type.Optional(Type.String({ pattern: '^[0-9A-Z]{1,3}$', description: 'Payment means (BT-81).' })),
    comment: free(2000, 'What to say.')
  },
  {
    $id: 'Rerouting',
    ...closed,
    examples: [
      { buyer: { siret: '12345678200028', serviceCode: 'SERVICE_DEST_SERV_OBL' }, commitmentNumber: 'EJ-778899' }
    ]
  }
)
export type Rerouting = Static<typeof Rerouting>

export const RejectionAcknowledgement = Type.Object(
  { reason: free(2000, 'Why it is done with.'), comment: free(2000, 'More about it.') },
  { $id: 'RejectionAcknowledgement', ...closed, examples: [{ reason: 'Remplacée par FA-2026-0051' }] }
)
export type RejectionAcknowledgement = Static<typeof RejectionAcknowledgement>

export const ValidatorCorrection = Type.Object(
  { validator: Type.Object({ siret: Siret }, { ...closed, description: 'The right validator.' }) },
  { $id: 'ValidatorCorrection', ...closed, examples: [{ validator: { siret: '99900050800013' } }] }
)
export type ValidatorCorrection = Static<typeof ValidatorCorrection>

export const issuedInvoiceSchemas = [
  IssuedInvoice,
  IssuedInvoiceDetail,
  Completion,
  Rerouting,
  RejectionAcknowledgement,
  ValidatorCorrection
]
