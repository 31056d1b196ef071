import compiler from '@fastify/fast-json-stringify-compiler'

type Factory = ReturnType<typeof compiler>
type Route = Parameters<ReturnType<Factory>>[0]
type Schemas = Record<string, unknown>

/**
 * Serializers as Fastify makes them, but each only when it is first needed, and once for all routes that answer alike:
 * every route declares every problem, and compiling them all would be a quarter of the start. Each is told of the named
 * schemas that it needs, and of no other.
 */
export function thriftySerializer(): Factory {
  const build = compiler()
  const known = new Map<string, (data: unknown) => string>()
  return (externalSchemas, options) => {
    const texts = new Map<string, string>()
    const textOf = (name: string, schema: unknown) => {
      const text = texts.get(name) ?? JSON.stringify(schema)
      texts.set(name, text)
      return text
    }
    const neededBy = (schema: string): Schemas => {
      const needed: Schemas = {}
      const queue = [schema]
      for (let text = queue.pop(); text !== undefined; text = queue.pop()) {
        for (const [, name] of text.matchAll(/"\$ref":"([^#"]+)#/g)) {
          const named = name === undefined ? undefined : (externalSchemas as Schemas)[name]
          if (name === undefined || named === undefined || name in needed) continue
          needed[name] = named
          queue.push(textOf(name, named))
        }
      }
      return needed
    }
    return (route: Route) => {
      let key: string | undefined
      return (data: unknown) => {
        key ??= JSON.stringify((route as { schema: unknown }).schema)
        let serialize = known.get(key)
        if (serialize === undefined) {
          serialize = build(neededBy(key), options)(route) as (data: unknown) => string
          known.set(key, serialize)
        }
        return serialize(data)
      }
    }
  }
}
