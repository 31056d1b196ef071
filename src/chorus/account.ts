import type { Asker, Page, PageRequest } from './asker.ts'
import type { CallOptions } from './chorus.ts'
import { readMoment } from './dates.ts'
import { type JsonObject, readBoolean, readList, readText } from './json.ts'
import { present } from './present.ts'
import { type Coded, nameAttachmentState, nameIdentifierType } from './structure-words.ts'

/** A structure that our account is attached to, with the services it is attached to there. */
export interface AccountAttachment {
  siret?: string
  identifier: string
  identifierType: string
  name?: string
  /** The values of roles are in no source: as it came. */
  role?: string
  status?: Coded
  services: {
    code: string
    name?: string
    active: boolean
    from?: string
    until?: string
    status?: Coded
    upstream: { serviceId?: string; attachmentId?: string }
  }[]
  upstream: { structureId?: string; attachmentId?: string; userStatus?: string; identifierType?: string }
}

export interface Account {
  /** Structures with at least one active attachment. */
  attachments(at: PageRequest, call?: CallOptions): Promise<Page<AccountAttachment>>
}

export function createAccount(asker: Pick<Asker, 'page'>): Account {
  return {
    async attachments(at, call) {
      const search = {
        service: 'utilisateurs/monCompte/recuperer/rattachements',
        rows: 'listeStructureRattachement',
        payload: ({ page, size }: PageRequest) => ({
          parametresRecherche: {
            pageResultatDemandee: page,
            nbResultatsParPage: size,
            triColonne: 'IdStructure',
            triSens: 'Ascendant'
          }
        })
      }
      const { items, ...page } = await asker.page(search, at, call)
      return { ...page, items: items.map(readAttachment) }
    }
  }
}

const stateOf = (raw: string | undefined) => (raw === undefined ? undefined : nameAttachmentState(raw))

function readAttachment(row: JsonObject): AccountAttachment {
  const rawType = readText(row['typeIdentifiantStructure'])
  const identifierType = nameIdentifierType(rawType ?? 'SIRET').code
  const given = readText(row['identifiantStructure']) ?? ''
  const identifier = identifierType === 'siret' && /^\d+$/.test(given) ? given.padStart(14, '0') : given
  return {
    identifier,
    identifierType,
    ...present({
      siret: identifierType === 'siret' ? identifier : undefined,
      name: readText(row['designationStructure']),
      role: readText(row['roleUtilisateur']),
      status: stateOf(readText(row['statutRattachementStructure']))
    }),
    services: readList(row['listeServicesRattache']).map((service) => ({
      code: readText(service['codeService']) ?? '',
      active: readBoolean(service['estActif']) ?? true,
      ...present({
        name: readText(service['libelleService']),
        from: readMoment(readText(service['dateDbtService'])),
        until: readMoment(readText(service['dateFinService'])),
        status: stateOf(readText(service['statutRattachementService']))
      }),
      upstream: present({
        serviceId: readText(service['idService']),
        attachmentId: readText(service['idRattachementService'])
      })
    })),
    upstream: present({
      structureId: readText(row['idStructure']),
      attachmentId: readText(row['idRattachementStructure']),
      userStatus: readText(row['statutUtilisateur']),
      identifierType: rawType
    })
  }
}
