import { type Static, Type } from 'typebox'
import { Timestamp } from './identifiers.ts'

const closed = { additionalProperties: false } as const
const Optional = Type.Optional

/** Something that ends on a day, and stops invoices when it does. */
export const Expiry = Type.Object(
  {
    kind: Type.Enum(['certificate', 'password', 'piste-secret']),
    connection: Type.String(),
    environment: Type.String(),
    account: Optional(Type.String({ description: 'Absent where it is the connection’s.' })),
    expiresAt: Optional(Type.String({ description: 'RFC 3339; absent: nobody has noted it.' })),
    daysLeft: Optional(Type.Integer({ description: 'Whole days; negative afterwards.' })),
    state: Type.Enum(['unknown', 'good', 'soon', 'expired'], { description: '`soon`: 60 days or fewer are left.' }),
    detail: Optional(Type.String({ description: 'The subject of the certificate; never a login.' }))
  },
  closed
)
export type Expiry = Static<typeof Expiry>

export const ExpiryList = Type.Object(
  { items: Type.Array(Expiry, { description: 'Soonest first, unknown dates last.' }) },
  { $id: 'ExpiryList', ...closed }
)

/** What became of the last change of one account's credentials. */
export const RenewalWay = Type.Object(
  {
    lane: Type.String(),
    state: Type.Enum(['current', 'waiting', 'refused', 'taken-back', 'restart'], {
      description:
        '`current`: in use, as the files say. `waiting`: it could not be tried, and will be again. `refused`: tried, and no good; what was there stays in use. `taken-back`: its first real calls failed where those before work. `restart`: this change takes a restart.'
    }),
    since: Timestamp,
    detail: Optional(Type.String())
  },
  closed
)
export type RenewalWay = Static<typeof RenewalWay>

export const RenewalState = Type.Object(
  {
    readAt: Timestamp,
    faults: Type.Array(Type.String(), { description: 'What makes the configuration unreadable now, without values.' }),
    ways: Type.Array(RenewalWay)
  },
  { $id: 'RenewalState', ...closed }
)
export type RenewalState = Static<typeof RenewalState>

export const Advice = Type.Object({ en: Type.String(), fr: Type.String() }, closed)
export type Advice = Static<typeof Advice>

/** One step on the way from this machine to an answer of Chorus Pro. */
export const Hop = Type.Object(
  {
    hop: Type.String({ examples: ['dns', 'proxy-authentication', 'technical-account', 'api factures'] }),
    state: Type.Enum(['green', 'red', 'skipped']),
    detail: Type.String(),
    remedy: Optional(Advice)
  },
  closed
)
export type Hop = Static<typeof Hop>

export const ExaminedWay = Type.Object(
  {
    lane: Type.String(),
    environment: Type.String(),
    access: Type.String(),
    api: Type.String(),
    token: Optional(Type.String()),
    proxy: Optional(Type.String({ description: 'Host and port.' })),
    noProxy: Optional(Type.String()),
    authorities: Type.Integer({ description: 'Certificates of the CA file.' }),
    certificate: Optional(
      Type.Object(
        {
          subject: Optional(Type.String()),
          issuer: Optional(Type.String()),
          serial: Optional(Type.String()),
          notBefore: Optional(Timestamp),
          notAfter: Optional(Timestamp),
          chain: Optional(Type.Integer({ description: 'Certificates in the file.' })),
          unusable: Optional(Type.String({ description: 'Why it cannot be used.' }))
        },
        closed
      )
    ),
    sellers: Type.Integer({ description: 'How many the account names.' }),
    hops: Type.Array(Hop)
  },
  closed
)
export type ExaminedWay = Static<typeof ExaminedWay>

/** What a person who helps needs to see, and nothing that opens anything: no secret, no login, no whole SIRET. */
export const Examination = Type.Object(
  {
    madeAt: Timestamp,
    version: Type.String(),
    node: Type.String(),
    openssl: Type.String(),
    platform: Type.String(),
    faults: Type.Array(Type.String(), { description: 'Of the configuration; nothing else is known then.' }),
    ways: Type.Array(ExaminedWay)
  },
  { $id: 'Examination', ...closed }
)
export type Examination = Static<typeof Examination>

export const ExaminationQuery = Type.Object(
  {
    connection: Optional(
      Type.String({ maxLength: 81, description: 'One connection, or `connection/account`; all when absent.' })
    )
  },
  closed
)
