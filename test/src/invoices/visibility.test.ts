// Promise: how long "not found" has to last before it may mean "not there" follows what normal successes show.

import t from 'tap'
import { attemptEnd, sinceAttempt } from '../../../src/invoices/attempt-end.ts'
import { noteFlowShown } from '../../../src/invoices/measure.ts'
import { createVisibility } from '../../../src/invoices/visibility.ts'
import { watchedMs } from '../../../src/invoices/watched.ts'
import { timings } from '../../../src/invoices/workshop.ts'
import type { Store } from '../../../src/store/store.ts'
import type { StoredInvoice } from '../../../src/store/stored-invoice.ts'
import { buildGateway, dataInvoice, formOf, goodInvoice } from '../../helpers/gateway.ts'
import { makePdf } from '../../helpers/pdf.ts'

const minutes = (n: number) => n * 60_000

t.test('assumed at first; longer when the search lags, never shorter, never endless', (t) => {
  let time = 0
  const told: object[] = []
  const visibility = createVisibility({
    horizonMs: { pdf: minutes(30), structured: minutes(1440) },
    everyMs: minutes(1),
    now: () => time,
    warn: (facts) => void told.push(facts)
  })
  t.equal(visibility.horizonMs('pdf'), minutes(30))
  t.ok(visibility.wants('a'))
  t.notOk(visibility.wants('b'), 'one a minute is enough')
  visibility.seen('pdf', 'a', minutes(1))
  t.equal(visibility.horizonMs('pdf'), minutes(30))
  time = minutes(1)
  t.ok(visibility.wants('c'))
  visibility.hidden('pdf', 'c', minutes(20))
  t.ok(visibility.wants('c'), 'what was not shown is looked for again')
  t.equal(visibility.horizonMs('pdf'), minutes(60), 'what is not shown yet counts already')
  visibility.seen('pdf', 'c', minutes(25))
  t.equal(visibility.horizonMs('pdf'), minutes(75))
  t.equal(told.length, 2)
  t.equal(visibility.horizonMs('structured'), minutes(1440), 'each way for itself')
  visibility.seen('pdf', 'd', minutes(600))
  t.equal(visibility.horizonMs('pdf'), minutes(75), 'a look that came late tells how late we were')
  visibility.hidden('pdf', 'e', minutes(10_000))
  t.equal(visibility.horizonMs('pdf'), minutes(240), 'then a person decides')
  t.match(visibility.view(), [
    { route: 'pdf', measured: 3 },
    { route: 'structured', measured: 0 }
  ])
  t.end()
})

t.test('a gateway measures it on what it sends', async (t) => {
  // One second, where thirty minutes are 1.8 seconds.
  const g = await buildGateway(t, {
    environment: { GATEWAY_TIME_SCALE: '1000' },
    simulator: { searchLagMs: 100_000 }
  })
  const metric = async (name: string) => {
    const text = await (await fetch(`${g.adminUrl}/metrics`)).text()
    return Number(new RegExp(`gateway_search_${name}_seconds\\{route="pdf"\\} (\\S+)`).exec(text)?.[1])
  }
  t.equal(await metric('horizon'), 1.8)
  t.equal(await metric('slowest'), 0)
  t.equal((await g.post('/v1/invoices', formOf(goodInvoice(), makePdf()))).status, 201)
  const until = Date.now() + 4_000
  while ((await metric('slowest')) < 1 && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 50))
  t.ok((await metric('slowest')) >= 0.9, `${await metric('slowest')} s`)
  t.ok((await metric('horizon')) >= 2.7, `${await metric('horizon')} s`)
  t.ok(g.log.some((line) => /search of Chorus Pro lags/.test(line)))
})

t.test('fields alone: candidates are found by recipient, amount and day among many others', async (t) => {
  const g = await buildGateway(t, {
    environment: { GATEWAY_TIME_SCALE: '5000', CHORUS_PRO_TIMEOUT_MS: '1000' }
  })
  g.simulator.control.configure({ pageSizeCap: 2 })
  for (let n = 0; n < 8; n++) {
    t.equal((await g.post('/v1/invoices', formOf(goodInvoice({ totals: totals(n) }), makePdf()))).status, 201)
  }
  g.simulator.control.setFaults([{ operation: 'factures/soumettre', kind: 'drop-answer' }])
  const answer = await g.post('/v1/invoices', dataInvoice(), { 'idempotency-key': 'd', prefer: 'wait=0' })
  const held = await g.until(answer.body.id, (read) => read.submission.state === 'held')
  t.equal(held.submission.heldReason, 'unknown_outcome')
  const { body } = await g.get(held.links.timeline)
  const { data } = body.items.findLast((each: { type: string }) => each.type === 'held')
  t.equal(data.candidates.length, 1, 'the one that was taken')
  const searches = g.simulator.control
    .ledger()
    .arrivals.filter(({ operation, number }) => operation.includes('rechercher/f') && number === undefined)
  t.ok(searches.length <= 4, `${searches.length} pages are read, not those of all`)
})

const totals = (n: number) => ({
  taxExclusive: `${100 + n}.00`,
  tax: '0.00',
  taxInclusive: `${100 + n}.00`,
  payable: `${100 + n}.00`
})

t.test('an end that a wrong clock put into the future does not outlast its searches', async (t) => {
  const entry = (type: string, at: string) => ({ type, at, data: {} })
  const attempt = { number: 1, operation: 'factures/soumettre', startedAt: '2026-11-22T19:15:00Z' }
  const story = {
    attempts: [{ ...attempt, endedAt: '2026-11-22T19:15:10Z' }],
    entries: [
      entry('search-negative', '2026-11-22T18:00:00Z'),
      entry('attempt-ended', '2026-11-22T19:15:10Z'),
      entry('search-failed', '2026-11-22T18:16:00Z'),
      entry('search-negative', '2026-11-22T18:17:00Z')
    ]
  }
  const invoice = { updatedAt: '2026-11-22T18:17:00Z' } as StoredInvoice
  t.equal(attemptEnd(story, invoice, new Date('2026-11-22T18:20:00Z')), '2026-11-22T18:16:00Z')
  t.equal(attemptEnd(story, invoice, new Date('2026-11-22T19:20:00Z')), '2026-11-22T19:15:10Z', 'a clock that is right')
  t.equal(
    attemptEnd({ ...story, entries: [] }, invoice, new Date('2026-11-22T18:20:00Z')),
    '2026-11-22T19:15:10Z',
    'and without a search it is not guessed'
  )
})

t.test('the first searches may have been noted by the wrong clock as well', (t) => {
  const times = ['2026-11-22T19:15:10.6Z', '2026-11-22T19:15:11Z', '2026-11-22T18:15:20Z', '2026-11-22T18:15:30Z']
  const entries = [
    { at: '2026-11-22T19:15:10Z', type: 'attempt-ended', data: {} },
    ...times.map((at) => ({ at, type: 'search-negative', data: {} }))
  ]
  const attempts = [{ number: 1, operation: 'x', startedAt: '2026-11-22T18:15:09Z', endedAt: '2026-11-22T19:15:10Z' }]
  const now = new Date('2026-11-22T18:20:00Z')
  t.equal(attemptEnd({ attempts, entries }, { updatedAt: now.toISOString() } as StoredInvoice, now), times[2])
  t.equal(sinceAttempt(entries).length, 4, 'all of them follow it, whatever their times say')
  t.end()
})

t.test('a time of day that jumps makes no time pass; what the ledger was told stays', (t) => {
  t.equal(watchedMs('inv_w', 1, 0, 1_000), 0, 'the first look proves nothing')
  t.equal(watchedMs('inv_w', 1, 0, 61_000), 60_000)
  t.equal(watchedMs('inv_w', 1, 90_000, 62_000), 90_000, 'another replica has watched for longer')
  t.equal(watchedMs('inv_w', 2, 0, 70_000), 0, 'after another attempt it begins anew')
  t.equal(watchedMs('inv_v', 1, 90_000, 5_000), 90_000, 'after a restart it goes on from there')
  t.equal(watchedMs('inv_v', 1, 90_000, 15_000), 100_000)
  t.end()
})

t.test('what an outage of ours kept us from seeing says nothing of how long a flow takes', async (t) => {
  const hour = 3_600_000
  const timing = timings(1, 120_000)
  const horizonAfter = async (hours: number, looks: number) => {
    const visibility = createVisibility({ horizonMs: timing.horizonMs, everyMs: 60_000, now: () => 0, warn: () => {} })
    const attempts = [{ proof: 'done', endedAt: '2026-11-20T10:00:00Z' }]
    const store = { timeline: () => Promise.resolve({ attempts, entries: [] }) } as unknown as Store
    const now = () => new Date(Date.parse('2026-11-20T10:00:00Z') + hours * hour)
    await noteFlowShown({ visibility, store, now, timing }, { id: 'inv_1' } as StoredInvoice, looks)
    return visibility.horizonMs('structured') / hour
  }
  t.equal(await horizonAfter(48, 3), 24, 'asked three times, then the way was closed for two days')
  t.equal(await horizonAfter(0.01, 0), 24)
  t.ok((await horizonAfter(20, 48)) >= 60, 'asked for twenty hours, every half an hour')
})
