import type { Id } from './json.ts'

export interface Service {
  id: Id
  code: string
  name: string
  active: boolean
  /** `YYYY-MM-DD HH:MM` */
  from: string
  to?: string
  /** A service can demand a commitment number of its own (directory.md 3). */
  commitmentRequired: boolean
}

export interface BankAccount {
  id: Id
  label: string
  iban: string
}

export interface Structure {
  id: Id
  type: string
  identifier: string
  name: string
  kind: 'PUBLIQUE' | 'PRIVEE'
  active: boolean
  state: boolean
  serviceRequired: boolean
  commitmentRequired: boolean
  serviceOrCommitment: boolean
  worksOnly: boolean
  paymentNotReported: boolean
  address: { street: string; postalCode: string; town: string; countryCode: string; country: string }
  services: Service[]
  accounts: BankAccount[]
}

export interface Commitment {
  id: Id
  number: string
  supplier: Structure
  buyer: Structure
  serviceCode: string
  state: string
  /** `YYYY-MM-DD` */
  notified: string
  amount: number
}

export interface Directory {
  structures: readonly Structure[]
  commitments: readonly Commitment[]
  byId: (id: Id | undefined) => Structure | undefined
  byIdentifier: (identifier: string | undefined, type?: string) => Structure | undefined
}

/** The service reserved for invoices between public bodies, present on every public structure (directory.md 3). */
export const publicInvoices = 'FACTURES_PUBLIQUES'

export function createDirectory(structures: Structure[], commitments: Commitment[]): Directory {
  const ids = new Map(structures.map((structure) => [structure.id, structure]))
  const identifiers = new Map(structures.map((structure) => [structure.identifier, structure]))
  return {
    structures,
    commitments,
    byId: (id) => (id === undefined ? undefined : ids.get(id)),
    byIdentifier(identifier, type) {
      const found = identifier === undefined ? undefined : identifiers.get(identifier)
      return type === undefined || found?.type === type ? found : undefined
    }
  }
}

export const findService = (structure: Structure, code: string | undefined): Service | undefined =>
  structure.services.find((service) => service.code === code)
