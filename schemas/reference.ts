import { Type } from 'typebox'
import { Timestamp } from './identifiers.ts'
import { ref } from './ref.ts'

const closed = { additionalProperties: false } as const

const Source = Type.Enum(['chorus-pro', 'built-in'], {
  description: '`built-in`: known to the gateway by itself; Chorus Pro has no operation for it, or is away.'
})
const Name = Type.String({ pattern: '^[a-z-]+$', maxLength: 40, examples: ['currencies'] })

const CodeListSummary = Type.Object(
  {
    name: Name,
    title: Type.String({ examples: ['Currencies (ISO 4217)'] }),
    source: Source,
    operation: Type.Optional(
      Type.String({ description: 'Chorus Pro’s operation.', examples: ['transverses/recuperer/devises'] })
    ),
    for: Type.Optional(
      Type.Object(
        {
          description: Type.String(),
          required: Type.Boolean(),
          default: Type.Optional(Type.String())
        },
        { ...closed, description: 'What the query member `for` means to this list.' }
      )
    )
  },
  { $id: 'CodeListSummary', ...closed }
)

export const CodeListIndex = Type.Object(
  { items: Type.Array(ref(CodeListSummary)), total: Type.Integer() },
  { $id: 'CodeListIndex', ...closed }
)

const Code = Type.Object(
  {
    code: Type.String({
      description: 'Our name of it where we have one, else as it came; `other`: new to us.',
      examples: ['EUR']
    }),
    raw: Type.String({ description: 'Chorus Pro’s code, as it came.', examples: ['EUR'] }),
    label: Type.Optional(Type.String({ examples: ['Euro européen'] })),
    id: Type.Optional(Type.String({ description: 'Chorus Pro’s id of it, as text.' })),
    value: Type.Optional(Type.String({ description: 'A decimal as text, e.g. the rate in percent.' })),
    for: Type.Optional(Type.String({ description: 'What it is a code for, as it came.' }))
  },
  { $id: 'Code', ...closed }
)

export const CodeList = Type.Object(
  {
    name: Name,
    title: Type.String(),
    language: Type.Enum(['fr', 'en']),
    for: Type.Optional(Type.String()),
    source: Source,
    asOf: Type.Optional(Timestamp),
    complete: Type.Boolean({ description: 'False: there may be more codes than these.' }),
    items: Type.Array(ref(Code))
  },
  { $id: 'CodeList', ...closed }
)

export const CodeListParams = Type.Object({ name: Name }, closed)
export const CodeListQuery = Type.Object(
  {
    for: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 80,
        description:
          'Narrows a list that depends on something: `/v1/code-lists` tells on what. Our code, or Chorus Pro’s.',
        examples: ['invoice']
      })
    ),
    language: Type.Optional(Type.Enum(['fr', 'en'], { description: 'Language of the labels; fr when absent.' }))
  },
  closed
)

export const referenceSchemas = [CodeListSummary, CodeListIndex, Code, CodeList]
