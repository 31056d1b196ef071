/**
 * An operation of Chorus Pro is named as PISTE names it, domain first and without version: `factures/soumettre`. The
 * certificate mode has no version, and keeps works invoices below `factures/` (authentication.md, section 1).
 */
export function pathOf(operation: string, access: 'piste' | 'certificate', version = 'v1'): string {
  const [domain = '', ...rest] = operation.split('/')
  if (access === 'piste') return [domain, version, ...rest].join('/')
  return [domain === works ? legacyWorks : domain, ...rest].join('/')
}

export interface CalledAddress {
  operation: string
  version: string
  style: 'piste' | 'certificate'
  /** The caller's own address names the qualification platform. */
  qualification: boolean
}

const works = 'facturesTravaux'
const legacyWorks = 'factures/travaux'
/** A name, never a way around: `..` or an escaped slash would leave the API's own path. */
const part = /^(?!\.+$)[A-Za-z0-9._~-]+$/

/** Reads the path of a client that was written for Chorus Pro, in either style; undefined when it is none. */
export function readAddress(path: string): CalledAddress | undefined {
  const [, root = '', ...parts] = path.split('/')
  const style = root === 'cpro' ? 'piste' : root === 'service' || root === 'service-qualif' ? 'certificate' : undefined
  // A client of both modes leaves the version of PISTE out of one address for both: `/service/factures//soumettre`.
  const [domain = '', ...rest] = style === 'certificate' ? parts.filter((name) => name !== '') : parts
  if (style === undefined || ![domain, ...rest].every((name) => part.test(name))) return undefined
  if (style === 'piste') {
    const [version = '', ...names] = rest
    if (!/^v\d{1,3}$/.test(version) || names.length === 0) return undefined
    return { operation: [domain, ...names].join('/'), version, style, qualification: false }
  }
  const isWorks = `${domain}/${rest[0] ?? ''}` === legacyWorks
  const names = isWorks ? rest.slice(1) : rest
  if (names.length === 0) return undefined
  const operation = [isWorks ? works : domain, ...names].join('/')
  return { operation, version: 'v1', style, qualification: root === 'service-qualif' }
}
