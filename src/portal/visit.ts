import type { Resources } from '../chorus/resources.ts'
import { accountForReading, type Connected } from '../connections/connections.ts'
import type { Directory } from '../directory/directory.ts'

/** One account of ours at Chorus Pro, as far as looking into it goes. */
export interface Way {
  /** In which ids of Chorus Pro have a meaning. */
  environment: string
  /** Names the account: what one sees is not for the callers of another. */
  lane: string
  /** `connection/account`, as the configuration names them. */
  connection: string
  access: 'piste' | 'certificate'
  /** Last day of its password, as far as the configuration tells. */
  passwordExpires?: string
  resources: Resources
  directory: Pick<Directory, 'organization' | 'services' | 'bankAccounts' | 'accountName'>
  /** Sellers that it alone serves; empty: it serves everybody. */
  sellers: readonly string[]
}

/** Who looks, and over which accounts: the first is the one for reading, the others are of the same connection. */
export interface Visit {
  caller: { id: string; sellers: readonly string[] }
  ways: readonly [Way, ...Way[]]
}

/** The account for reading first; the others of its connection see what it may not. */
export function visitOver(caller: Visit['caller'], allowed: [Connected, ...Connected[]]): Visit {
  const first = accountForReading(allowed)
  const others = allowed.filter((one) => one !== first && one.connection.name === first.connection.name)
  return { caller, ways: [wayOf(first), ...others.map(wayOf)] }
}

function wayOf({ connection, account, lane, chorus, directory }: Connected): Way {
  return {
    environment: connection.environment,
    lane,
    connection: account.route,
    access: chorus.status().access,
    ...(account.passwordExpires !== undefined && { passwordExpires: account.passwordExpires }),
    sellers: account.sellers,
    resources: chorus.resources,
    directory
  }
}

/** The account that sees this seller's invoices. */
export function wayFor({ ways }: Visit, seller: string): Way {
  return ways.find(({ sellers }) => sellers.includes(seller)) ?? ways[0]
}
