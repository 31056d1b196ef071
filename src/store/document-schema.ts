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
    'create index upload_touched on upload (touched_at)',
    `create table chunk (
      upload_id text collate "C" not null references upload (id) on delete cascade,
      number integer not null,
      bytes bytea not null,
      primary key (upload_id, number)
    )`,
    'alter table chunk alter column bytes set storage external'
  ]
}

/** Which invoices name a document: the last one that lets go of it takes it along. */
export function documentUseSchema({ dialect }: Pick<Engine, 'dialect'>): string[] {
  const text = dialect === 'postgres' ? 'text collate "C"' : 'text'
  const known =
    dialect === 'postgres'
      ? `select distinct document ->> 'sha256', seq from invoice, json_array_elements(facts::json -> 'documents') document`
      : `select distinct json_extract(document.value, '$.sha256'), seq
         from invoice, json_each(invoice.facts, '$.documents') document`
  return [
    `create table document_use (
      sha256 ${text} not null,
      invoice_seq bigint not null references invoice (seq),
      primary key (sha256, invoice_seq)
    )`,
    `insert into document_use (sha256, invoice_seq) ${known}`
  ]
}
