import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { callerScopes } from '../../schemas/scopes.ts'
import { makeKey } from '../../src/callers/api-key.ts'
import { ConfigError, readConfig } from '../../src/config.ts'
import { accountFor, accountForReading, createConnections } from '../../src/connections/connections.ts'
import { waysOf } from '../../src/connections/ways.ts'
import type { DirectoryCopy } from '../../src/directory/copy.ts'
import { createSimulator, type Simulator } from '../../src/simulator/simulator.ts'
import { buildGateway, formOf, goodInvoice, type TestGateway } from '../helpers/gateway.ts'
import { makePdf } from '../helpers/pdf.ts'

const pdf = makePdf()
const [main, second] = ['99900010200015', '99900020100015'] as const

const faultsOf = (content: unknown, environment: Record<string, string> = {}, folder = t.testdir({})) => {
  const path = join(folder, 'connections.json')
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  try {
    readConfig({ GATEWAY_CONFIG_FILE: path, ...environment })
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.faults
    throw error
  }
}

const piste = { clientId: 'an-id', clientSecret: 'hush-hush' }
const account = { name: 'a', login: 'TECH', password: 'hush-hush' }
const connection = { name: 'one', environment: 'qualification', access: 'piste', piste, accounts: [account] }
const others = (...accounts: object[]) => ({ connections: [{ ...connection, accounts }] })

t.test('every fault of the file is named at once, by its place and without a value', (t) => {
  const faults = faultsOf({
    connections: [
      { ...connection, environment: 'hush-hush', piste: { clientId: 1 }, secret: 'hush-hush' },
      { name: 'Not A Name', environment: 'production', access: 'piste', accounts: [] },
      { ...connection, accounts: [{ name: 'a', sellers: ['hush-hush'] }] }
    ]
  })
  const at = (pointer: string) => faults.filter((fault) => fault.startsWith(`GATEWAY_CONFIG_FILE ${pointer} `))
  t.match(at('/connections/0/environment'), [/one of simulator, qualification, production/])
  t.match(at('/connections/0/secret'), [/not known/])
  t.equal(at('/connections/0/piste/clientId').length, 1)
  t.match(at('/connections/1/name'), [/small letters/])
  t.equal(at('/connections/1/accounts').length, 1)
  t.match(at('/connections/2/accounts/0/sellers/0'), [/SIRET/])
  t.notMatch(faults.join('\n'), /hush|Not A Name/)
  t.match(faultsOf('{"connections": [], "connections": []}'), [/names a member twice/])
  t.match(faultsOf('[1'), [/no JSON/])
  t.end()
})

t.test('what each part says well may still not fit together', (t) => {
  const lines = (content: unknown, environment?: Record<string, string>) => faultsOf(content, environment).join('\n')
  t.match(lines(others({ name: 'a' })), /accounts\/0\/login is missing[\s\S]*accounts\/0\/password is missing/)
  t.match(lines(others({ ...account, passwordFile: 'p' })), /password is there twice/)
  t.match(lines(others({ ...account, password: undefined, passwordFile: 'nowhere' })), /passwordFile cannot be read/)
  t.match(lines(others(account, account)), /accounts\/1\/name is the name of another/)
  t.match(lines(others(account, { ...account, name: 'b' })), /two accounts without sellers/)
  t.match(
    lines(others({ ...account, sellers: [main] }, { ...account, name: 'b', sellers: [second, main] })),
    /accounts\/1\/sellers\/1 is served by another account in qualification/
  )
  t.match(lines(others({ ...account, passwordSince: '2026-02-30' })), /passwordSince is no day/)
  t.match(lines(others({ ...account, bankAccounts: { FR7630006000011234567890188: 'x' } })), /no IBAN as its member/)
  t.match(lines(others({ ...account, formerly: ['one/b'] }, { ...account, name: 'b', sellers: [main] })), /formerly\/0/)
  t.match(lines({ connections: [{ ...connection, piste: undefined }] }), /\/piste is missing/)
  t.match(lines({ connections: [{ ...connection, access: 'certificate' }] }), /\/certificate is missing/)
  t.match(lines({ connections: [{ ...connection, environment: 'simulator' }] }), /apiUrl is missing[\s\S]*tokenUrl/)
  t.match(lines({ connections: [{ ...connection, apiUrl: 'http://x/cpro' }] }), /https/)
  t.match(lines({ connections: [connection] }, { CHORUS_PRO_LOGIN: 'x' }), /CHORUS_PRO_LOGIN .* belongs into the file/)
  const production = { connections: [connection, { ...connection, name: 'two', environment: 'production' }] }
  t.match(lines(production, { GATEWAY_TIME_SCALE: '2' }), /GATEWAY_TIME_SCALE is refused in production/)
  t.same(faultsOf(production), [])
  t.end()
})

t.test('a file becomes connections: secrets from files, usual addresses, dates', (t) => {
  const folder = t.testdir({ secrets: {} })
  mkdirSync(join(folder, 'secrets'), { recursive: true })
  writeFileSync(join(folder, 'secrets', 'password'), 'from-a-file\n')
  const path = join(folder, 'c.json')
  const { password: _password, ...rest } = account
  const one = { ...rest, passwordFile: 'secrets/password', passwordSince: '2026-01-01' }
  writeFileSync(path, JSON.stringify({ connections: [{ ...connection, proxyUrl: 'none', accounts: [one] }] }))
  const config = readConfig({ GATEWAY_CONFIG_FILE: path, HTTPS_PROXY: 'http://proxy:3128', NO_PROXY: 'here' })
  t.match(config.connections, [
    {
      name: 'one',
      apiUrl: 'https://sandbox-api.piste.gouv.fr/cpro',
      tokenUrl: 'https://sandbox-oauth.piste.gouv.fr/api/oauth/token',
      noProxy: 'here',
      accounts: [{ route: 'one/a', password: 'from-a-file', passwordExpires: '2027-03-01', sellers: [] }]
    }
  ])
  t.equal(config.connections[0]?.proxyUrl, undefined, 'none is none')
  t.same(config.files, [path, join(folder, 'secrets', 'password')], 'what has to be watched')
  t.end()
})

/** One connection of a simulator, as the file describes it. */
const towards = (simulator: Simulator, folder: string, changes: object = {}) => {
  const ca = join(folder, `ca-${new URL(simulator.pisteUrl).port}.pem`)
  writeFileSync(ca, simulator.ca)
  return {
    access: 'piste',
    apiUrl: simulator.pisteUrl,
    tokenUrl: simulator.tokenUrl,
    caFile: ca,
    piste: { clientId: simulator.clientId, clientSecret: simulator.clientSecret },
    ...changes
  }
}
const accountOf = (simulator: Simulator, changes: object = {}) => ({
  name: 'main',
  login: simulator.login,
  password: simulator.password,
  ...changes
})

async function keyFor(g: TestGateway, connections: string[], sellers: string[] = []) {
  const scopes = [...callerScopes, ...connections.map((name) => `connection:${name}`)]
  const { token, key } = makeKey({ name: 'a key', scopes, sellers, now: new Date() })
  await g.gateway.parts.store.addKey(key)
  return { authorization: `Bearer ${token}` }
}

const numbersAt = (simulator: Simulator) => simulator.control.ledger().acceptances.map(({ number }) => number)

async function twoEnvironments(t: Test) {
  const production = await createSimulator({ speed: 100 })
  t.teardown(() => production.close())
  const g = await buildGateway(t, {
    configured: true,
    environment: (simulator, folder) => {
      const path = join(folder, 'connections.json')
      const connections = [
        { name: 'real', environment: 'production', ...towards(production, folder), accounts: [accountOf(production)] },
        { name: 'test', environment: 'qualification', ...towards(simulator, folder), accounts: [accountOf(simulator)] }
      ]
      writeFileSync(path, JSON.stringify({ connections }))
      return { GATEWAY_CONFIG_FILE: path, GATEWAY_TIME_SCALE: '1' }
    }
  })
  return { g, production, qualification: g.simulator }
}

t.test('a test key never reaches production, and a key without connection never leaves it', async (t) => {
  const { g, production, qualification } = await twoEnvironments(t)
  const test = await keyFor(g, ['test'])
  const both = await keyFor(g, ['real', 'test'])
  const gone = await keyFor(g, ['elsewhere'])
  const send = async (headers: Record<string, string>) => {
    const invoice = goodInvoice()
    const { status, body } = await g.post('/v1/invoices', formOf(invoice, pdf), headers)
    return { number: invoice.number, status, code: body.code }
  }
  const asTest = await send(test)
  t.equal(asTest.status, 201)
  t.ok(numbersAt(qualification).includes(asTest.number))
  const refused = [
    await send({ ...test, 'chorus-connection': 'real' }),
    await send({ ...test, 'chorus-connection': 'no' })
  ]
  t.match(refused, [
    { status: 403, code: 'insufficient-scope' },
    { status: 403, code: 'insufficient-scope' }
  ])
  const raw = { ...test, 'chorus-connection': 'real', 'content-type': 'application/json' }
  t.match(await g.post('/cpro/structures/v1/rechercher', {}, raw), { status: 403 }, 'nor by Chorus Pro’s own addresses')
  t.match(await send(gone), { status: 503, code: 'connection-not-configured' })
  t.same(numbersAt(production), [], 'nothing of it came to production')
  t.equal(production.control.ledger().tokens.requested, 0, 'not even a question for a token')

  t.match(await send({ 'chorus-connection': 'test' }), { status: 403 }, 'the single key is of production')
  const plain = await send({})
  const named = await send({ ...both, 'chorus-connection': 'test' })
  const unnamed = await send(both)
  t.same(numbersAt(production), [plain.number, unnamed.number], 'without the header the first connection counts')
  t.same(numbersAt(qualification), [asTest.number, named.number])

  const asked = await g.get('/v1/directory/organizations/12345678200051', { ...both, 'chorus-connection': 'test' })
  t.equal(asked.status, 200)
  const look = await g.get('/v1/directory/organizations/12345678200051', { ...test, 'chorus-connection': 'real' })
  t.match(look, { status: 403, body: { code: 'insufficient-scope' } })
  t.match((await g.get('/health/ready')).body.lanes, [
    { lane: 'production/real/main', state: 'open' },
    { lane: 'qualification/test/main', state: 'open' }
  ])
})

t.test('the same number may go to both environments: they are two ledgers', async (t) => {
  const { g } = await twoEnvironments(t)
  const both = await keyFor(g, ['real', 'test'])
  const form = formOf(goodInvoice(), pdf)
  t.equal((await g.post('/v1/invoices', form, { ...both, 'chorus-connection': 'test' })).status, 201)
  t.equal((await g.post('/v1/invoices', form, { ...both, 'chorus-connection': 'real' })).status, 201)
})

const ledgerOf = (g: TestGateway) => g.simulator.control.ledger().arrivals

const secondAccount = { login: 'TECH_2@cpro.fr', password: 'le-second-mot-de-passe', structures: [second] }

async function twoAccounts(t: Test, changes: { second?: object; first?: object } = {}) {
  return buildGateway(t, {
    configured: true,
    simulator: { moreAccounts: [secondAccount] },
    environment: (simulator, folder) => {
      const path = join(folder, 'connections.json')
      const { structures: _structures, ...credentials } = secondAccount
      const accounts = [
        accountOf(simulator, { name: 'main', ...changes.first }),
        { name: 'second', ...credentials, sellers: [second], ...changes.second }
      ]
      const connections = [{ name: 'one', environment: 'simulator', ...towards(simulator, folder), accounts }]
      writeFileSync(path, JSON.stringify({ connections }))
      return { GATEWAY_CONFIG_FILE: path }
    }
  })
}

t.test('the seller picks the account, and each account has its lane', async (t) => {
  const g = await twoAccounts(t)
  const one = await g.post('/v1/invoices', formOf(goodInvoice(), pdf))
  const two = await g.post('/v1/invoices', formOf(goodInvoice({ seller: { siret: second } }), pdf))
  t.same([one.status, two.status], [201, 201])
  const kept = await Promise.all([one, two].map(({ body }) => g.gateway.parts.store.find(body.id)))
  t.match(kept, [{ connection: 'one/main' }, { connection: 'one/second' }])
  t.equal(g.simulator.control.ledger().tokens.issued, 1, 'one application, one token')
  const { seller: _seller, ...nobody } = goodInvoice()
  t.match((await g.post('/v1/invoices/validate', formOf(nobody, pdf))).body, {
    errors: [{ pointer: '/seller/siret', rule: 'seller-not-registered', message: /several accounts/ }]
  })
})

t.test('an account with a wrong password stops its own invoices alone', async (t) => {
  const g = await twoAccounts(t, { second: { password: 'ein-falsches' } })
  const two = await g.post('/v1/invoices', formOf(goodInvoice({ seller: { siret: second } }), pdf), {
    prefer: 'wait=3'
  })
  t.match(two, { status: 202, body: { submission: { error: { code: 'technical-account-rejected' } } } })
  t.equal((await g.post('/v1/invoices', formOf(goodInvoice(), pdf))).status, 201)
  t.match((await g.get('/health/ready')).body.lanes, [
    { lane: 'simulator/one/main', state: 'open' },
    { lane: 'simulator/one/second', state: 'paused' }
  ])
  t.notMatch(g.log.join(''), /ein-falsches/)
})

t.test('a lost answer is searched for with the account that sent', async (t) => {
  // The other one could do nothing.
  const g = await twoAccounts(t, { first: { password: 'ein-falsches' } })
  g.simulator.control.setFaults([{ operation: 'factures/soumettre', kind: 'drop-answer' }])
  const invoice = goodInvoice({ seller: { siret: second } })
  const answer = await g.post('/v1/invoices', formOf(invoice, pdf), { prefer: 'wait=1' })
  await g.until(answer.body.id, (read) => read.submission.state === 'integrated')
  t.equal(ledgerOf(g).filter(({ operation }) => operation === 'factures/rechercher/fournisseur').length > 0, true)
  t.equal(numbersAt(g.simulator).filter((number) => number === invoice.number).length, 1)
})

t.test('a bank account may be named by an IBAN that the configuration maps, and by no other', async (t) => {
  const iban = 'FR7630006000011234567890189'
  const g = await twoAccounts(t, { first: { bankAccounts: { [iban]: 'iban principal' } } })
  const paid = (bankAccount: string) => formOf(goodInvoice({ payment: { meansCode: '30', bankAccount } }), pdf)
  t.equal((await g.post('/v1/invoices', paid('FR76 3000 6000 0112 3456 7890 189'))).status, 201)
  t.match(await g.post('/v1/invoices', paid('DE89370400440532013000')), {
    status: 422,
    body: { errors: [{ rule: 'bank-account-unknown', fix: /mapped in the configuration/ }] }
  })
})

t.test('an account that is not configured any more keeps its invoices, until it is named again', async (t) => {
  let accounts: (simulator: Simulator) => object[] = (simulator) => [accountOf(simulator)]
  let path = ''
  const g = await buildGateway(t, {
    configured: true,
    environment: (simulator, folder) => {
      path = join(folder, 'connections.json')
      write(simulator, folder)
      return { GATEWAY_CONFIG_FILE: path }
    }
  })
  function write(simulator: Simulator, folder: string) {
    const one = { name: 'one', environment: 'simulator', ...towards(simulator, folder), accounts: accounts(simulator) }
    writeFileSync(path, JSON.stringify({ connections: [one] }))
  }
  const { body } = await g.post('/v1/invoices', formOf(goodInvoice(), pdf))
  const asked = ledgerOf(g).length
  accounts = (simulator) => [accountOf(simulator, { name: 'renamed' })]
  write(g.simulator, g.dataDir)
  await g.restart()
  t.match(await g.post(`/v1/invoices/${body.id}/refresh`, {}), {
    status: 503,
    body: { code: 'connection-not-configured' }
  })
  t.equal(ledgerOf(g).length, asked, 'another account is not asked about it')
  t.match(g.log.join(''), /an account that is not configured/)
  accounts = (simulator) => [accountOf(simulator, { name: 'renamed', formerly: ['one/main'] })]
  write(g.simulator, g.dataDir)
  await g.restart()
  t.equal((await g.post(`/v1/invoices/${body.id}/refresh`, {})).status, 200)
})

t.test('which account is meant, over several connections of one environment', (t) => {
  const accountsOf = (environment: string, name: string, accounts: Record<string, string[]>) => ({
    ...connection,
    name,
    environment,
    accounts: Object.entries(accounts).map(([each, sellers]) => ({
      ...account,
      name: each,
      ...(sellers.length > 0 && { sellers })
    }))
  })
  const folder = t.testdir({})
  const path = join(folder, 'connections.json')
  const content = [
    accountsOf('qualification', 'north', { a: ['11111111111111'], all: [] }),
    accountsOf('qualification', 'south', { b: ['22222222222222'] }),
    accountsOf('production', 'real', { c: ['11111111111111'] })
  ]
  writeFileSync(path, JSON.stringify({ connections: content }))
  const log = { debug() {}, info() {}, warn() {} }
  const { allowed } = createConnections({
    ways: waysOf(readConfig({ GATEWAY_CONFIG_FILE: path }), log),
    gate: () => ({ closed: () => undefined, answered() {}, failed() {} }),
    copyOf: () => ({}) as DirectoryCopy,
    now: () => new Date(),
    freshMs: 1,
    missingMs: 1
  })
  const sender = (asker: Parameters<typeof allowed>[0], seller?: string) =>
    accountFor(allowed(asker), seller)?.account.route
  t.equal(sender({}, '11111111111111'), 'north/a')
  t.equal(sender({}, '22222222222222'), 'south/b', 'the seller may be of another connection')
  t.equal(sender({}, '33333333333333'), 'north/all')
  t.equal(sender({}), undefined)
  t.equal(sender({ connections: ['south'] }, '11111111111111'), undefined)
  t.equal(sender({ connections: ['real', 'south'] }, '11111111111111'), undefined, 'the first in the file counts')
  t.equal(sender({ connections: ['real', 'south'], connection: 'real' }, '11111111111111'), 'real/c')
  t.equal(sender({ connection: 'north/all' }, '11111111111111'), 'north/all', 'an account may be named')
  t.throws(() => allowed({ connection: 'real' }), { code: 'insufficient-scope' })
  const reader = (asker: Parameters<typeof allowed>[0]) =>
    accountForReading(allowed(asker), asker.sellers).account.route
  t.equal(reader({}), 'north/all')
  t.equal(reader({ sellers: ['11111111111111'] }), 'north/a')
  t.equal(reader({ sellers: ['22222222222222'] }), 'south/b')
  t.equal(reader({ sellers: ['11111111111111', '22222222222222'] }), 'north/all')
  t.end()
})

t.test('a seller that no account serves is refused before anything is sent', async (t) => {
  const g = await twoAccounts(t, { first: { sellers: [main] } })
  const answer = await g.post('/v1/invoices', formOf(goodInvoice({ seller: { siret: '99900030200011' } }), pdf))
  t.match(answer, { status: 422, body: { errors: [{ pointer: '/seller/siret', rule: 'seller-not-registered' }] } })
})
