import fc from 'fast-check'
import type { Contract } from './operations.ts'

export interface Schema {
  $ref?: string
  type?: string
  const?: unknown
  enum?: unknown[]
  anyOf?: Schema[]
  allOf?: Schema[]
  properties?: Record<string, Schema>
  required?: string[]
  items?: Schema
  pattern?: string
  minLength?: number
  maxLength?: number
  minimum?: number
  maximum?: number
  minItems?: number
  maxItems?: number
}

/** Values that have hurt somebody before. Those that begin with `raw:` are JSON texts that no object makes. */
export const weird: fc.Arbitrary<unknown> = fc.constantFrom<unknown>(
  null,
  true,
  0,
  -0,
  -1,
  1e308,
  2 ** 53,
  0.1,
  '',
  ' ',
  '-0',
  '1e400',
  'NaN',
  '99999999999999999999.99',
  '0.001',
  '2026-02-30',
  '0000-01-01',
  '2026-01-01T00:00:00+14:00',
  '\u0000',
  '\ud800',
  '\u202eabc',
  '\ufeff',
  'e\u0301',
  'é',
  '１２３',
  '=cmd|x',
  "'; drop table invoice; --",
  '../../etc/passwd',
  'a\r\nX-Injected: 1',
  '<script>alert(1)</script>',
  'a'.repeat(3_000),
  [],
  [[]],
  {},
  { $ref: '#' },
  { toString: 1 },
  'raw:{"number":"A","number":"B"}',
  'raw:{"__proto__":{"polluted":1}}',
  'raw:{"constructor":{"prototype":{"polluted":1}}}',
  `raw:${'['.repeat(3_000)}`,
  `raw:${'{"a":'.repeat(2_000)}1${'}'.repeat(2_000)}`,
  'raw:{"number":1e400}',
  'raw:{"number":"\\ud800"}',
  'raw:{"a":01}',
  'raw:{',
  'raw:\ufeff{}',
  'raw:nul'
)

/** A value that the schema allows, most often; a member in so many is something else, is missing, or should not be there. */
export function valueOf(schema: Schema, contract: Contract, odds: { weird: number }, depth = 0): fc.Arbitrary<unknown> {
  const good = goodValueOf(schema, contract, odds, depth)
  const often = Math.max(1, Math.round((1 - odds.weird) / Math.max(odds.weird, 0.01)))
  return depth === 0 ? good : fc.oneof({ weight: often, arbitrary: good }, { weight: 1, arbitrary: weird })
}

function goodValueOf(
  schema: Schema,
  contract: Contract,
  odds: { weird: number },
  depth: number
): fc.Arbitrary<unknown> {
  if (schema.$ref !== undefined) {
    const target = contract.components.schemas[schema.$ref.split('/').at(-1) ?? '']
    return target === undefined ? weird : goodValueOf(target, contract, odds, depth)
  }
  if (schema.const !== undefined) return fc.constant(schema.const)
  if (schema.enum !== undefined && schema.enum.length > 0) return fc.constantFrom(...schema.enum)
  const variants = schema.anyOf ?? []
  if (variants.length > 0) return fc.oneof(...variants.map((each) => valueOf(each, contract, odds, depth + 1)))
  if (schema.allOf !== undefined) {
    return fc
      .tuple(...schema.allOf.map((each) => goodValueOf(each, contract, odds, depth)))
      .map((parts) => Object.assign({}, ...(parts as object[])) as unknown)
  }
  if (schema.type === 'object' || schema.properties !== undefined) return objectOf(schema, contract, odds, depth)
  if (schema.type === 'array') {
    if (depth > 4) return fc.constant([])
    const item = schema.items === undefined ? weird : valueOf(schema.items, contract, odds, depth + 1)
    return fc.array(item, { minLength: schema.minItems ?? 0, maxLength: Math.min(schema.maxItems ?? 3, 3) })
  }
  if (schema.type === 'integer' || schema.type === 'number') {
    return fc.integer({ min: schema.minimum ?? -10, max: schema.maximum ?? 1_000_000 })
  }
  if (schema.type === 'boolean') return fc.boolean()
  return stringOf(schema)
}

function objectOf(schema: Schema, contract: Contract, odds: { weird: number }, depth: number): fc.Arbitrary<unknown> {
  const required = new Set(schema.required ?? [])
  const members = Object.entries(schema.properties ?? {})
  const model = Object.fromEntries(
    members.map(([name, member]) => {
      const value = valueOf(member, contract, odds, depth + 1)
      const freq = required.has(name) ? 30 : 1
      return [name, fc.option(value, { nil: undefined, freq })]
    })
  )
  const extra = fc.option(fc.constantFrom('colour', 'state', 'tenantId', 'Number', 'identifiantFactureCPP'), {
    nil: undefined,
    freq: 15
  })
  return fc
    .tuple(fc.record(model), extra)
    .map(([value, name]) => (name === undefined ? value : { ...value, [name]: 'x' }))
}

function stringOf({ pattern, minLength = 0, maxLength = 50 }: Schema): fc.Arbitrary<unknown> {
  // Known values make more of the requests get somewhere.
  const known = fc.constantFrom(
    '99900010200015',
    '12345678200051',
    'FA-1',
    '2026-09-01',
    '1200.00',
    '1000.00',
    '200.00'
  )
  if (pattern === undefined) return fc.oneof(fc.string({ minLength, maxLength: Math.min(maxLength, 80) }), known)
  const fitting = ['99900010200015', '2026-09-01', '1000.00', 'FA-1', 'A1'].filter((each) =>
    new RegExp(pattern, 'u').test(each)
  )
  const made = fc.stringMatching(new RegExp(pattern))
  return fitting.length === 0 ? made : fc.oneof(made, fc.constantFrom(...fitting))
}
