import { type Static, Type } from 'typebox'
import { ref } from './ref.ts'

export const problemOwners = ['caller', 'operator', 'recipient', 'platform'] as const

export const FieldError = Type.Object(
  {
    pointer: Type.String({
      description: 'JSON pointer to the member; `/file` and `/attachments/0` for files; empty for the whole.',
      examples: ['/buyer/siret']
    }),
    term: Type.Optional(Type.String({ description: 'Business term of EN 16931.', examples: ['BT-47'] })),
    rule: Type.String({ description: 'The problem code of this entry.', examples: ['recipient-unknown'] }),
    message: Type.String(),
    messageFr: Type.String(),
    fix: Type.String({ description: 'What to do.' })
  },
  { $id: 'FieldError', additionalProperties: false }
)
export type FieldError = Static<typeof FieldError>

export const UpstreamAnswer = Type.Object(
  {
    service: Type.Optional(Type.String({ description: 'The Chorus Pro operation.', examples: ['factures/soumettre'] })),
    httpStatus: Type.Optional(Type.Integer()),
    returnCode: Type.Optional(Type.Integer({ description: 'codeRetour.' })),
    label: Type.Optional(Type.String({ description: 'libelle, as it came.' })),
    correlationId: Type.Optional(Type.String())
  },
  { $id: 'UpstreamAnswer', additionalProperties: false }
)
export type UpstreamAnswer = Static<typeof UpstreamAnswer>

/** The body of every error (RFC 9457). */
export const Problem = Type.Object(
  {
    type: Type.String({ description: 'Identifies the kind of problem; ends in `code`.' }),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.Optional(Type.String()),
    instance: Type.Optional(Type.String({ description: 'The invoice concerned, when there is one.' })),
    code: Type.String({
      description: 'Slug to program against; its meaning never changes.',
      examples: ['validation-failed']
    }),
    outcome: Type.Optional(Type.Enum(['not_sent', 'sent', 'unknown'])),
    retryable: Type.Boolean({ description: 'True when the same request may succeed later without any change.' }),
    retryAfter: Type.Optional(Type.Integer({ description: 'Seconds to wait before a new try.' })),
    owner: Type.Enum([...problemOwners], { description: 'Who can mend it.' }),
    errors: Type.Optional(Type.Array(ref(FieldError))),
    upstream: Type.Optional(ref(UpstreamAnswer)),
    requestId: Type.Optional(Type.String())
  },
  { $id: 'Problem', additionalProperties: false }
)
export type Problem = Static<typeof Problem>
