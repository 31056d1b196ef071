import type { Address, BankAccount, FoundStructure, Service, ServiceDetail, Structure, Supplier } from './chorus.ts'
import { readDay, readMoment } from './dates.ts'
import { type Json, type JsonObject, readBoolean, readObject, readText } from './json.ts'
import { present } from './present.ts'

export function readFoundStructure(row: JsonObject): FoundStructure {
  return {
    structureId: readText(row['idStructureCPP']) ?? readText(row['idStructure']) ?? '',
    siret: readText(row['identifiantStructure']) ?? readText(row['identifiant']) ?? '',
    ...present({ name: readText(row['designationStructure']) }),
    active: /^ACTI/i.test(readText(row['statut']) ?? 'ACTIVE')
  }
}

export function readStructure(structureId: string, answer: JsonObject): Structure {
  // Both spellings occur (structures.json, notes of consulter).
  const general = readObject(answer['informationGenerales'] ?? answer['informationsGenerales'])
  const rules = readObject(answer['parametres'])
  const flag = (name: string) => readBoolean(rules[name]) === true
  const kind = readText(general['structurePriveePublique'])
  return {
    structureId: readText(general['idStructureCPP']) ?? structureId,
    siret: readText(general['identifiantStructure']) ?? '',
    active: /^ACTI/i.test(readText(general['statut']) ?? readText(general['statutStructure']) ?? 'ACTIVE'),
    requirements: {
      serviceCode: flag('codeServiceDoitEtreRenseigne'),
      commitmentNumber: flag('numeroEJDoitEtreRenseigne'),
      serviceOrCommitment: flag('gestionNumeroEJOuCodeService')
    },
    ...present({
      name: readText(general['raisonSocialeStructure']) ?? readText(general['libelleStructure']),
      isPublic: kind === undefined ? undefined : kind === 'PUBLIQUE',
      worksOwner: readBoolean(rules['getaMoa']),
      worksOnly: readBoolean(rules['estMoaUniquement']),
      paymentReported: negated(readBoolean(rules['statutMiseEnPaiementNestPasRemonte'])),
      vatNumber: readText(general['numeroTVA']),
      address: readAddress(answer['adressePostaleDuSiege']),
      passwordExpiresOn: readDay(readText(general['dateExpirationMotPasseCompteTech']))
    })
  }
}

const negated = (flag: boolean | undefined) => (flag === undefined ? undefined : !flag)

/** Without telephone and fax. */
function readAddress(value: Json | undefined): Address | undefined {
  const block = readObject(value)
  const lines = ['adresse', 'complementAdresse1', 'complementAdresse2'].flatMap((name) => readText(block[name]) ?? [])
  const address = present({
    lines: lines.length > 0 ? lines : undefined,
    postalCode: readText(block['codePostal']),
    town: readText(block['ville']),
    country: readText(block['pays'])
  })
  return Object.keys(address).length > 0 ? address : undefined
}

export function readService(row: JsonObject): Service {
  return {
    serviceId: readText(row['idService']) ?? '',
    code: readText(row['codeService']) ?? '',
    ...present({
      name: readText(row['libelleService']) ?? readText(row['nomService']),
      from: readMoment(readText(row['dateDbtService'])),
      until: readMoment(readText(row['dateFinService']))
    }),
    active: readBoolean(row['estActif']) ?? true
  }
}

export function readServiceDetail(serviceId: string, answer: JsonObject, now: number): ServiceDetail {
  const general = readObject(answer['informationsGenerales'] ?? answer['informationGenerales'])
  const rules = readObject(answer['parametres'])
  const end = readMoment(readText(rules['dateFinValidite']))
  return {
    serviceId,
    code: readText(general['codeService']) ?? '',
    ...present({
      name: readText(general['nomService']) ?? readText(general['libelleService']),
      description: readText(general['descriptionService']),
      from: readMoment(readText(rules['dateDebutValidite'])),
      until: end,
      address: readAddress(answer['adressePostale'])
    }),
    active: readBoolean(general['estActif']) ?? (end === undefined || Date.parse(end) > now),
    commitmentNumberRequired: readBoolean(rules['numeroEngagement']) === true
  }
}

export function readSupplier(row: JsonObject): Supplier {
  const { structureId, siret, name } = readFoundStructure(row)
  return { structureId, siret, ...present({ name }) }
}

export function readBankAccount(row: JsonObject): BankAccount {
  return {
    bankAccountId: readText(row['idCoordonneeBancaire']) ?? '',
    ...present({ label: readText(row['nomCoordonneeBancaire']) })
  }
}
