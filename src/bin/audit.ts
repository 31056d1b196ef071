import { defineCommand } from 'citty'
import type { AuditCheckpoint, AuditFilter, AuditRow } from '../store/audit.ts'
import type { Store } from '../store/store.ts'
import { CommandError, UsageError } from './arguments.ts'
import { existingPlace, storeFolder, withStore } from './data-folder.ts'
import { table } from './table.ts'

const filters = {
  kind: { type: 'string', description: 'only these, such as refused or key-created', valueHint: 'kind' },
  actor: { type: 'string', description: 'only what this caller or operator did', valueHint: 'id' },
  invoice: { type: 'string', description: 'only what is about this invoice', valueHint: 'id' }
} as const

const list = defineCommand({
  meta: { name: 'list', description: 'What happened last: refusals, keys, decisions, lanes, configuration' },
  args: {
    ...filters,
    limit: { type: 'string', default: '50', description: 'how many, 1000 at most' },
    data: storeFolder
  },
  async run({ args }) {
    if (!/^\d{1,4}$/.test(args.limit) || Number(args.limit) < 1 || Number(args.limit) > 1_000) {
      throw new UsageError(`--limit: a number from 1 to 1000: ${args.limit}`)
    }
    const limit = Number(args.limit)
    const rows = await withStore(existingPlace(args.data), ({ store }) => store.listAudit(filterOf(args), { limit }))
    if (rows.length === 0) return say('Nothing is noted.')
    const lines = rows.map((row) => [
      String(row.seq),
      row.at.slice(0, 19).replace('T', ' '),
      row.kind,
      row.actor,
      row.origin ?? '',
      [row.invoiceId, short(row)].filter((part) => part !== undefined && part !== '{}').join(' ')
    ])
    say(table([['ROW', 'WHEN (UTC)', 'WHAT', 'WHO', 'FROM', 'ABOUT'], ...lines]))
  }
})

const exportAll = defineCommand({
  meta: { name: 'export', description: 'Every row as a line of JSON, oldest first' },
  args: { ...filters, data: storeFolder },
  async run({ args }) {
    await withStore(existingPlace(args.data), async ({ store }) => {
      for await (const row of everyRow(store, filterOf(args))) say(JSON.stringify(row))
    })
  }
})

const verify = defineCommand({
  meta: { name: 'verify', description: 'Whether a row was edited, removed, moved or put in; exit code 1 if so' },
  args: {
    checkpoint: {
      type: 'string',
      description: 'as the log told it (`audit checkpoint`): finds an audit that was written anew',
      valueHint: 'row:seal'
    },
    data: storeFolder
  },
  async run({ args }) {
    const checkpoint = args.checkpoint === undefined ? undefined : readCheckpoint(args.checkpoint)
    const verdict = await withStore(existingPlace(args.data), ({ store }) => store.verifyAudit(checkpoint))
    const { rows, head, findings } = verdict
    if (findings.length === 0) {
      return say(`${rows} rows, each as it was written. Checkpoint: ${head.seq}:${head.seal}`)
    }
    const lines = findings.map(({ seq, what, detail }) => `  row ${seq}: ${what}, ${detail}`)
    throw new CommandError(`The audit is not what was written (${rows} rows):\n${lines.join('\n')}`)
  }
})

export const auditCommand = defineCommand({
  meta: { name: 'audit', description: 'Read and verify the audit' },
  subCommands: { list, export: exportAll, verify }
})

async function* everyRow(store: Store, filter: AuditFilter): AsyncGenerator<AuditRow> {
  for (let after = 0; ; ) {
    const page = await store.listAudit(filter, { limit: 500, after })
    yield* page
    const last = page.at(-1)
    if (last === undefined) return
    after = last.seq
  }
}

function filterOf(args: Partial<Record<'kind' | 'actor' | 'invoice', string | undefined>>): AuditFilter {
  return {
    ...(args.kind !== undefined && { kind: args.kind }),
    ...(args.actor !== undefined && { actor: args.actor }),
    ...(args.invoice !== undefined && { invoiceId: args.invoice })
  }
}

function readCheckpoint(text: string): AuditCheckpoint {
  const [, seq, seal] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text) ?? []
  if (seq === undefined || seal === undefined)
    throw new UsageError(`--checkpoint: as the log has it, row:seal: ${text}`)
  return { seq: Number(seq), seal }
}

/** The settings are for `audit export`; a line has room for what changed. */
function short({ data: { settings: _settings, ...data } = {} }: AuditRow): string {
  const text = JSON.stringify(data)
  return text.length > 160 ? `${text.slice(0, 159)}…` : text
}

const say = (text: string) => void process.stdout.write(`${text}\n`)
