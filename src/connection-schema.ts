import { type Static, Type } from 'typebox'

const Name = Type.String({
  pattern: '^[a-z0-9][a-z0-9-]{0,39}$',
  description: 'small letters, digits and hyphens, at most 40'
})
const Url = Type.String({ pattern: '^https?://[^\\s]+$', description: 'a URL' })
const Path = Type.String({ minLength: 1, description: 'a path; a relative one starts at the folder of this file' })
const Secret = Type.String({
  minLength: 1,
  description: 'text; better in a file, named by the member with File at its end'
})
const Day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', description: 'a day, as 2027-03-01' })
const closed = { additionalProperties: false } as const
const Optional = Type.Optional

const Account = Type.Object(
  {
    name: Name,
    login: Optional(Secret),
    loginFile: Optional(Path),
    password: Optional(Secret),
    passwordFile: Optional(Path),
    passwordSince: Optional(Day),
    passwordExpires: Optional(Day),
    sellers: Optional(
      Type.Array(Type.String({ pattern: '^[0-9]{14}$', description: 'a SIRET, 14 digits' }), {
        minItems: 1,
        description: 'a list of SIRETs; left out, the account serves every seller that no other names'
      })
    ),
    bankAccounts: Optional(
      Type.Record(
        Type.String(),
        Type.String({ minLength: 1, description: 'label or id of the account in Chorus Pro' }),
        {
          description: 'IBAN: label or id'
        }
      )
    ),
    formerly: Optional(
      Type.Array(
        Type.String({
          pattern: '^(default|[a-z0-9][a-z0-9-]{0,39}/[a-z0-9][a-z0-9-]{0,39})$',
          description: 'default, or connection/account'
        })
      )
    )
  },
  { ...closed, description: 'a technical account' }
)

const Piste = Type.Object(
  {
    clientId: Optional(Secret),
    clientIdFile: Optional(Path),
    clientSecret: Optional(Secret),
    clientSecretFile: Optional(Path),
    secretExpires: Optional(Day)
  },
  { ...closed, description: 'a PISTE application' }
)

const Certificate = Type.Object(
  { file: Path, keyFile: Optional(Path), passphrase: Optional(Secret), passphraseFile: Optional(Path) },
  { ...closed, description: 'a client certificate' }
)

const Connection = Type.Object(
  {
    name: Name,
    environment: Type.Enum(['simulator', 'qualification', 'production']),
    access: Type.Enum(['piste', 'certificate']),
    apiUrl: Optional(Url),
    tokenUrl: Optional(Url),
    piste: Optional(Piste),
    certificate: Optional(Certificate),
    caFile: Optional(Path),
    proxyUrl: Optional(
      Type.String({
        pattern: '^(none|https?://[^\\s]+)$',
        description: 'http://user:password@proxy:3128, or none whatever HTTPS_PROXY says'
      })
    ),
    proxyUrlFile: Optional(Path),
    noProxy: Optional(Type.String({ description: 'hosts reached without the proxy' })),
    accountHeader: Optional(
      Type.Boolean({ description: 'false for a connection of type UTILISATEUR_APPLICATION_INTERNE' })
    ),
    accounts: Type.Array(Account, { minItems: 1, description: 'one account or more' })
  },
  { ...closed, description: 'a connection' }
)

/** What `GATEWAY_CONFIG_FILE` holds. */
export const ConnectionFile = Type.Object(
  { connections: Type.Array(Connection, { minItems: 1, description: 'one connection or more' }) },
  closed
)
export type ConnectionFile = Static<typeof ConnectionFile>
export type ConnectionEntry = ConnectionFile['connections'][number]
export type AccountEntry = ConnectionEntry['accounts'][number]
