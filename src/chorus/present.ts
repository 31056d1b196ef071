type Loose<T> = { [K in keyof T]: T[K] | undefined }
type Found<T> = { [K in keyof T]?: Exclude<T[K], undefined> }

/** Leaves out what is undefined, which `exactOptionalPropertyTypes` wants. A loop: it runs several times for every row. */
export function present<T extends object>(members: Loose<T>): Found<T> {
  const found: Found<T> = {}
  for (const name in members) {
    const value = members[name]
    if (value !== undefined) found[name] = value as Exclude<T[typeof name], undefined>
  }
  return found
}

/** As `present`; undefined when nothing is left. */
export function presentIfAny<T extends object>(members: Loose<T>): Found<T> | undefined {
  const found = present(members)
  return Object.keys(found).length === 0 ? undefined : found
}
