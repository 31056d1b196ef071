/** The contract as TypeScript, for `client/contract.d.ts`: one interface per named schema, and `Paths`. */

interface Schema {
  $ref?: string
  type?: string | string[]
  enum?: unknown[]
  const?: unknown
  anyOf?: Schema[]
  oneOf?: Schema[]
  allOf?: Schema[]
  items?: Schema
  properties?: Record<string, Schema>
  required?: string[]
  additionalProperties?: boolean | Schema
  format?: string
  description?: string
}

type Content = Record<string, { schema?: Schema }>

interface Operation {
  summary?: string
  description?: string
  parameters?: { name: string; in: string; required?: boolean; schema?: Schema; description?: string }[]
  requestBody?: { required?: boolean; content?: Content }
  responses?: Record<string, { content?: Content }>
}

export interface ContractDocument {
  components?: { schemas?: Record<string, Schema> }
  paths?: Record<string, Record<string, Operation>>
}

const methods = ['get', 'post', 'put', 'patch', 'delete']

export function writeTypes({ components = {}, paths = {} }: ContractDocument): string {
  const lines = [
    '// Generated from the routes by `npm run openapi`. Changes made here are lost.',
    '// The types of openapi.yaml: one for each named schema, and what every path takes and gives.',
    ''
  ]
  for (const [name, schema] of Object.entries(components.schemas ?? {})) {
    lines.push(...doc(schema.description, ''), `export type ${name} = ${typeOf(schema, '')}`, '')
  }
  lines.push('export interface Paths {')
  for (const [path, operations] of Object.entries(paths)) {
    lines.push(`  ${JSON.stringify(path).replaceAll('"', "'")}: {`)
    for (const method of methods) {
      const operation = operations[method]
      if (operation !== undefined)
        lines.push(...doc(operation.summary, '    '), `    ${method}: {`, ...callOf(operation), '    }')
    }
    lines.push('  }')
  }
  return `${lines.join('\n')}\n}\n`
}

function callOf({ parameters = [], requestBody, responses = {} }: Operation): string[] {
  const inside = (place: string): string => {
    const found = parameters.filter((parameter) => parameter.in === place)
    if (found.length === 0) return 'Record<never, never>'
    const properties = Object.fromEntries(
      found.map(({ name, schema = {}, description }) => [
        name,
        description === undefined ? schema : { ...schema, description }
      ])
    )
    const required = found.filter((parameter) => parameter.required === true).map(({ name }) => name)
    return typeOf({ type: 'object', properties, required, additionalProperties: false }, '      ')
  }
  const answers = Object.entries(responses).filter(([status]) => status.startsWith('2'))
  const answer = union(answers.map(([, { content }]) => contentType(content)))
  const body = requestBody === undefined ? 'undefined' : contentType(requestBody.content)
  return [
    `      params: ${inside('path')}`,
    `      query: ${inside('query')}`,
    `      body: ${requestBody?.required === false ? `${body} | undefined` : body}`,
    `      answer: ${answer === '' ? 'undefined' : answer}`
  ]
}

/** JSON where there is some; forms are FormData, anything else bytes. */
function contentType(content: Content = {}): string {
  const media = Object.keys(content)
  if (media.length === 0) return 'undefined'
  return union(
    media.map((type) => {
      if (/json/.test(type)) return typeOf(content[type]?.schema ?? {}, '      ')
      return type === 'multipart/form-data' ? 'FormData' : type.startsWith('text/') ? 'string' : 'Blob'
    })
  )
}

const union = (types: string[]): string => [...new Set(types)].join(' | ')

function typeOf(schema: Schema, indent: string): string {
  if (schema.$ref !== undefined) return schema.$ref.slice(schema.$ref.lastIndexOf('/') + 1)
  if (schema.const !== undefined) return literal(schema.const)
  if (schema.enum !== undefined) return union(schema.enum.map(literal))
  if (schema.allOf !== undefined) return schema.allOf.map((one) => typeOf(one, indent)).join(' & ')
  const choice = schema.anyOf ?? schema.oneOf
  if (choice !== undefined) return union(choice.map((one) => typeOf(one, indent)))
  const types = Array.isArray(schema.type) ? schema.type : [schema.type]
  return union(types.map((type) => plainType(schema, type, indent)))
}

function plainType(schema: Schema, type: string | undefined, indent: string): string {
  switch (type) {
    case 'string':
      return schema.format === 'binary' ? 'Blob' : 'string'
    case 'integer':
    case 'number':
      return 'number'
    case 'boolean':
    case 'null':
      return type
    case 'array': {
      const item = typeOf(schema.items ?? {}, indent)
      return /[|&]/.test(item) && !item.startsWith('{') ? `(${item})[]` : `${item}[]`
    }
    case 'object':
      return objectType(schema, indent)
    case undefined:
    default:
      return schema.properties === undefined ? 'unknown' : objectType(schema, indent)
  }
}

function objectType({ properties = {}, required = [], additionalProperties }: Schema, indent: string): string {
  const more = additionalProperties === undefined || additionalProperties === true ? {} : additionalProperties
  const names = Object.keys(properties)
  if (names.length === 0) return more === false ? 'Record<never, never>' : `Record<string, ${typeOf(more, indent)}>`
  const deeper = `${indent}  `
  const members = names.flatMap((name) => {
    const schema = properties[name] ?? {}
    const key = /^[A-Za-z_]\w*$/.test(name) ? name : literal(name)
    return [
      ...doc(schema.description, deeper),
      `${deeper}${key}${required.includes(name) ? '' : '?'}: ${typeOf(schema, deeper)}`
    ]
  })
  return ['{', ...members, `${indent}}`].join('\n')
}

const literal = (value: unknown): string =>
  typeof value === 'string' ? `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'` : JSON.stringify(value)

const doc = (text: string | undefined, indent: string): string[] =>
  text === undefined || text === ''
    ? []
    : [`${indent}/** ${text.replaceAll('*/', '* /').replace(/\s+/g, ' ').trim()} */`]
