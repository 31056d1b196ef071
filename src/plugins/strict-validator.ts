import ajvCompiler from '@fastify/ajv-compiler'

/** Text stays text: no coercion, no defaults, nothing dropped. Query strings alone become numbers, having no other way. */
export function strictValidator(): ReturnType<typeof ajvCompiler> {
  const build = ajvCompiler()
  const options = {
    coerceTypes: false,
    useDefaults: false,
    removeAdditional: false,
    allErrors: true,
    strict: false
  } as const
  const factory = (externalSchemas: Parameters<typeof build>[0]) => {
    const strict = build(externalSchemas, { customOptions: options }) as (route: RoutePart) => unknown
    const query = build(externalSchemas, { customOptions: { ...options, coerceTypes: true } }) as (
      route: RoutePart
    ) => unknown
    return (route: RoutePart) => {
      // Bodies declared per content type are read and judged by the gateway itself.
      if (route.httpPart === 'body' && route.contentType !== undefined) return () => true
      return route.httpPart === 'querystring' ? query(route) : strict(route)
    }
  }
  return factory as unknown as ReturnType<typeof ajvCompiler>
}

interface RoutePart {
  httpPart?: string
  contentType?: string
}
