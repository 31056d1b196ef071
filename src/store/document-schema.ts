import type { Engine } from './engine.ts'

/**
 * Documents inside PostgreSQL, so that replicas share no folder. An upload is visible once it has its digest. Its bytes
 * are no longer compressible: `external` keeps the server from trying.
 */
export function documentSchema({ dialect }: Pick<Engine, 'dialect'>): string[] {
  if (dialect === 'sqlite') return []
  return [
    `create table upload (
      id text collate "C" not null primary key,
      sha256 text collate "C" unique,
      size bigint,
      touched_at bigint not null
    )`,
    'create index upload_staged on upload (touched_at) where sha256 is null',
    `create table chunk (
      upload_id text collate "C" not null references upload (id) on delete cascade,
      number integer not null,
      bytes bytea not null,
      primary key (upload_id, number)
    )`,
    'alter table chunk alter column bytes set storage external'
  ]
}
