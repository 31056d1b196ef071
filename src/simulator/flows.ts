import { createHash } from 'node:crypto'
import type { Account } from './accounts.ts'
import type { Clock } from './clock.ts'
import type { Directory } from './directory.ts'
import type { StoredFile } from './files.ts'
import { type Reading, readFlowFile, type TechnicalError } from './flow-file.ts'
import { type InvoiceError, integrateInvoice } from './integration.ts'
import type { LedgerBook } from './ledger.ts'
import { syntaxes } from './reference.ts'
import type { Registry } from './registry.ts'
import type { Settings } from './settings.ts'

export interface Flow {
  number: string
  syntax: string
  interfaceCode: string
  account: Account
  /** Simulated milliseconds. */
  deposited: number
  findable: number
  due: number
  arrival: number
  digest: string
  main: StoredFile | undefined
  reading: Promise<Reading>
  result: FlowResult | undefined
}

export interface FlowResult {
  state: string
  invoiceErrors: InvoiceError[]
  technicalErrors: TechnicalError[]
}

/** States on the way, in order (flows.json flowTimeline); a poll may miss any of them. */
const waiting = [
  'IN_DEPOT_PORTAIL_EN_ATTENTE_TRAITEMENT_SE_CPP',
  'IN_DEPOT_PORTAIL_EN_ATTENTE_TRAITEMENT_SE_CPP',
  'IN_RECU',
  'IN_TRAITE_SE_CPP',
  'IN_EN_ATTENTE_TRAITEMENT_CPP',
  'IN_EN_COURS_TRAITEMENT_CPP'
]

export function createFlows(parts: {
  clock: Clock
  settings: () => Settings
  directory: Directory
  invoices: Registry
  ledger: LedgerBook
}) {
  const { clock, settings, directory, invoices, ledger } = parts
  const flows = new Map<string, Flow>()
  const pending = new Set<Flow>()
  let sequence = 12_344
  let work: Promise<void> = Promise.resolve()

  async function integrate(flow: Flow): Promise<void> {
    const { invoices: read, technical } = await flow.reading
    const forced = settings().flowOutcome
    if (!pending.delete(flow)) return
    if (technical.length > 0 || (forced !== null && !forced.startsWith('IN_INTEGRE'))) {
      flow.result = { state: forced ?? 'IN_REJETE', invoiceErrors: [], technicalErrors: technical }
      return
    }
    const invoiceErrors: InvoiceError[] = []
    for (const one of read) {
      const origin = {
        account: flow.account,
        flow: flow.number,
        main: read.length === 1 ? flow.main : undefined,
        at: flow.due
      }
      const outcome = integrateInvoice(one, origin, { directory, invoices, settings: settings() })
      if ('error' in outcome) invoiceErrors.push(outcome.error)
      else {
        const { invoice } = outcome
        ledger.accept({
          arrival: flow.arrival,
          id: String(invoice.id),
          number: invoice.number,
          supplier: invoice.seller.identifier,
          recipient: invoice.recipient.identifier,
          mode: invoice.mode,
          issued: invoice.issued,
          ...(invoice.totals.payable === undefined ? {} : { payable: invoice.totals.payable }),
          flowNumber: flow.number,
          digest: flow.digest
        })
      }
    }
    const state =
      invoiceErrors.length === 0
        ? 'IN_INTEGRE'
        : invoiceErrors.length === read.length
          ? 'IN_REJETE'
          : 'IN_INTEGRE_PARTIEL'
    flow.result = { state: forced ?? state, invoiceErrors, technicalErrors: [] }
  }

  /** Integrates what is due, oldest first. Settles once the files were read. */
  function catchUp(): Promise<void> {
    const now = clock.now()
    const due = Array.from(pending)
      .filter((flow) => flow.due <= now)
      .sort((a, b) => a.due - b.due)
    if (due.length === 0) return work
    work = work.then(async () => {
      for (const flow of due) await integrate(flow)
    })
    return work
  }

  return {
    catchUp,
    deposit(facts: {
      bytes: Buffer
      digest: string
      syntax: string
      account: Account
      arrival: number
      main: StoredFile | undefined
    }): Flow {
      const { flowDelayMs, flowNotFoundMs } = settings()
      const { bytes, ...kept } = facts
      const interfaceCode = syntaxes.find((syntax) => syntax.code === facts.syntax)?.interface as string
      const now = clock.now()
      const flow: Flow = {
        ...kept,
        number: `CPP001${interfaceCode.slice(3, 7)}${String(++sequence).padStart(15, '0')}`,
        interfaceCode,
        deposited: now,
        findable: now + (flowNotFoundMs ?? flowDelayMs / 10),
        due: now + flowDelayMs,
        reading: readFlowFile(bytes, facts.syntax),
        result: undefined
      }
      flows.set(flow.number, flow)
      pending.add(flow)
      ledger.flow({ flowNumber: flow.number, arrival: flow.arrival, digest: flow.digest })
      // So that the ledger tells of the integration even when nobody asks; requests catch up by themselves.
      setTimeout(() => void catchUp(), clock.real(flowDelayMs) + 5).unref()
      return flow
    },
    /** Undefined while the platform does not find it yet (behaviour.md 4). */
    find(number: string | undefined): Flow | undefined {
      const flow = number === undefined ? undefined : flows.get(number)
      return flow !== undefined && clock.now() >= flow.findable ? flow : undefined
    },
    state(flow: Flow): { state: string; since: number } {
      if (flow.result !== undefined) return { state: flow.result.state, since: flow.due }
      const share = (clock.now() - flow.deposited) / Math.max(1, flow.due - flow.deposited)
      const step = Math.min(waiting.length - 1, Math.floor(share * waiting.length))
      return {
        state: waiting[step] as string,
        since: flow.deposited + (step / waiting.length) * (flow.due - flow.deposited)
      }
    },
    clear() {
      flows.clear()
      pending.clear()
    }
  }
}

export type Flows = ReturnType<typeof createFlows>

/** Base64 of a SHA-256, as the fingerprint of a deposit looks (factures.json soumettre). */
export const fingerprint = (text: string): string => createHash('sha256').update(text).digest('base64')
