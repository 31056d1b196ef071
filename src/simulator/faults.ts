import { type Static, Type } from 'typebox'

const Optional = Type.Optional
const processed = Optional(Type.Boolean({ description: 'the service does its work before the answer is spoilt' }))

/** What goes wrong. Kinds without `processed` say in their description whether the service does its work. */
export const faultKinds = {
  'drop-answer': 'done, then the connection closes without an answer',
  'drop-before': 'the connection closes after the request was read; nothing is done',
  reset: 'TCP reset after the request was read',
  hang: 'no answer, the connection stays open',
  cut: 'done; the answer stops after `at` bytes of its body, with `framing` length, chunked or close',
  maintenance: '503 with a page of HTML; nothing is done',
  throttle: '429 with Retry-After in seconds, or as a date with `dated`; nothing is done',
  unauthorized: '401 of PISTE; nothing is done',
  forbidden: '403 with `shape` none, object or echo; nothing is done',
  status: 'the given HTTP status, with `body` and `headers` if given',
  slow: '`delayMs` before reading, before processing or before answering (`when`); real milliseconds',
  'wrong-echo': 'done; the answer bears the number of another invoice',
  'error-code': 'a body with codeRetour and libelle',
  html: '200 with a page of HTML',
  'empty-object': '200 with {}',
  empty: '200 without a body',
  'not-json': '200 with JSON that stops in the middle',
  huge: '200 with `bytes` of JSON text',
  redirect: '307, or `status`, to `location`',
  amend: 'done; members of the answer replaced by `set` and left out by `remove`',
  'extra-answer': 'done and answered; a second, unasked answer follows on the same connection',
  'expired-password': '401, as for a technical account whose password expired',
  'revoked-token': 'the bearer of this request is revoked: 401 now and later',
  'invalid-client': 'the 400 of the token endpoint'
} as const

export type FaultKind = keyof typeof faultKinds

export const FaultRule = Type.Object(
  {
    operation: Type.String({
      description:
        'regular expression on the whole name: factures/soumettre, transverses/ajouter/fichier, token, health-check…'
    }),
    kind: Type.Union(
      (Object.keys(faultKinds) as FaultKind[]).map((kind) => Type.Literal(kind, { description: faultKinds[kind] }))
    ),
    times: Optional(Type.Union([Type.Integer({ minimum: 1 }), Type.Literal('always')], { description: 'default 1' })),
    after: Optional(Type.Integer({ minimum: 0, description: 'matching requests left alone first' })),
    probability: Optional(Type.Number({ minimum: 0, maximum: 1 })),
    number: Optional(Type.String({ description: 'regular expression on the invoice number of the body' })),
    processed,
    status: Optional(Type.Integer({ minimum: 100, maximum: 599 })),
    headers: Optional(Type.Record(Type.String(), Type.String())),
    body: Optional(Type.Unknown()),
    delayMs: Optional(Type.Number({ minimum: 0 })),
    when: Optional(Type.Union([Type.Literal('reading'), Type.Literal('processing'), Type.Literal('answering')])),
    at: Optional(Type.Integer({ minimum: 0 })),
    framing: Optional(Type.Union([Type.Literal('length'), Type.Literal('chunked'), Type.Literal('close')])),
    shape: Optional(Type.Union([Type.Literal('none'), Type.Literal('object'), Type.Literal('echo')])),
    retryAfterS: Optional(Type.Number({ minimum: 0 })),
    dated: Optional(Type.Boolean()),
    echo: Optional(Type.String({ description: 'the other number of wrong-echo' })),
    codeRetour: Optional(Type.Integer()),
    libelle: Optional(Type.String()),
    location: Optional(Type.String()),
    bytes: Optional(Type.Integer({ minimum: 0 })),
    set: Optional(Type.Record(Type.String(), Type.Unknown())),
    remove: Optional(Type.Array(Type.String()))
  },
  { additionalProperties: false }
)

/** Written out: the union above is built from the table, and its literals are lost to the compiler. */
export type FaultRule = Omit<Static<typeof FaultRule>, 'kind'> & { kind: FaultKind }

interface Armed {
  rule: FaultRule
  operation: RegExp
  number: RegExp | undefined
  skip: number
  left: number
  hits: number
}

export function createFaults({ random }: { random: () => number }) {
  let armed: Armed[] = []
  return {
    set(rules: readonly FaultRule[]) {
      armed = rules.map((rule) => ({
        rule,
        operation: new RegExp(`^(?:${rule.operation})$`),
        number: rule.number === undefined ? undefined : new RegExp(rule.number),
        skip: rule.after ?? 0,
        left: rule.times === 'always' ? Number.POSITIVE_INFINITY : (rule.times ?? 1),
        hits: 0
      }))
    },
    clear() {
      armed = []
    },
    list: () => armed.map(({ rule, hits, left }) => ({ ...rule, hits, left: Number.isFinite(left) ? left : 'always' })),
    /** The first rule that applies. Asked twice: on arrival, then for rules on a number once the body is read. */
    take(operation: string, number?: string): FaultRule | undefined {
      for (const one of armed) {
        if (one.left <= 0 || (one.number === undefined) !== (number === undefined) || !one.operation.test(operation))
          continue
        if (one.number !== undefined && !one.number.test(number as string)) continue
        if (one.rule.probability !== undefined && random() >= one.rule.probability) continue
        if (one.skip > 0) {
          one.skip--
          continue
        }
        one.left--
        one.hits++
        return one.rule
      }
      return undefined
    }
  }
}

export type Faults = ReturnType<typeof createFaults>
