import { type Static, Type } from 'typebox'

const Milliseconds = Type.Number({ minimum: 0 })

export const Step = Type.Object(
  {
    status: Type.String({ description: 'any text, also one that no list knows' }),
    afterMs: Type.Number({ minimum: 0, description: 'since the step before' }),
    comment: Type.Optional(Type.String())
  },
  { additionalProperties: false }
)
export type Step = Static<typeof Step>

export const Script = Type.Object(
  { number: Type.String({ description: 'regular expression on the invoice number' }), steps: Type.Array(Step) },
  { additionalProperties: false }
)

/** What can be switched while the simulator runs. Spans are milliseconds of the simulated clock. */
export const Settings = Type.Object(
  {
    refusalStatus: Type.Union([Type.Literal(400), Type.Literal(200)], {
      description: 'HTTP status of a refusal with a codeRetour; both are seen upstream'
    }),
    dedupe: Type.Boolean({ description: 'refuse a number already used by the supplier' }),
    uniquePer: Type.Union([Type.Literal('supplier'), Type.Literal('supplier-year')]),
    numberMatch: Type.Union([Type.Literal('exact'), Type.Literal('prefix'), Type.Literal('contains')]),
    searchLagMs: Type.Union(
      [Milliseconds, Type.Array(Milliseconds, { minItems: 2, maxItems: 2 }), Type.Literal('forever')],
      { description: 'until an accepted invoice shows up in searches: fixed, random between two, or never' }
    ),
    emptySearch: Type.Union([Type.Literal('code'), Type.Literal('list')], {
      description: 'an invoice search without result: codeRetour 20000, or 0 with an empty list'
    }),
    pageSizeCap: Type.Union([Type.Integer({ minimum: 1 }), Type.Null()]),
    downloadLimit: Type.Union([Type.Integer({ minimum: 1 }), Type.Null()], {
      description: 'invoices in one telecharger/groupe; above it the call is refused'
    }),
    singleAsObject: Type.Boolean({
      description:
        'lists of one that old answers show as an object: listeErreurDP, listeErreurTechnique, listeStructures'
    }),
    directorySize: Type.Union([Type.Integer({ minimum: 1 }), Type.Null()], {
      description: 'recipients in the directory file: invented ones follow those that exist; null: none are added'
    }),
    idStyle: Type.Union([Type.Literal('number'), Type.Literal('large'), Type.Literal('text')], {
      description: 'large: beyond 2^53; text: digits between quotes'
    }),
    flowDelayMs: Type.Number({ minimum: 0, description: 'from the deposit of a flow to its final state' }),
    flowNotFoundMs: Type.Union([Milliseconds, Type.Null()], {
      description: 'how long a fresh flow is not found; null: a tenth of flowDelayMs'
    }),
    flowOutcome: Type.Union([Type.String(), Type.Null()], {
      description: 'final state forced on flows, for instance IN_INCIDENTE'
    }),
    strictFlows: Type.Boolean({ description: 'business process A1 to A25 and payment means demanded in flow files' }),
    checkCommitments: Type.Boolean({ description: 'a commitment number sent to the State must exist' }),
    lifeCycle: Type.Array(Step, { description: 'statuses that follow DEPOSEE by themselves' }),
    scripts: Type.Array(Script, { description: 'statuses that follow instead, for matching numbers' }),
    extraction: Type.Union([Type.Record(Type.String(), Type.Unknown()), Type.Null()], {
      description: 'what deposer/pdf answers as read, in place of reading the file'
    }),
    tokenLifetimeS: Type.Integer({ minimum: 1 }),
    tokenMinIntervalMs: Type.Number({ minimum: 0, description: 'closer token requests get 401 (real time)' }),
    tokenFailureRate: Type.Number({
      minimum: 0,
      maximum: 1,
      description: 'share of good requests answered invalid_client'
    }),
    passwordLifetimeDays: Type.Number({
      minimum: 0,
      description: 'from the start to the end of the passwords, as structures/consulter shows it'
    }),
    passwordExpired: Type.Boolean({ description: 'every call of a technical account gets 401' }),
    internalApplication: Type.Boolean({
      description: 'UTILISATEUR_APPLICATION_INTERNE: cpro-account must be absent, transverses is closed'
    }),
    maintenance: Type.Boolean({ description: 'everything answers a 503 page' })
  },
  { additionalProperties: false }
)
export type Settings = Static<typeof Settings>

export const SettingsChange = Type.Partial(Settings, { additionalProperties: false })
export type SettingsChange = Partial<Settings>

export const defaultSettings: Settings = {
  refusalStatus: 400,
  dedupe: true,
  uniquePer: 'supplier',
  numberMatch: 'exact',
  searchLagMs: 0,
  emptySearch: 'code',
  pageSizeCap: null,
  downloadLimit: 10,
  singleAsObject: false,
  directorySize: null,
  idStyle: 'number',
  flowDelayMs: 10_000,
  flowNotFoundMs: null,
  flowOutcome: null,
  strictFlows: true,
  checkCommitments: true,
  // From minutes to a day upstream; short here so that a story can be told.
  lifeCycle: [
    { status: 'EN_COURS_ACHEMINEMENT', afterMs: 5_000 },
    { status: 'MISE_A_DISPOSITION', afterMs: 25_000 }
  ],
  scripts: [],
  extraction: null,
  tokenLifetimeS: 3600,
  tokenMinIntervalMs: 0,
  tokenFailureRate: 0,
  passwordLifetimeDays: 424,
  passwordExpired: false,
  internalApplication: false,
  maintenance: false
}
