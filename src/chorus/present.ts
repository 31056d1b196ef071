type Loose<T> = { [K in keyof T]: T[K] | undefined }
type Found<T> = { [K in keyof T]?: Exclude<T[K], undefined> }

/** Leaves out what is undefined, which `exactOptionalPropertyTypes` wants. */
export function present<T extends object>(members: Loose<T>): Found<T> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Found<T>
}

/** As `present`; undefined when nothing is left. */
export function presentIfAny<T extends object>(members: Loose<T>): Found<T> | undefined {
  const found = present(members)
  return Object.keys(found).length === 0 ? undefined : found
}
