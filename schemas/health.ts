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
          state: Type.Enum(['open', 'paused']),
          reason: Type.Optional(Type.String({ description: 'The problem code that stopped it.' })),
          until: Type.Optional(Type.String({ description: 'When it is tried again.' }))
        },
        { additionalProperties: false }
      )
    )
  },
  { $id: 'Ready', additionalProperties: false }
)
export type Ready = Static<typeof Ready>
