import type { Rerouting } from '../../schemas/issued-invoice.ts'
import type { PlatformChange, PlatformHistory } from '../../schemas/platform-answers.ts'
import type { Asker, Page, PageRequest } from './asker.ts'
import { attachmentMembers } from './attachment-file.ts'
import type { CallOptions, UpstreamFile } from './chorus.ts'
import { readMoment } from './dates.ts'
import { rawOf, typeCodes, vatRegimes } from './document-words.ts'
import type { Download } from './download.ts'
import { ChorusError } from './errors.ts'
import { downloadInvoices, findHistory, findInvoice, isWithdrawn } from './invoice-common.ts'
import type { IssuedDetail } from './invoice-detail.ts'
import { type IssuedRow, readIssuedRow } from './invoice-row.ts'
import { type IssuedSearch, pager, rowsOf, toIssuedSearch } from './invoice-search.ts'
import { sortOf } from './invoice-words.ts'
import { rawId, readText } from './json.ts'
import { present } from './present.ts'
import type { Answer } from './request.ts'
import { nameStatus } from './status.ts'
import { compact, toModePaiement } from './submission-payload.ts'

/** The invoices that our structures issued, also those that did not come through us. Everything throws ChorusError. */
export interface IssuedInvoices {
  search(search: IssuedSearch, at: PageRequest, call?: CallOptions): Promise<Page<IssuedRow>>
  /** Those on which the supplier can still act. */
  toProcess(search: ToProcess, at: PageRequest, call?: CallOptions): Promise<Page<IssuedRow>>
  find(id: string, call?: CallOptions): Promise<IssuedDetail>
  history(id: string, call?: CallOptions): Promise<PlatformHistory>
  /** Ten ids at most. */
  download(ids: readonly string[], format: 'pdf' | 'archive' | 'pivot', call?: CallOptions): Promise<Download>
  /** Harmless until its id is used. */
  addFile(file: UpstreamFile): Promise<string>
  /** The changes are never repeated: silence after they left is an unknown outcome. */
  complete(id: string, completion: { comment?: string; attachments: AddedFile[] }): Promise<PlatformChange>
  /** What is not corrected goes back as it stands. */
  reroute(invoice: IssuedDetail, correction: Rerouting): Promise<PlatformChange>
  acknowledgeRejection(id: string, facts: { reason?: string; comment?: string }): Promise<PlatformChange>
  correctValidator(id: string, siret: string): Promise<PlatformChange>
}

export interface ToProcess {
  structureId?: string
  hideRejected?: boolean
  size?: boolean
  sort?: string
}

export interface AddedFile {
  name: string
  attachmentId: string
  typeCode?: string
}

const pagers = { vat: 'pLigneRecapTva', attachments: 'pListePiecesJointes', lines: 'pLignesPoste' }

/** What the to-do search looks for (factures.json, notes). */
const processable = [
  'BROUILLON',
  'A_VALIDER_1',
  'A_VALIDER_2',
  'ERREUR_FOURNISSEUR_SUR_VALIDEUR',
  'VALIDEE_1',
  'VALIDEE_2',
  'REFUSEE_1',
  'REFUSEE_2',
  'ERREUR_COTRAITANT_SUR_VALIDEUR',
  'ABSENCE_VALIDATION_1_HORS_DELAI',
  'ABSENCE_VALIDATION_2_HORS_DELAI',
  'DEPOSEE',
  'EN_COURS_ACHEMINEMENT',
  'MISE_A_DISPOSITION',
  'A_RECYCLER',
  'SUSPENDUE'
]

export function createIssuedInvoices(asker: Asker): IssuedInvoices {
  async function search(wanted: IssuedSearch, at: PageRequest, call?: CallOptions): Promise<Page<IssuedRow>> {
    const payload = (page: PageRequest) => toIssuedSearch(wanted, page)
    const service = 'factures/rechercher/fournisseur'
    return rowsOf(await asker.page({ service, rows: 'listeFactures', payload }, at, call), readIssuedRow)
  }

  return {
    search,
    async toProcess({ structureId, hideRejected, size, sort }, at, call) {
      const payload = (page: PageRequest) =>
        compact<object>({
          idStructure: rawId(structureId),
          masquerRejetee: hideRejected,
          recupererTaille: size,
          rechercheFactureATraiterParFournisseur: pager(page, sortOf(sort))
        })
      const service = 'factures/rechercher/atraiter/fournisseur'
      try {
        return rowsOf(await asker.page({ service, rows: 'listeFactures', payload }, at, call), readIssuedRow)
      } catch (error) {
        if (!isWithdrawn(error)) throw error
        const wanted = present({ sellerId: structureId, size, sort })
        return search({ ...wanted, statuses: processable }, at, call)
      }
    },
    find: (id, call) => findInvoice(asker, 'factures/consulter/fournisseur', pagers, id, call),
    history: (id, call) => findHistory(asker, id, call),
    download: (ids, format, call) => downloadInvoices(asker, ids, format, call),
    async addFile(file) {
      const { answer } = await asker.upload(
        'transverses/ajouter/fichier',
        attachmentMembers(file.name),
        'pieceJointeFichier',
        file
      )
      const id = readText(answer['pieceJointeId'])
      if (id === undefined) throw unreadable('transverses/ajouter/fichier: codeRetour 0 without pieceJointeId')
      return id
    },
    async complete(id, { comment, attachments }) {
      const payload = compact<object>({
        identifiantFactureCPP: rawId(id),
        pieceJointeComplementaire:
          attachments.length === 0
            ? undefined
            : attachments.map(({ name, attachmentId, typeCode = '' }) => ({
                pieceJointeComplementaireDesignation: name.slice(0, 100),
                pieceJointeComplementaireType: typeCode,
                pieceJointeComplementaireId: rawId(attachmentId)
              })),
        commentaire: comment
      })
      return changed(id, await asker.change('factures/completer', payload))
    },
    async reroute(invoice, correction) {
      return changed(invoice.id, await asker.change('factures/recycler', toRecycler(invoice, correction)))
    },
    async acknowledgeRejection(id, { reason, comment }) {
      const payload = compact<object>({
        // The same number, as far as is known (behaviour.md, section 6).
        listeDemandePaiement: [{ idDemandePaiement: rawId(id) }],
        motifRejet: reason,
        cpltInfos: comment
      })
      return changed(id, await asker.change('factures/traiterRejet', payload))
    },
    async correctValidator(id, siret) {
      const payload = { idFacture: rawId(id), typeIdentifiantStructure: 'SIRET', identifiantStructure: siret }
      return changed(id, await asker.change('factures/corriger/valideur/facture', payload))
    }
  }
}

/** The answer of a change, as far as it has one. */
export function changed(id: string, { answer, exchange }: Answer): PlatformChange {
  const about = readText(answer['identifiantFactureCPP']) ?? readText(answer['idFacture'])
  // It may have been done all the same: only reading the invoice tells.
  if (about !== undefined && about !== id) throw unreadable(`${exchange.service}: answered for another invoice`)
  const status = readText(answer['statutFacture']) ?? readText(answer['nouveauStatut'])
  return {
    id,
    outcome: 'sent',
    ...present({
      number: readText(answer['numeroFacture']),
      status: status === undefined ? undefined : nameStatus(status),
      processedAt: readMoment(readText(answer['dateTraitement']) ?? readText(answer['dateDepot']))
    }),
    upstream: exchange
  }
}

const unreadable = (message: string) =>
  new ChorusError(message, {
    proof: 'unknown',
    problem: 'upstream-protocol-error',
    service: message.split(':', 1)[0] ?? '',
    lane: false
  })

/** The whole of `reference`, as the example has it: whether what is left out would be erased is not known. */
function toRecycler(invoice: IssuedDetail, correction: Rerouting): object {
  const { buyer, upstream } = invoice
  const siret = correction.buyer?.siret ?? buyer.siret
  const sameBuyer = siret === buyer.siret
  const type = rawOf(typeCodes, correction.typeCode) ?? upstream['type']
  const regime = rawOf(vatRegimes, correction.vatRegime) ?? upstream['vatRegime']
  const { paymentMeansCode } = correction
  return compact<object>({
    identifiantFactureCPP: rawId(invoice.id),
    destinataire: compact<object>({
      codeDestinataire: siret,
      codeServiceExecutant: correction.buyer?.serviceCode ?? (sameBuyer ? buyer.serviceCode : undefined)
    }),
    commentaire: correction.comment,
    reference: compact<object>({
      deviseFacture: correction.currency ?? invoice.currency,
      // Prepayment invoices are not among the types that it takes (factures.json).
      typeFacture: type === 'ACOMPTE' ? undefined : type,
      typeTva: regime,
      motifExonerationTva:
        regime === 'EXONERATION' ? (correction.exemptionReason ?? upstream['exemptionReason']) : undefined,
      numeroMarche: correction.contractReference ?? invoice.contractReference,
      numeroBonCommande: correction.commitmentNumber ?? invoice.commitmentNumber,
      numeroFactureOrigine: correction.precedingInvoice ?? invoice.precedingInvoice,
      modePaiement: paymentMeansCode === undefined ? upstream['paymentMeans'] : toModePaiement(paymentMeansCode)
    })
  })
}
