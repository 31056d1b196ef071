import { mayActFor } from '../accounts.ts'
import { text } from '../fields.ts'
import type { Flow } from '../flows.ts'
import { maybeAlone } from '../pages.ts'
import { writePdf } from '../paper.ts'
import { parisInstant } from '../paris.ts'
import { NoResult } from '../refusal.ts'
import { type Call, traDone } from '../world.ts'

/** HTTP status not recorded; taken as a "no result" (errors.md 3.4). */
const unknownFlow = (): NoResult => new NoResult(20001, 'POQ_MSG_01.003 - Flux introuvable.')

function findFlow({ world, fields, account }: Call): Flow {
  const flow = world.flows.find(text(fields, 'numeroFluxDepot'))
  // Someone else's flow is not found either: what upstream says is unknown.
  if (flow === undefined) throw unknownFlow()
  const own =
    flow.account === account ||
    world.invoices.searchable().some((one) => one.flow === flow.number && mayActFor(account, one.seller))
  if (!own) throw unknownFlow()
  return flow
}

const fileName = (flow: Flow): string => `${flow.interfaceCode}_CPP001_${flow.number}`

export function detailedReport(call: Call): object {
  const flow = findFlow(call)
  const { state, since } = call.world.flows.state(flow)
  const settings = call.world.settings()
  const { invoiceErrors = [], technicalErrors = [] } = flow.result ?? {}
  // The lists are absent without errors (consulterCRDetaille-accepted.json).
  return {
    ...traDone,
    codeInterfaceDepotFlux: flow.interfaceCode,
    dateDepotFlux: parisInstant(flow.deposited),
    dateHeureEtatCourantFlux: parisInstant(since),
    etatCourantDepotFlux: state,
    nomFichier: fileName(flow),
    ...(invoiceErrors.length === 0 ? {} : { listeErreurDP: maybeAlone(invoiceErrors, settings) }),
    ...(technicalErrors.length === 0 ? {} : { listeErreurTechnique: maybeAlone(technicalErrors, settings) })
  }
}

/** Does not work for Factur-X (behaviour.md 4): how it fails is not told, so it does not find the flow. */
export function report(call: Call): object {
  const flow = findFlow(call)
  if (flow.syntax === 'IN_DP_E2_CII_FACTURX') throw unknownFlow()
  const { state, since } = call.world.flows.state(flow)
  const errors = flow.result?.invoiceErrors.map((error) => error.libelleErreurDP) ?? []
  return {
    ...traDone,
    codeAppliPartenaire: 'SIM001',
    codeInterfaceFlux: flow.interfaceCode,
    dateDepotFlux: parisInstant(flow.deposited),
    dateHeureEtatCourantFlux: parisInstant(since),
    designationPartenaire: 'SIMULATEUR',
    etatCourantFlux: state,
    fichierCR: writePdf(['Compte rendu', flow.number, state, ...errors]).toString('base64'),
    nomFichierFlux: fileName(flow),
    numeroFluxDepot: flow.number
  }
}
