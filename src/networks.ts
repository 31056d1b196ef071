import { BlockList, isIP } from 'node:net'

/** Throws RangeError for what is no address or range such as `10.0.0.0/8` or `2001:db8::/32`. */
export function createNetworks(ranges: readonly string[]): (address: string) => boolean {
  const list = new BlockList()
  for (const range of ranges) {
    const [address = '', length, ...rest] = range.split('/')
    const version = isIP(address)
    const bits = version === 6 ? 128 : 32
    const prefix = length === undefined ? bits : /^\d{1,3}$/.test(length) ? Number(length) : Number.NaN
    if (version === 0 || rest.length > 0 || !(prefix <= bits)) throw new RangeError(`no network: ${range}`)
    list.addSubnet(address, prefix, version === 6 ? 'ipv6' : 'ipv4')
  }
  return (address) => {
    // An IPv4 peer of a listener on both.
    const plain = address.replace(/^::ffff:(?=\d+\.)/i, '')
    const version = isIP(plain)
    return version !== 0 && list.check(plain, version === 6 ? 'ipv6' : 'ipv4')
  }
}
