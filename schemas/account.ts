import { Type } from 'typebox'
import { IsoDate, Siret } from './identifiers.ts'
import { pageOf, paging } from './paging.ts'
import { ref } from './ref.ts'
import { coded, text } from './texts.ts'

/** The technical account that the gateway speaks as. */

const closed = { additionalProperties: false } as const

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

export const accountSchemas = [AccountAttachment, AccountAttachmentPage, Account]
