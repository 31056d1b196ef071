import { Type } from 'typebox'
import { Decimal, FilterDate, IsoDate, Siret } from './identifiers.ts'
import { pageOf, paging } from './paging.ts'
import { coded, text } from './texts.ts'

const closed = { additionalProperties: false } as const

const service = (description: string) =>
  Type.Optional(Type.Object({ code: text('Code.'), name: text('Name.') }, { description, ...closed }))

const party = { siret: Type.Optional(Siret), name: text('Name.') }
const amount = (description: string) => text(description, '5000')

const CommitmentRow = Type.Object(
  {
    number: Type.String({ description: 'Commitment number (BT-13).', examples: ['1400000001'] }),
    type: Type.Optional(coded('What it is: purchase_order or other.')),
    status: coded('ordered, to_process or other.'),
    seller: Type.Object(party, { description: 'Who got the order.', ...closed }),
    service: service('Where the invoice goes (BT-10).'),
    issuingService: service('Who ordered.'),
    notifiedOn: Type.Optional(IsoDate),
    createdOn: Type.Optional(IsoDate),
    totals: Type.Object({ taxExclusive: amount('Without VAT.'), taxInclusive: amount('With VAT.') }, closed),
    currency: text('ISO 4217.', 'EUR'),
    upstream: Type.Object({ commitmentId: text('idEngagementJuridique.') }, closed)
  },
  { $id: 'CommitmentRow', ...closed }
)

export const CommitmentPage = Type.Object(
  { ...pageOf(CommitmentRow, 'One page.').properties },
  { $id: 'CommitmentPage', ...closed }
)

export const CommitmentQuery = Type.Object(
  {
    number: Type.Optional(Type.String({ minLength: 1, maxLength: 50, description: 'Commitment number (BT-13).' })),
    code: Type.Optional(Type.String({ minLength: 1, maxLength: 50 })),
    contractReference: Type.Optional(Type.String({ minLength: 1, maxLength: 100, description: 'Contract (BT-12).' })),
    seller: Type.Optional(Siret),
    status: Type.Optional(Type.Enum(['ordered', 'to_process'])),
    notifiedFrom: Type.Optional(FilterDate),
    notifiedTo: Type.Optional(FilterDate),
    amountMin: Type.Optional(Decimal),
    amountMax: Type.Optional(Decimal),
    ...paging
  },
  closed
)

export const Commitment = Type.Object(
  {
    number: Type.String(),
    status: coded('ordered, to_process or other.'),
    buyer: Type.Object({ ...party, service: service('Who ordered.') }, closed),
    seller: Type.Object(
      {
        ...party,
        address: Type.Optional(
          Type.Object(
            {
              lines: Type.Optional(Type.Array(Type.String())),
              postalCode: text('Postal code.'),
              town: text('Town.'),
              country: text('Country.')
            },
            closed
          )
        )
      },
      closed
    ),
    lines: Type.Array(
      Type.Object(
        {
          number: text('Line number.'),
          status: coded('ordered, to_process or other.'),
          taxInclusive: amount('With VAT.')
        },
        closed
      )
    ),
    paymentRequests: Type.Array(
      Type.Object(
        {
          number: text('Invoice number.'),
          requestType: text('invoice, works_invoice, court_fee_statement, refund_request or other.'),
          status: coded('As of invoices.'),
          issueDate: Type.Optional(IsoDate),
          taxInclusive: amount('With VAT.'),
          upstream: Type.Object(
            {
              invoiceId: text('idDemandePaiement.'),
              requestType: text('typeDemandePaiement.'),
              subtype: text('sousType.')
            },
            closed
          )
        },
        closed
      ),
      { description: 'What was invoiced on it so far.' }
    ),
    upstream: Type.Object(
      {
        commitmentId: text('idEngagement.'),
        buyerId: text('idStructureEmettrice.'),
        sellerId: text('idStructureReceptrice.')
      },
      closed
    )
  },
  { $id: 'Commitment', ...closed }
)

export const CommitmentParams = Type.Object(
  { number: Type.String({ minLength: 1, maxLength: 50, pattern: '^[^\\u0000-\\u001f\\u007f]+$' }) },
  closed
)

export const commitmentSchemas = [CommitmentRow, CommitmentPage, Commitment]
