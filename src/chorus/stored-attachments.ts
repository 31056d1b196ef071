import type { Asker, Page, PageRequest } from './asker.ts'
import { attachmentMembers } from './attachment-file.ts'
import type { CallOptions, UpstreamFile } from './chorus.ts'
import type { Download } from './download.ts'
import { type JsonObject, rawId, readText } from './json.ts'
import { present, presentIfAny } from './present.ts'

/** A file that Chorus Pro keeps for our account or for a structure. */
export interface StoredAttachment {
  attachmentId: string
  name?: string
  extension?: string
  type?: { code: string; label?: string }
  organization?: { siret?: string; name?: string }
  /** The tie between the file and what it belongs to: what is cut by detaching. */
  linkId?: string
  upstream: { structureId?: string; userId?: string }
}

export interface AttachmentFilter {
  /** Of this structure; of our account when absent. */
  structureId?: string
  name?: string
  typeId?: string
}

/** Whose files are downloaded, all of them in one. */
export type AttachmentOwner =
  | { of: 'account' }
  | { of: 'organization' | 'mandate' | 'bank_account'; structureId: string }
  | { of: 'support_request'; requestId: string }

export interface StoredAttachments {
  search(filter: AttachmentFilter, at: PageRequest, call?: CallOptions): Promise<Page<StoredAttachment>>
  download(owner: AttachmentOwner, call?: CallOptions): Promise<Download>
  /** Keeps a file for our account; nothing refers to it yet. */
  upload(file: UpstreamFile): Promise<{ attachmentId: string }>
  /** Cuts the tie between a file and what it belongs to. */
  detach(linkId: string, call?: CallOptions): Promise<void>
}

export function createStoredAttachments(asker: Asker): StoredAttachments {
  return {
    async search({ structureId, name, typeId }, at, call) {
      const search = {
        service:
          structureId === undefined ? 'transverses/rechercher/pj/moncompte' : 'transverses/rechercher/pj/structure',
        rows: 'listePiecesJointes',
        payload: ({ page, size }: PageRequest) => ({
          codeLangue: 'FR',
          ...present({
            idStructureCPP: rawId(structureId),
            pieceJointeDesignation: name,
            pieceJointeTypeId: rawId(typeId)
          }),
          parametresRecherche: {
            pageResultatDemandee: page,
            nbResultatsParPage: size,
            triSens: 'Ascendant',
            triColonne: 'PieceJointeDesignation'
          }
        })
      }
      const { items, ...page } = await asker.page(search, at, call)
      return { ...page, items: items.map(readAttachment) }
    },
    download: (owner, call) =>
      asker.download('transverses/telecharger/pieceJointe', payloadOf(owner), 'pieceJointe', call),
    async upload(file) {
      const members = attachmentMembers(file.name)
      const { answer } = await asker.upload('transverses/ajouter/fichier', members, 'pieceJointeFichier', file)
      return { attachmentId: readText(answer['pieceJointeId']) ?? '' }
    },
    async detach(linkId, call) {
      await asker.change('transverses/detacherPieceJointe', { idPieceJointeObjet: rawId(linkId) }, call)
    }
  }
}

function payloadOf(owner: AttachmentOwner): object {
  if (owner.of === 'account') return { objetPieceJointe: 'UTILISATEUR' }
  if (owner.of === 'support_request') {
    const sollicitation = { idSollicitation: rawId(owner.requestId), pieceJointeSollicitation: 'OUI' }
    return { objetPieceJointe: 'SOLLICITATION', sollicitation }
  }
  return { objetPieceJointe: objects[owner.of], structure: { idStructure: rawId(owner.structureId) } }
}

const objects = {
  organization: 'STRUCTURE_PIECEJOINTE',
  mandate: 'STRUCTURE_MANDAT',
  bank_account: 'STRUCTURE_COORDONNEE_BANCAIRE'
} as const

function readAttachment(row: JsonObject): StoredAttachment {
  const code = readText(row['pieceJointeTypeCode'])
  return {
    attachmentId: readText(row['pieceJointeId']) ?? '',
    ...present({
      name: readText(row['pieceJointeDesignation']),
      extension: readText(row['pieceJointeExtension'])?.toLowerCase(),
      type: code === undefined ? undefined : { code, ...present({ label: readText(row['pieceJointeTypeLibelle']) }) },
      organization: presentIfAny({
        siret: readText(row['pieceJointeStructureCode']),
        name: readText(row['pieceJointeStructureRaisonSociale'])
      }),
      linkId: readText(row['pieceJointeObjetId'])
    }),
    upstream: present({
      structureId: readText(row['pieceJointeStructureId']),
      userId: readText(row['pieceJointeUtilisateurId'])
    })
  }
}
