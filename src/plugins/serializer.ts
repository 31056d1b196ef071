import compiler from '@fastify/fast-json-stringify-compiler'

type Factory = ReturnType<typeof compiler>
type Route = Parameters<ReturnType<Factory>>[0]

/**
 * Serializers as Fastify makes them, but each only when it is first needed, and once for all routes that answer alike:
 * every route declares every problem, and compiling them all would be a quarter of the start.
 */
export function thriftySerializer(): Factory {
  const build = compiler()
  const known = new Map<string, (data: unknown) => string>()
  return (externalSchemas, options) => {
    const compile = build(externalSchemas, options)
    return (route: Route) => {
      const key = JSON.stringify((route as { schema: unknown }).schema)
      return (data: unknown) => {
        let serialize = known.get(key)
        if (serialize === undefined) {
          serialize = compile(route) as (data: unknown) => string
          known.set(key, serialize)
        }
        return serialize(data)
      }
    }
  }
}
