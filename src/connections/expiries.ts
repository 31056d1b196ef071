import type { Expiry } from '../../schemas/ways-out.ts'
import type { Connected } from './connections.ts'

/** A warning is given when so many days are left. */
export const warningDays = [60, 30, 14, 7, 1] as const

const dayMs = 86_400_000

/** Every date that is known, soonest first, and the unknown ones at the end. */
export function listExpiries(connections: readonly Connected[], now: Date): Expiry[] {
  const seen = new Set<string>()
  const entries: Omit<Expiry, 'state' | 'daysLeft'>[] = []
  for (const { connection, account, chorus, dates } of connections) {
    const { name, environment } = connection
    const { access, certificate } = chorus.status()
    const common = { connection: name, environment }
    if (!seen.has(name)) {
      seen.add(name)
      if (certificate !== undefined) {
        const { subject, notAfter } = certificate
        entries.push({ kind: 'certificate', ...common, expiresAt: notAfter.toISOString(), detail: subject })
      }
      // A simulator inside the gateway needs none to be noted.
      if (access === 'piste') entries.push({ kind: 'piste-secret', ...common, ...endOf(dates.pisteSecret) })
    }
    const { route } = account
    entries.push({ kind: 'password', ...common, account: route, ...endOf(dates.password) })
  }
  return entries
    .map((entry) => judge(entry, now))
    .toSorted((a, b) => ((a.expiresAt ?? '9') < (b.expiresAt ?? '9') ? -1 : 1))
}

/** A day holds until its end. */
const endOf = (day: string | undefined) => (day === undefined ? {} : { expiresAt: `${day}T23:59:59.000Z` })

function judge(entry: Omit<Expiry, 'state' | 'daysLeft'>, now: Date): Expiry {
  if (entry.expiresAt === undefined) return { ...entry, state: 'unknown' }
  const daysLeft = Math.floor((Date.parse(entry.expiresAt) - now.getTime()) / dayMs)
  return { ...entry, daysLeft, state: daysLeft < 0 ? 'expired' : daysLeft <= warningDays[0] ? 'soon' : 'good' }
}

/** What to do about one of them. */
export const remedyFor: Record<Expiry['kind'], string> = {
  certificate:
    'Order the next certificate, declare it on the Chorus Pro portal, then replace the file: it is tried and taken over without a restart.',
  password:
    'Make a new password for the technical account on the Chorus Pro portal, then replace it in the configuration: it is tried and taken over without a restart.',
  'piste-secret':
    'Make a new secret for the application in PISTE, then replace it in the configuration: it is tried and taken over without a restart.'
}

export const titleOf = ({ kind, connection, account }: Expiry): string =>
  ({
    certificate: `client certificate of the connection ${connection}`,
    password: `password of the technical account ${account}`,
    'piste-secret': `PISTE secret of the connection ${connection}`
  })[kind]

export interface RadarOptions {
  list: () => Expiry[]
  log: { warn(facts: object, message: string): void; error(facts: object, message: string): void }
}

/** Warns 60, 30, 14, 7 days and one day before the end, once each, and every day afterwards. */
export function createRadar({ list, log }: RadarOptions): () => void {
  const told = new Map<string, number>()
  return () => {
    for (const expiry of list()) {
      const { expiresAt, daysLeft, kind } = expiry
      if (expiresAt === undefined || daysLeft === undefined) continue
      const step = daysLeft < 0 ? daysLeft : warningDays.findLast((days) => daysLeft <= days)
      const key = `${titleOf(expiry)} ${expiresAt}`
      if (step === undefined || told.get(key) === step) continue
      told.set(key, step)
      const facts = { kind, connection: expiry.connection, account: expiry.account, expiresAt, daysLeft }
      if (daysLeft < 0) log.error(facts, `the ${titleOf(expiry)} has expired. ${remedyFor[kind]}`)
      else log.warn(facts, `the ${titleOf(expiry)} ends in ${daysLeft} days. ${remedyFor[kind]}`)
    }
  }
}
