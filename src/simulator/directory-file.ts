import { writeStreamedZip } from './archive.ts'
import type { Structure } from './directory.ts'
import { inventedStructure } from './invented.ts'

const header =
  'TypeIdentifiant;Identifiant;RaisonSociale;EmetteurEdi;RecepteurEdi;GestionStatutMiseEnPaiement;GestionEngagement;' +
  'GestionService;GestionServiceEngagement;EstMOA;EstMOAUniquement;StructureActive;Adresse;ComplementAdresse1;' +
  'ComplementAdresse2;CodePostal;Ville;NumTelephone;Courriel;CodePays;LibellePays'

const line = (one: Structure): string =>
  [
    1,
    one.identifier,
    one.name,
    one.edi?.sends ?? false,
    one.edi?.receives ?? false,
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

/**
 * The file of all recipients: the 21 columns that one importer reads (directory.md 5), since the layout inside the
 * real archive is unknown. `invented` more follow those that exist.
 */
export function writeDirectoryFile(recipients: readonly Structure[], invented: number): Buffer {
  const lines = [header, ...recipients.map(line)]
  for (let index = 0; index < invented; index++) lines.push(line(inventedStructure(index)))
  return writeStreamedZip('structures.csv', Buffer.from(`${lines.join('\n')}\n`))
}
