import { mayActFor } from '../accounts.ts'
import { writeZip } from '../archive.ts'
import type { Structure } from '../directory.ts'
import { flag, id, part, text } from '../fields.ts'
import { cutPageOrNothing, pageWish, sortRows } from '../pages.ts'
import { Refusal } from '../refusal.ts'
import { type Call, gcuDone, type Operations, traDone } from '../world.ts'
import { addFile } from './deposit.ts'
import { lookups } from './lookups.ts'
import { detailedReport, report } from './reports.ts'

/** transverses.json. Not here yet: attachments of the account, solicitations, telecharger/pieceJointe. */

/** Structures the account may act for, on the space that is named. Inactive ones are left out. */
const attached = ({ world, account }: Call, kind: Structure['kind']): Structure[] =>
  world.directory.structures.filter((one) => one.kind === kind && one.active && mayActFor(account, one))

const activeRows = (call: Call, kind: Structure['kind']) => ({
  ...traDone,
  // The member is identifiant here, not identifiantStructure.
  listeStructures: attached(call, kind).map((one) => ({
    idStructureCPP: one.id,
    identifiant: one.identifier,
    designationStructure: one.name
  }))
})

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

function bankAccounts({ world, fields, account }: Call): object {
  const structure = world.directory.byId(id(fields, 'idStructure'))
  // The code is unknown.
  if (structure === undefined || !mayActFor(account, structure)) throw new Refusal(20000, 'La structure est inconnue.')
  return {
    ...gcuDone,
    listeCoordonneeBancaire: structure.accounts.map((one) => ({
      idCoordonneeBancaire: one.id,
      nomCoordonneeBancaire: one.label
    }))
  }
}

function searchRecipients({ world, fields }: Call): object {
  const identifier = text(fields, 'identifiant')
  const free = text(fields, 'nomVilleCodePostal')?.toUpperCase()
  const kind = text(fields, 'typeStructure')
  const found = world.directory.structures.filter(
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

/** The 21 columns that one importer reads (directory.md 5); the layout inside the real archive is unknown. */
function downloadDirectory({ world }: Call): object {
  const header =
    'TypeIdentifiant;Identifiant;RaisonSociale;EmetteurEdi;RecepteurEdi;GestionStatutMiseEnPaiement;GestionEngagement;' +
    'GestionService;GestionServiceEngagement;EstMOA;EstMOAUniquement;StructureActive;Adresse;ComplementAdresse1;' +
    'ComplementAdresse2;CodePostal;Ville;NumTelephone;Courriel;CodePays;LibellePays'
  const lines = world.directory.structures
    .filter((one) => one.kind === 'PUBLIQUE')
    .map((one) =>
      [
        1,
        one.identifier,
        one.name,
        false,
        false,
        !one.paymentNotReported,
        one.commitmentRequired,
        one.serviceRequired,
        one.serviceOrCommitment,
        one.worksOnly,
        one.worksOnly,
        one.active,
        one.address.street,
        '',
        '',
        one.address.postalCode,
        one.address.town,
        '',
        '',
        one.address.countryCode,
        one.address.country
      ].join(';')
    )
  const csv = Buffer.from(`${[header, ...lines].join('\n')}\n`)
  return { ...gcuDone, fichierResultat: writeZip([{ name: 'structures.csv', bytes: csv }]).toString('base64') }
}

export const transverses: Operations = {
  ...lookups,
  'ajouter/fichier': addFile,
  consulterCR: report,
  consulterCRDetaille: detailedReport,
  'recuperer/coordbanc/valides': bankAccounts,
  'recuperer/structures/actives/fournisseur': (call) => activeRows(call, 'PRIVEE'),
  'recuperer/structures/actives/destinataire': (call) => activeRows(call, 'PUBLIQUE'),
  'recuperer/structuresPourUtilisateur': structuresOfUser,
  'rechercher/destinataire': searchRecipients,
  'rechercher/serviceexecutant': searchServices,
  'telecharger/annuaire/destinataire': downloadDirectory
}

/** The only operation reached with GET, and without codeRetour. */
export const healthCheck = () => ({
  body: "L'API CPRO est actuellement disponible et fonctionnel.",
  statusCodeValue: 200,
  statusCode: 'OK'
})
