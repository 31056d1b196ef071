import { test } from 'tap'
import { StoreUnavailable } from '../../../src/store/errors.ts'
import { type Connection, createGroupCommit } from '../../../src/store/group-commit.ts'
import { asCommitFailure, asUnavailable } from '../../../src/store/sqlite-errors.ts'

const sqliteError = (errcode: number) => Object.assign(new Error('sqlite'), { code: 'ERR_SQLITE_ERROR', errcode })

/** A connection that only notes what it is told. */
function recorder(fail: (sql: string) => Error | undefined = () => undefined) {
  const log: string[] = []
  let open = false
  const connection: Connection = {
    get isTransaction() {
      return open
    },
    exec: (sql) => {
      log.push(sql)
      const error = fail(sql)
      if (error !== undefined) throw error
      if (sql.startsWith('begin')) open = true
      if (sql === 'commit' || sql === 'rollback') open = false
    },
    tx: {
      all: () => Promise.resolve([]),
      run: (sql) => {
        log.push(sql)
        const error = fail(sql)
        return error === undefined ? Promise.resolve(1) : Promise.reject(error)
      },
      now: () => Promise.resolve(0)
    }
  }
  const commits = () => log.filter((sql) => sql === 'commit').length
  return { connection, log, commits }
}

test('writes that wait at the same moment share one commit, and none is told before it', async (t) => {
  const { connection, log, commits } = recorder()
  const { write } = createGroupCommit({ connection })
  const one = (i: number) =>
    write(async (tx) => {
      await tx.run(`write ${i}`)
      return i
    }).then((value) => {
      t.equal(commits(), 1, 'told after the commit')
      return value
    })
  t.same(await Promise.all([one(1), one(2), one(3)]), [1, 2, 3])
  t.same(
    log.filter((sql) => !/^(savepoint|release)/.test(sql)),
    ['begin immediate', 'write 1', 'write 2', 'write 3', 'commit']
  )
})

test('what comes while a group runs joins it or waits for the next, in order', async (t) => {
  const { connection, commits, log } = recorder()
  const { write } = createGroupCommit({ connection, operationsPerGroup: 2 })
  await Promise.all(Array.from({ length: 5 }, (_, i) => write((tx) => tx.run(`write ${i}`))))
  t.equal(commits(), 3)
  t.same(
    log.filter((sql) => sql.startsWith('write')),
    [0, 1, 2, 3, 4].map((i) => `write ${i}`)
  )
})

test('a write that throws is undone alone', async (t) => {
  const { connection, log } = recorder()
  const { write } = createGroupCommit({ connection })
  const results = await Promise.allSettled([
    write((tx) => tx.run('good')),
    write(async (tx) => {
      await tx.run('bad')
      throw new RangeError('no')
    }),
    write((tx) => tx.run('fine'))
  ])
  t.match(results, [{ status: 'fulfilled' }, { reason: { name: 'RangeError' } }, { status: 'fulfilled' }])
  const bad = log.lastIndexOf('bad')
  t.same(log.slice(bad - 1, bad + 3), ['savepoint operation', 'bad', 'rollback to operation', 'release operation'])
  t.equal(log.at(-1), 'commit')
})

test('a store in trouble fails the whole group, and is asked again for the next', async (t) => {
  let full = true
  const { connection, log } = recorder((sql) => (full && sql === 'too much' ? sqliteError(13) : undefined))
  const { write } = createGroupCommit({ connection })
  const results = await Promise.allSettled([write((tx) => tx.run('a')), write((tx) => tx.run('too much'))])
  t.match(results, [{ reason: { reason: 'full' } }, { reason: { reason: 'full' } }])
  t.equal(log.at(-1), 'rollback')
  full = false
  t.equal(await write((tx) => tx.run('too much')), 1)
})

test('a commit that fails tells what is known about it', async (t) => {
  const cases: [number, StoreUnavailable['reason']][] = [
    [13, 'full'],
    [5, 'unavailable'],
    [1034, 'commit-unknown'],
    [778, 'commit-unknown']
  ]
  for (const [code, reason] of cases) {
    const { connection, log } = recorder((sql) => (sql === 'commit' ? sqliteError(code) : undefined))
    const { write } = createGroupCommit({ connection })
    await t.rejects(
      write((tx) => tx.run('a')),
      { name: 'StoreUnavailable', reason }
    )
    t.equal(log.at(-1), 'rollback')
  }
})

test('without a transaction nobody waits in memory', async (t) => {
  const { connection, log } = recorder((sql) => (sql.startsWith('begin') ? sqliteError(5) : undefined))
  const { write } = createGroupCommit({ connection, busyMs: 30 })
  const results = await Promise.allSettled([write((tx) => tx.run('a')), write((tx) => tx.run('b'))])
  t.match(results, [{ reason: { reason: 'unavailable' } }, { reason: { reason: 'unavailable' } }])
  t.ok(log.length > 1, 'it was tried again while the lock could be freed')
})

test('closing waits for what was asked, and takes no more', async (t) => {
  const { connection, log } = recorder()
  const { write, close } = createGroupCommit({ connection })
  const last = write((tx) => tx.run('last'))
  await close()
  t.equal(await last, 1)
  t.equal(log.at(-1), 'commit')
  await t.rejects(
    write((tx) => tx.run('late')),
    StoreUnavailable
  )
})

test('errors of the disk are told from faults of ours', async (t) => {
  t.match(asUnavailable(sqliteError(13)), { reason: 'full' })
  t.match(asUnavailable(sqliteError(778)), { reason: 'full' }, 'a quota')
  t.match(asUnavailable(sqliteError(266)), { reason: 'unavailable' }, 'a read error')
  t.match(asUnavailable(sqliteError(8)), { reason: 'unavailable' }, 'read-only')
  t.equal(asUnavailable(sqliteError(2067)), undefined, 'a constraint')
  t.equal(asUnavailable(new TypeError('ours')), undefined)
  t.equal(asCommitFailure(new Error('what?')).reason, 'commit-unknown')
})
