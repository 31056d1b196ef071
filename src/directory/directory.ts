import type { BankAccount, Chorus, Service, ServiceDetail, Supplier } from '../chorus/chorus.ts'
import type { OrganizationRow, OwnRole } from '../chorus/organizations.ts'
import type { Resources } from '../chorus/resources.ts'
import { squeezeIban } from '../iban.ts'
import type { DirectoryCopy } from './copy.ts'
import { createMemory } from './memory.ts'
import { createRecipients, type OrganizationFacts, type Recipients } from './recipients.ts'
import { createReference, type Reference } from './reference.ts'

/** Who receives invoices and who we are, from Chorus Pro, remembered. Everything throws ChorusError when it cannot be known. */
export interface Directory extends Recipients {
  /** Services of a structure, inactive ones included. */
  services(structureId: string): Promise<Service[]>
  service(structureId: string, code: string): Promise<ServiceDetail | undefined>
  /** The structures that our account may act for, in this role. */
  own(role: OwnRole): Promise<{ items: OrganizationRow[]; asOf: string }>
  /** Our own structures. */
  sellers(): Promise<Supplier[]>
  seller(siret: string): Promise<Supplier | undefined>
  bankAccounts(structureId: string): Promise<BankAccount[]>
  /** What the configuration calls the account with this IBAN in Chorus Pro; anything else as it is. */
  accountName(wanted: string): string
  codeList: Reference
  /** Forgets everything, for instance after a change of credentials. */
  clear(): void
}

export interface DirectoryOptions {
  chorus: Pick<Chorus, 'findStructures' | 'structure' | 'services' | 'service' | 'suppliers' | 'bankAccounts'> & {
    resources: Pick<Resources, 'organizations' | 'codeLists'>
  }
  /** The recipients as they were, for when Chorus Pro is away. */
  copy?: Pick<DirectoryCopy, 'find' | 'search' | 'facts'>
  now: () => Date
  /** Milliseconds for which an answer counts as fresh; what is not there is asked again sooner. */
  freshMs: number
  missingMs: number
  /** IBAN without blanks → label or id. */
  bankAccounts?: Readonly<Record<string, string>>
}

const lookUpDeadlineMs = 15_000
const codesFreshMs = 86_400_000
/** Less than a check before sending waits. */
const patienceMs = 2_500

export function createDirectory({
  chorus,
  copy,
  now,
  freshMs,
  missingMs,
  bankAccounts = {}
}: DirectoryOptions): Directory {
  const call = { deadlineMs: lookUpDeadlineMs }

  const remember = <T>(fetch: (key: string) => Promise<T | undefined>) =>
    createMemory({ fetch, now: () => now().getTime(), freshMs, missingMs })

  const organizations = remember<OrganizationFacts>(async (siret) => {
    const found = (await chorus.findStructures(siret, call)).filter((structure) => structure.siret === siret)
    const chosen = found.find((structure) => structure.active) ?? found[0]
    if (chosen === undefined) return undefined
    const structure = await chorus.structure(chosen.structureId, call)
    const active = structure.active && chosen.active
    return { ...structure, siret, active, asOf: now().toISOString(), source: 'chorus-pro' }
  })
  const services = remember<Service[]>((structureId) => chorus.services(structureId, call))
  const details = remember<ServiceDetail>((key) => {
    const [structureId = '', serviceId = ''] = key.split('/')
    return chorus.service(structureId, serviceId, call)
  })
  const suppliers = remember<Supplier[]>(() => chorus.suppliers(call))
  const accounts = remember<BankAccount[]>((structureId) => chorus.bankAccounts(structureId, call))
  const owned = remember<{ items: OrganizationRow[]; asOf: string }>(async (role) => ({
    items: await chorus.resources.organizations.own(role as OwnRole, call),
    asOf: now().toISOString()
  }))
  const recipients = createRecipients({
    memory: organizations,
    organizations: chorus.resources.organizations,
    copy,
    call,
    now,
    awayMs: Math.min(missingMs, 10_000),
    patienceMs
  })
  const { codeLists } = chorus.resources
  const codeList = createReference({ codeLists, call, now, freshMs: codesFreshMs, missingMs })
  let refreshedSuppliers = 0

  return {
    ...recipients,
    codeList,
    own: async (role) => (await owned.get(role)) ?? { items: [], asOf: now().toISOString() },
    services: async (structureId) => (await services.get(structureId)) ?? [],
    async service(structureId, code) {
      const listed = ((await services.get(structureId)) ?? []).filter((service) => service.code === code)
      const chosen = listed.find((service) => service.active) ?? listed[0]
      if (chosen === undefined) return undefined
      const detail = await details.get(`${structureId}/${chosen.serviceId}`)
      return { commitmentNumberRequired: false, ...detail, ...chosen }
    },
    sellers: async () => (await suppliers.get('all')) ?? [],
    async seller(siret) {
      const find = async () => ((await suppliers.get('all')) ?? []).find((supplier) => supplier.siret === siret)
      const known = await find()
      // A structure attached a minute ago is asked for again, but a caller cannot make us ask all the time.
      if (known !== undefined || now().getTime() - refreshedSuppliers < missingMs) return known
      refreshedSuppliers = now().getTime()
      suppliers.drop('all')
      return find()
    },
    bankAccounts: async (structureId) => (await accounts.get(structureId)) ?? [],
    accountName(wanted) {
      const iban = squeezeIban(wanted)
      return (Object.hasOwn(bankAccounts, iban) ? bankAccounts[iban] : undefined) ?? wanted
    },
    clear() {
      for (const cache of [organizations, services, details, suppliers, accounts, owned]) cache.clear()
    }
  }
}
