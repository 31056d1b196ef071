import { firstInvented, inventedIndex, inventedStructure } from './invented.ts'
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
  /** What was set through the directory of organisations. */
  edi?: { receives: boolean; sends: boolean } | undefined
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
  /** Those that every search looks through. */
  structures: readonly Structure[]
  commitments: readonly Commitment[]
  byId: (id: Id | undefined) => Structure | undefined
  /** Also finds the invented recipients of a large directory file. */
  byIdentifier: (identifier: string | undefined, type?: string) => Structure | undefined
}

/** `invented` is how many recipients the directory file has besides these. */
export function createDirectory(structures: Structure[], commitments: Commitment[], invented: () => number): Directory {
  const ids = new Map(structures.map((structure) => [structure.id, structure]))
  const identifiers = new Map(structures.map((structure) => [structure.identifier, structure]))
  const invent = (index: number | undefined): Structure | undefined => {
    if (index === undefined || index < 0 || index >= invented()) return undefined
    const made = inventedStructure(index)
    const kept = ids.get(made.id) ?? made
    ids.set(kept.id, kept)
    return kept
  }
  return {
    structures,
    commitments,
    byId: (id) => (id === undefined ? undefined : (ids.get(id) ?? invent(Number(id - firstInvented)))),
    byIdentifier(identifier, type) {
      if (identifier === undefined) return undefined
      const found = identifiers.get(identifier) ?? invent(inventedIndex(identifier))
      return type === undefined || found?.type === type ? found : undefined
    }
  }
}

export const findService = (structure: Structure, code: string | undefined): Service | undefined =>
  structure.services.find((service) => service.code === code)
