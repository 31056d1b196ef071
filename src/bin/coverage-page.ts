import { pathOf } from '../chorus/address.ts'
import type { Entry, NameOnly } from '../chorus/catalogue/entry.ts'
import { nameOnly } from '../chorus/catalogue/name-only.ts'
import { catalogue } from '../chorus/catalogue.ts'
import { simulatedOperations } from '../simulator/operations/table.ts'

const simulated = new Set(simulatedOperations.map(({ domain, path }) => `${domain}/${path}`))

const states: Record<NonNullable<Entry['state']>, string> = {
  deduced: 'address follows from the certificate mode, not seen under PISTE',
  deprecated: 'deprecated',
  legacy: 'seen in the certificate mode only',
  removed: 'left behind when the services moved to PISTE',
  unconfirmed: 'one unverified source'
}

/** docs/coverage.md, from the catalogue, the simulator's own list and nothing else. */
export function writeCoverage(): string {
  const own = catalogue.filter(({ resource }) => resource !== undefined)
  const played = catalogue.filter(({ operation }) => simulated.has(operation))
  const byDomain = Map.groupBy(catalogue, ({ operation }) => operation.slice(0, operation.indexOf('/')))
  return `# Coverage

Written by \`npm run coverage\`; the tests compare it with the code.

Of ${catalogue.length} operations of Chorus Pro whose address is known, ${own.length} have a resource of ours, all pass through the
[drop-in door](drop-in.md), and ${played.length} are answered by the simulator. Addresses are those of PISTE below \`/cpro/\`, without \`v1\`; in the
certificate mode the same stand below \`/service/\`, except where a second address is given. *Kind* says what a repeat means: \`create\`
and \`change\` are sent once, \`upload\` is harmless until the file is used. *Confirmed by* names the public documents, clients and
integrators' notes in which the operation was seen; what only one of them shows deserves a test in qualification first.

${[...byDomain].map(([domain, entries]) => section(domain, entries)).join('\n')}
## Only in the drop-in door

They have no resource: what they answer is not known well enough, is told by another resource already, or concerns the
administration of the portal.

${catalogue
  .filter(({ resource }) => resource === undefined)
  .map(({ operation }) => `\`${operation}\``)
  .join(', ')}.

## Known by name alone

No source shows their address. Should one come to light, the drop-in door takes it without a change.

| Operation | Domain | State | Confirmed by |
|---|---|---|---|
${nameOnly.map(namedRow).join('\n')}
`
}

function section(domain: string, entries: Entry[]): string {
  return `## ${domain}

| Operation | Kind | Resource | Drop-in | Simulated | Confirmed by |
|---|---|---|---|---|---|
${entries.map(row).join('\n')}
`
}

function row({ operation, method, kind, state, resource, confirmedBy }: Entry): string {
  const legacy = pathOf(operation, 'certificate')
  const address = `${method === undefined ? '' : `${method} `}\`${operation}\`${legacy === operation ? '' : ` (\`${legacy}\`)`}`
  const facts = [confirmedBy.join(', '), ...(state === undefined ? [] : [`*${states[state]}*`])].join('; ')
  const cells = [
    address,
    kind,
    resource === undefined ? '' : `\`${resource}\``,
    'yes',
    simulated.has(operation) ? 'yes' : 'no',
    facts
  ]
  return `| ${cells.join(' | ')} |`
}

function namedRow({ domain, name, state, confirmedBy }: NameOnly): string {
  const said = { named: 'its address is in no source', legacy: states.legacy, removed: states.removed }[state]
  return `| ${name} | ${domain} | ${said} | ${confirmedBy.join(', ')} |`
}
