import { randomBytes } from 'node:crypto'
import type { Engine } from './engine.ts'

/** What keeping no longer than needed takes: a mark on each invoice, and the key of the tombstones (tombstones.ts). */
export function retentionSchema({ dialect }: Pick<Engine, 'dialect'>): string[] {
  const text = dialect === 'postgres' ? 'text collate "C"' : 'text'
  return [
    'alter table invoice add column purged_at bigint',
    `create index invoice_kept on invoice (updated_at)
       where state in ('integrated', 'rejected', 'cancelled') and (purged_at is null or purged_at <= updated_at)`,
    `create table setting (name ${text} not null primary key, value ${text} not null)`,
    `insert into setting (name, value) values ('tombstone-key', '${randomBytes(32).toString('hex')}')`
  ]
}
