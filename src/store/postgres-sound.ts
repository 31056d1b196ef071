import type { Engine } from './engine.ts'
import { text } from './rows.ts'

/** Thrown at start when the database cannot keep what it was given. */
export class StoreUnsafe extends Error {
  readonly faults: string[]
  constructor(faults: string[]) {
    super(
      `the database of DATABASE_URL would not keep invoices safe: ${faults.join('; ')}. Mend it, or accept the loss of ` +
        'invoices at a power failure with DATABASE_ALLOW_UNSAFE=1 (for tests).'
    )
    this.name = 'StoreUnsafe'
    this.faults = faults
  }
}

/** Thrown at start when this is no database for a ledger, whatever is allowed. */
export class StoreUnfit extends Error {
  constructor(reason: string) {
    super(`the database of DATABASE_URL cannot be used: ${reason}.`)
    this.name = 'StoreUnfit'
  }
}

/** Release 13, in the form of server_version_num. */
const oldest = 130_000

/**
 * Looks at what the server and the role are set to: a commit that answers before the disk has it would lose accepted
 * invoices (reliability brief, 4-L2). Throws StoreUnsafe or StoreUnfit; returns what is unsafe where that is allowed.
 */
export async function assertSound(engine: Engine, { allowUnsafe }: { allowUnsafe: boolean }): Promise<string[]> {
  const settings = await engine.read(async (tx) => {
    const [row] = await tx.all(
      `select current_setting('server_version_num') as version, current_setting('server_encoding') as encoding,
         current_setting('fsync') as fsync, current_setting('synchronous_commit') as synchronous_commit,
         current_setting('full_page_writes') as full_page_writes`
    )
    return row ?? {}
  })
  if (Number(settings['version']) < oldest) throw new StoreUnfit('PostgreSQL 13 or newer is needed')
  if (settings['encoding'] !== 'UTF8') {
    throw new StoreUnfit(`its encoding is ${text(settings, 'encoding')}, and UTF8 is needed`)
  }
  const unsafe = ['fsync', 'synchronous_commit', 'full_page_writes']
    .filter((name) => settings[name] === 'off')
    .map((name) => `${name} is off`)
  if (unsafe.length > 0 && !allowUnsafe) throw new StoreUnsafe(unsafe)
  return unsafe
}
