import {
  type FinalAnswer,
  type FinalInvoice,
  type FinalTimeline,
  type JournalRecord,
  openJournal,
  readLines
} from './history.ts'

export const apiKey = 'chaos-key-0123456789abcdef'
export const headers = { authorization: `Bearer ${apiKey}` }

/** Asks a gateway for everything it has and for everything it promised, and writes it down. */
export async function readFinals(url: string, journal: string, file: string): Promise<void> {
  const ids = new Set<string>()
  for (const record of readLines<JournalRecord>(journal)) {
    if (record.kind === 'outcome' && record.id !== undefined) ids.add(record.id)
  }
  for (const id of await listIds(url)) ids.add(id)
  const finals = openJournal<FinalAnswer>(file)
  const waiting = [...ids]
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) finals.write(await readOne(url, id))
    })
  )
  finals.close()
}

async function readOne(url: string, id: string): Promise<FinalAnswer> {
  const answer = await fetch(`${url}/v1/invoices/${id}`, { headers })
  if (answer.status !== 200) return { id, httpStatus: answer.status }
  const invoice = (await answer.json()) as FinalInvoice
  const timeline = (await (await fetch(`${url}/v1/invoices/${id}/timeline`, { headers })).json()) as FinalTimeline
  return { id, httpStatus: 200, invoice, timeline }
}

export async function listIds(url: string, state?: string): Promise<string[]> {
  const ids: string[] = []
  let cursor: string | undefined
  do {
    const query = new URLSearchParams({ limit: '200', ...(state && { state }), ...(cursor && { cursor }) })
    const answer = await fetch(`${url}/v1/invoices?${query.toString()}`, { headers })
    if (answer.status !== 200) throw new Error(`the list answers ${answer.status}`)
    const page = (await answer.json()) as { items: { id: string }[]; nextCursor?: string }
    ids.push(...page.items.map(({ id }) => id))
    cursor = page.nextCursor
  } while (cursor !== undefined)
  return ids
}
