import { attachmentMembers } from './attachment-file.ts'
import { fileBody } from './body.ts'
import type { CallOptions, Chorus, UpstreamFile } from './chorus.ts'
import { readDay } from './dates.ts'
import {
  readBankAccount,
  readFoundStructure,
  readService,
  readServiceDetail,
  readStructure,
  readSupplier
} from './directory-answers.ts'
import { ChorusError } from './errors.ts'
import { readHistoryPages } from './history.ts'
import { type JsonObject, rawId, readText } from './json.ts'
import { pageSize, readPages } from './pages.ts'
import { type Answer, asJson, type Operation } from './request.ts'
import { toRecherche, toSoumettre } from './submission-payload.ts'
import { readExtraction, readFlowReport, readIssued, readSubmitted } from './translate.ts'
import type { Pagination } from './wire.ts'

interface OperationParts {
  ask: (operation: Operation, call: CallOptions | undefined) => Promise<Answer>
  access: 'piste' | 'certificate'
  sendAccountHeader: boolean
  now: () => number
}

type Read = (service: string, payload: object, call: CallOptions | undefined) => Promise<Answer>

/** Every operation of Chorus Pro that we use: what is asked, and how its answer reads in our words. */
export function createOperations({ ask, access, sendAccountHeader, now }: OperationParts): Chorus {
  const read: Read = (service, payload, call) => ask({ service, body: asJson(payload), read: true }, call)
  const readBeside: Read = (service, payload, call) =>
    ask({ service, body: asJson(payload), read: true, beside: true }, call)

  const search = (
    read: Read,
    service: string,
    rows: string,
    payload: (page: number) => object,
    how: Depth,
    call?: CallOptions
  ) => readPages({ service, rows, ...how, ask: (page) => read(service, payload(page), call) })

  const upload = (
    service: string,
    members: Record<string, unknown>,
    name: string,
    file: UpstreamFile,
    call?: CallOptions
  ) => ask({ service, body: () => fileBody(members, name, file), required: ['pieceJointeId'] }, call)

  return {
    async depositPdf(file, signature, call) {
      const formatDepot = signature === 'pades' ? 'PDF_SIGNE_PADES' : 'PDF_NON_SIGNE'
      const { answer } = await upload(
        'factures/deposer/pdf',
        { nomFichier: file.name, formatDepot },
        'fichierFacture',
        file,
        call
      )
      return { attachmentId: readText(answer['pieceJointeId']) ?? '', extraction: readExtraction(answer) }
    },
    async addFile(file, call) {
      const members = attachmentMembers(file.name)
      const { answer } = await upload('transverses/ajouter/fichier', members, 'pieceJointeFichier', file, call)
      return { attachmentId: readText(answer['pieceJointeId']) ?? '' }
    },
    async submit(order, call) {
      const number = order.mode === 'pdf' ? order.invoice.number : undefined
      const operation: Operation = {
        service: 'factures/soumettre',
        body: asJson(toSoumettre(order)),
        required: ['identifiantFactureCPP', 'numeroFacture'],
        once: true,
        ...(number !== undefined && { echo: { member: 'numeroFacture', value: number } })
      }
      const { answer, exchange } = await ask(operation, call)
      return { ...readSubmitted(answer), exchange }
    },
    async depositFlow(file, flow, call) {
      const members = { nomFichier: file.name, syntaxeFlux: flow.syntax, avecSignature: flow.signed }
      const body = () => fileBody(members, 'fichierFlux', file)
      const operation: Operation = { service: 'factures/deposer/flux', body, required: ['numeroFluxDepot'], once: true }
      const { answer, exchange } = await ask(operation, call)
      const depositDate = readDay(readText(answer['dateDepot']))
      return {
        flowNumber: readText(answer['numeroFluxDepot']) ?? '',
        ...(depositDate !== undefined && { depositDate }),
        exchange
      }
    },
    async flowReport(flowNumber, call) {
      try {
        const { answer } = await readBeside('transverses/consulterCRDetaille', { numeroFluxDepot: flowNumber }, call)
        return readFlowReport(flowNumber, answer)
      } catch (error) {
        if (isUnknownFlow(error)) return undefined
        throw error
      }
    },
    async searchIssued(filter, call) {
      const payload = (page: number) => ({
        ...toRecherche(filter),
        rechercheFactureParFournisseur: { nbResultatsMaximum: 999_999, ...pagination(page, 'DateDepot') }
      })
      const rows = await search(
        readBeside,
        'factures/rechercher/fournisseur',
        'listeFactures',
        payload,
        allOrNothing,
        call
      )
      return rows.map(readIssued).toSorted((a, b) => byText(a.depositDate, b.depositDate))
    },
    history: (invoiceId, call) =>
      readHistoryPages(
        invoiceId,
        async (payload) => (await readBeside('factures/consulter/historique', payload, call)).answer
      ),
    async findStructures(siret, call) {
      const payload = (page: number) => ({
        structure: { identifiantStructure: siret, typeIdentifiantStructure: 'SIRET' },
        // With one exact identifier a page holds them all; some searches refuse a paging object (behaviour.md 11).
        ...(page > 1 && { parametres: { ...pagination(page, 'IdentifiantStructure'), nbResultatsParPage: 10 } })
      })
      // A SIRET may come as a bare number, without its leading zeros (structures.json, notes of rechercher).
      const bearing = (rows: JsonObject[]) =>
        rows.map(readFoundStructure).filter((structure) => structure.siret.padStart(14, '0') === siret)
      const enough = (rows: JsonObject[]) => bearing(rows).length > 0
      const rows = await search(
        readBeside,
        'structures/rechercher',
        'listeStructures',
        payload,
        { ...everyPage, enough },
        call
      )
      return bearing(rows).map((structure) => ({ ...structure, siret }))
    },
    async structure(structureId, call) {
      const payload = { idStructureCPP: rawId(structureId), codeLangue: 'FR' }
      return readStructure(structureId, (await readBeside('structures/consulter', payload, call)).answer)
    },
    async services(structureId, call) {
      const payload = (page: number) => ({
        idStructure: rawId(structureId),
        parametresRechercherServicesStructure: pagination(page, 'CodeService')
      })
      const rows = await search(readBeside, 'structures/rechercher/services', 'listeServices', payload, everyPage, call)
      return rows.map(readService)
    },
    async service(structureId, serviceId, call) {
      const payload = { idStructure: rawId(structureId), idService: rawId(serviceId), codeLangue: 'FR' }
      return readServiceDetail(
        serviceId,
        (await readBeside('structures/consulter/service', payload, call)).answer,
        now()
      )
    },
    async suppliers(call) {
      const rows = await search(read, suppliersService, 'listeStructures', () => ({}), onePage, call)
      return rows.map(readSupplier)
    },
    async bankAccounts(structureId, call) {
      const payload = () => ({ idStructure: rawId(structureId) })
      const rows = await search(
        read,
        'transverses/recuperer/coordbanc/valides',
        'listeCoordonneeBancaire',
        payload,
        onePage,
        call
      )
      return rows.map(readBankAccount)
    },
    async ping(call) {
      // health-check is known under PISTE only, and closed to connections without account header (authentication.md 2.5).
      if (access === 'certificate') await read(suppliersService, {}, call)
      else if (!sendAccountHeader) await read('structures/rechercher', theState, call)
      else await ask({ service: 'transverses/health-check', read: true, anyBody: true }, call)
    }
  }
}

const byText = (a = '', b = ''): number => (a < b ? -1 : a > b ? 1 : 0)

type Depth = { strict: boolean; paged: boolean; id?: string; enough?: (rows: JsonObject[]) => boolean }
const allOrNothing: Depth = { strict: true, paged: true, id: 'identifiantFactureCPP' }
const everyPage: Depth = { strict: false, paged: true }
const onePage: Depth = { strict: false, paged: false }

const suppliersService = 'transverses/recuperer/structures/actives/fournisseur'
/** The State is one structure, known in every environment (directory.md, section 3). */
const theState = { structure: { identifiantStructure: '11000201100044', typeIdentifiantStructure: 'SIRET' } }

function pagination(page: number, column: string): Pagination {
  return { pageResultatDemandee: page, nbResultatsParPage: pageSize, triSens: 'Ascendant', triColonne: column }
}

/** Also the answer for a flow deposited a moment ago (errors.md, section 3.4). */
export function isUnknownFlow(error: unknown): boolean {
  const exchange = error instanceof ChorusError ? error.evidence.exchange : undefined
  if (exchange?.returnCode === undefined || exchange.returnCode === 0) return false
  return (
    /POQ_MSG_01[._]003/.test(exchange.label ?? '') ||
    (exchange.returnCode === 20001 && !/_MSG_/.test(exchange.label ?? ''))
  )
}
