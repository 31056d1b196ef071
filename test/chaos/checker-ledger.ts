import type { Acceptance, Arrival } from '../../src/simulator/ledger.ts'
import type { FlowRecord, LedgerRecord, Meant } from './history.ts'

/** The platform's book, asked about one invoice of the ERP at a time. */
export interface Ledger {
  acceptances: Acceptance[]
  /** Calls that must not happen twice. */
  calls: number
  of(meant: Meant): Acceptance[]
  /** Calls for it that arrived. Where Chorus Pro makes the number they cannot be told apart: all that bear none. */
  arrivals(meant: Meant): Arrival[]
  hasFlow(meant: Meant): boolean
  /** A refusal for it was answered. */
  refused(meant: Meant): boolean
  /** What is not as the ERP meant it. */
  differences(meant: Meant, acceptance: Acceptance): string | undefined
}

const once = new Set(['factures/soumettre', 'factures/deposer/flux'])

export function readLedger(records: LedgerRecord[]): Ledger {
  const acceptances = records.filter((record): record is Acceptance => record.kind === 'acceptance')
  const arrivals = records.filter((record): record is Arrival => record.kind === 'arrival')
  const flows = records.filter((record): record is FlowRecord => record.kind === 'flow')
  const byName = Map.groupBy(acceptances, nameOfAcceptance)
  const calls = arrivals.filter(({ operation }) => once.has(operation))

  const callsFor = (meant: Meant) => {
    if (meant.mode === 'structured') return calls.filter(({ digest }) => digest === meant.digest)
    return calls.filter(({ operation, number }) => operation === 'factures/soumettre' && number === meant.number)
  }
  return {
    acceptances,
    calls: calls.length,
    of: (meant) => byName.get(nameOf(meant)) ?? [],
    arrivals: callsFor,
    hasFlow: (meant) => flows.some(({ digest }) => digest === meant.digest),
    refused: (meant) =>
      [...callsFor(meant), ...arrivals.filter(({ digest }) => digest !== undefined && digest === meant.digest)].some(
        ({ codeRetour, answer }) => codeRetour !== undefined && codeRetour !== 0 && answer === 'sent'
      ),
    differences(meant, acceptance) {
      const facts: [what: string, meant: unknown, taken: unknown][] = [
        ['file', meant.digest, acceptance.digest],
        ['recipient', meant.recipient, acceptance.recipient],
        ['supplier', meant.supplier, acceptance.supplier],
        // What Chorus Pro numbers itself bears the day on which it came.
        ['date', meant.mode === 'data' ? acceptance.issued : meant.issued, acceptance.issued],
        ['amount', meant.payable, acceptance.payable?.toFixed(2)]
      ]
      const wrong = facts.find(([, one, other]) => one !== other)
      return wrong && `the ${wrong[0]} was ${String(wrong[1])} and became ${String(wrong[2])}`
    }
  }
}

const nameOf = ({ supplier, mode, number, payable }: Meant) =>
  mode === 'data' ? `${supplier} = ${payable}` : `${supplier} # ${number}`

function nameOfAcceptance({ supplier, mode, number, payable }: Acceptance): string {
  return /SAISIE/.test(mode) ? `${supplier} = ${payable?.toFixed(2)}` : `${supplier} # ${number}`
}
