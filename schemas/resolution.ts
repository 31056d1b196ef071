import { type Static, Type } from 'typebox'

const Reason = Type.String({ minLength: 3, maxLength: 500, description: 'Why; kept in the timeline with who decided.' })

/** What an operator may do about a held invoice. */
export const Resolution = Type.Object(
  {
    action: Type.Enum(['link', 'resend', 'close'], {
      description:
        '`link`: it is this invoice in Chorus Pro (checked by reading it). `resend`: allow one more sending. `close`: give it up; its number is free again.'
    }),
    invoiceId: Type.Optional(
      Type.String({ pattern: '^[0-9]{1,20}$', description: 'identifiantFactureCPP, needed with `link`.' })
    ),
    reason: Reason
  },
  {
    $id: 'Resolution',
    additionalProperties: false,
    examples: [{ action: 'link', invoiceId: '8400801', reason: 'Trouvée sur le portail, même montant' }]
  }
)
export type Resolution = Static<typeof Resolution>
