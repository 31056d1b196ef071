import type { Engine } from './engine.ts'

/**
 * What happened, for ever: the database itself refuses to change or remove a row, and who gets round that is found out
 * by the hashes (audit.ts). `chain` is an invoice's id, or `gateway`.
 */
export function auditSchema({ dialect }: Pick<Engine, 'dialect'>): string[] {
  const text = dialect === 'postgres' ? 'text collate "C"' : 'text'
  return [
    `create table audit (
      seq bigint not null primary key,
      at bigint not null,
      chain ${text} not null,
      position bigint not null,
      kind ${text} not null,
      actor ${text} not null,
      origin ${text} not null,
      data ${text} not null,
      hash ${text} not null,
      seal ${text} not null,
      unique (chain, position)
    )`,
    'create index audit_kind on audit (kind, seq)',
    // The last row once more: one that is cut off at the end is missed.
    `create table audit_head (id integer not null primary key, seq bigint not null, seal ${text} not null)`,
    "insert into audit_head (id, seq, seal) values (1, 0, '')",
    ...(dialect === 'postgres' ? postgresGuard : sqliteGuard),
    // Shares of limits that replicas took (usage.ts).
    `create table usage_window (
      caller ${text} not null,
      kind ${text} not null,
      starts_at bigint not null,
      used bigint not null,
      primary key (caller, kind)
    )`
  ]
}

const sqliteGuard = ['update', 'delete'].map(
  (what) =>
    `create trigger audit_no_${what} before ${what} on audit begin select raise(abort, 'the audit is append-only'); end`
)

const postgresGuard = [
  `create function audit_append_only() returns trigger language plpgsql
     as $$ begin raise exception 'the audit is append-only'; end $$`,
  'create trigger audit_guard before update or delete on audit for each row execute function audit_append_only()',
  'create trigger audit_keep before truncate on audit for each statement execute function audit_append_only()'
]
