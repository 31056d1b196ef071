// Reads what everybody wrote down and says what was broken. It trusts nobody and shares no code with the gateway.
// As a program: node test/chaos/checker.ts FOLDER [--url GATEWAY]
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { checkHeld } from './checker-held.ts'
import { type Ledger, readLedger } from './checker-ledger.ts'
import { checkStory } from './checker-story.ts'
import { readFinals } from './final-answers.ts'
import type { Evidence, FinalAnswer, HistoryRecord, JournalRecord, Learned, LedgerRecord, Meant } from './history.ts'
import { readLines } from './history.ts'

/** Each has to be zero. */
export const faults = [
  'lost',
  'double',
  'phantom',
  'false-refusal',
  'false-success',
  'wrong-status',
  'altered',
  'stuck',
  'held-untrue',
  'twice-accepted',
  'story'
] as const
export type Fault = (typeof faults)[number]

export interface Finding {
  fault: Fault
  key?: string
  id?: string
  says: string
}

export interface Verdict {
  good: boolean
  findings: Finding[]
  zeros: Record<Fault, number>
  counts: {
    meant: number
    accepted: number
    refused: number
    unanswered: number
    upstream: number
    integrated: number
    rejected: number
    held: number
    /** Held with a cause in the history, as a share of all that are held. */
    heldReasons: Record<string, number>
    /** Held with its call taken later than it was looked for: right, and a limit worth knowing. */
    heldLate: number
    /** Held as unknown though no call for it ever arrived: what a better proof would have spared a person. */
    heldNeverLeft: number
    /** Attempts whose outcome was in doubt. */
    exposures: number
    recovered: number
    calls: number
    kills: number
    /** What else was done to it. */
    faults: number
  }
  /** From acceptance to the end of the story, milliseconds. */
  settledMs: { p50: number; p99: number; longest: number }
}

/** What became of one invoice, as far as the ERP knows. */
export interface Known {
  meant: Meant
  outcomes: Learned[]
  ids: Set<string>
}

export function check(evidence: Evidence): Verdict {
  const findings: Finding[] = []
  const ledger = readLedger(evidence.ledger)
  const known = readJournal(evidence.journal)
  const finals = new Map(evidence.finals.map((final) => [final.id, final]))
  const settled: number[] = []
  const statuses = new Map(evidence.history.flatMap((one) => (one.kind === 'platform' ? [[one.id, one.status]] : [])))
  const claimed = new Set<Ledger['acceptances'][number]>()
  const counts: Verdict['counts'] = {
    meant: known.size,
    accepted: 0,
    refused: 0,
    unanswered: 0,
    upstream: ledger.acceptances.length,
    integrated: 0,
    rejected: 0,
    held: 0,
    heldReasons: {},
    heldLate: 0,
    heldNeverLeft: 0,
    exposures: 0,
    recovered: 0,
    calls: ledger.calls,
    kills: evidence.history.filter((record) => record.kind === 'action' && record.action === 'kill').length,
    faults: evidence.history.filter(
      (record) => record.kind === 'action' && !['kill', 'start', 'failed', 'operator'].includes(record.action)
    ).length
  }
  const report = (fault: Fault, one: Known | undefined, says: string, id?: string) =>
    findings.push({ fault, says, ...(one && { key: one.meant.key }), ...(id !== undefined && { id }) })

  for (const one of known.values()) {
    const taken = ledger.of(one.meant)
    for (const acceptance of taken) claimed.add(acceptance)
    if (taken.length > 1) report('double', one, `Chorus Pro took it ${taken.length} times`)
    if (one.ids.size > 1) report('twice-accepted', one, `has the ids ${[...one.ids].join(' and ')}`)
    for (const acceptance of taken) {
      const altered = ledger.differences(one.meant, acceptance)
      if (altered !== undefined) report('altered', one, altered)
    }
    const [id] = one.ids
    if (id === undefined) {
      const refused = one.outcomes.find(({ result }) => result === 'refused')
      if (refused === undefined) counts.unanswered++
      else counts.refused++
      // Every invoice of the load is good, but for those that the schedule wants refused.
      if (refused !== undefined && one.meant.fate !== 'refused') {
        report('false-refusal', one, `answered ${refused.status} ${refused.code ?? ''}, ${taken.length} times sent`)
      }
      continue
    }
    counts.accepted++
    settle(one, finals.get(id), id)
  }
  for (const acceptance of ledger.acceptances) {
    if (!claimed.has(acceptance))
      findings.push({ fault: 'phantom', says: `Chorus Pro has ${acceptance.number}, which nobody sent` })
  }
  for (const final of evidence.finals) {
    for (const says of checkStory(final)) findings.push({ fault: 'story', id: final.id, says })
    for (const { proof } of final.timeline?.attempts ?? [])
      if (proof === 'unknown' || proof === 'exists') counts.exposures++
    if (final.timeline?.items.some(({ type }) => type === 'recovered')) counts.recovered++
  }
  settled.sort((a, b) => a - b)
  const at = (share: number) => settled[Math.min(settled.length - 1, Math.floor(settled.length * share))] ?? 0
  const zeros = Object.fromEntries(faults.map((name) => [name, 0])) as Record<Fault, number>
  for (const { fault } of findings) zeros[fault]++
  const settledMs = { p50: at(0.5), p99: at(0.99), longest: settled.at(-1) ?? 0 }
  return { good: findings.length === 0, findings, zeros, counts, settledMs }

  function settle(one: Known, final: FinalAnswer | undefined, id: string): void {
    const invoice = final?.invoice
    if (invoice === undefined) return void report('lost', one, `reading it gives ${final?.httpStatus ?? 'nothing'}`, id)
    const taken = ledger.of(one.meant)
    const { state } = invoice.submission
    const file = invoice.documents.find(({ role }) => role === 'invoice')
    if (file?.sha256 !== one.meant.digest) report('altered', one, 'the file that is kept is another', id)
    const ended = final?.timeline?.items.findLast(({ type }) => type === 'state-changed')
    const tookMs = Date.parse(ended?.at ?? '') - Date.parse(invoice.createdAt)
    // Not those whose gateway had a wrong clock at one end.
    if (tookMs >= 0 && tookMs < 1_800_000) settled.push(tookMs)
    switch (state) {
      case 'integrated': {
        counts.integrated++
        const fits = taken.some((acceptance) => acceptance.id === invoice.upstream.invoiceId)
        const platform = statuses.get(invoice.upstream.invoiceId ?? '')
        if (platform !== undefined && platform !== invoice.status?.raw)
          report('wrong-status', one, `shows ${invoice.status?.raw}, and Chorus Pro has ${platform}`, id)
        if (!fits) report('false-success', one, `integrated as ${invoice.upstream.invoiceId}, which is not there`, id)
        return
      }
      case 'rejected':
        counts.rejected++
        if (taken.length > 0) report('false-refusal', one, 'rejected, and Chorus Pro has it', id)
        else if (!ledger.refused(one.meant)) report('false-refusal', one, 'rejected, and nobody refused it', id)
        return
      case 'held': {
        counts.held++
        const reason = invoice.submission.heldReason ?? 'none'
        counts.heldReasons[reason] = (counts.heldReasons[reason] ?? 0) + 1
        const judged = checkHeld({ one, final: final as FinalAnswer, taken, ledger, history: evidence.history })
        if (reason === 'unknown_outcome' && ledger.arrivals(one.meant).length === 0) counts.heldNeverLeft++
        if (judged === 'late') counts.heldLate++
        else if (judged !== 'true') report('held-untrue', one, judged, id)
        return
      }
      case 'cancelled':
        return void report('lost', one, 'cancelled, and nobody asked for it', id)
      default:
        report('stuck', one, `still ${state}`, id)
        if (state === 'submitted' && !ledger.hasFlow(one.meant)) report('false-success', one, 'no such flow', id)
    }
  }
}

function readJournal(journal: JournalRecord[]): Map<string, Known> {
  const known = new Map<string, Known>()
  for (const record of journal) {
    if (record.kind === 'invoice') known.set(record.key, { meant: record, outcomes: [], ids: new Set() })
    if (record.kind !== 'outcome') continue
    const one = known.get(record.key)
    if (one === undefined) throw new Error(`an outcome of ${record.key}, which the journal does not know`)
    // A rival must be turned away: a number of its own would be a second acceptance.
    if (record.role === 'rival') {
      if (record.result === 'ok' && record.id !== undefined) one.ids.add(record.id)
      continue
    }
    one.outcomes.push(record)
    if (record.id !== undefined && (record.result === 'ok' || record.code !== 'duplicate-invoice'))
      one.ids.add(record.id)
  }
  return known
}

if (import.meta.main) {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { url: { type: 'string' } } })
  const folder = positionals[0] ?? '.'
  const file = (name: string) => join(folder, `${name}.jsonl`)
  if (values.url !== undefined) await readFinals(values.url, file('journal'), file('finals'))
  const verdict = check({
    journal: readLines<JournalRecord>(file('journal')),
    history: readLines<HistoryRecord>(file('history')),
    ledger: readLines<LedgerRecord>(file('ledger')),
    finals: readLines<FinalAnswer>(file('finals'))
  })
  process.stdout.write(`${JSON.stringify(verdict)}\n`)
  process.exitCode = verdict.good ? 0 : 1
}
