import { type Static, type TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import type { FieldError } from '../../schemas/problem.ts'
import { ProblemError } from '../problem.ts'

/** Reads what came as JSON or as a form against a schema. Throws `malformed-request`, or `validation-failed` for values. */
export function createReader<S extends TSchema>(schema: S): (value: unknown) => Static<S> {
  const checker = Compile(schema)
  return (value) => {
    if (checker.Check(value)) return value
    const errors = checker.Errors(value).map(({ instancePath, keyword, message, params }): FieldError => {
      const unknown = (params as { additionalProperties?: string[] }).additionalProperties?.[0]
      const pointer = unknown === undefined ? instancePath : `${instancePath}/${unknown.slice(0, 80)}`
      const structural = ['additionalProperties', 'type', 'required'].includes(keyword)
      return {
        pointer,
        rule: structural ? 'malformed-request' : 'validation-failed',
        message: unknown === undefined ? `${pointer}: ${message}.` : `The member ${pointer} is not known.`,
        messageFr: unknown === undefined ? `${pointer} : valeur refusée.` : `Le champ ${pointer} n’est pas connu.`,
        fix:
          unknown === undefined ? 'Correct this value; /docs shows what is expected.' : 'Remove it or correct its name.'
      }
    })
    const first = errors.find(({ rule }) => rule === 'malformed-request') ?? errors[0]
    throw new ProblemError(first?.rule === 'validation-failed' ? 'validation-failed' : 'malformed-request', {
      detail: first?.message ?? 'The body is not what is expected.',
      errors
    })
  }
}
