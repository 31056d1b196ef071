import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type { FieldError } from '../../schemas/problem.ts'
import { makeKey } from '../../src/callers/api-key.ts'
import { type Answer, buildGateway, dataInvoice, type TestGateway } from '../helpers/gateway.ts'

// Recipients, their services and demands: from Chorus Pro, and from the local copy while it is away.

const away = { operation: '.*', kind: 'drop-before', times: 'always' } as const

const pagesOf = async (g: TestGateway, path: string): Promise<Answer['body'][]> => {
  const pages: Answer['body'][] = []
  for (let cursor = ''; ; ) {
    const { status, body } = await g.get(`${path}${cursor}`)
    if (status !== 200) throw new Error(`${path}: ${status} ${JSON.stringify(body)}`)
    pages.push(body)
    if (body.nextCursor === undefined) return pages
    cursor = `&cursor=${body.nextCursor}`
  }
}

/** Waits until the copy was fetched. */
async function copied(g: TestGateway): Promise<void> {
  for (let tries = 0; tries < 1_000; tries++) {
    if (g.gateway.parts.directoryCopies.of('simulator').facts() !== undefined) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error('no copy came')
}

const callsOf = (g: TestGateway, operation: string) =>
  g.simulator.control.ledger().arrivals.filter((each) => each.operation === operation).length

t.test('an organization shows what it demands, who says so and since when', async (t) => {
  const g = await buildGateway(t)
  const { status, body } = await g.get('/v1/directory/organizations/12345678200044')
  t.equal(status, 200)
  t.match(body, {
    siret: '12345678200044',
    active: true,
    requirements: { serviceCode: false, commitmentNumber: false, serviceOrCommitment: true },
    kind: 'public',
    worksOnly: false,
    paymentReported: true,
    address: { postalCode: '99999', town: 'VILLE-TEST', country: 'France' },
    source: 'chorus-pro',
    upstream: { structureId: /^\d+$/ }
  })
  t.ok(Date.now() - Date.parse(body.asOf) < 60_000)
  t.match(await g.get('/v1/directory/organizations/99999999999999'), { status: 404, body: { code: 'not-found' } })
  t.match((await g.get('/v1/directory/organizations/99800006100015')).body, { paymentReported: false })
  const before = callsOf(g, 'structures/consulter')
  await g.get('/v1/directory/organizations/12345678200044')
  t.equal(callsOf(g, 'structures/consulter'), before, 'what was asked is remembered')
})

t.test('organizations are found by name, place, identifier and words, every page of them', async (t) => {
  const g = await buildGateway(t)
  const pages = await pagesOf(g, '/v1/directory/organizations?name=D%27EXEMPLE&limit=5')
  const items = pages.flatMap((page) => page.items)
  t.same(
    pages.map((page) => page.items.length),
    [5, 5, 1]
  )
  t.ok(pages.every((page) => page.total === items.length && page.source === 'chorus-pro' && page.asOf !== undefined))
  t.equal(new Set(items.map((item) => item.siret)).size, 11)
  t.match(items[0], {
    identifierType: 'siret',
    active: true,
    asOf: /Z$/,
    source: 'chorus-pro',
    upstream: { structureId: /^\d+$/, identifierType: 'SIRET', status: 'ACTIVE' }
  })
  const found = async (query: string) => {
    const { status, body } = await g.get(`/v1/directory/organizations?${query}`)
    return status === 200 ? body.items.map((item: { identifier: string }) => item.identifier).sort() : body
  }
  t.equal((await found('postalCode=99000&country=FR')).length, 11)
  t.equal((await found('town=exemple&name=D%27EXEMPLE')).length, 11)
  t.equal((await found('q=EXEMPLE')).length, 11)
  t.same(await found('identifier=BE0999999922&identifierType=eu_vat&includePrivate=true'), ['BE0999999922'])
  t.same(await found('kind=private&active=false&includePrivate=true'), ['99900040900014'])
  t.same(await found('name=NULLE+PART'), [], 'nothing is an empty list')
  t.same(await found('q=NULLE+PART'), [], 'also where Chorus Pro says it with a code')
  const one = await g.get('/v1/directory/organizations?siret=12345678200028')
  t.match(one.body, {
    total: 1,
    items: [{ siret: '12345678200028', requirements: { serviceCode: true, serviceOrCommitment: false } }]
  })
  t.match(await g.get('/v1/directory/organizations?q=paris&country=FR'), {
    status: 400,
    body: { code: 'malformed-request', errors: [{ pointer: '/country' }] }
  })
  const cursor = pages[0].nextCursor
  t.match(await g.get(`/v1/directory/organizations?name=OTHER&cursor=${cursor}`), { status: 400 })
  t.match(await g.get('/v1/directory/organizations?colour=red'), { status: 400 })
})

t.test('services come page by page, with their own demands', async (t) => {
  const g = await buildGateway(t)
  const twelve = (await g.get('/v1/directory/organizations?name=DOUZE')).body.items[0].siret
  const pages = await pagesOf(g, `/v1/directory/organizations/${twelve}/services?limit=5`)
  const codes = pages.flatMap((page) => page.items.map((item: { code: string }) => item.code))
  t.same([pages.length, codes.length, new Set(codes).size], [3, 12, 12])
  t.ok(pages.every((page) => page.total === 12))
  t.match(pages[0].items[0], { active: true, from: /T.*Z$/, upstream: { serviceId: /^\d+$/ } })
  const some = await g.get(`/v1/directory/organizations/${twelve}/services?name=service_0&active=true`)
  t.equal(some.body.total, 9)
  t.same((await g.get(`/v1/directory/organizations/${twelve}/services?active=false`)).body.items, [])

  const service = await g.get('/v1/directory/organizations/12345678200028/services/SERVICE_DEST_SERV_OBL')
  t.match(service.body, {
    code: 'SERVICE_DEST_SERV_OBL',
    active: true,
    requirements: { commitmentNumber: false },
    from: /T.*Z$/,
    upstream: { serviceId: /^\d+$/ }
  })
  t.equal((await g.get('/v1/directory/organizations/12345678200028/services/NOWHERE')).status, 404)
  t.equal((await g.get('/v1/directory/organizations/99999999999999/services')).status, 404)
})

t.test('our own structures and their accounts; a limited key sees its own alone', async (t) => {
  const g = await buildGateway(t)
  const own = await g.get('/v1/directory/own-organizations')
  const sirets = own.body.items.map((item: { identifier: string }) => item.identifier)
  t.match(own.body, { source: 'chorus-pro', asOf: /Z$/, total: sirets.length })
  t.ok(sirets.includes('99900020100015'))
  const receiving = await g.get('/v1/directory/own-organizations?role=recipient')
  t.ok(receiving.body.items.some((item: { siret: string }) => item.siret === '12345678200051'))
  const accounts = await g.get('/v1/directory/organizations/99900020100015/bank-accounts')
  t.same(
    accounts.body.items.map((item: { label: string }) => item.label),
    ['IBAN PRINCIPAL', 'IBAN SECONDAIRE']
  )
  t.same((await g.get('/v1/directory/organizations/99900030000015/bank-accounts')).body, { items: [], total: 0 })

  const limited = await limitedKey(g, ['directory:read'], ['99900010200015'])
  const mine = await g.get('/v1/directory/own-organizations', limited)
  t.same(
    mine.body.items.map((item: { siret: string }) => item.siret),
    ['99900010200015']
  )
  const foreign = await g.get('/v1/directory/organizations/99900020100015/bank-accounts', limited)
  const random = await g.get('/v1/directory/organizations/11111111111111/bank-accounts', limited)
  t.equal(foreign.status, 404)
  t.same(shape(foreign.body), shape(random.body), 'a foreign structure looks like one that does not exist')
  const other = await limitedKey(g, ['invoices:read'], [])
  t.match(await g.get('/v1/directory/organizations/12345678200051', other), { status: 403 })
})

const shape = ({ requestId: _id, detail, ...rest }: Answer['body']) => ({ ...rest, detail: detail.replace(/\d+/, '') })

async function limitedKey(g: TestGateway, scopes: string[], sellers: string[]) {
  const { token, key } = makeKey({ name: 'limited', scopes, sellers, now: new Date() })
  await g.gateway.parts.store.addKey(key)
  return { authorization: `Bearer ${token}` }
}

t.test('while Chorus Pro is away the local copy answers, and says so', async (t) => {
  const g = await buildGateway(t, { environment: { DIRECTORY_COPY_HOURS: '24' } })
  await copied(g)
  const fresh = await g.get('/v1/directory/organizations/12345678200028?source=local-copy')
  t.match(fresh, {
    status: 200,
    body: { siret: '12345678200028', requirements: { serviceCode: true }, source: 'local-copy', upstream: {} }
  })
  g.simulator.control.setFaults([away])
  const one = await g.get('/v1/directory/organizations/12345678200036')
  t.match(one, {
    status: 200,
    body: {
      siret: '12345678200036',
      active: true,
      requirements: { serviceCode: false, commitmentNumber: true, serviceOrCommitment: false },
      source: 'local-copy',
      asOf: fresh.body.asOf
    }
  })
  const pages = await pagesOf(g, '/v1/directory/organizations?name=exemple+commune&limit=4')
  t.same(
    pages.map((page) => page.items.length),
    [4, 4, 3]
  )
  t.match(pages[2], { source: 'local-copy', items: [{ requirements: { serviceCode: false }, source: 'local-copy' }] })
  t.match(await g.get('/v1/directory/organizations/99999999999999'), { body: { code: /upstream|proxy|tls/ } })
  t.match(await g.get('/v1/directory/organizations/12345678200036?source=chorus-pro'), { status: /50/ })

  const problems = await g.post('/v1/invoices/validate', { ...dataInvoice(), buyer: { siret: '12345678200028' } })
  t.match(problems.body, {
    verdict: 'invalid',
    errors: [{ rule: 'service-code-required', pointer: '/buyer/serviceCode' }]
  })
  t.match(
    problems.body.warnings.find((warning: FieldError) => warning.pointer === '/buyer/siret'),
    { message: /as of .*services were not/ },
    'it says what was not checked'
  )
  const absent = await g.post('/v1/invoices/validate', { ...dataInvoice(), buyer: { siret: '99999999999998' } })
  t.notOk(
    absent.body.errors.some((error: FieldError) => error.pointer === '/buyer/siret'),
    'absence from the copy refuses nothing'
  )
  t.ok(absent.body.warnings.some((warning: FieldError) => warning.pointer === '/buyer/siret'))
  const accepted = await g.post('/v1/invoices', dataInvoice(), { 'idempotency-key': 'away-1', prefer: 'wait=0' })
  t.equal(accepted.status, 202)

  await g.restart()
  t.match((await g.get('/v1/directory/organizations/12345678200036')).body, { source: 'local-copy' }, 'it outlives us')
  g.simulator.control.setFaults([])
})

t.test('a directory file that cannot be read changes nothing, and is tried again', async (t) => {
  const g = await buildGateway(t, {
    environment: { DIRECTORY_COPY_HOURS: '24' }
  })
  await copied(g)
  const file = join(g.dataDir, 'broken.zip')
  writeFileSync(file, 'PK nothing')
  const copy = g.gateway.parts.directoryCopies.of('simulator')
  await t.rejects(copy.take(file, { asOf: new Date(), from: 'broken.zip' }))
  t.equal(copy.facts()?.from, 'download')
})

t.test('a read costs little over what Chorus Pro takes', async (t) => {
  const g = await buildGateway(t)
  const time = async (work: () => Promise<unknown>) => {
    const times: number[] = []
    for (let each = 0; each < 30; each++) {
      const start = performance.now()
      await work()
      times.push(performance.now() - start)
    }
    return times.toSorted((a, b) => a - b)[15] ?? Number.NaN
  }
  const [first] = g.gateway.parts.connections.all
  const search = () => first.chorus.resources.organizations.search({ name: 'COMMUNE' }, { page: 1, size: 50, seen: 0 })
  await search()
  const upstream = await time(search)
  const facade = await time(() => g.get('/v1/directory/organizations?name=COMMUNE'))
  t.comment(`Chorus Pro ${upstream.toFixed(2)} ms, through the gateway ${facade.toFixed(2)} ms`)
  t.ok(facade - upstream < 20, 'on a machine that may be busy; the bench has the true figure')
})
