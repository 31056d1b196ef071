import { ProblemError } from '../problem.ts'

/**
 * Turns text fields such as `buyer.siret`, `buyer[siret]` or `lines[0].name` into the invoice object, for clients that
 * cannot build JSON. Empty fields count as left out. Values stay text; only `completeFromDocument` becomes a boolean, `tags` a list.
 */
export function unflatten(fields: readonly (readonly [name: string, value: string])[]): Record<string, unknown> {
  const root: Record<string, unknown> = {}
  for (const [name, value] of fields) {
    if (value === '') continue
    const path = name
      .replace(/\[(\w{1,41})\]/g, '.$1')
      .replace(/\[\]$/, '')
      .split('.')
    if (
      path.length > 5 ||
      path.some((step) => !/^([A-Za-z][A-Za-z0-9]{0,40}|\d{1,4})$/.test(step) || isPrototype(step))
    ) {
      throw unknownField(name)
    }
    if (path.length === 1 && path[0] === 'tags') root.tags = [...((root.tags as string[] | undefined) ?? []), value]
    else place(root, path, name === 'completeFromDocument' ? asBoolean(value) : value, name)
  }
  return compact(root) as Record<string, unknown>
}

function place(root: Record<string, unknown>, path: string[], value: unknown, name: string): void {
  let at = root
  for (const step of path.slice(0, -1)) {
    const next = at[step] ?? {}
    if (typeof next !== 'object') throw unknownField(name)
    at[step] = next
    at = next as Record<string, unknown>
  }
  const last = path[path.length - 1] as string
  if (at[last] !== undefined) {
    throw new ProblemError('malformed-request', {
      detail: `The field "${name}" is there more than once; keep one.`,
      errors: [fault(name, 'is there more than once', 'Send it once.')]
    })
  }
  at[last] = value
}

/** Objects whose members are 0, 1, 2 … become lists. */
function compact(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  const entries = Object.entries(value).map(([key, member]) => [key, compact(member)] as const)
  if (entries.length > 0 && entries.every(([key]) => /^\d+$/.test(key))) {
    return entries.sort(([a], [b]) => Number(a) - Number(b)).map(([, member]) => member)
  }
  return Object.fromEntries(entries)
}

const isPrototype = (step: string) => ['__proto__', 'constructor', 'prototype', 'toString'].includes(step)

/** .NET writes True. */
const asBoolean = (value: string) => (/^(true|1)$/i.test(value) ? true : /^(false|0)$/i.test(value) ? false : value)

const fault = (name: string, what: string, fix: string) => ({
  pointer: `/${name.slice(0, 80).replaceAll('.', '/')}`,
  rule: 'malformed-request',
  message: `The form field "${name.slice(0, 80)}" ${what}.`,
  messageFr: `Le champ de formulaire « ${name.slice(0, 80)} » n’est pas accepté.`,
  fix
})

function unknownField(name: string): ProblemError {
  return new ProblemError('malformed-request', {
    detail: `The form field "${name.slice(0, 80)}" is not known.`,
    errors: [
      fault(
        name,
        'is not known',
        'Use the names of the invoice object, for instance number, buyer.siret, totals.payable.'
      )
    ]
  })
}
