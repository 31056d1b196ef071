import { type Static, Type } from 'typebox'
import { Siret, Timestamp } from './identifiers.ts'
import { everyScope } from './scopes.ts'

const limits = {
  scopes: Type.Array(Type.Enum([...everyScope]), { description: 'Its rights.', uniqueItems: true, minItems: 1 }),
  sellers: Type.Array(Siret, { description: 'Sellers that it may act for; empty: every seller.', uniqueItems: true }),
  connections: Type.Array(Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,39}$' }), {
    description: 'Connections that it is bound to; empty: those of the first one’s environment.',
    uniqueItems: true
  }),
  operations: Type.Array(Type.String({ pattern: '^[A-Za-z]+(/[A-Za-z-]+)*/([A-Za-z-]+|\\*)$' }), {
    description: 'What `chorus:raw` may call, as `factures/soumettre` or `structures/*`; absent: everything.',
    uniqueItems: true,
    minItems: 1
  }),
  networks: Type.Array(Type.String({ pattern: '^[0-9a-fA-F.:]+(/[0-9]{1,3})?$' }), {
    description: 'Where it may be used from, as addresses or CIDR ranges; absent: from everywhere.',
    uniqueItems: true,
    minItems: 1
  }),
  ratePerMinute: Type.Integer({ minimum: 1, maximum: 1_000_000, description: 'Requests a minute, over all replicas.' }),
  requestsPerDay: Type.Integer({ minimum: 1, maximum: 1_000_000_000, description: 'Requests a day (UTC).' })
}

/** A key that is wanted. */
export const KeyInput = Type.Object(
  {
    name: Type.String({
      minLength: 1,
      maxLength: 100,
      pattern: '^[^\\u0000-\\u001f\\u007f]+$',
      description: 'Whose it is.'
    }),
    ...Type.Partial(Type.Object(limits)).properties,
    expiresAt: Type.Optional(Timestamp)
  },
  { $id: 'KeyInput', additionalProperties: false }
)
export type KeyInput = Static<typeof KeyInput>

/** A key without its secret. */
export const Key = Type.Object(
  {
    id: Type.String(),
    prefix: Type.String({ description: 'How the key itself begins.', examples: ['cpg_a1b2c3d4e5f6g7_'] }),
    name: Type.String(),
    caller: Type.String({
      description: 'Whose invoices it sees: a key that took another one’s place goes on with them.'
    }),
    state: Type.Enum(['active', 'expired', 'revoked']),
    scopes: limits.scopes,
    sellers: limits.sellers,
    connections: limits.connections,
    ...Type.Partial(Type.Object({ operations: limits.operations, networks: limits.networks })).properties,
    ratePerMinute: Type.Optional(limits.ratePerMinute),
    requestsPerDay: Type.Optional(limits.requestsPerDay),
    createdAt: Timestamp,
    expiresAt: Type.Optional(Timestamp),
    revokedAt: Type.Optional(Timestamp)
  },
  { $id: 'Key', additionalProperties: false }
)
export type Key = Static<typeof Key>

/** The only time that the key itself is told. */
export const NewKey = Type.Object(
  { ...Key.properties, key: Type.String({ description: 'To be kept by the caller; it is not told again.' }) },
  { $id: 'NewKey', additionalProperties: false }
)
export type NewKey = Static<typeof NewKey>

export const KeyList = Type.Object(
  { items: Type.Array(Type.Unsafe<Key>({ $ref: 'Key#' })) },
  { $id: 'KeyList', additionalProperties: false }
)

export const KeyParams = Type.Object({ id: Type.String({ pattern: '^[0-9a-z]{1,40}$', description: 'Of the key.' }) })

export const Rotation = Type.Object(
  {
    overlapHours: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 720, description: 'How long the old key goes on; 24 when absent.' })
    ),
    expiresAt: Type.Optional(Timestamp)
  },
  { $id: 'Rotation', additionalProperties: false }
)
export type Rotation = Static<typeof Rotation>
