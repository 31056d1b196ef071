import { type Static, Type } from 'typebox'
import { Cursor, FilterDate, InvoiceId, Siret, Timestamp } from './identifiers.ts'
import { InvoiceInput } from './invoice.ts'
import { FieldError, UpstreamAnswer } from './problem.ts'
import { ref } from './ref.ts'

const closed = { additionalProperties: false } as const

export const SubmissionState = Type.Enum(
  ['received', 'deposited', 'submitting', 'unknown', 'submitted', 'integrated', 'rejected', 'held', 'cancelled'],
  {
    description:
      'Our side of the story. `received`: safe here, nothing sent. `deposited`: Chorus Pro has the file. `submitting`: the call is under way. `unknown`: the answer was lost; a search decides, nothing is sent again. `submitted`: Chorus Pro took it. `integrated`: it has an invoice id there. `rejected`: Chorus Pro refused it. `held`: waits for a person, with a reason. `cancelled`: withdrawn before anything was sent.'
  }
)

export const Mode = Type.Enum(['pdf', 'structured', 'data'])

const Outcome = Type.Enum(['not_sent', 'sent', 'unknown'], {
  description:
    'Whether Chorus Pro has it. `unknown` is cleared up by the gateway; sending again could double the invoice.'
})

const StoredError = Type.Object(
  {
    code: Type.String({ description: 'A problem code.' }),
    detail: Type.String(),
    owner: Type.String({ description: 'Who can mend it: caller, operator, recipient or platform.' }),
    errors: Type.Optional(Type.Array(ref(FieldError))),
    upstream: Type.Optional(ref(UpstreamAnswer))
  },
  closed
)

const Submission = Type.Object(
  {
    state: SubmissionState,
    mode: Mode,
    modeReason: Type.String({ description: 'Why this mode was used.' }),
    outcome: Outcome,
    attempts: Type.Integer({ description: 'How often the invoice itself was sent; files are not counted.' }),
    nextAttemptAt: Type.Optional(Timestamp),
    heldReason: Type.Optional(Type.String()),
    error: Type.Optional(StoredError)
  },
  closed
)

export const InvoiceStatus = Type.Object(
  {
    code: Type.String({
      description: 'Our name of Chorus Pro’s status; `other` where there is none.',
      examples: ['made_available']
    }),
    raw: Type.String({ description: 'Chorus Pro’s code as it came.', examples: ['MISE_A_DISPOSITION'] }),
    since: Type.Optional(Type.String({ description: 'Since when, as far as Chorus Pro tells.' })),
    comment: Type.Optional(Type.String({ description: 'What the recipient wrote, e.g. the reason of a rejection.' }))
  },
  closed
)

const InvoiceDocument = Type.Object(
  {
    id: Type.String({ pattern: '^doc_[0-9a-f]{32}$' }),
    role: Type.Enum(['invoice', 'attachment']),
    name: Type.String(),
    mediaType: Type.String(),
    size: Type.Integer({ description: 'Bytes.' }),
    sha256: Type.String(),
    href: Type.String()
  },
  closed
)

/** The invoice as callers read it back. */
export const Invoice = Type.Object(
  {
    id: InvoiceId,
    ...InvoiceInput.properties,
    submission: Submission,
    status: Type.Optional(InvoiceStatus),
    upstream: Type.Object(
      {
        environment: Type.String(),
        connection: Type.String(),
        invoiceId: Type.Optional(Type.String({ description: 'identifiantFactureCPP.' })),
        flowNumber: Type.Optional(Type.String({ description: 'numeroFluxDepot.' })),
        flowState: Type.Optional(Type.String({ description: 'etatCourantDepotFlux.' })),
        number: Type.Optional(Type.String({ description: 'The number Chorus Pro gave in mode `data`.' })),
        status: Type.Optional(Type.String({ description: 'Chorus Pro’s status code as it came.' })),
        depositDate: Type.Optional(Type.String()),
        depositFingerprint: Type.Optional(Type.String({ description: 'empreinteCertificatDepot.' })),
        service: Type.Optional(Type.String()),
        httpStatus: Type.Optional(Type.Integer()),
        returnCode: Type.Optional(Type.Integer({ description: 'codeRetour.' })),
        label: Type.Optional(Type.String({ description: 'libelle.' })),
        correlationId: Type.Optional(Type.String())
      },
      closed
    ),
    extraction: Type.Optional(
      Type.Object({}, { additionalProperties: true, description: 'What Chorus Pro read in the PDF.' })
    ),
    warnings: Type.Array(ref(FieldError)),
    documents: Type.Array(InvoiceDocument),
    links: Type.Object(
      { self: Type.String(), timeline: Type.String(), refresh: Type.String(), cancel: Type.Optional(Type.String()) },
      closed
    ),
    createdAt: Timestamp,
    updatedAt: Timestamp
  },
  { $id: 'Invoice', ...closed }
)
export type Invoice = Static<typeof Invoice>

export const InvoiceList = Type.Object(
  { items: Type.Array(ref(Invoice)), nextCursor: Type.Optional(Cursor) },
  { $id: 'InvoiceList', ...closed }
)

export const InvoiceQuery = Type.Object(
  {
    number: Type.Optional(Type.String({ maxLength: 50 })),
    seller: Type.Optional(Siret),
    buyer: Type.Optional(Siret),
    state: Type.Optional(SubmissionState),
    status: Type.Optional(
      Type.String({ maxLength: 40, pattern: '^[a-z_]+$', description: 'Our name of a Chorus Pro status.' })
    ),
    issueDateFrom: Type.Optional(FilterDate),
    issueDateTo: Type.Optional(FilterDate),
    createdFrom: Type.Optional(FilterDate),
    createdTo: Type.Optional(FilterDate),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, description: 'Items a page; 50 when absent.' })),
    cursor: Type.Optional(Cursor)
  },
  closed
)

export const InvoiceParams = Type.Object({ id: InvoiceId }, closed)
export const DocumentParams = Type.Object(
  { id: InvoiceId, document: Type.String({ pattern: '^doc_[0-9a-f]{32}$' }) },
  closed
)

export const Timeline = Type.Object(
  {
    items: Type.Array(
      Type.Object(
        {
          at: Timestamp,
          type: Type.String({
            examples: ['accepted', 'deposited', 'attempt-started', 'attempt-ended', 'status-changed']
          }),
          data: Type.Object({}, { additionalProperties: true })
        },
        closed
      )
    ),
    attempts: Type.Array(
      Type.Object(
        {
          number: Type.Integer(),
          operation: Type.String({ examples: ['factures/soumettre'] }),
          startedAt: Timestamp,
          endedAt: Type.Optional(Timestamp),
          proof: Type.Optional(
            Type.String({
              description: 'What the attempt proves: not-sent, not-processed, refused, exists, done, unknown.'
            })
          ),
          detail: Type.Optional(Type.String()),
          upstream: Type.Optional(ref(UpstreamAnswer))
        },
        closed
      ),
      { description: 'Every sending of the invoice itself.' }
    ),
    history: Type.Array(
      Type.Object(
        {
          code: Type.String(),
          raw: Type.String(),
          at: Type.Optional(Type.String()),
          comment: Type.Optional(Type.String())
        },
        closed
      ),
      { description: 'Chorus Pro’s own history of statuses, as last read.' }
    )
  },
  { $id: 'Timeline', ...closed }
)

export const Validation = Type.Object(
  {
    verdict: Type.Enum(['valid', 'invalid'], { description: '`valid`: it would be accepted now.' }),
    errors: Type.Array(ref(FieldError)),
    warnings: Type.Array(ref(FieldError)),
    plan: Type.Object(
      {
        mode: Mode,
        reason: Type.String(),
        steps: Type.Array(Type.String(), { description: 'The calls to Chorus Pro, in order.' }),
        syntax: Type.Optional(Type.String({ description: 'syntaxeFlux, in mode `structured`.' })),
        document: Type.Optional(
          Type.Object(
            {
              kind: Type.String(),
              profile: Type.Optional(Type.String()),
              signed: Type.Boolean(),
              encrypted: Type.Boolean(),
              size: Type.Integer(),
              sha256: Type.String()
            },
            closed
          )
        )
      },
      closed
    )
  },
  { $id: 'Validation', ...closed }
)
export type Validation = Static<typeof Validation>
