import { failpoint } from '../failpoint.ts'
import type { Engine } from './engine.ts'
import { initialSchema } from './schema.ts'

type Migration = (engine: Pick<Engine, 'dialect'>) => string[]

/** In order, for ever: a released one is never edited. The first is number 1. */
const migrations: Migration[] = [initialSchema]

/** Thrown at start when the ledger was last used by a newer release. */
export class SchemaTooNew extends Error {
  constructor(found: number, known: number) {
    super(
      `the ledger has schema ${found} and this release knows ${known}: it was used by a newer release. ` +
        'Start that release, or restore the backup made before the upgrade.'
    )
    this.name = 'SchemaTooNew'
  }
}

/** Brings the ledger to this release's schema, all or nothing. */
export async function migrate(engine: Engine, steps: Migration[] = migrations): Promise<void> {
  await engine.write(async (tx) => {
    await tx.run('create table if not exists schema_version (version integer not null primary key, at bigint not null)')
    const [row] = await tx.all('select coalesce(max(version), 0) as version from schema_version')
    const found = Number(row?.['version'] ?? 0)
    if (found > steps.length) throw new SchemaTooNew(found, steps.length)
    for (const [index, step] of steps.entries()) {
      if (index < found) continue
      for (const statement of step(engine)) await tx.run(statement)
      failpoint('migrate')
      await tx.run('insert into schema_version (version, at) values ($1, $2)', [index + 1, await tx.now()])
    }
  })
}
