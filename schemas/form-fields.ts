type Properties = Readonly<Record<string, object>>

/** Members of an object as the fields of a form: `buyer.siret` is text beside the others. */
export function formFields(properties: Properties): Record<string, object> {
  return Object.fromEntries(
    Object.entries(properties).flatMap(([name, schema]) =>
      'properties' in schema
        ? Object.entries(schema.properties as Properties).map(([inner, member]) => [`${name}.${inner}`, member])
        : [[name, schema]]
    )
  )
}
