import { BlockList, isIP } from 'node:net'

/**
 * Whether NO_PROXY exempts this host: exact name, its subdomains, `.x`, `*.x`, `host:port`, `*`, and CIDR for literal
 * addresses. Names are not resolved.
 */
export function isExempt(noProxy: string | undefined, hostname: string, port: number): boolean {
  if (noProxy === undefined) return false
  const host = bare(hostname)
  return noProxy
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .some((entry) => matches(entry.toLowerCase(), host, port))
}

function matches(entry: string, host: string, port: number): boolean {
  if (entry === '*') return true
  if (entry.includes('/')) return inSubnet(entry, host)
  const withPort = /^(\[.*\]|[^:]*):(\d+)$/.exec(entry)
  if (withPort !== null && Number(withPort[2]) !== port) return false
  const name = bare(withPort?.[1] ?? entry).replace(/^\*?\./, '')
  return name !== '' && (host === name || host.endsWith(`.${name}`))
}

function inSubnet(entry: string, host: string): boolean {
  const [network = '', bits = ''] = entry.split('/')
  const family = isIP(bare(network))
  if (family === 0 || family !== isIP(host) || !/^\d{1,3}$/.test(bits) || Number(bits) > (family === 4 ? 32 : 128)) {
    return false
  }
  const type = family === 4 ? 'ipv4' : 'ipv6'
  const list = new BlockList()
  list.addSubnet(bare(network), Number(bits), type)
  return list.check(host, type)
}

const bare = (name: string): string =>
  name
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '')
