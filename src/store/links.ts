import type { Engine } from './engine.ts'
import { text } from './rows.ts'

/** From Chorus Pro's id of an invoice to ours. */
export interface Links {
  /** Which of these a caller sent through us: Chorus Pro's id → ours. Other callers' invoices are not among them. */
  linksOf(caller: string, environment: string, upstreamIds: readonly string[]): Promise<Map<string, string>>
  /** Ours, whoever sent it: for operators alone. */
  linkedTo(environment: string, upstreamId: string): Promise<string | undefined>
}

export function linkSchema({ dialect }: Pick<Engine, 'dialect'>): string[] {
  const type = dialect === 'postgres' ? 'text collate "C"' : 'text'
  const known =
    dialect === 'postgres'
      ? "(facts::json -> 'upstream' ->> 'invoiceId')"
      : "json_extract(facts, '$.upstream.invoiceId')"
  return [
    `alter table invoice add column upstream_id ${type}`,
    `update invoice set upstream_id = ${known} where ${known} is not null`,
    'create index invoice_upstream on invoice (upstream_id) where upstream_id is not null'
  ]
}

export function createLinks(engine: Engine): Links {
  return {
    async linksOf(caller, environment, upstreamIds) {
      if (upstreamIds.length === 0) return new Map()
      const places = upstreamIds.map((_, index) => `$${index + 3}`).join(', ')
      // The ids lead: only they are rare.
      const sql = `select id, upstream_id from invoice
        where upstream_id in (${places}) and coalesce(caller, '') = $1 and coalesce(environment, '') = $2 order by seq`
      const rows = await engine.read((tx) => tx.all(sql, [caller, environment, ...upstreamIds]))
      return new Map(rows.map((row) => [text(row, 'upstream_id'), text(row, 'id')]))
    },
    async linkedTo(environment, upstreamId) {
      const sql =
        "select id from invoice where upstream_id = $1 and coalesce(environment, '') = $2 order by seq limit 1"
      const [row] = await engine.read((tx) => tx.all(sql, [upstreamId, environment]))
      return row && text(row, 'id')
    }
  }
}
