import { mayActFor } from '../accounts.ts'
import type { Structure } from '../directory.ts'
import { writeDirectoryFile } from '../directory-file.ts'
import { flag, id, part, text } from '../fields.ts'
import { cutPageOrNothing, onePage, pageWish, sortRows } from '../pages.ts'
import { Refusal } from '../refusal.ts'
import { type Call, gcuDone, type Operations, traDone } from '../world.ts'
import { attachments } from './attachments.ts'
import { addFile } from './deposit.ts'
import { lookups } from './lookups.ts'
import { detailedReport, report } from './reports.ts'
import { solicitations } from './solicitations.ts'

/** transverses.json. */

/** Structures the account may act for, on the space that is named. Inactive ones are left out. */
const attached = ({ world, account }: Call, kind: Structure['kind']): Structure[] =>
  world.directory.structures.filter((one) => one.kind === kind && one.active && mayActFor(account, one))

function activeRows(call: Call, ...kinds: Structure['kind'][]): object {
  const rows = kinds
    .flatMap((kind) => attached(call, kind))
    // The member is identifiant here, not identifiantStructure.
    .map((one) => ({ idStructureCPP: one.id, identifiant: one.identifier, designationStructure: one.name }))
  return { ...traDone, listeStructures: rows, ...onePage(rows) }
}

function structuresOfUser(call: Call): object {
  // Space 7 is that of received invoices; the numbers of the others are in no source, so they filter nothing.
  const space = id(call.fields, 'espaceFo')
  const kinds: Structure['kind'][] = space === 7n ? ['PUBLIQUE'] : ['PUBLIQUE', 'PRIVEE']
  return {
    ...traDone,
    listeStructures: kinds
      .flatMap((kind) => attached(call, kind))
      .map((one) => ({
        idStructure: one.id,
        identifiantStructure: one.identifier,
        designationStructure: one.name,
        typeIdentifiantStructure: one.type
      }))
  }
}

/** The State is one structure (directory.md 3); the rows are those of rechercher/serviceexecutant. */
const servicesOfTheState = ({ world }: Call) => ({
  ...traDone,
  listeServices: world.directory.structures
    .filter((one) => one.state)
    .flatMap((one) => one.services)
    .map((one) => ({ idServicesCPP: one.id, codeServiceExecutant: one.code, nomServiceExecutant: one.name }))
})

/** Does not work on the qualification platform; here it tells what the directory holds. Codes are unknown. */
function establishment({ world, fields }: Call): object {
  const siret = text(fields, 'siretStructure')
  if (siret === undefined || siret.length > 14) throw new Refusal(20001, 'Le champ siretStructure est obligatoire.')
  const found = world.directory.byIdentifier(siret, 'SIRET')
  if (found === undefined) throw new Refusal(20000, "L'établissement est inconnu.")
  return {
    ...traDone,
    siret,
    siren: siret.slice(0, 9),
    numeroInterneClassement: siret.slice(9),
    raisonSociale: found.name,
    adresse: `${found.address.street} ${found.address.postalCode} ${found.address.town}`,
    dateCreationEntreprise: '2017-01-02',
    dateCreationEtablissement: '2017-01-02',
    estActif: found.active,
    nonDiffusibleInsee: false
  }
}

function bankAccounts({ world, fields, account }: Call): object {
  const structure = world.directory.byId(id(fields, 'idStructure'))
  // The code is unknown.
  if (structure === undefined || !mayActFor(account, structure)) throw new Refusal(20000, 'La structure est inconnue.')
  return {
    ...gcuDone,
    listeCoordonneeBancaire: structure.accounts.map((one) => ({
      idCoordonneeBancaire: one.id,
      nomCoordonneeBancaire: one.label
    })),
    ...onePage(structure.accounts)
  }
}

function searchRecipients({ world, fields }: Call): object {
  const identifier = text(fields, 'identifiant')
  const free = text(fields, 'nomVilleCodePostal')?.toUpperCase()
  const kind = text(fields, 'typeStructure')
  const named = world.directory.byIdentifier(identifier)
  const found = (named === undefined ? world.directory.structures : [named]).filter(
    (one) =>
      one.active &&
      one.kind === (kind ?? 'PUBLIQUE') &&
      (identifier === undefined || one.identifier === identifier) &&
      (free === undefined || [one.name, one.address.town, one.address.postalCode].some((value) => value.includes(free)))
  )
  const rows = found.map((one) => ({
    idStructureCPP: one.id,
    siret: one.identifier,
    nomDestinataire: one.name,
    adresseCodePostal: one.address.postalCode,
    adresseVille: one.address.town
  }))
  const wish = pageWish(
    part(fields, 'parametresRecherche'),
    { column: 'NomDestinataire', descending: false },
    world.settings().pageSizeCap
  )
  const { rows: shown, counters } = cutPageOrNothing(sortRows(rows, wish.column, wish.descending), wish)
  return { ...traDone, listeDestinataires: shown, parametresRetour: counters }
}

function searchServices({ world, fields }: Call): object {
  const structure = world.directory.byId(id(fields, 'idDestinataireCPP'))
  const code = text(fields, 'codeServiceExecutant')?.toUpperCase()
  const name = text(fields, 'nomServiceExecutant')?.toUpperCase()
  const active = flag(fields, 'actif')
  const found = (structure?.services ?? []).filter(
    (one) =>
      (code === undefined || one.code.toUpperCase().includes(code)) &&
      (name === undefined || one.name.toUpperCase().includes(name)) &&
      (active === undefined || one.active === active)
  )
  const rows = found.map((one) => ({
    // Plural, as upstream writes it.
    idServicesCPP: one.id,
    codeServiceExecutant: one.code,
    nomServiceExecutant: one.name
  }))
  const wish = pageWish(
    part(fields, 'parametresRecherche'),
    { column: 'CodeServiceExecutant', descending: false },
    world.settings().pageSizeCap
  )
  const { rows: shown, counters } = cutPageOrNothing(sortRows(rows, wish.column, wish.descending), wish)
  return { ...traDone, listeServices: shown, parametresRetour: counters }
}

/** The archive is made once for each size: it takes a moment when it is large. */
let archive: { of: string; encoded: string } | undefined

function downloadDirectory({ world }: Call): object {
  const recipients = world.directory.structures.filter((one) => one.kind === 'PUBLIQUE')
  const wanted = world.settings().directorySize ?? recipients.length
  const invented = Math.max(0, wanted - recipients.length)
  const of = JSON.stringify([invented, recipients.map((one) => one.edi)])
  if (archive?.of !== of)
    archive = { of, encoded: writeDirectoryFile(recipients.slice(0, wanted), invented).toString('base64') }
  return { ...gcuDone, fichierResultat: archive.encoded }
}

export const transverses: Operations = {
  ...lookups,
  ...attachments,
  ...solicitations,
  'ajouter/fichier': addFile,
  consulterCR: report,
  consulterCRDetaille: detailedReport,
  'recuperer/coordbanc/valides': bankAccounts,
  'recuperer/structures/actives/fournisseur': (call) => activeRows(call, 'PRIVEE'),
  'recuperer/structures/actives/destinataire': (call) => activeRows(call, 'PUBLIQUE'),
  // Which structures have the space of works invoices is not told: either side of a contract, so all of them.
  'recuperer/structures/actives/facturetravaux': (call) => activeRows(call, 'PUBLIQUE', 'PRIVEE'),
  'recuperer/structuresPourUtilisateur': structuresOfUser,
  'rechercher/destinataire': searchRecipients,
  'rechercher/serviceexecutant': searchServices,
  'recuperer/services/executantetat': servicesOfTheState,
  'consulter/information/siret': establishment,
  'telecharger/annuaire/destinataire': downloadDirectory
}

/** The only operation reached with GET, and without codeRetour. */
export const healthCheck = () => ({
  body: "L'API CPRO est actuellement disponible et fonctionnel.",
  statusCodeValue: 200,
  statusCode: 'OK'
})
