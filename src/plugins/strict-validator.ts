import ajvCompiler from '@fastify/ajv-compiler'

/**
 * Text stays text: no coercion, no defaults, nothing dropped. Query strings alone become numbers, having no other way.
 * Each validator is made when it is first needed: making all of them would be a quarter of the start.
 */
export function strictValidator(): ReturnType<typeof ajvCompiler> {
  const build = ajvCompiler()
  const options = {
    coerceTypes: false,
    useDefaults: false,
    removeAdditional: false,
    allErrors: true,
    strict: false,
    // Faults bring the description of what was expected.
    verbose: true
  } as const
  const factory = (externalSchemas: Parameters<typeof build>[0]) => {
    const compiler = (coerceTypes: boolean) =>
      once(() => build(externalSchemas, { customOptions: { ...options, coerceTypes } }) as Compile)
    const [strict, query] = [compiler(false), compiler(true)]
    return (route: RoutePart): Validate => {
      // Bodies declared per content type are read and judged by the gateway itself.
      if (route.httpPart === 'body' && route.contentType !== undefined) return () => true
      const made = once(() => (route.httpPart === 'querystring' ? query : strict)()(route))
      const validate: Validate = (data) => {
        const passed = made()(data)
        validate.errors = made().errors
        return passed
      }
      return validate
    }
  }
  return factory as unknown as ReturnType<typeof ajvCompiler>
}

function once<T extends object>(make: () => T): () => T {
  let made: T | undefined
  return () => (made ??= make())
}

type Compile = (route: RoutePart) => Validate

interface Validate {
  (data: unknown): unknown
  errors?: unknown
}

interface RoutePart {
  httpPart?: string
  contentType?: string
}
