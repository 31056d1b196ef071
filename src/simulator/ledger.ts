import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs'

/** One request that arrived, whatever became of it. */
export interface Arrival {
  kind: 'arrival'
  seq: number
  /** Real time. */
  at: string
  access: string
  operation: string
  /** Which TCP connection, counted from 1. */
  connection: number
  bytes: number
  /** The body did not arrive in full. */
  incomplete?: true
  account?: string
  /** SHA-256 of the decoded file. */
  digest?: string
  number?: string
  supplier?: string
  flowNumber?: string
  /** `x-…` headers and the user agent. */
  headers: Record<string, string>
  /** A service looked at it. */
  processed: boolean
  /** It left something behind: a file, a flow, an invoice, a status. */
  accepted: boolean
  status?: number
  codeRetour?: number
  fault?: string
  answer: 'sent' | 'dropped' | 'reset' | 'cut' | 'none' | 'aborted'
}

/** One invoice that the platform took. */
export interface Acceptance {
  kind: 'acceptance'
  seq: number
  at: string
  /** Of the arrival that brought it (for a flow, that of its deposit). */
  arrival: number
  /** In digits, as text. */
  id: string
  number: string
  supplier: string
  recipient: string
  mode: string
  issued: string
  payable?: number
  flowNumber?: string
  /** Of the main file, or of the flow file. */
  digest?: string
}

export interface Ledger {
  arrivals: Arrival[]
  acceptances: Acceptance[]
  /** Flows deposited, by number, with the digest of the file. */
  flows: { flowNumber: string; arrival: number; digest: string }[]
  tokens: { requested: number; issued: number }
  connections: { opened: number; handshakeFailures: number }
}

/**
 * Append-only. With a file, each record is a JSON line on disk before the answer leaves; memory and file say the
 * same except for `aborted`, which is only known afterwards.
 */
export function createLedgerBook({ file }: { file: string | undefined }) {
  let descriptor = file === undefined ? undefined : openSync(file, 'a')
  const empty = (): Ledger => ({
    arrivals: [],
    acceptances: [],
    flows: [],
    tokens: { requested: 0, issued: 0 },
    connections: { opened: 0, handshakeFailures: 0 }
  })
  let ledger = empty()
  let seq = 0
  const write = (record: object): void => {
    if (descriptor === undefined) return
    writeSync(descriptor, `${JSON.stringify(record)}\n`)
    fsyncSync(descriptor)
  }
  return {
    nextSeq: (): number => ++seq,
    arrive(arrival: Arrival) {
      ledger.arrivals.push(arrival)
      write(arrival)
    },
    accept(facts: Omit<Acceptance, 'kind' | 'seq' | 'at'>) {
      const acceptance: Acceptance = { kind: 'acceptance', seq: ++seq, at: new Date().toISOString(), ...facts }
      ledger.acceptances.push(acceptance)
      write(acceptance)
    },
    flow(facts: Ledger['flows'][number]) {
      ledger.flows.push(facts)
      write({ kind: 'flow', seq: ++seq, at: new Date().toISOString(), ...facts })
    },
    count: () => ledger,
    read: (since = 0): Ledger => ({
      ...structuredClone({ tokens: ledger.tokens, connections: ledger.connections }),
      arrivals: ledger.arrivals.filter((one) => one.seq > since),
      acceptances: ledger.acceptances.filter((one) => one.seq > since),
      flows: [...ledger.flows]
    }),
    /** The file keeps its lines: it is append-only. */
    clear() {
      ledger = empty()
      write({ kind: 'reset', seq: ++seq, at: new Date().toISOString() })
    },
    close() {
      if (descriptor !== undefined) closeSync(descriptor)
      descriptor = undefined
    }
  }
}

export type LedgerBook = ReturnType<typeof createLedgerBook>
