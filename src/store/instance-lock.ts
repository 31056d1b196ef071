import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { isBusy } from './sqlite-errors.ts'

/** Thrown at start when another process already works on the folder. */
export class StoreInUse extends Error {
  constructor(folder: string, options?: ErrorOptions) {
    super(
      `another gateway already works in ${folder}: the embedded store serves one process. ` +
        'Stop the other one, give this one a DATA_DIR of its own, or set DATABASE_URL to a PostgreSQL that all replicas share.',
      options
    )
    this.name = 'StoreInUse'
  }
}

/**
 * Holds the folder for this process (reliability brief, 2.2 case 63). A transaction that never ends on a file of its own:
 * the kernel lets go of it when the process dies, however it dies, and the ledger itself stays open to the command line.
 */
export function lockInstance(folder: string): { release(): void } {
  const db = new DatabaseSync(join(folder, 'instance.lock'))
  try {
    db.exec('begin exclusive')
  } catch (error) {
    db.close()
    throw isBusy(error) ? new StoreInUse(folder, { cause: error }) : error
  }
  return {
    release: () => {
      if (db.isOpen) db.close()
    }
  }
}
