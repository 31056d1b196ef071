import type { Engine } from './engine.ts'

/**
 * What a key may be held to. `caller` is whom the key speaks for: a key that is exchanged for a new one keeps it, and
 * with it the invoices. Null everywhere: no such limit, and the key is a caller of its own.
 */
export function callerSchema({ dialect }: Pick<Engine, 'dialect'>): string[] {
  const text = dialect === 'postgres' ? 'text collate "C"' : 'text'
  return [
    `alter table api_key add column caller ${text}`,
    `alter table api_key add column operations ${text}`,
    `alter table api_key add column networks ${text}`,
    'alter table api_key add column rate_per_minute integer',
    'alter table api_key add column requests_per_day integer'
  ]
}
