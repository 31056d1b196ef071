import type { InvoiceInput } from '../../schemas/invoice.ts'
import type { FieldError } from '../../schemas/problem.ts'
import { ChorusError } from '../chorus/errors.ts'
import type { Config } from '../config.ts'
import { type Asker, accountFor, type Connected, type Connections } from '../connections/connections.ts'
import { unservedSeller } from '../directory/findings.ts'
import { checkRouting } from '../directory/routing.ts'
import { inTime } from '../in-time.ts'
import { ProblemError } from '../problem.ts'
import { ownTurn } from '../turns.ts'
import { checkInvoice } from './checks.ts'
import type { DocumentFacts, DocumentInspector } from './document.ts'
import { type Plan, planSubmission } from './plan.ts'
import { readShape } from './shape.ts'
import { checkableTotals } from './xml-fields.ts'

/** A submission as it came in, whatever its wire form. */
export interface ReceivedSubmission {
  invoice: unknown
  file?: ReceivedPart & { bytes?: Buffer }
  attachments: ReceivedPart[]
}

export interface ReceivedPart {
  name: string
  size: number
  sha256: string
}

/** Who asks, as far as the invoice is concerned. */
export interface Submitter extends Asker {
  id: string
  /** Empty: every seller. */
  sellers: readonly string[]
}

export interface Prepared {
  /** As the caller meant it, before anything was completed: what a replay is compared with. */
  given: InvoiceInput
  plan: Plan
  /** The account that will send it: what the ledger keeps with it. */
  sender: { environment: string; connection: string }
  document?: DocumentFacts
  errors: FieldError[]
  warnings: FieldError[]
}

/** Everything that can be known before anything is kept or sent: all errors and warnings at once, and the plan. */
export type Intake = (received: ReceivedSubmission, submitter: Submitter) => Promise<Prepared>

export interface IntakeOptions {
  inspector: Pick<DocumentInspector, 'inspect'>
  connections: Pick<Connections, 'allowed'>
  limits: Config['limits']
  /** How long the recipient's rules may be asked for; after that they become a warning. Milliseconds. */
  lookUpMs: number
}

/** From here on the checks take milliseconds. */
const manyLines = 200

export function createIntake({ inspector, connections, limits, lookUpMs }: IntakeOptions): Intake {
  return async (received, submitter) => {
    const { content: given, findings } = readShape(received.invoice)
    const { file, attachments } = received
    const document = file?.bytes === undefined ? undefined : await inspector.inspect(file.bytes)
    const plan = planSubmission(withoutBlanks(given), document, attachments.length)
    const allowed = connections.allowed(submitter)
    plan.content = await withSeller(plan.content, submitter, allowed, lookUpMs)
    if ((given.lines?.length ?? 0) > manyLines) await ownTurn()
    const typeCode = plan.mode === 'structured' ? document?.invoice?.typeCode : undefined
    const checked = checkInvoice(
      { ...plan.content, ...(typeCode !== undefined && { typeCode }) },
      {
        mode: plan.mode,
        ...(plan.mode === 'structured' &&
          document?.invoice !== undefined && { documentTotals: checkableTotals(document.invoice) }),
        files: { ...(file !== undefined && { file }), attachments },
        limits: { fileBytes: limits.documentMaxBytes, totalBytes: limits.invoiceMaxBytes }
      }
    )
    const seller = plan.content.seller?.siret
    if (seller !== undefined && submitter.sellers.length > 0 && !submitter.sellers.includes(seller)) {
      throw new ProblemError('seller-not-allowed', {
        detail: `This key may not send invoices of the seller ${seller}.`
      })
    }
    const chosen = accountFor(allowed, seller)
    const { directory, connection, account } = chosen ?? allowed[0]
    const routing = await inTime(
      checkRouting(directory, chosen === undefined ? withoutSeller(plan.content) : plan.content, {
        withAccount: plan.mode !== 'structured'
      }),
      lookUpMs,
      { errors: [], warnings: [unchecked] }
    )
    const shape = dropped(findings, checked.errors)
    return {
      given,
      plan,
      sender: { environment: connection.environment, connection: account.route },
      ...(document !== undefined && { document }),
      errors: unique([
        ...plan.errors,
        ...findings,
        ...shape,
        ...(chosen === undefined ? [unservedSeller(seller)] : []),
        ...routing.errors.filter((error) => !findings.some((finding) => finding.pointer === error.pointer))
      ]),
      warnings: unique([...plan.warnings, ...checked.warnings.map(toFieldError), ...routing.warnings])
    }
  }
}

/** Text that says nothing counts as left out: a recipient that demands it would not be content with it. */
function withoutBlanks(content: InvoiceInput): InvoiceInput {
  const filled = Object.entries(content).filter(([, value]) => typeof value !== 'string' || value.trim() !== '')
  return Object.fromEntries(filled)
}

const withoutSeller = ({ seller: _seller, ...content }: InvoiceInput): InvoiceInput => content

/** A caller with one seller, or a connection with one structure, need not name it. */
async function withSeller(
  content: InvoiceInput,
  submitter: Submitter,
  allowed: readonly Connected[],
  lookUpMs: number
): Promise<InvoiceInput> {
  if (content.seller?.siret !== undefined) return content
  if (submitter.sellers.length === 1)
    return { ...content, seller: { ...content.seller, siret: submitter.sellers[0] as string } }
  const [account, another] = allowed
  if (account === undefined || another !== undefined) return content
  try {
    const { sellers: named } = account.account
    const attached = named.length > 0 ? [] : await inTime(account.directory.sellers(), lookUpMs, [])
    const sellers = [...named, ...attached.map(({ siret }) => siret)]
    const [only] = sellers
    if (sellers.length !== 1 || only === undefined) return content
    return { ...content, seller: { ...content.seller, siret: only } }
  } catch (error) {
    if (error instanceof ChorusError) return content
    throw error
  }
}

/** A value that is not even well formed is reported once, by its form. */
const dropped = (findings: FieldError[], checked: FieldError[]) =>
  checked.map(toFieldError).filter((error) => !findings.some((finding) => finding.pointer === error.pointer))

/** Findings of the checks know more than the contract shows. */
const toFieldError = ({ pointer, term, rule, message, messageFr, fix }: FieldError): FieldError => ({
  pointer,
  ...(term !== undefined && { term }),
  rule,
  message,
  messageFr,
  fix
})

function unique(errors: FieldError[]): FieldError[] {
  const seen = new Set<string>()
  return errors.filter(({ pointer, message }) => {
    const key = `${pointer} ${message}`
    return !seen.has(key) && seen.add(key)
  })
}

const unchecked: FieldError = {
  pointer: '/buyer/siret',
  rule: 'upstream-timeout',
  message: 'Chorus Pro did not answer in time about this recipient; it will be checked when the invoice is sent.',
  messageFr: 'Chorus Pro n’a pas répondu à temps sur ce destinataire ; la vérification se fera à l’envoi.',
  fix: 'Nothing to do.'
}
