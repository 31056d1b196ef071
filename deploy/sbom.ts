// The bill of materials of what runs in production, CycloneDX 1.6: `npm run sbom > sbom.json`. From the lockfile alone, so
// that the same lockfile gives the same bytes. npm's own `npm sbom` leaves out what a development package needs as well.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'

interface Locked {
  version: string
  dev?: true
  devOptional?: true
  optional?: true
  license?: string
  integrity?: string
}

const text = readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8')
const { name, version, packages } = JSON.parse(text) as {
  name: string
  version: string
  packages: Record<string, Locked>
}

/** A serial number has the form of a random UUID; this one is made of the lockfile. */
const digest = createHash('sha256').update(text).digest('hex')
const serial = `${digest.slice(0, 8)}-${digest.slice(8, 12)}-4${digest.slice(13, 16)}-8${digest.slice(17, 20)}-${digest.slice(20, 32)}`

const purlOf = (name: string, version: string) => `pkg:npm/${name.replace('@', '%40')}@${version}`

const components = Object.entries(packages)
  .filter(([path, { dev, devOptional, optional }]) => path !== '' && !dev && !devOptional && !optional)
  .map(([path, { version, license, integrity = '' }]) => {
    const name = path.replace(/^.*node_modules\//, '')
    const [algorithm = '', hash = ''] = integrity.split('-')
    return {
      type: 'library',
      'bom-ref': `${path}@${version}`,
      name,
      version,
      scope: 'required',
      purl: purlOf(name, version),
      hashes: [{ alg: algorithm.replace('sha', 'SHA-'), content: Buffer.from(hash, 'base64').toString('hex') }],
      licenses:
        license === undefined
          ? []
          : / (OR|AND) /.test(license)
            ? [{ expression: license }]
            : [{ license: { id: license } }]
    }
  })

const bom = {
  $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
  bomFormat: 'CycloneDX',
  specVersion: '1.6',
  serialNumber: `urn:uuid:${serial}`,
  version: 1,
  metadata: {
    component: {
      type: 'application',
      'bom-ref': `${name}@${version}`,
      name,
      version,
      purl: purlOf(name, version),
      licenses: [{ license: { id: 'Apache-2.0' } }]
    }
  },
  components
}
process.stdout.write(`${JSON.stringify(bom, null, 2)}\n`)
