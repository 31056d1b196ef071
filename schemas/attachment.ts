import { Type } from 'typebox'
import { Siret } from './identifiers.ts'
import { pageOf, paging } from './paging.ts'
import { text } from './texts.ts'

const closed = { additionalProperties: false } as const
const Id = Type.String({ pattern: '^[0-9]{1,19}$', examples: ['70000004'] })

const Attachment = Type.Object(
  {
    attachmentId: Type.String({ description: 'pieceJointeId, as text.', examples: ['70000003'] }),
    name: text('Its designation.', 'RIB'),
    extension: text('Lower case.', 'pdf'),
    type: Type.Optional(
      Type.Object(
        { code: Type.String({ examples: ['DIVERS'] }), label: text('As Chorus Pro says it.') },
        { description: 'A code of /v1/code-lists/attachment-types.', ...closed }
      )
    ),
    organization: Type.Optional(Type.Object({ siret: text('SIRET.'), name: text('Name.') }, closed)),
    linkId: text('pieceJointeObjetId: the tie to what it belongs to, which DELETE cuts.'),
    upstream: Type.Object({ structureId: text('Structure.'), userId: text('User.') }, closed)
  },
  { $id: 'Attachment', ...closed }
)

export const AttachmentPage = Type.Object(
  { ...pageOf(Attachment, 'One page.').properties },
  { $id: 'AttachmentPage', ...closed }
)

const organization = Type.Optional(Siret)

export const AttachmentQuery = Type.Object(
  {
    organization,
    name: Type.Optional(Type.String({ minLength: 1, maxLength: 100, description: 'Its designation.' })),
    typeId: Type.Optional(
      Type.String({ pattern: '^[0-9]{1,19}$', description: 'An `id` of /v1/code-lists/attachment-types.' })
    ),
    ...paging
  },
  closed
)

export const AttachmentFileQuery = Type.Object(
  {
    of: Type.Enum(['account', 'organization', 'mandate', 'bank_account', 'support_request'], {
      description:
        'Whose files: of our account, of an organization (its own, its mandate, its bank accounts), of a support request.'
    }),
    organization,
    id: Type.Optional(Id)
  },
  closed
)

export const UploadedAttachment = Type.Object(
  {
    attachmentId: Type.String({ description: 'pieceJointeId, as text.', examples: ['70000003'] }),
    name: Type.String(),
    size: Type.Integer({ description: 'Bytes.' })
  },
  { $id: 'UploadedAttachment', ...closed }
)

export const LinkParams = Type.Object({ linkId: Id }, closed)
export const LinkQuery = Type.Object({ organization }, closed)

export const attachmentSchemas = [Attachment, AttachmentPage, UploadedAttachment]
