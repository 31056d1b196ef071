import { setTimeout as sleep } from 'node:timers/promises'
import { fileBody } from './body.ts'
import type { CallOptions, Chorus, UpstreamFile } from './chorus.ts'
import { createConnector } from './connect.ts'
import { readDay } from './dates.ts'
import { createDispatcher } from './dispatcher.ts'
import { ChorusError } from './errors.ts'
import { readHistoryPages } from './history.ts'
import { type Identity, readIdentity } from './identity.ts'
import { rawId, readText } from './json.ts'
import { pageSize, readPages } from './pages.ts'
import { type Answer, asJson, createRequester, type Operation } from './request.ts'
import { type ChorusSettings, missingSettings } from './settings.ts'
import { toRecherche, toSoumettre } from './submission-payload.ts'
import { createTrace, createUpstreamScrubber } from './trace.ts'
import {
  readBankAccount,
  readExtraction,
  readFlowReport,
  readFoundStructure,
  readIssued,
  readService,
  readServiceDetail,
  readStructure,
  readSubmitted,
  readSupplier
} from './translate.ts'
import { createTrust, type Trust } from './trust.ts'
import { readProxyUrl } from './tunnel.ts'
import type { Pagination } from './wire.ts'

export interface ChorusStatus {
  environment: ChorusSettings['environment']
  access: ChorusSettings['access']
  host: string
  proxy?: string
  certificate?: Omit<Identity, 'key' | 'chain'>
  /** Names of settings without which nothing can be sent. */
  missing: string[]
  tokenRemainingMs?: number
  connections: { opened: number; resumed: number }
  lastSuccessAt?: string
  lastFailure?: { at: string; problem: string; service: string; message: string }
}

export interface ChorusClient extends Chorus {
  close: () => Promise<void>
  status: () => ChorusStatus
}

/**
 * The way to Chorus Pro. Throws an `IdentityError` or a `TypeError` when the certificate or the proxy's URL cannot be
 * read; whatever else is wrong shows at the calls, as `ChorusError`. Opens nothing until something calls it.
 */
export function createChorus(settings: ChorusSettings): ChorusClient {
  const now = settings.now ?? Date.now
  const monotonic = settings.monotonic ?? (() => performance.now())
  const api = new URL(settings.apiUrl)
  const missing = missingSettings(settings)
  const proxy = settings.proxyUrl === undefined ? undefined : readProxyUrl(settings.proxyUrl)
  const identity =
    settings.access === 'certificate' && settings.certificate !== undefined
      ? readIdentity(settings.certificate)
      : undefined
  const scrub = createUpstreamScrubber(settings)
  let trust: Trust | undefined
  const connector = createConnector({
    trust: () => {
      trust ??= createTrust(identity, settings.extraCa)
      return trust
    },
    ...(identity !== undefined && { identity: { host: hostOf(api), is: identity } }),
    proxy,
    noProxy: settings.noProxy,
    timeoutMs: settings.connectTimeoutMs,
    now,
    warn: settings.log.warn
  })
  const upstream = createDispatcher(connector, settings)
  const { request, token } = createRequester({
    settings,
    upstream,
    connector,
    trace: createTrace(settings, scrub),
    scrub,
    monotonic,
    now,
    pause: (ms) => sleep(ms / (settings.timeScale ?? 1))
  })
  const last: Pick<ChorusStatus, 'lastSuccessAt' | 'lastFailure'> = {}

  async function ask(operation: Operation, call: CallOptions | undefined): Promise<Answer> {
    try {
      if (missing.length > 0) throw notConfigured(operation.service, missing)
      const answer = await request(operation, call)
      last.lastSuccessAt = new Date(now()).toISOString()
      return answer
    } catch (error) {
      if (error instanceof ChorusError && error.evidence.problem !== 'deposit-refused') {
        const { problem, service } = error.evidence
        last.lastFailure = { at: new Date(now()).toISOString(), problem, service, message: error.message }
      }
      throw error
    }
  }

  const read = (service: string, payload: object, call: CallOptions | undefined) =>
    ask({ service, body: asJson(payload), read: true }, call)

  const search = (service: string, rows: string, payload: (page: number) => object, how: Depth, call?: CallOptions) =>
    readPages({ service, rows, ...how, ask: (page) => read(service, payload(page), call) })

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
      const extension = /\.([A-Za-z0-9]+)$/.exec(file.name)?.[1] ?? ''
      const members = {
        pieceJointeNom: file.name,
        pieceJointeTypeMime: mediaTypes[extension.toLowerCase()] ?? 'application/octet-stream',
        pieceJointeExtension: extension.toUpperCase()
      }
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
        const { answer } = await read('transverses/consulterCRDetaille', { numeroFluxDepot: flowNumber }, call)
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
      const rows = await search('factures/rechercher/fournisseur', 'listeFactures', payload, allOrNothing, call)
      return rows.map(readIssued)
    },
    history: (invoiceId, call) =>
      readHistoryPages(
        invoiceId,
        async (payload) => (await read('factures/consulter/historique', payload, call)).answer
      ),
    async findStructures(siret, call) {
      const payload = (page: number) => ({
        structure: { identifiantStructure: siret, typeIdentifiantStructure: 'SIRET' },
        // With one exact identifier a page holds them all; some searches refuse a paging object (behaviour.md 11).
        ...(page > 1 && { parametres: { ...pagination(page, 'IdentifiantStructure'), nbResultatsParPage: 10 } })
      })
      const rows = await search('structures/rechercher', 'listeStructures', payload, everyPage, call)
      return rows.map(readFoundStructure).filter((structure) => structure.siret === siret)
    },
    async structure(structureId, call) {
      const payload = { idStructureCPP: rawId(structureId), codeLangue: 'FR' }
      return readStructure(structureId, (await read('structures/consulter', payload, call)).answer)
    },
    async services(structureId, call) {
      const payload = (page: number) => ({
        idStructure: rawId(structureId),
        parametresRechercherServicesStructure: pagination(page, 'CodeService')
      })
      const rows = await search('structures/rechercher/services', 'listeServices', payload, everyPage, call)
      return rows.map(readService)
    },
    async service(structureId, serviceId, call) {
      const payload = { idStructure: rawId(structureId), idService: rawId(serviceId), codeLangue: 'FR' }
      return readServiceDetail(serviceId, (await read('structures/consulter/service', payload, call)).answer, now())
    },
    async suppliers(call) {
      const rows = await search(suppliersService, 'listeStructures', () => ({}), onePage, call)
      return rows.map(readSupplier)
    },
    async bankAccounts(structureId, call) {
      const payload = () => ({ idStructure: rawId(structureId) })
      const rows = await search(
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
      if (settings.access === 'certificate') await read(suppliersService, {}, call)
      else if (settings.sendAccountHeader === false) await read('structures/rechercher', theState, call)
      else await ask({ service: 'transverses/health-check', read: true, anyBody: true }, call)
    },
    close: () => upstream.close(Math.min(settings.timeoutMs, 10_000)),
    status: () => {
      const remaining = token?.remainingMs()
      return {
        environment: settings.environment,
        access: settings.access,
        host: api.host,
        ...(proxy !== undefined && { proxy: proxy.label }),
        ...(identity !== undefined && { certificate: shown(identity) }),
        missing,
        ...(remaining !== undefined && { tokenRemainingMs: remaining }),
        connections: connector.counts(),
        ...last
      }
    }
  }
}

type Depth = { strict: boolean; paged: boolean }
const allOrNothing: Depth = { strict: true, paged: true }
const everyPage: Depth = { strict: false, paged: true }
const onePage: Depth = { strict: false, paged: false }

const suppliersService = 'transverses/recuperer/structures/actives/fournisseur'
/** The State is one structure, known in every environment (directory.md, section 3). */
const theState = { structure: { identifiantStructure: '11000201100044', typeIdentifiantStructure: 'SIRET' } }

const mediaTypes: Readonly<Record<string, string>> = {
  pdf: 'application/pdf',
  xml: 'application/xml',
  csv: 'text/csv',
  txt: 'text/plain',
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  tif: 'image/tiff',
  tiff: 'image/tiff',
  gif: 'image/gif',
  zip: 'application/zip',
  odt: 'application/vnd.oasis.opendocument.text',
  ods: 'application/vnd.oasis.opendocument.spreadsheet',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
}

function pagination(page: number, column: string): Pagination {
  return { pageResultatDemandee: page, nbResultatsParPage: pageSize, triSens: 'Ascendant', triColonne: column }
}

const hostOf = (url: URL): string =>
  `${url.hostname.replace(/^\[|\]$/g, '')}:${url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : url.port}`

function shown({
  subject,
  issuer,
  serial,
  siren,
  notBefore,
  notAfter,
  hasIssuer
}: Identity): Omit<Identity, 'key' | 'chain'> {
  return { subject, issuer, serial, ...(siren !== undefined && { siren }), notBefore, notAfter, hasIssuer }
}

function notConfigured(service: string, missing: string[]): ChorusError {
  const evidence = { proof: 'not-sent', problem: 'connection-not-configured', service, lane: true } as const
  return new ChorusError(`${service}: the connection to Chorus Pro lacks ${missing.join(', ')}`, evidence)
}

/** Also the answer for a flow deposited a moment ago (errors.md, section 3.4). */
function isUnknownFlow(error: unknown): boolean {
  const exchange = error instanceof ChorusError ? error.evidence.exchange : undefined
  if (exchange?.returnCode === undefined || exchange.returnCode === 0) return false
  return (
    /POQ_MSG_01[._]003/.test(exchange.label ?? '') ||
    (exchange.returnCode === 20001 && !/_MSG_/.test(exchange.label ?? ''))
  )
}
