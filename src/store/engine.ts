export type Value = string | number | null | Buffer
export type Row = Record<string, Value>

/** One transaction. Placeholders are `$1`, `$2`…; times are epoch milliseconds, flags 0 or 1, JSON is text. */
export interface Tx {
  all(sql: string, params?: Value[]): Promise<Row[]>
  /** Returns how many rows were touched. */
  run(sql: string, params?: Value[]): Promise<number>
  /** The store's own clock: leases of several processes are measured with it (reliability brief, 2.2 case 60). */
  now(): Promise<number>
}

/** For work that may take longer than a caller would wait: migrations, copies, clearing up. */
export interface Patience {
  patienceMs: number
}

/**
 * What the ledger is written over. `work` awaits nothing but its transaction, acts on nothing else, and may run again
 * after a conflict. Errors of the store come out as StoreUnavailable, those of `work` as they are, with nothing written.
 */
export interface Engine {
  dialect: 'sqlite' | 'postgres'
  /** Durable when resolved. */
  write<T>(work: (tx: Tx) => Promise<T>, patience?: Patience): Promise<T>
  /** One snapshot, never older than the last write that resolved. */
  read<T>(work: (tx: Tx) => Promise<T>, patience?: Patience): Promise<T>
  close(): Promise<void>
}

/** Ends a `select` whose rows are about to be written; SQLite has a single writer and needs none of it. */
export function lockRow(engine: Pick<Engine, 'dialect'>): string {
  return engine.dialect === 'postgres' ? ' for update' : ''
}

/** As `lockRow`, for queues: rows that another worker is taking are passed over. */
export function lockFreeRows(engine: Pick<Engine, 'dialect'>, table: string): string {
  return engine.dialect === 'postgres' ? ` for update of ${table} skip locked` : ''
}
