import type { Structure } from './directory.ts'
import { publicInvoices } from './reference.ts'

/**
 * Recipients without end, for directories of any size: the n-th is made when somebody asks for it, and is the same
 * every time. Their SIRETs begin with 80 and satisfy the checksum.
 */

function checkDigit(digits: string): number {
  // The digit that is still missing stands at an odd place from the right, so the last one here counts twice.
  const sum = digits
    .split('')
    .toReversed()
    .reduce((total, digit, index) => {
      const value = Number(digit) * (index % 2 === 0 ? 2 : 1)
      return total + (value > 9 ? value - 9 : value)
    }, 0)
  return (10 - (sum % 10)) % 10
}

export function inventedSiret(index: number): string {
  const head = `80${String(index).padStart(6, '0')}`
  const siren = `${head}${checkDigit(head)}`
  return `${siren}0001${checkDigit(`${siren}0001`)}`
}

/** Undefined if it is none of them. */
export function inventedIndex(siret: string): number | undefined {
  const index = /^80(\d{6})\d{6}$/.exec(siret)?.[1]
  return index !== undefined && inventedSiret(Number(index)) === siret ? Number(index) : undefined
}

/** Technical ids of the structures; their services follow far above. */
export const firstInvented = 40_000_000n

export function inventedStructure(index: number): Structure {
  const id = firstInvented + BigInt(index)
  const serviceRequired = index % 4 === 1
  const service = (code: string, at: bigint) => ({
    id: 600_000_000n + 2n * BigInt(index) + at,
    code,
    name: code === publicInvoices ? 'Service des factures publiques' : code,
    active: true,
    from: '2017-01-02 09:00',
    commitmentRequired: false
  })
  return {
    id,
    type: 'SIRET',
    identifier: inventedSiret(index),
    name: `COMMUNE INVENTEE ${index}`,
    kind: 'PUBLIQUE',
    // One in a hundred has closed.
    active: index % 100 !== 99,
    state: false,
    serviceRequired,
    commitmentRequired: index % 4 === 2,
    serviceOrCommitment: index % 4 === 3,
    worksOnly: false,
    paymentNotReported: index % 10 === 0,
    address: {
      street: `${(index % 90) + 1} rue de la Mairie`,
      postalCode: String(10_000 + (index % 80_000)),
      town: `VILLE ${index % 1000}`,
      countryCode: 'FR',
      country: 'France'
    },
    services: [service(publicInvoices, 0n), ...(serviceRequired ? [service('SERVICE_1', 1n)] : [])],
    accounts: []
  }
}
