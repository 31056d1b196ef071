import type { FaultRule } from '../../src/simulator/faults.ts'
import { refusedNumber } from './invoices.ts'

const once = 'factures/soumettre|factures/deposer/flux'
const always = { times: 'always' } as const

/** A refusal for its content, for the numbers that are made for it. */
export const refusals: FaultRule[] = [
  {
    operation: 'factures/soumettre',
    number: refusedNumber,
    kind: 'error-code',
    status: 400,
    codeRetour: 20_012,
    libelle: "Le cadre de facturation n'est pas valide.",
    ...always
  }
]

/**
 * What goes wrong all the time (reliability brief, 5.3). The shares are of the calls that are left. `lateMs` after the
 * gateway stopped waiting a slow call is still taken: less than a search goes on.
 */
export function constantFaults(timeoutMs: number, lateMs: number): FaultRule[] {
  const spoil = (kind: FaultRule['kind'], probability: number, more: Partial<FaultRule> = {}): FaultRule => ({
    operation: once,
    kind,
    probability,
    ...always,
    ...more
  })
  const others = (operation: string, kind: FaultRule['kind'], probability: number, more: Partial<FaultRule> = {}) => ({
    ...spoil(kind, probability, more),
    operation
  })
  return [
    // Accepted, and the answer spoilt: 15 %.
    spoil('drop-answer', 0.04),
    spoil('cut', 0.02, { at: 15 }),
    spoil('cut', 0.01, { at: 15, framing: 'close' }),
    spoil('reset', 0.02, { processed: true }),
    spoil('status', 0.02, { status: 504, processed: true }),
    spoil('status', 0.01, { status: 500, processed: true }),
    spoil('html', 0.01, { processed: true }),
    spoil('empty-object', 0.01, { processed: true }),
    spoil('wrong-echo', 0.01),
    spoil('hang', 0.005, { processed: true }),
    // Taken after we stopped waiting.
    spoil('slow', 0.01, { delayMs: timeoutMs + lateMs, when: 'processing' }),
    spoil('slow', 0.005, { delayMs: timeoutMs + lateMs, when: 'answering' }),
    // Gone before anybody looked: 5 %.
    spoil('drop-before', 0.03),
    spoil('reset', 0.01),
    spoil('status', 0.005, { status: 502 }),
    spoil('hang', 0.003),
    spoil('redirect', 0.002, { location: 'https://127.0.0.1:9/' }),
    spoil('throttle', 0.01, { retryAfterS: 1 }),
    spoil('unauthorized', 0.005),
    others('factures/deposer/pdf|transverses/ajouter/fichier', 'drop-answer', 0.04),
    others('factures/deposer/pdf|transverses/ajouter/fichier', 'status', 0.02, { status: 500 }),
    others('factures/rechercher/.*|transverses/consulter.*|factures/consulter.*', 'drop-before', 0.05),
    others('factures/rechercher/.*|transverses/consulter.*|factures/consulter.*', 'status', 0.03, { status: 500 }),
    others('factures/rechercher/.*', 'cut', 0.02, { at: 40 }),
    others('token', 'drop-answer', 0.1)
  ]
}
