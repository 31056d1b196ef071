import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { writeContract } from '../../../src/bin/contract.ts'
import { writeCoverage } from '../../../src/bin/coverage-page.ts'
import { pathOf, readAddress } from '../../../src/chorus/address.ts'
import { catalogue, concernsInvoices, findEntry, isListed, kindOf } from '../../../src/chorus/catalogue.ts'
import { simulatedOperations } from '../../../src/simulator/operations/table.ts'

const root = join(import.meta.dirname, '../../..')

t.test('the coverage page is what the code says', async (t) => {
  const page = readFileSync(join(root, 'docs/coverage.md'), 'utf8')
  t.equal(page, writeCoverage(), 'run npm run coverage')
})

t.test('every resource that the catalogue names is a route, and every operation is there once', async (t) => {
  const { yaml: contract } = await writeContract()
  const routes = new Set<string>()
  let path = ''
  for (const line of contract.split('\n')) {
    path = /^ {2}(\/\S+):$/.exec(line)?.[1] ?? path
    const method = /^ {4}(get|post|put|patch|delete):$/.exec(line)?.[1]
    if (method !== undefined) routes.add(`${method.toUpperCase()} ${path}`)
  }
  t.ok(routes.has('POST /v1/invoices'))
  for (const { operation, resource } of catalogue)
    if (resource !== undefined) t.ok(routes.has(resource), `${operation}: ${resource}`)
  t.equal(new Set(catalogue.map(({ operation }) => operation)).size, catalogue.length)
  t.same(
    catalogue.filter(({ confirmedBy }) => confirmedBy.length === 0).map(({ operation }) => operation),
    [],
    'nothing is made up'
  )
})

t.test('every operation that the simulator answers is in the catalogue, with its method', async (t) => {
  for (const { domain, path, method } of simulatedOperations) {
    const entry = findEntry(`${domain}/${path}`)
    t.equal(entry?.method ?? 'POST', method, `${domain}/${path}`)
  }
})

t.test('an address reads the same in both styles, and every one can be called', async (t) => {
  for (const { operation } of catalogue) {
    const called = operation.replaceAll(/\{\w+\}/g, '0f9a')
    for (const access of ['piste', 'certificate'] as const) {
      const base = access === 'piste' ? '/cpro' : '/service'
      t.equal(readAddress(`${base}/${pathOf(called, access)}`)?.operation, called, `${base} ${operation}`)
    }
    t.equal(findEntry(called)?.operation, operation)
  }
  t.equal(pathOf('facturesTravaux/consulter', 'certificate'), 'factures/travaux/consulter')
  t.equal(readAddress('/service//factures//travaux//consulter')?.operation, 'facturesTravaux/consulter')
  for (const path of [
    '/cpro',
    '/cpro/factures//soumettre',
    '/cpro/factures/v1//soumettre',
    '/service/factures//',
    '/service/factures//..//soumettre',
    '/cpro/factures/v1',
    '/cpro/factures/v1/',
    '/service/a/../b',
    '/cpro/a/v1/b?c',
    '/v1/a/b'
  ])
    t.equal(readAddress(path), undefined, path)
})

t.test('what a call does, known or not', async (t) => {
  const cases: [string, string, string][] = [
    ['factures/soumettre', 'POST', 'create'],
    ['factures/soumettre', 'GET', 'create'],
    ['factures/traiter/recue', 'POST', 'change'],
    ['factures/deposer/pdf', 'POST', 'upload'],
    ['factures/telecharger/groupe', 'POST', 'download'],
    ['transverses/health-check', 'GET', 'read'],
    ['organisations/structures/0f9a/parametres-edi', 'PATCH', 'change'],
    ['organisations/structures/0f9a/parametres-edi', 'GET', 'read'],
    ['organisations/structures/0f9a', 'DELETE', 'change'],
    ['nouveau/rechercher/tout', 'POST', 'read'],
    ['nouveau/inventer', 'POST', 'change'],
    ['nouveau/inventer', 'GET', 'read']
  ]
  for (const [operation, method, kind] of cases) t.equal(kindOf(operation, method), kind, `${method} ${operation}`)
  t.ok(isListed('factures/soumettre', ['structures/*', 'factures/soumettre']))
  t.notOk(isListed('factures/soumettreTout', ['factures/soumettre']))
  t.notOk(isListed('structuresAutres/x', ['structures/*']))
  t.notOk(concernsInvoices('structures/rechercher'))
  for (const { operation, kind } of catalogue) {
    if (kind === 'read' || kind === 'download') continue
    t.ok(concernsInvoices(operation), `${operation} may act on an invoice`)
  }
})
