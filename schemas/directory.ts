import { Type } from 'typebox'
import { Cursor, ServiceCode, Siret, Timestamp } from './identifiers.ts'
import { paging } from './paging.ts'
import { ref } from './ref.ts'

const closed = { additionalProperties: false } as const

const Requirements = Type.Object(
  {
    serviceCode: Type.Boolean({ description: 'An invoice must name a service (BT-10).' }),
    commitmentNumber: Type.Boolean({ description: 'An invoice must carry a commitment number (BT-13).' }),
    serviceOrCommitment: Type.Boolean({ description: 'One of the two is enough. It stands before the two others.' })
  },
  closed
)

const Source = Type.Enum(['chorus-pro', 'local-copy'], {
  description:
    'Who says so: Chorus Pro at `asOf`, or the gateway’s copy of the recipients’ directory as it was then, while Chorus Pro is away.'
})

export const origin = { asOf: Timestamp, source: Source }

const Address = Type.Object(
  {
    lines: Type.Optional(Type.Array(Type.String())),
    postalCode: Type.Optional(Type.String()),
    town: Type.Optional(Type.String()),
    country: Type.Optional(Type.String({ description: 'As Chorus Pro writes it: a name or a code.' }))
  },
  closed
)

const StructureId = Type.Optional(
  Type.String({ description: 'idStructureCPP, as text: it may be larger than 2^53.', examples: ['30000004'] })
)

export const Organization = Type.Object(
  {
    siret: Siret,
    name: Type.Optional(Type.String({ examples: ['DESTINATAIRE EJ OU SERVICE'] })),
    active: Type.Boolean({ description: 'False: it takes no invoices.' }),
    requirements: Requirements,
    kind: Type.Optional(Type.Enum(['public', 'private'])),
    worksOwner: Type.Optional(Type.Boolean({ description: 'A works owner (MOA) may intervene in works invoices.' })),
    worksOnly: Type.Optional(Type.Boolean({ description: 'Invoices come to it as works owner (MOA) alone.' })),
    paymentReported: Type.Optional(Type.Boolean({ description: 'False: it never tells that it has paid.' })),
    vatNumber: Type.Optional(Type.String()),
    address: Type.Optional(Address),
    ...origin,
    upstream: Type.Object({ structureId: StructureId }, closed)
  },
  { $id: 'Organization', ...closed }
)

const FoundOrganization = Type.Object(
  {
    siret: Type.Optional(Siret),
    identifier: Type.String({ description: 'Its SIRET, or what stands for one abroad and overseas.' }),
    identifierType: Type.String({
      description: 'siret, eu_vat, non_eu, ridet, tahiti, individual or other.',
      examples: ['siret']
    }),
    name: Type.Optional(Type.String()),
    active: Type.Boolean(),
    requirements: Type.Optional(Requirements),
    address: Type.Optional(Address),
    ...origin,
    upstream: Type.Object(
      {
        structureId: StructureId,
        identifierType: Type.Optional(Type.String({ description: 'typeIdentifiantStructure.' })),
        status: Type.Optional(Type.String({ description: 'statut, as it came.', examples: ['ACTIVE'] }))
      },
      closed
    )
  },
  { $id: 'FoundOrganization', ...closed }
)

export const OrganizationList = Type.Object(
  {
    items: Type.Array(ref(FoundOrganization)),
    nextCursor: Type.Optional(Cursor),
    total: Type.Optional(Type.Integer({ minimum: 0, description: 'Items in all, where Chorus Pro announces it.' })),
    ...origin
  },
  { $id: 'OrganizationList', ...closed }
)

const words = (description: string, examples: string[]) =>
  Type.Optional(Type.String({ minLength: 2, maxLength: 100, description, examples }))

const FromSource = Type.Optional(
  Type.Enum(['chorus-pro', 'local-copy'], {
    description:
      'Insist on one source. Absent: Chorus Pro, and the local copy where Chorus Pro does not answer. What the copy does not list may exist all the same.'
  })
)

export const OrganizationQuery = Type.Object(
  {
    q: words('Words of the name, the town or the postal code. Goes with no other filter.', ['mairie paris']),
    siret: Type.Optional(Siret),
    identifier: Type.Optional(Type.String({ minLength: 1, maxLength: 80, description: 'Instead of a SIRET.' })),
    identifierType: Type.Optional(Type.Enum(['siret', 'eu_vat', 'non_eu', 'ridet', 'tahiti', 'other', 'individual'])),
    name: words('Words of the name.', ['destinataire']),
    postalCode: Type.Optional(Type.String({ minLength: 1, maxLength: 20, examples: ['75001'] })),
    town: words('Town.', ['PARIS']),
    country: Type.Optional(Type.String({ pattern: '^[A-Z]{2}$', description: 'ISO 3166.', examples: ['FR'] })),
    active: Type.Optional(Type.Boolean()),
    kind: Type.Optional(Type.Enum(['public', 'private'])),
    worksOwner: Type.Optional(Type.Boolean({ description: 'A works owner (MOA) may intervene.' })),
    worksOnly: Type.Optional(Type.Boolean()),
    includePrivate: Type.Optional(
      Type.Boolean({ description: 'Private structures to which our account is not attached, too.' })
    ),
    source: FromSource,
    ...paging
  },
  closed
)

export const OwnOrganizationQuery = Type.Object(
  {
    role: Type.Optional(
      Type.Enum(['supplier', 'recipient', 'works'], {
        description: 'What they may do: send invoices (the default), receive them, or take part in works invoices.'
      })
    )
  },
  closed
)

export const OrganizationParams = Type.Object({ siret: Siret }, closed)
export const OrganizationSourceQuery = Type.Object({ source: FromSource }, closed)

const service = {
  code: Type.String({ examples: ['SERVICE_DEST_EJ_OU_SERV_OBL'] }),
  name: Type.Optional(Type.String()),
  active: Type.Boolean(),
  from: Type.Optional(Type.String({ description: 'Valid from: RFC 3339, or a date.' })),
  until: Type.Optional(Type.String())
}
const serviceUpstream = Type.Object({ serviceId: Type.String({ description: 'idService.' }) }, closed)

const ServiceRow = Type.Object({ ...service, upstream: serviceUpstream }, { $id: 'ServiceRow', ...closed })

export const ServiceList = Type.Object(
  {
    items: Type.Array(ref(ServiceRow)),
    nextCursor: Type.Optional(Cursor),
    total: Type.Integer({ minimum: 0 })
  },
  { $id: 'ServiceList', ...closed }
)

export const OrganizationService = Type.Object(
  {
    ...service,
    description: Type.Optional(Type.String()),
    requirements: Type.Object(
      {
        commitmentNumber: Type.Boolean({
          description: 'This service demands a commitment number, whatever its organization demands.'
        })
      },
      closed
    ),
    address: Type.Optional(Address),
    upstream: serviceUpstream
  },
  { $id: 'OrganizationService', ...closed }
)

export const ServiceQuery = Type.Object(
  {
    name: Type.Optional(
      Type.String({ minLength: 1, maxLength: 100, description: 'Part of the code or the name; case does not count.' })
    ),
    active: Type.Optional(Type.Boolean()),
    ...paging
  },
  closed
)
export const ServiceParams = Type.Object({ siret: Siret, code: ServiceCode }, closed)

const BankAccount = Type.Object(
  {
    label: Type.Optional(Type.String({ examples: ['IBAN PRINCIPAL'] })),
    upstream: Type.Object({ bankAccountId: Type.String({ description: 'idCoordonneeBancaire.' }) }, closed)
  },
  { $id: 'BankAccount', ...closed }
)

export const BankAccountList = Type.Object(
  { items: Type.Array(ref(BankAccount)), total: Type.Integer({ minimum: 0 }) },
  { $id: 'BankAccountList', ...closed }
)

export const directorySchemas = [
  Organization,
  FoundOrganization,
  OrganizationList,
  ServiceRow,
  ServiceList,
  OrganizationService,
  BankAccount,
  BankAccountList
]
