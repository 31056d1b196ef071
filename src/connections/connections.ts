import { type ChorusClient, createChorus } from '../chorus/client.ts'
import { ChorusError } from '../chorus/errors.ts'
import type { Gate } from '../chorus/gate.ts'
import type { DirectoryCopy } from '../directory/copy.ts'
import { createDirectory, type Directory } from '../directory/directory.ts'
import { ProblemError } from '../problem.ts'
import { laneOf } from '../store/stored-invoice.ts'
import type { WaySettings } from './ways.ts'

/** One technical account, ready to be used. */
export interface Connected extends Pick<WaySettings, 'connection' | 'account'> {
  /** `environment/connection/account`: what invoices that it sends are kept under. */
  lane: string
  chorus: ChorusClient
  directory: Directory
  /** The last days of what is in use; they change with it. */
  dates: Dates
}

export interface Dates {
  password?: string | undefined
  pisteSecret?: string | undefined
}

export const datesOf = ({ connection, account }: Pick<WaySettings, 'connection' | 'account'>): Dates => ({
  password: account.passwordExpires,
  pisteSecret: connection.clientSecretExpires
})

/** Who asks, as far as connections are concerned. */
export interface Asker {
  /** Connections that its key is bound to; empty or absent: those of the default connection's environment. */
  connections?: readonly string[]
  /** The one that this request names: `connection`, or `connection/account`. */
  connection?: string
  /** Sellers that it may act for; empty or absent: every one. */
  sellers?: readonly string[]
}

export interface Connections {
  /** In the order of the configuration; the first is the default. Never empty. */
  all: readonly [Connected, ...Connected[]]
  /** Every name under which there may be invoices, former names included. */
  lanes: string[]
  /** By the lane of an invoice, and never another: what one account sent is only looked for with it. Throws ChorusError. */
  at(lane: string): Connected
  /** Those that the caller may mean, all of one environment, the default first. Throws ProblemError. */
  allowed(asker: Asker): [Connected, ...Connected[]]
  close(): Promise<void>
}

export interface ConnectionsOptions {
  ways: WaySettings[]
  /** Of an account, by the lanes that its invoices are kept under, its present one first. */
  gate: (lanes: string[]) => Gate
  /** The recipients of an environment as they were. */
  copyOf: (environment: string) => DirectoryCopy
  now: () => Date
  /** How long the directory keeps what it has learnt, milliseconds. */
  freshMs: number
  missingMs: number
}

/** Opens nothing. Throws IdentityError when a certificate cannot be read. */
export function createConnections(options: ConnectionsOptions): Connections {
  const { ways, gate, copyOf, now, freshMs, missingMs } = options
  const known = ways.map(({ connection, account, chorus: settings }) => {
    const { environment } = connection
    const [lane = '', ...former] = [account.route, ...account.formerly].map((each) =>
      laneOf({ environment, connection: each })
    )
    const chorus = createChorus({ ...settings, gate: gate([lane, ...former]) })
    const copy = copyOf(environment)
    const directory = createDirectory({ chorus, copy, now, freshMs, missingMs, bankAccounts: account.bankAccounts })
    return {
      connected: {
        connection,
        account,
        lane,
        chorus,
        directory,
        dates: datesOf({ connection, account })
      } satisfies Connected,
      lanes: [lane, ...former]
    }
  })
  const [first, ...others] = known.map(({ connected }) => connected)
  if (first === undefined) throw new RangeError('there is no connection')
  const all = [first, ...others] as const
  const byLane = new Map(known.flatMap(({ connected, lanes }) => lanes.map((lane) => [lane, connected] as const)))

  return {
    all,
    lanes: [...byLane.keys()],
    at(lane) {
      const found = byLane.get(lane)
      if (found !== undefined) return found
      const evidence = {
        proof: 'not-sent',
        problem: 'connection-not-configured',
        service: 'none',
        lane: false
      } as const
      throw new ChorusError(`The account ${lane} is not in the configuration any more`, evidence)
    },
    allowed({ connections = [], connection: wish }) {
      const permitted = all.filter(({ connection: { name, environment } }) =>
        connections.length === 0 ? environment === first.connection.environment : connections.includes(name)
      )
      const meant =
        wish === undefined
          ? permitted
          : permitted.filter(({ connection, account }) => connection.name === wish || account.route === wish)
      const [one, ...more] = meant
      if (one !== undefined) {
        return [one, ...more.filter(({ connection }) => connection.environment === one.connection.environment)]
      }
      if (wish === undefined) {
        const detail = 'This key is bound to a connection that is not configured.'
        throw new ProblemError('connection-not-configured', { detail })
      }
      // The same words whether it exists or not.
      throw new ProblemError('insufficient-scope', {
        detail: 'The header Chorus-Connection names no connection that this key may use.'
      })
    },
    async close() {
      await Promise.all(all.map(({ chorus }) => chorus.close()))
    }
  }
}

/** The account that sends for this seller: the one that names it, else the first that serves everybody. */
export function accountFor(allowed: readonly Connected[], seller: string | undefined): Connected | undefined {
  // Chorus Pro may read the seller in the document, which is too late to choose.
  if (seller === undefined) return allowed.length === 1 ? allowed[0] : undefined
  return (
    allowed.find(({ account }) => account.sellers.includes(seller)) ??
    allowed.find(({ account }) => account.sellers.length === 0)
  )
}

/**
 * The account for what is nobody's invoice: the one that names the sellers of a key that has some, else one that serves
 * everybody before one that serves a few.
 */
export function accountForReading(
  allowed: readonly [Connected, ...Connected[]],
  sellers: readonly string[] = []
): Connected {
  const [first] = allowed
  const same = allowed.filter(({ connection }) => connection.name === first.connection.name)
  const named = allowed.find(
    ({ account }) => sellers.length > 0 && sellers.every((one) => account.sellers.includes(one))
  )
  if (named !== undefined) return named
  return same.find(({ account }) => account.sellers.length === 0) ?? first
}
