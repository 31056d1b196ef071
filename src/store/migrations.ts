import { failpoint } from '../failpoint.ts'
import { auditSchema } from './audit-schema.ts'
import { callerSchema } from './caller-schema.ts'
import { documentSchema, documentUseSchema } from './document-schema.ts'
import type { Engine, Tx } from './engine.ts'
import { linkSchema } from './links.ts'
import { pickUpSchema } from './pick-up.ts'
import { rawCallSchema } from './raw-call-schema.ts'
import { retentionSchema } from './retention-schema.ts'
import { initialSchema } from './schema.ts'

type Migration = (engine: Pick<Engine, 'dialect'>) => string[]

/** In order, for ever: a released one is never edited. The first is number 1. */
const migrations: Migration[] = [
  initialSchema,
  documentSchema,
  documentUseSchema,
  retentionSchema,
  callerSchema,
  auditSchema,
  linkSchema,
  pickUpSchema,
  rawCallSchema
]

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

/** Replicas that start together migrate one after the other; a large table may take its time. */
const patienceMs = 300_000
/** Any number that nobody else takes; of the schema's name, so that ledgers side by side do not wait for each other. */
const onlyOne = 'select pg_advisory_xact_lock(1129336912, hashtext(current_schema()))'

/** What only one of the processes that start together may do, until its transaction ends. SQLite has one writer anyway. */
export async function lockLedger(engine: Pick<Engine, 'dialect'>, tx: Tx): Promise<void> {
  if (engine.dialect === 'postgres') await tx.all(onlyOne)
}

/** Brings the ledger to this release's schema, all or nothing. */
export async function migrate(engine: Engine, steps: Migration[] = migrations): Promise<void> {
  await engine.write(
    async (tx) => {
      await lockLedger(engine, tx)
      await tx.run(
        'create table if not exists schema_version (version integer not null primary key, at bigint not null)'
      )
      const [row] = await tx.all('select coalesce(max(version), 0) as version from schema_version')
      const found = Number(row?.['version'] ?? 0)
      if (found > steps.length) throw new SchemaTooNew(found, steps.length)
      for (const [index, step] of steps.entries()) {
        if (index < found) continue
        for (const statement of step(engine)) await tx.run(statement)
        failpoint('migrate')
        await tx.run('insert into schema_version (version, at) values ($1, $2)', [index + 1, await tx.now()])
      }
    },
    { patienceMs }
  )
}
