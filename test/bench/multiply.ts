// A large ledger in little time: its rows are copied by the database itself.
export type Run = (sql: string) => Promise<Record<string, unknown>[]>

/** Copies the first `few` invoices until there are `rows`, each copy with numbers, keys and times of its own: one a second. */
export async function multiply(
  run: Run,
  { few, rows, dialect }: { few: number; rows: number; dialect: 'sqlite' | 'postgres' }
): Promise<void> {
  const postgres = dialect === 'postgres'
  await run(`update invoice set created_at = ${Date.now() - rows * 1000} + seq * 1000`)
  const copies = postgres
    ? `generate_series(1, ${rows / few - 1}) as copy (k)`
    : `(with recursive copy (k) as (select 1 union all select k + 1 from copy) select k from copy limit ${rows / few - 1})`
  const shift = async (table: string, column: string) => {
    const [most] = await run(`select max(${column}) as most from ${table}`)
    return `${column} + k * ${Number(most?.['most'] ?? 0)}`
  }
  const time = `created_at + k * ${few * 1000}`
  const hex = postgres ? `lpad(to_hex(${time}), 12, '0')` : `printf('%012x', ${time})`
  const bySeq = `invoice_seq + k * ${few}`
  const changed: Record<string, Record<string, string>> = {
    invoice: {
      seq: `seq + k * ${few}`,
      id: `substr(id, 1, 4) || ${hex} || substr(id, 17)`,
      number: "number || '-' || k",
      natural_key: "natural_key || '|' || k",
      created_at: time
    },
    idempotency: { key: "key || '-' || k", invoice_seq: bySeq },
    attempt: { invoice_seq: bySeq },
    timeline: { seq: await shift('timeline', 'seq'), invoice_seq: bySeq },
    job: { id: await shift('job', 'id'), invoice_seq: bySeq, run_at: 'run_at + k' }
  }
  for (const [table, changes] of Object.entries(changed)) {
    const known = await run(
      postgres
        ? `select attname as name from pg_attribute where attrelid = '${table}'::regclass and attnum > 0`
        : `select name from pragma_table_info('${table}')`
    )
    const columns = known.map(({ name }) => String(name))
    const values = columns.map((column) => changes[column] ?? column)
    const into = `insert into ${table} (${columns.join()})${postgres ? ' overriding system value' : ''}`
    await run(`${into} select ${values.join()} from ${copies} cross join ${table}`)
    for (const column of postgres ? ['seq', 'id'] : []) {
      if (changes[column] === undefined || (table === 'invoice' && column === 'id')) continue
      await run(`select setval(pg_get_serial_sequence('${table}', '${column}'), (select max(${column}) from ${table}))`)
    }
  }
}
