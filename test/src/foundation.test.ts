import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { createByteBudget } from '../../src/byte-budget.ts'
import { ConfigError, readConfig } from '../../src/config.ts'
import { createMemory } from '../../src/directory/memory.ts'
import { createScrubber } from '../../src/log.ts'
import { createLoop } from '../../src/loop.ts'
import { unflatten } from '../../src/plugins/flat-form.ts'
import { createSpareMemory } from '../../src/spare-memory.ts'
import { decodeBase64, JsonFault, parseStrictJson } from '../../src/strict-json.ts'
import { production } from '../helpers/production.ts'

const faultsOf = (environment: Record<string, string>) => {
  try {
    readConfig(environment)
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.faults
    throw error
  }
}

t.test('configuration', (t) => {
  t.test('nothing set is a gateway with its own simulator', (t) => {
    const config = readConfig({})
    t.match(config, {
      host: '127.0.0.1',
      port: 3000,
      adminPort: 3001,
      dataDir: './data',
      chorus: { environment: 'simulator', access: 'certificate' }
    })
    t.equal(config.chorus.apiUrl, undefined)
    t.equal(Object.isFrozen(config), true)
    t.end()
  })
  t.test('every fault is named at once, without its value', (t) => {
    const faults = faultsOf({
      PORT: 'not-a-port',
      HOST: '0.0.0.0',
      CHORUS_PRO_ENVIRONMENT: 'test',
      GATEWAY_API_KEY: 'short-secret',
      CHORUS_PRO_PASSWORD_FILE: '/nowhere/secret-path',
      LOG_LEVEL: 'loud'
    })
    const names = ['PORT', 'CHORUS_PRO_ENVIRONMENT', 'GATEWAY_API_KEY', 'CHORUS_PRO_PASSWORD_FILE', 'LOG_LEVEL']
    for (const name of names)
      t.ok(
        faults.some((fault) => fault.startsWith(name)),
        name
      )
    t.notMatch(faults.join(), /not-a-port|short-secret|secret-path|loud/)
    t.end()
  })
  t.test('each environment has its addresses and needs its credentials', (t) => {
    t.match(
      faultsOf({ CHORUS_PRO_ENVIRONMENT: 'production' }).join(),
      /PISTE_CLIENT_ID.*PISTE_CLIENT_SECRET.*CHORUS_PRO_LOGIN.*CHORUS_PRO_PASSWORD/s
    )
    t.match(
      faultsOf({ CHORUS_PRO_ENVIRONMENT: 'qualification', CHORUS_PRO_ACCESS: 'certificate' }).join(),
      /CHORUS_PRO_CERTIFICATE_FILE/
    )
    t.equal(readConfig(production).chorus.apiUrl, 'https://api.piste.gouv.fr/cpro')
    t.match(faultsOf({ ...production, GATEWAY_TIME_SCALE: '2' }).join(), /GATEWAY_TIME_SCALE/)
    t.match(faultsOf({ ...production, CHORUS_PRO_API_URL: 'http://x/cpro' }).join(), /https/)
    t.end()
  })
  t.test('dates are days of the calendar', (t) => {
    t.match(faultsOf({ CHORUS_PRO_PASSWORD_EXPIRES: '2027-02-30' }), [/CHORUS_PRO_PASSWORD_EXPIRES is no day/])
    t.match(faultsOf({ PISTE_CLIENT_SECRET_EXPIRES: 'soon' }), [/PISTE_CLIENT_SECRET_EXPIRES is not valid/])
    t.end()
  })
  t.test('no authentication only on a loopback address', (t) => {
    t.match(faultsOf({ GATEWAY_AUTH: 'none', HOST: '0.0.0.0' }).join(), /loopback/)
    t.same(faultsOf({ GATEWAY_AUTH: 'none' }), [])
    t.end()
  })
  t.test('faults of values and faults between them are told at once, each by one line', (t) => {
    const faults = faultsOf({
      PORT: 'x',
      HOST: '0.0.0.0',
      GATEWAY_AUTH: 'none',
      CHORUS_PRO_ENVIRONMENT: 'qualification'
    })
    t.match(faults.join(), /GATEWAY_AUTH=none/)
    t.match(faults[0], /^PORT is not valid/)
    t.match(faults.join(), /CHORUS_PRO_LOGIN/)
    t.equal(faults.filter((fault) => fault.includes('PORT ')).length, 1)
    t.end()
  })
  t.test('secrets come from files', (t) => {
    const folder = t.testdir({ key: 'a-key-from-a-file-1234\n' })
    t.equal(readConfig({ GATEWAY_API_KEY_FILE: join(folder, 'key') }).apiKey, 'a-key-from-a-file-1234')
    writeFileSync(join(folder, 'ca.pem'), 'nothing')
    t.match(faultsOf({ CHORUS_PRO_CA_FILE: join(folder, 'ca.pem') }).join(), /CHORUS_PRO_CA_FILE holds no PEM/)
    t.match(readConfig({ CHORUS_PRO_PASWORD: 'x' }).warnings.join(), /CHORUS_PRO_PASWORD/)
    t.end()
  })
  t.end()
})

t.test('strict JSON', (t) => {
  const parse = (text: string) => parseStrictJson(Buffer.from(text), ['file', 'contentBase64'])
  t.same(parse('{"a":[1,{"b":"\\u00e9"}]}').value, { a: [1, { b: 'é' }] })
  for (const bytes of [
    Buffer.of(0x7b, 0x22, 0xff, 0x22, 0x7d),
    Buffer.from('\ufeff{}'),
    Buffer.from('{"a":1}', 'utf16le')
  ]) {
    t.throws(() => parseStrictJson(bytes), JsonFault)
  }
  t.throws(() => parse('{"a":{"b":1,"b":2}}'), { message: /"b"/ })
  t.throws(() => parse('{"a":[{"b":1},{"c":1,"c":2}]}'), { message: /"c"/ })
  t.throws(() => parse('{"a":1,"\\u0061":2}'), JsonFault, 'an escaped name is the same name')
  t.same(parse('{"x":"{\\"a\\":1,\\"a\\":2}"}').value, { x: '{"a":1,"a":2}' }, 'text is not looked into')
  const bytes = Buffer.from(Array.from({ length: 3_000_001 }, (_, at) => at % 251))
  for (const text of [
    bytes.toString('base64'),
    bytes.toString('base64').replace(/.{64}/g, '$&\\n'),
    bytes.toString('base64').replaceAll('/', '\\/'),
    bytes.toString('base64').replace(/.{76}/g, '$&\\u000D\\u000a').replaceAll('+', '\\u002B').replaceAll('/', '\\u002f')
  ]) {
    t.ok(parse(`{"number":"1","file":{"contentBase64":"${text}","name":"a"}}`).binary?.equals(bytes))
  }
  for (const bad of ['AAA', 'A', '====', 'AA=A', 'AAA-', 'AA AA AA!', 'AA\\u005cn', 'AA\\u00e9A', 'AAA\\u00', '\\u']) {
    if (bad === 'AAA') t.equal(decodeBase64(Buffer.from(bad), '').length, 2, 'missing padding is tolerated')
    else t.throws(() => decodeBase64(Buffer.from(bad), '/x'), JsonFault, bad)
  }
  t.end()
})

t.test('flat form fields', (t) => {
  t.same(
    unflatten([
      ['number', '1'],
      ['buyer.siret', 's'],
      ['lines[1].name', 'b'],
      ['lines[0][name]', 'a'],
      ['lines.0.vat.rate', '20'],
      ['tags', 'x'],
      ['tags', 'y'],
      ['completeFromDocument', 'true'],
      ['note', '']
    ]),
    {
      number: '1',
      buyer: { siret: 's' },
      lines: [{ name: 'a', vat: { rate: '20' } }, { name: 'b' }],
      tags: ['x', 'y'],
      completeFromDocument: true
    }
  )
  for (const name of [
    '__proto__',
    'a.constructor.b',
    'a..b',
    'a[__proto__]',
    'a[constructor].b',
    'a[b][',
    'a.b.c.d.e.f'
  ])
    t.throws(() => unflatten([[name, 'x']]), { code: 'malformed-request' }, name)
  t.throws(
    () =>
      unflatten([
        ['number', '1'],
        ['number', '2']
      ]),
    { code: 'malformed-request' }
  )
  t.throws(
    () =>
      unflatten([
        ['buyer', '1'],
        ['buyer.siret', '2']
      ]),
    { code: 'malformed-request' }
  )
  t.end()
})

t.test('the byte budget admits in turn and never more than it has', async (t) => {
  const budget = createByteBudget(100)
  const first = await budget.acquire(60)
  const order: string[] = []
  const second = budget.acquire(50).then((release) => (order.push('second'), release))
  const third = budget.acquire(10).then((release) => (order.push('third'), release))
  t.equal(budget.waiting(), 2, 'a small one does not overtake a large one')
  const gone = new AbortController()
  const fourth = budget.acquire(10, gone.signal)
  gone.abort(new Error('left'))
  await t.rejects(fourth, { message: 'left' })
  first()
  first()
  const releases = await Promise.all([second, third])
  t.same(order, ['second', 'third'])
  t.equal(budget.used(), 60)
  for (const release of releases) release()
  const huge = await budget.acquire(1_000)
  t.equal(budget.used(), 1_000, 'what is larger than the budget goes alone')
  huge()
  t.equal(budget.used(), 0)
})

t.test('memory: one question at a time, old answers during an outage', async (t) => {
  let time = 0
  let asked = 0
  let answer: () => Promise<string | undefined> = async () => 'a'
  const memory = createMemory({ fetch: () => (asked++, answer()), now: () => time, freshMs: 100, missingMs: 10 })
  t.same(await Promise.all([memory.get('k'), memory.get('k'), memory.get('k')]), ['a', 'a', 'a'])
  t.equal(asked, 1)
  time = 101
  answer = async () => Promise.reject(new Error('away'))
  t.equal(await memory.get('k'), 'a', 'what was known goes on counting')
  await t.rejects(memory.get('new'), { message: 'away' }, 'what was never known is not "missing"')
  answer = async () => undefined
  t.equal(await memory.get('other'), undefined)
  time = 112
  answer = async () => 'there now'
  t.equal(await memory.get('other'), 'there now')
})

t.test('the scrubber knows every form of a secret', (t) => {
  const scrub = createScrubber(['pass"wörd/1', undefined, 'abc'])
  for (const form of [
    'pass"wörd/1',
    Buffer.from('pass"wörd/1').toString('base64'),
    encodeURIComponent('pass"wörd/1'),
    JSON.stringify('pass"wörd/1')
  ]) {
    t.notMatch(scrub(`x ${form} y`), form.slice(2, 8))
  }
  t.match(
    scrub('http://user:word@proxy:3128/ Bearer abcdefgh cpg_id1_SECRETSECRET abc'),
    'http://***@proxy:3128/ Bearer *** cpg_id1_*** abc'
  )
  t.end()
})

t.test('a loop goes on after a failure and ends when told', async (t) => {
  let rounds = 0
  const errors: unknown[] = []
  const loop = createLoop(
    async () => {
      rounds++
      if (rounds === 1) throw new Error('first')
      return rounds > 2 ? 60_000 : 1
    },
    { restAfterErrorMs: 1, onError: (error) => errors.push(error) }
  )
  loop.start()
  while (rounds < 3) await new Promise((resolve) => setTimeout(resolve, 5))
  loop.wake()
  while (rounds < 4) await new Promise((resolve) => setTimeout(resolve, 5))
  await loop.stop()
  t.equal(errors.length, 1)
  t.equal(rounds, 4)
})

t.test('memory of a large file is handed on, and lost to whoever had it', async (t) => {
  const mb = 1024 * 1024
  const memory = createSpareMemory({ mostBytes: 8 * mb, idleMs: 30 })
  const first = memory.take(3_000_000).fill(7)
  const again = first.subarray(10)
  memory.giveBack(first)
  t.equal(memory.held(), 3 * mb)
  t.same([first.length, again.length], [0, 0], 'no reference leads there any more')
  memory.giveBack(again)
  t.equal(memory.held(), 3 * mb, 'once only')

  const second = memory.take(2_900_000)
  t.same([second.length, second[0], memory.held()], [2_900_000, 7, 0], 'the same pages')
  memory.giveBack(second)
  const third = memory.take(1_200_000)
  t.equal(memory.held(), 3 * mb, 'more than twice what is needed is left to others')
  t.equal(memory.take(4_000_000).length, 4_000_000)

  const larger = memory.take(6_000_000)
  memory.giveBack(larger)
  t.same([larger.length, memory.held()], [0, 3 * mb], 'what would be too much goes back at once')
  const small = memory.take(1_000)
  memory.giveBack(small)
  t.same([small.length, memory.held()], [0, 3 * mb], 'and so do small ones')
  memory.giveBack(third)
  await new Promise((resolve) => setTimeout(resolve, 60))
  t.equal(memory.held(), 0, 'nothing is kept in quiet times')
})
