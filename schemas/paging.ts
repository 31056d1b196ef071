import { type TSchema, Type } from 'typebox'
import { Cursor } from './identifiers.ts'
import { ref } from './ref.ts'

/** Query members of every list that Chorus Pro pages. Spread them beside the filter. */
export const paging = {
  limit: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 100,
      description: 'Items a page, 50 by default. A cursor keeps that of its first page.'
    })
  ),
  cursor: Type.Optional(Cursor)
}

/** A list is `{items, nextCursor}`; the last page has no cursor. `item` is a named schema. */
export const pageOf = <S extends TSchema>(item: S, description: string) =>
  Type.Object(
    {
      items: Type.Array(ref(item)),
      nextCursor: Type.Optional(Cursor),
      total: Type.Optional(Type.Integer({ minimum: 0, description: 'Items in all, where Chorus Pro announces it.' }))
    },
    { description, additionalProperties: false }
  )
