import { Type } from 'typebox'
import { Decimal, FilterDate, IsoDate, Siret, Timestamp } from './identifiers.ts'
import { pageOf, paging } from './paging.ts'
import { ref } from './ref.ts'

/** Flows, commitments and our account. */

const closed = { additionalProperties: false } as const
const text = (description: string, example?: string) =>
  Type.Optional(Type.String({ description, ...(example !== undefined && { examples: [example] }) }))

const coded = (description: string) =>
  Type.Object(
    {
      code: Type.String({ description: 'Our name; `other` where there is none.' }),
      raw: Type.String({ description: 'Chorus Pro’s code as it came.' })
    },
    { description, ...closed }
  )

const complaint = {
  raw: Type.String({ description: 'Chorus Pro’s text, which has no code.' }),
  rule: text('A problem code, where the text is of a kind that is known.', 'seller-not-registered'),
  message: text('The same in English.')
}

export const Flow = Type.Object(
  {
    number: Type.String({ description: 'numeroFluxDepot.', examples: ['CPP0011117000000000000012345'] }),
    state: Type.Object(
      {
        code: Type.String({
          description: 'pending, integrated, partly-integrated, rejected, failed or other.',
          examples: ['integrated']
        }),
        raw: Type.String({ examples: ['IN_INTEGRE'] }),
        since: Type.Optional(Timestamp)
      },
      closed
    ),
    depositedAt: Type.Optional(Timestamp),
    fileName: text('Chorus Pro’s name of the file.'),
    invoiceErrors: Type.Array(
      Type.Object(
        {
          number: text('Invoice number, as written in the flow.'),
          seller: text('Identifier of the seller, as read in the flow.'),
          buyer: text('Identifier of the buyer.'),
          errors: Type.Array(Type.Object(complaint, closed))
        },
        closed
      ),
      { description: 'Invoices that were refused; the others of the flow may be in order.' }
    ),
    technicalErrors: Type.Array(
      Type.Object({ ...complaint, code: text('codeErreur.', 'ERR_XSD_001'), nature: text('natureErreur.') }, closed),
      { description: 'Errors that refuse the whole flow.' }
    ),
    upstream: Type.Object({ interfaceCode: text('codeInterfaceDepotFlux.', 'FSO1117A') }, closed)
  },
  { $id: 'Flow', ...closed }
)

export const FlowParams = Type.Object(
  { number: Type.String({ minLength: 1, maxLength: 60, pattern: '^[A-Za-z0-9_.-]+$' }) },
  closed
)

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

const AccountAttachment = Type.Object(
  {
    siret: Type.Optional(Siret),
    identifier: Type.String(),
    identifierType: Type.String({ examples: ['siret'] }),
    name: text('Name.'),
    role: text('Our role there, as it came.', 'GESTIONNAIRE'),
    status: Type.Optional(coded('pending, refused, active, disabled, deleted or other.')),
    services: Type.Array(
      Type.Object(
        {
          code: Type.String(),
          name: text('Name.'),
          active: Type.Boolean(),
          from: text('Valid from.'),
          until: text('Valid until.'),
          status: Type.Optional(coded('Of our attachment to the service.')),
          upstream: Type.Object({ serviceId: text('idService.'), attachmentId: text('idRattachementService.') }, closed)
        },
        closed
      )
    ),
    upstream: Type.Object(
      {
        structureId: text('idStructure.'),
        attachmentId: text('idRattachementStructure.'),
        userStatus: text('statutUtilisateur.'),
        identifierType: text('typeIdentifiantStructure.')
      },
      closed
    )
  },
  { $id: 'AccountAttachment', ...closed }
)

export const AccountAttachmentPage = Type.Object(
  { ...pageOf(AccountAttachment, 'One page.').properties },
  { $id: 'AccountAttachmentPage', ...closed }
)

export const Account = Type.Object(
  {
    environment: Type.String({ examples: ['qualification'] }),
    connection: Type.String({ description: 'Connection and account, by their names in the configuration.' }),
    access: Type.Enum(['piste', 'certificate']),
    password: Type.Object(
      {
        expiresOn: Type.Optional(IsoDate),
        source: Type.Optional(Type.Enum(['chorus-pro', 'configuration'], { description: 'Who says so.' }))
      },
      {
        description: 'Of the technical account: where Chorus Pro shows its end, or the configuration tells it.',
        ...closed
      }
    ),
    attachments: ref(AccountAttachmentPage)
  },
  { $id: 'Account', ...closed }
)

export const AccountAttachmentQuery = Type.Object(paging, closed)

export const recordSchemas = [
  Flow,
  CommitmentRow,
  CommitmentPage,
  Commitment,
  AccountAttachment,
  AccountAttachmentPage,
  Account
]
