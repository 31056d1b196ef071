import type { Test } from 'tap'
import { accepted, type MakeStore } from '../samples.ts'

export async function auditContract(t: Test, makeStore: MakeStore): Promise<void> {
  const filled = async (t: Test) => {
    const made = await makeStore(t)
    await made.store.appendAudit([
      { kind: 'refused', actor: 'nobody', origin: '10.0.0.1', data: { code: 'unauthenticated' } },
      { kind: 'refused', actor: 'erp', invoiceId: 'inv_1', data: { code: 'deposit-refused' } }
    ])
    made.advance(1_000)
    await made.store.appendAudit([{ kind: 'lane-paused', actor: 'gateway', data: { lane: 'a' } }])
    await made.store.appendAudit([{ kind: 'operator-decided', actor: 'anna', invoiceId: 'inv_1' }])
    return made
  }

  await t.test('what happened is listed either way, by what and by whom, and nothing is wrong with it', async (t) => {
    const { store } = await filled(t)
    const all = await store.listAudit({}, { limit: 10 })
    t.match(
      all.map(({ seq, kind, position }) => [seq, kind, position]),
      [
        [4, 'operator-decided', 2],
        [3, 'lane-paused', 2],
        [2, 'refused', 1],
        [1, 'refused', 1]
      ]
    )
    t.match(all[3], { actor: 'nobody', origin: '10.0.0.1', data: { code: 'unauthenticated' } })
    t.ok((all[0]?.at ?? '') > (all[3]?.at ?? '9'))
    const seqs = async (...query: Parameters<typeof store.listAudit>) =>
      (await store.listAudit(...query)).map(({ seq }) => seq)
    t.same(await seqs({}, { limit: 2, after: 1 }), [2, 3])
    t.same(await seqs({}, { limit: 2, before: 3 }), [2, 1])
    t.same(await seqs({ kind: 'refused' }, { limit: 9 }), [2, 1])
    t.same(await seqs({ actor: 'anna' }, { limit: 9 }), [4])
    t.same(await seqs({ invoiceId: 'inv_1' }, { limit: 9 }), [4, 2])
    t.match(await store.verifyAudit(), { rows: 4, findings: [] })
  })

  await t.test('the database refuses to change or remove a row', async (t) => {
    const { store, tamper } = await filled(t)
    await t.rejects(tamper("update audit set actor = 'x' where seq = 2"), /append-only/)
    await t.rejects(tamper('delete from audit where seq = 2'), /append-only/)
    t.match(await store.verifyAudit(), { rows: 4, findings: [] })
  })

  const frauds: [string, string[], object][] = [
    ['an edit', ["update audit set data = '{}' where seq = 2"], { seq: 2, what: 'edited' }],
    ['another time', ['update audit set at = at + 1 where seq = 3'], { seq: 3, what: 'edited' }],
    ['a row taken out of the middle', ['delete from audit where seq = 2'], { seq: 3, what: 'missing' }],
    [
      'a row taken out, the others moved up',
      ['delete from audit where seq = 2', 'update audit set seq = seq - 1 where seq > 2'],
      { seq: 2, what: 'edited' }
    ],
    [
      'two rows in each other’s place',
      [
        'update audit set seq = 99 where seq = 2',
        'update audit set seq = 2 where seq = 3',
        'update audit set seq = 3 where seq = 99'
      ],
      { seq: 2, what: 'edited' }
    ],
    ['the end cut off', ['delete from audit where seq = 4'], { seq: 3, what: 'missing' }],
    ['the first row', ['delete from audit where seq = 1'], { seq: 2, what: 'missing' }],
    [
      'a row put in between',
      [
        "insert into audit (seq, at, chain, position, kind, actor, origin, data, hash, seal) values (5, 0, 'inv_1', 3, 'a', 'a', '', '{}', '0', '0')"
      ],
      { seq: 5, what: 'edited' }
    ]
  ]
  for (const [name, statements, finding] of frauds) {
    await t.test(`found out, by one who may do everything: ${name}`, async (t) => {
      const { store, tamper } = await filled(t)
      for (const statement of statements) await tamper(statement, 'owner')
      const { findings } = await store.verifyAudit()
      t.match(findings[0], finding, JSON.stringify(findings))
    })
  }

  await t.test('an audit that was written anew is told from the one that was noted elsewhere', async (t) => {
    const { store } = await filled(t)
    const noted = (await store.verifyAudit()).head
    const { store: other } = await makeStore(t)
    await other.appendAudit([{ kind: 'nothing', actor: 'gateway' }])
    t.match((await other.verifyAudit(noted)).findings, [{ what: 'checkpoint' }])
    t.match((await store.verifyAudit(noted)).findings, [])
    t.match((await store.verifyAudit({ seq: 2, seal: noted.seal })).findings, [{ seq: 2, what: 'checkpoint' }])
  })

  await t.test('keys and decisions are audited with what they change, or not at all', async (t) => {
    const { store } = await makeStore(t)
    const key = { id: 'a1', name: 'ERP', digest: 'ff', scopes: [], sellers: [], createdAt: '2026-11-22T08:00:00.000Z' }
    await store.addKey(key, { actor: 'cli:anna' })
    await t.rejects(store.addKey(key))
    await store.rotateKey('a1', { ...key, id: 'a2', digest: 'ee', caller: 'a1' }, '2026-11-23T08:00:00.000Z')
    await store.revokeKey('a1', '2026-12-01T00:00:00.000Z', { actor: 'admin', origin: '127.0.0.1' })
    const { invoice } = await accepted(store)
    await store.change(invoice.id, () => ({ patch: { state: 'held', heldReason: 'x' } }))
    await store.change(invoice.id, () => ({ patch: { state: 'cancelled' }, operator: 'anna' }))
    const rows = await store.listAudit({}, { limit: 9, after: 0 })
    t.match(rows, [
      { kind: 'key-created', actor: 'cli:anna', data: { key: 'a1', name: 'ERP' } },
      { kind: 'key-rotated', actor: 'gateway', data: { key: 'a2', replaces: 'a1' } },
      { kind: 'key-revoked', actor: 'admin', origin: '127.0.0.1', data: { key: 'a1' } },
      { kind: 'operator-decided', actor: 'anna', invoiceId: invoice.id, data: { from: 'held', to: 'cancelled' } }
    ])
    t.equal(rows.length, 4)
    t.notMatch(JSON.stringify(rows), /"ff"|"ee"/, 'no digest')
  })
}
