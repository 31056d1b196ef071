import type { Asker, PageRequest } from './asker.ts'
import type { CallOptions } from './chorus.ts'
import { readDay, readMoment } from './dates.ts'
import type { Download } from './download.ts'
import { type FlowComplaint, readComplaint } from './flow-errors.ts'
import { readText } from './json.ts'
import { isUnknownFlow } from './operations.ts'
import { present } from './present.ts'
import { readFlowReport } from './translate.ts'

export interface Flow {
  number: string
  state: { code: string; raw: string; since?: string }
  depositedAt?: string
  fileName?: string
  /** Errors of single invoices; the others of the flow may be in order. */
  invoiceErrors: { number?: string; seller?: string; buyer?: string; errors: FlowComplaint[] }[]
  /** Errors that refuse the whole flow. */
  technicalErrors: (FlowComplaint & { code?: string; nature?: string })[]
  upstream: { interfaceCode?: string }
}

export interface Flows {
  /** Undefined: not known, which is normal just after a deposit. */
  find(number: string, call?: CallOptions): Promise<Flow | undefined>
  /** The SIRETs of the sellers whose invoices came with it, as far as they are integrated. */
  sellers(number: string, call?: CallOptions): Promise<string[]>
  /** The report as a PDF; Chorus Pro has none for Factur-X (flows.json). Undefined: not known. */
  report(number: string, call?: CallOptions): Promise<Download | undefined>
}

export function createFlows(asker: Pick<Asker, 'read' | 'page' | 'download'>): Flows {
  return {
    async find(number, call) {
      const answer = await known(asker.read('transverses/consulterCRDetaille', { numeroFluxDepot: number }, call))
      if (answer === undefined) return undefined
      const { state, rawState, since, invoiceErrors, technicalErrors } = readFlowReport(number, answer)
      const deposited = readText(answer['dateDepotFlux'])
      return {
        number,
        state: { code: state, raw: rawState, ...present({ since }) },
        ...present({
          depositedAt: readMoment(deposited) ?? readDay(deposited),
          fileName: readText(answer['nomFichier'])
        }),
        invoiceErrors: invoiceErrors.map(({ messages, sellerId, buyerId, ...one }) => ({
          ...one,
          ...present({ seller: sellerId, buyer: buyerId }),
          errors: messages.map(readComplaint)
        })),
        technicalErrors: technicalErrors.map(({ message, ...one }) => ({ ...one, ...readComplaint(message) })),
        upstream: present({ interfaceCode: readText(answer['codeInterfaceDepotFlux']) })
      }
    },
    async sellers(number, call) {
      const search = {
        service: 'factures/rechercher/fournisseur',
        rows: 'listeFactures',
        payload: ({ page, size }: PageRequest) => ({
          numeroFluxDepot: number,
          rechercheFactureParFournisseur: {
            nbResultatsMaximum: 999_999,
            pageResultatDemandee: page,
            nbResultatsParPage: size,
            triSens: 'Ascendant',
            triColonne: 'DateDepot'
          }
        })
      }
      const found = new Set<string>()
      for (let at: PageRequest | undefined = { page: 1, size: 100, seen: 0 }; at !== undefined; ) {
        const { items, next } = await asker.page(search, at, call)
        for (const row of items) found.add(readText(row['codeFournisseur']) ?? '')
        at = next
      }
      return [...found]
    },
    report: (number, call) =>
      known(asker.download('transverses/consulterCR', { numeroFluxDepot: number }, 'fichierCR', call))
  }
}

async function known<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked
  } catch (error) {
    if (isUnknownFlow(error)) return undefined
    throw error
  }
}
