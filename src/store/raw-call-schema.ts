import type { Engine } from './engine.ts'

/** Calls that callers made in Chorus Pro's own words and that must not happen twice: one row for each, with its last try. */
export function rawCallSchema({ dialect }: Pick<Engine, 'dialect'>): string[] {
  const text = dialect === 'postgres' ? 'text collate "C"' : 'text'
  return [
    `create table raw_call (
      fingerprint ${text} not null primary key,
      caller ${text} not null,
      operation ${text} not null,
      digest ${text} not null,
      tries integer not null,
      started_at bigint not null,
      ended_at bigint,
      proof ${text},
      status integer,
      answer text
    )`,
    'create index raw_call_started on raw_call (started_at)'
  ]
}
