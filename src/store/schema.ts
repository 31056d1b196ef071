import type { Engine } from './engine.ts'

/**
 * The ledger's tables, in the words that SQLite and PostgreSQL share. Children name their invoice by its running number:
 * their rows land side by side, and cost the same in a large ledger as in a small one.
 */
export function initialSchema({ dialect }: Pick<Engine, 'dialect'>): string[] {
  return initial(dialect).map((sql) => (dialect === 'postgres' ? byteOrder(sql) : sql))
}

/** Texts in the order of their bytes, as in SQLite: an index must not depend on the locale data of the machine. */
const byteOrder = (sql: string) => sql.replace(/ text\b/g, ' text collate "C"')

function initial(dialect: Engine['dialect']): string[] {
  const running = dialect === 'postgres' ? 'bigint generated always as identity primary key' : 'integer primary key'
  /** No number comes twice, even after its row is gone: a fence counts for one job only. */
  const once = dialect === 'postgres' ? running : 'integer primary key autoincrement'
  return [
    `create table invoice (
      seq ${once},
      id text not null unique,
      caller text not null,
      environment text not null,
      connection text not null,
      seller_siret text,
      buyer_siret text,
      number text,
      issue_date text,
      mode text not null,
      state text not null,
      outcome text not null,
      attempts integer not null,
      next_attempt_at bigint,
      status_code text,
      natural_key text,
      live integer not null,
      fingerprint text not null,
      version integer not null,
      created_at bigint not null,
      updated_at bigint not null,
      facts text not null,
      content text not null,
      check (live = case when state in ('rejected', 'cancelled') then 0 else 1 end),
      check (state in ('received', 'deposited', 'submitting', 'unknown', 'submitted', 'integrated', 'rejected', 'held', 'cancelled'))
    )`,
    // Invariant I2: at most one live invoice per natural key.
    'create unique index invoice_live on invoice (natural_key) where live = 1',
    'create index invoice_dead on invoice (natural_key, seq) where live = 0',
    'create index invoice_number on invoice (number, created_at, seq)',
    'create index invoice_caller on invoice (caller, created_at, seq)',
    'create index invoice_state on invoice (caller, state, created_at, seq)',
    'create index invoice_status on invoice (caller, status_code, created_at, seq) where status_code is not null',
    'create index invoice_seller on invoice (caller, seller_siret, created_at, seq)',
    'create index invoice_buyer on invoice (caller, buyer_siret, created_at, seq)',
    'create index invoice_issued on invoice (caller, issue_date, seq)',
    `create table idempotency (
      caller text not null,
      key text not null,
      fingerprint text not null,
      invoice_seq bigint not null references invoice (seq),
      created_at bigint not null,
      primary key (caller, key)
    )`,
    `create table attempt (
      invoice_seq bigint not null references invoice (seq),
      number integer not null,
      operation text not null,
      started_at bigint not null,
      ended_at bigint,
      proof text,
      exchange text,
      detail text,
      primary key (invoice_seq, number)
    )`,
    // Invariant I3: at most one attempt whose outcome is not classed.
    'create unique index attempt_open on attempt (invoice_seq) where proof is null',
    `create table timeline (
      seq ${running},
      invoice_seq bigint not null references invoice (seq),
      at bigint not null,
      type text not null,
      data text not null
    )`,
    'create index timeline_invoice on timeline (invoice_seq, seq)',
    `create table job (
      id ${once},
      invoice_seq bigint not null references invoice (seq),
      kind text not null,
      priority integer not null,
      queue text not null,
      run_at bigint not null,
      lease_until bigint not null,
      fence bigint not null,
      tries integer not null,
      unique (invoice_seq, kind)
    )`,
    'create index job_ready on job (priority, queue, run_at, id) where lease_until = 0',
    'create index job_leased on job (lease_until) where lease_until > 0',
    `create table api_key (
      id text not null primary key,
      name text not null,
      digest text not null,
      scopes text not null,
      sellers text not null,
      created_at bigint not null,
      expires_at bigint,
      revoked_at bigint
    )`,
    // What stays of a purged invoice, so that purging opens no way to a second sending (reliability brief, 2.2 case 65).
    'create table tombstone (digest text not null primary key, invoice_id text not null, purged_at bigint not null)',
    'create table heartbeat (name text not null primary key, at bigint not null)',
    "insert into heartbeat (name, at) values ('check', 0)"
  ]
}
