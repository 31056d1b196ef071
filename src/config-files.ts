import { readFileSync, statSync } from 'node:fs'

/** Reads what the configuration names, notes what is wrong, and remembers which files were asked for. */
export interface SecretFiles {
  faults: string[]
  /** Paths of every file that was named, readable or not. */
  paths: Set<string>
  /** Secrets and bare private keys in files that everybody on the machine can read. */
  exposed: string[]
  /** The same of what has a passphrase, or is a configuration with secrets in it. */
  halfExposed: string[]
  /** `name` is what the fault is called by; no value, no path. */
  read(name: string, path: string | undefined): Buffer | undefined
  /** A secret, or what else is one text: a file’s content without its last line break. */
  readText(name: string, path: string | undefined, kind?: 'secret' | 'public'): string | undefined
}

const bareKey = /-----BEGIN (RSA |EC )?PRIVATE KEY-----(?!\s*Proc-Type)/
/** An encrypted key, a PKCS#12 container, or a configuration that holds secrets itself. */
const halfSecret = /PRIVATE KEY-----|^\x30[\x80-\x84]|"(password|clientSecret|passphrase|proxyUrl)"\s*:/

export function createSecretFiles(): SecretFiles {
  const faults: string[] = []
  const paths = new Set<string>()
  const exposed: string[] = []
  const halfExposed: string[] = []
  const readAs = (name: string, path: string | undefined, secret: boolean): Buffer | undefined => {
    if (path === undefined) return undefined
    paths.add(path)
    try {
      const content = readFileSync(path)
      if (isOpen(path)) {
        const text = content.toString('latin1')
        const fault = `${name} is a file that every user of this machine can read: chmod o= it`
        if (secret || bareKey.test(text)) exposed.push(fault)
        else if (halfSecret.test(text)) halfExposed.push(fault)
      }
      return content
    } catch (error) {
      faults.push(`${name} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`)
      return undefined
    }
  }
  return {
    faults,
    paths,
    exposed,
    halfExposed,
    read: (name, path) => readAs(name, path, false),
    readText: (name, path, kind = 'secret') =>
      readAs(name, path, kind === 'secret')
        ?.toString('utf8')
        .replace(/\r?\n$/, '')
  }
}

/** Modes say nothing under Windows. */
const isOpen = (path: string) => process.platform !== 'win32' && (statSync(path).mode & 0o004) !== 0

type Given<T> = { [K in keyof T]?: Exclude<T[K], undefined> }

/** The members that are there: an absent one is left out, not undefined. */
export function present<T extends Record<string, unknown>>(members: T): Given<T> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Given<T>
}
