import { type Static, Type } from 'typebox'
import { detail, PlatformId, PlatformStatus } from './platform-invoice.ts'
import { UpstreamAnswer } from './problem.ts'
import { ref } from './ref.ts'
import { text } from './texts.ts'

/** What can be asked about an invoice that Chorus Pro holds, beside the invoice itself. */

const closed = { additionalProperties: false } as const

const entry = { id: text('Id of the entry.'), at: text('RFC 3339 in UTC.'), comment: text('What was said with it.') }

export const PlatformHistory = Type.Object(
  {
    id: PlatformId,
    statuses: Type.Array(Type.Object({ code: Type.String(), raw: Type.String(), ...entry }, closed), {
      description: 'Every status it had, oldest first.'
    }),
    events: Type.Array(Type.Object({ name: text('What happened.'), ...entry }, closed)),
    actions: Type.Array(
      Type.Object(
        {
          id: entry.id,
          at: entry.at,
          code: text(
            '`downloaded`, `rejection_acknowledged`, `suspension_acknowledged`, `rejection_handled`, or `other`.'
          ),
          raw: text('Chorus Pro’s code.')
        },
        closed
      ),
      { description: 'What people did with it. Their names stay in Chorus Pro.' }
    )
  },
  { $id: 'PlatformHistory', ...closed }
)
export type PlatformHistory = Static<typeof PlatformHistory>

export const PlatformDocuments = Type.Object(
  {
    id: PlatformId,
    mainAttachmentId: detail.mainAttachmentId,
    attachments: detail.attachments,
    downloads: Type.Array(
      Type.Object(
        {
          format: Type.Enum(['pdf', 'archive', 'pivot']),
          description: Type.String(),
          href: Type.String()
        },
        closed
      )
    )
  },
  { $id: 'PlatformDocuments', ...closed }
)
export type PlatformDocuments = Static<typeof PlatformDocuments>

export const downloadFormats = ['pdf', 'archive', 'pivot'] as const
export const DownloadFormat = Type.Enum([...downloadFormats], {
  description:
    '`pdf`: the invoice as PDF. `archive`: with its attachments; a ZIP where there are any. `pivot`: the pivot XML, which always holds the attachments.'
})
export type DownloadFormat = Static<typeof DownloadFormat>

/** What became of something that was done to an invoice. */
export const PlatformChange = Type.Object(
  {
    id: PlatformId,
    number: text('Invoice number (BT-1).'),
    outcome: Type.Literal('sent', { description: 'Chorus Pro did it. Anything else is a problem.' }),
    status: Type.Optional(PlatformStatus),
    processedAt: text('When Chorus Pro noted it.'),
    upstream: ref(UpstreamAnswer)
  },
  { $id: 'PlatformChange', ...closed }
)
export type PlatformChange = Static<typeof PlatformChange>
