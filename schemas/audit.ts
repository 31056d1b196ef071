import { type Static, Type } from 'typebox'
import { Timestamp } from './identifiers.ts'

export const AuditRow = Type.Object(
  {
    seq: Type.Integer(),
    at: Timestamp,
    kind: Type.String({ description: 'What happened.', examples: ['refused', 'key-created', 'operator-decided'] }),
    actor: Type.String({ description: 'A caller’s id, `admin`, `cli:<user>`, `gateway`, or `nobody`.' }),
    origin: Type.Optional(Type.String({ description: 'The address it came from.' })),
    invoiceId: Type.Optional(Type.String()),
    position: Type.Integer({ description: 'Within the chain of its invoice, or of the gateway.' }),
    data: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
    hash: Type.String(),
    seal: Type.String()
  },
  { $id: 'AuditRow', additionalProperties: false }
)

export const AuditPage = Type.Object(
  {
    items: Type.Array(Type.Unsafe<Static<typeof AuditRow>>({ $ref: 'AuditRow#' })),
    nextBefore: Type.Optional(Type.Integer({ description: 'For `before`, to read on.' }))
  },
  { $id: 'AuditPage', additionalProperties: false }
)

export const AuditQuery = Type.Object(
  {
    kind: Type.Optional(Type.String({ maxLength: 100 })),
    actor: Type.Optional(Type.String({ maxLength: 300 })),
    invoice: Type.Optional(Type.String({ maxLength: 100 })),
    before: Type.Optional(Type.Integer({ minimum: 1 })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000, description: '100 when absent.' }))
  },
  { additionalProperties: false }
)

export const AuditVerdict = Type.Object(
  {
    sound: Type.Boolean({ description: 'No row was edited, removed, moved or put in.' }),
    rows: Type.Integer(),
    checkpoint: Type.String({ description: 'Row and seal of the last one. Noted elsewhere, it proves all before it.' }),
    findings: Type.Array(
      Type.Object({ seq: Type.Integer(), what: Type.String(), detail: Type.String() }, { additionalProperties: false })
    )
  },
  { $id: 'AuditVerdict', additionalProperties: false }
)

export const VerificationQuery = Type.Object(
  { checkpoint: Type.Optional(Type.String({ pattern: '^[0-9]{1,15}:[0-9a-f]{64}$' })) },
  { additionalProperties: false }
)
