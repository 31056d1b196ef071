import { type Static, type TSchema, Type } from 'typebox'

/** A typed `$ref` to a schema that the contract names. */
export const ref = <S extends TSchema>(schema: S) =>
  Type.Unsafe<Static<S>>({ $ref: `${(schema as { $id?: string }).$id}#` })
