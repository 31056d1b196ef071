import { type Static, Type } from 'typebox'
import { Timestamp } from './identifiers.ts'
import { detail, links, PlatformId, PlatformParty, PlatformStatus, summary } from './platform-invoice.ts'
import { commonFilters, flag, paging, serviceOf, several, siret, sortBy } from './platform-query.ts'
import { ref } from './ref.ts'

const closed = { additionalProperties: false } as const

const theirs = {
  downloaded: Type.Optional(
    Type.Boolean({
      description: 'A download by anybody sets it. For safe pick-up use `POST /v1/received-invoices/pick-up`.'
    })
  ),
  projectManager: Type.Optional(PlatformParty),
  worksOwner: Type.Optional(PlatformParty),
  links
}

/** An invoice that our structures received, as a search of Chorus Pro shows it. */
export const ReceivedInvoice = Type.Object(
  { ...summary, ...theirs },
  {
    $id: 'ReceivedInvoice',
    ...closed,
    examples: [
      {
        id: '8400801',
        number: 'FA-2026-0044',
        typeCode: '380',
        requestType: 'invoice',
        issueDate: '2026-09-01',
        depositDate: '2026-09-02',
        currency: 'EUR',
        seller: { siret: '99900000300015', identifier: '99900000300015', name: 'ENTREPRISE EXEMPLE' },
        buyer: { siret: '12345678200051', identifier: '12345678200051', name: 'DESTINATAIRE EXEMPLE' },
        totals: { taxExclusive: '1000.0', taxInclusive: '1200.0', payable: '1200.0' },
        status: { code: 'made_available', raw: 'MISE_A_DISPOSITION', since: '2026-09-03T06:00:00.000Z' },
        downloaded: false,
        upstream: { status: 'MISE_A_DISPOSITION', type: 'FACTURE', requestType: 'FACTURE' },
        links: {
          self: '/v1/received-invoices/8400801',
          history: '/v1/received-invoices/8400801/history',
          documents: '/v1/received-invoices/8400801/documents'
        }
      }
    ]
  }
)
export type ReceivedInvoice = Static<typeof ReceivedInvoice>

export const ReceivedInvoiceDetail = Type.Object(
  { ...summary, ...detail, ...theirs },
  { $id: 'ReceivedInvoiceDetail', ...closed }
)
export type ReceivedInvoiceDetail = Static<typeof ReceivedInvoiceDetail>

const recipient = {
  recipient: siret('SIRET of our structure that received it (BT-47).'),
  recipientServiceCode: serviceOf('Its service (BT-10); needs `recipient`.')
}

export const ReceivedInvoiceQuery = Type.Object(
  {
    ...commonFilters,
    ...recipient,
    seller: siret('SIRET of the seller (BT-30).'),
    sellerServiceCode: serviceOf('Service of the seller; needs `seller`.'),
    sellerSiren: flag('With `seller`: every establishment of its SIREN.'),
    requestType: Type.Optional(
      Type.Enum(['invoice', 'works_invoice'], { description: 'Kind of payment request: FACTURE or FACTURE_TRAVAUX.' })
    ),
    typeCode: several('Invoice types (BT-3): 380, 381; repeated or with commas.'),
    worksType: several('Kinds of works documents: our names or Chorus Pro’s codes.'),
    downloaded: flag('`false`: not downloaded yet, by anybody.'),
    sort: sortBy(['downloaded']),
    ...paging
  },
  closed
)
export type ReceivedInvoiceQuery = Static<typeof ReceivedInvoiceQuery>

export const ReceivedToProcessQuery = Type.Object(
  { recipient: recipient.recipient, size: commonFilters.size, sort: sortBy(['downloaded']), ...paging },
  closed
)
export type ReceivedToProcessQuery = Static<typeof ReceivedToProcessQuery>

export const AllowedStatuses = Type.Object(
  {
    current: PlatformStatus,
    items: Type.Array(
      Type.Object(
        {
          code: PlatformStatus.properties.code,
          raw: PlatformStatus.properties.raw,
          reasonRequired: Type.Boolean({ description: 'Chorus Pro demands a reason with it.' })
        },
        closed
      ),
      { description: 'Statuses that Chorus Pro lets a recipient set from here.' }
    )
  },
  { $id: 'AllowedStatuses', ...closed }
)
export type AllowedStatuses = Static<typeof AllowedStatuses>

export const StatusChange = Type.Object(
  {
    status: Type.String({
      maxLength: 60,
      pattern: '^[A-Za-z0-9_]+$',
      description: 'The new status: our name or Chorus Pro’s code. `/allowed-statuses` lists them.'
    }),
    reason: Type.Optional(
      Type.String({ maxLength: 2000, description: 'Why; Chorus Pro demands it with `suspended` and `rejected`.' })
    ),
    paymentOrderNumber: Type.Optional(Type.String({ maxLength: 50, description: 'Payment order number (mandat).' }))
  },
  { $id: 'StatusChange', ...closed, examples: [{ status: 'suspended', reason: 'Il manque le bon de livraison' }] }
)
export type StatusChange = Static<typeof StatusChange>

export const PickUpRequest = Type.Object(
  {
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, description: 'Invoices at most; 10 when absent.' })),
    leaseSeconds: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 86_400, description: 'How long they are yours; 300 when absent.' })
    ),
    recipient: recipient.recipient
  },
  { $id: 'PickUpRequest', ...closed, examples: [{ limit: 10, leaseSeconds: 600 }] }
)
export type PickUpRequest = Static<typeof PickUpRequest>

export const PickUp = Type.Object(
  {
    items: Type.Array(
      Type.Object(
        {
          invoice: ref(ReceivedInvoice),
          lease: Type.String({ description: 'Give it back with the acknowledgement.' }),
          leaseUntil: Timestamp,
          deliveries: Type.Integer({
            description: 'How often it was handed out, this time included; more than 1: perhaps you have it already.'
          })
        },
        closed
      )
    )
  },
  { $id: 'PickUp', ...closed }
)
export type PickUp = Static<typeof PickUp>

export const Acknowledgement = Type.Object(
  { lease: Type.String({ minLength: 1, maxLength: 100, description: 'The lease that came with the invoice.' }) },
  { $id: 'Acknowledgement', ...closed, examples: [{ lease: '6f1c0d5e2b7a4c39' }] }
)
export type Acknowledgement = Static<typeof Acknowledgement>

export const Acknowledged = Type.Object(
  { id: PlatformId, acknowledgedAt: Timestamp },
  { $id: 'Acknowledged', ...closed }
)

export const receivedInvoiceSchemas = [
  ReceivedInvoice,
  ReceivedInvoiceDetail,
  AllowedStatuses,
  StatusChange,
  PickUpRequest,
  PickUp,
  Acknowledgement,
  Acknowledged
]
