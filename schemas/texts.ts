import { Type } from 'typebox'

/** May be absent. */
export const text = (description: string, example?: string) =>
  Type.Optional(Type.String({ description, ...(example !== undefined && { examples: [example] }) }))

export const coded = (description: string) =>
  Type.Object(
    {
      code: Type.String({ description: 'Our name; `other` where there is none.' }),
      raw: Type.String({ description: 'Chorus Pro’s code as it came.' })
    },
    { description, additionalProperties: false }
  )
