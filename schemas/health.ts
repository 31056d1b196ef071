import { type Static, Type } from 'typebox'

export const Live = Type.Object({ status: Type.Literal('alive') }, { $id: 'Live', additionalProperties: false })

export const Ready = Type.Object(
  {
    status: Type.Enum(['ready', 'degraded', 'unavailable']),
    store: Type.Enum(['ok', 'unavailable', 'full']),
    lanes: Type.Array(
      Type.Object(
        {
          lane: Type.String({ description: 'Environment and connection.' }),
          state: Type.Enum(['open', 'paused', 'held', 'half_open'], {
            description: '`held`: a person has to mend it. `half_open`: it answers again, and one invoice goes first.'
          }),
          reason: Type.Optional(Type.String({ description: 'The problem code that stopped it.' })),
          since: Type.Optional(Type.String({ description: 'Since when it is not open.' })),
          until: Type.Optional(Type.String({ description: 'When it is tried again.' }))
        },
        { additionalProperties: false }
      )
    )
  },
  { $id: 'Ready', additionalProperties: false }
)
export type Ready = Static<typeof Ready>
