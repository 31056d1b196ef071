import { type Static, Type } from 'typebox'
import { Timestamp } from './identifiers.ts'
import { Expiry } from './ways-out.ts'

const closed = { additionalProperties: false } as const
const Optional = Type.Optional

const LaneState = Type.Enum(['open', 'paused', 'held', 'half_open'])

const WayOut = Type.Object(
  {
    lane: Type.String(),
    state: LaneState,
    reason: Optional(Type.String({ description: 'The code of the problem that stopped it.' })),
    title: Optional(Type.String({ description: 'The same in words.' })),
    since: Optional(Timestamp),
    until: Optional(Timestamp)
  },
  closed
)

const WatchedConnection = Type.Object(
  {
    lane: Type.String(),
    environment: Type.String(),
    access: Type.String(),
    host: Type.String(),
    proxy: Optional(Type.String({ description: 'Host and port.' })),
    missing: Type.Array(Type.String(), { description: 'Settings without which nothing can be sent.' }),
    credentials: Type.String({ description: 'What became of the last change of its credentials.' }),
    lastSuccessAt: Optional(Timestamp),
    lastFailure: Optional(Type.Object({ at: Timestamp, problem: Type.String(), service: Type.String() }, closed))
  },
  closed
)

/** An invoice by its id alone; never what it says or what Chorus Pro said of it. */
export const SeenError = Type.Object(
  {
    at: Timestamp,
    subject: Type.String({ description: 'A lane, or the id of an invoice.' }),
    state: Type.String({ description: 'What it turned into.' }),
    reason: Optional(Type.String({ description: 'The code of the problem.' })),
    title: Optional(Type.String({ description: 'The same in words.' }))
  },
  closed
)
export type SeenError = Static<typeof SeenError>

/** Columns of equal length, oldest first. `null`: the ledger could not be asked then. */
export const History = Type.Object(
  {
    everySeconds: Type.Number(),
    at: Type.Array(Type.Integer({ description: 'Seconds since 1970.' })),
    due: Type.Array(Type.Union([Type.Integer(), Type.Null()])),
    errors: Type.Array(Type.Integer(), { description: 'Seen since the sample before.' }),
    states: Type.Record(Type.String(), Type.Array(Type.Union([Type.Integer(), Type.Null()]))),
    lanes: Type.Record(Type.String(), Type.Array(Type.Union([LaneState, Type.Null()])))
  },
  closed
)
export type History = Static<typeof History>

export const Status = Type.Object(
  {
    version: Type.String(),
    now: Timestamp,
    startedAt: Timestamp,
    store: Type.Enum(['ok', 'full', 'unavailable']),
    invoices: Optional(
      Type.Record(Type.String(), Type.Integer(), {
        description: 'By state; absent where the ledger cannot be asked.'
      })
    ),
    due: Optional(Type.Integer({ description: 'Jobs whose time has come.' })),
    inHand: Type.Integer({ description: 'Jobs under way in this process.' }),
    lanes: Type.Array(WayOut),
    connections: Type.Array(WatchedConnection),
    expiries: Type.Array(Expiry),
    errors: Type.Array(SeenError, { description: 'The newest first.' }),
    history: History
  },
  { $id: 'Status', ...closed }
)
export type Status = Static<typeof Status>
