import { type Directory, findService, type Service, type Structure } from './directory.ts'
import { publicInvoices } from './reference.ts'
import type { Settings } from './settings.ts'

export interface Route {
  seller: Structure
  recipient: Structure
  service: Service | undefined
}

export interface Destination {
  recipient: string | undefined
  serviceCode: string | undefined
  commitment: string | undefined
}

/** Letters, digits and `-_/+`, 20 at most; a space is not in that list (behaviour.md 5). */
export const numberIsValid = (number: string): boolean => /^[A-Za-z0-9_/+-]{1,20}$/.test(number)

/** Must hold "déjà déposé" and "numéro de facture"; the rest of the sentence is ours. */
export const duplicateText = (number: string, seller: Structure): string =>
  `Le numéro de facture ${number} est celui d'une demande de paiement déjà déposée pour la structure ${seller.identifier}.`

/**
 * The rules of directory.md 3, for soumettre, recycler and flows alike. Every fault found, in French; the wordings
 * are ours, since only their meaning is known (errors.md 3.1).
 */
export function checkDestination(
  { recipient: identifier, serviceCode, commitment }: Destination,
  { directory, settings, seller }: { directory: Directory; settings: Settings; seller: Structure | undefined }
): { recipient: Structure | undefined; service: Service | undefined; faults: string[] } {
  const recipient = directory.byIdentifier(identifier)
  if (recipient === undefined || recipient.kind === 'PRIVEE') {
    return { recipient: undefined, service: undefined, faults: [`Le destinataire ${identifier ?? ''} est inconnu.`] }
  }
  const faults: string[] = []
  if (!recipient.active) faults.push(`Le destinataire ${recipient.identifier} est inactif.`)
  const service = findService(recipient, serviceCode)
  if (serviceCode !== undefined) {
    if (service === undefined) faults.push(`Le service ${serviceCode} n'existe pas pour ce destinataire.`)
    else if (!service.active) faults.push(`Le service ${serviceCode} est inactif.`)
    else if (service.code === publicInvoices && seller?.kind === 'PRIVEE') {
      faults.push(`Le service ${serviceCode} est réservé aux factures entre entités publiques.`)
    }
  }
  faults.push(...missingReferences(recipient, service, serviceCode, commitment))
  if (commitment !== undefined) {
    if (commitment.length > 50) faults.push("Le numéro d'engagement dépasse 50 caractères.")
    // Only the State's commitments are known to the platform (directory.md 3, rule 4).
    else if (
      recipient.state &&
      settings.checkCommitments &&
      !directory.commitments.some((one) => one.number === commitment)
    ) {
      faults.push(`Le numéro d'engagement ${commitment} n'existe pas.`)
    }
  }
  return { recipient, service, faults }
}

function missingReferences(
  recipient: Structure,
  service: Service | undefined,
  serviceCode: string | undefined,
  commitment: string | undefined
): string[] {
  const serviceFault = 'Le code service est obligatoire pour ce destinataire.'
  const commitmentFault = "Le numéro d'engagement est obligatoire pour ce destinataire."
  const faults: string[] = []
  // The either-or flag comes first and hides the two others (directory.md 3).
  if (recipient.serviceOrCommitment) {
    if (serviceCode === undefined && commitment === undefined) {
      faults.push("Le code service ou le numéro d'engagement est obligatoire pour ce destinataire.")
    }
  } else {
    if (recipient.serviceRequired && serviceCode === undefined) faults.push(serviceFault)
    if (recipient.commitmentRequired && commitment === undefined) faults.push(commitmentFault)
  }
  if (service?.commitmentRequired && commitment === undefined && !faults.includes(commitmentFault)) {
    faults.push("Le numéro d'engagement est obligatoire pour ce service.")
  }
  return faults
}
