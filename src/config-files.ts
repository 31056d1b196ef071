import { readFileSync } from 'node:fs'

/** Reads what the configuration names, notes what is wrong, and remembers which files were asked for. */
export interface SecretFiles {
  faults: string[]
  /** Paths of every file that was named, readable or not. */
  paths: Set<string>
  /** `name` is what the fault is called by; no value, no path. */
  read(name: string, path: string | undefined): Buffer | undefined
  /** The text of a file without its last line break. */
  readText(name: string, path: string | undefined): string | undefined
}

export function createSecretFiles(): SecretFiles {
  const faults: string[] = []
  const paths = new Set<string>()
  const read = (name: string, path: string | undefined): Buffer | undefined => {
    if (path === undefined) return undefined
    paths.add(path)
    try {
      return readFileSync(path)
    } catch (error) {
      faults.push(`${name} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`)
      return undefined
    }
  }
  return {
    faults,
    paths,
    read,
    readText: (name, path) =>
      read(name, path)
        ?.toString('utf8')
        .replace(/\r?\n$/, '')
  }
}

type Given<T> = { [K in keyof T]?: Exclude<T[K], undefined> }

/** The members that are there: an absent one is left out, not undefined. */
export function present<T extends Record<string, unknown>>(members: T): Given<T> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Given<T>
}
