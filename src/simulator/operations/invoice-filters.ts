import { type Fields, id, number, text, values } from '../fields.ts'
import { currentStatus, type Invoice } from '../invoice.ts'
import { parisBound, parisDay } from '../paris.ts'
import { ttcOf } from './invoice-row.ts'

export type Test = (invoice: Invoice) => boolean

/** Filters that both sides share. A date that cannot be read filters nothing out: what upstream does is unknown. */
export function commonTests(fields: Fields): Test[] {
  const tests: Test[] = []
  const same = (name: string, read: (invoice: Invoice) => string | undefined): void => {
    const wanted = text(fields, name)
    if (wanted !== undefined) tests.push((invoice) => read(invoice) === wanted)
  }
  const days = (name: string, read: (invoice: Invoice) => string): void => {
    const from = text(fields, `${name}Du`)?.slice(0, 10)
    const to = text(fields, `${name}Au`)?.slice(0, 10)
    if (from !== undefined) tests.push((invoice) => read(invoice) >= from)
    if (to !== undefined) tests.push((invoice) => read(invoice) <= to)
  }
  const range = (name: string, read: (invoice: Invoice) => number | undefined): void => {
    const least = number(fields, `${name}Min`)
    const most = number(fields, `${name}Max`)
    if (least !== undefined) tests.push((invoice) => (read(invoice) ?? Number.NaN) >= least)
    if (most !== undefined) tests.push((invoice) => (read(invoice) ?? Number.NaN) <= most)
  }
  days('periodeDateDepot', (invoice) => parisDay(invoice.deposited))
  days('periodeDateFacture', (invoice) => invoice.issued)
  range('montantHT', (invoice) => invoice.totals.ht)
  range('montantTTC', ttcOf)
  range('montantApayer', (invoice) => invoice.totals.payable)
  same('cadreFacturation', (invoice) => invoice.framework)
  same('numeroMarche', (invoice) => invoice.references.contract)
  same('numeroBonCommande', (invoice) => invoice.references.commitment)
  const statuses = values(fields, 'statutCourant').map(String)
  if (statuses.length > 0) tests.push((invoice) => statuses.includes(currentStatus(invoice).status))
  const from = parisBound(text(fields, 'periodeDateHeureEtatCourantDu') ?? '')
  const to = parisBound(text(fields, 'periodeDateHeureEtatCourantAu') ?? '', true)
  if (from !== undefined) tests.push((invoice) => currentStatus(invoice).at >= from)
  if (to !== undefined) tests.push((invoice) => currentStatus(invoice).at <= to)
  const validator = id(fields, 'idStructureValideur')
  if (validator !== undefined) tests.push((invoice) => invoice.validator?.id === validator)
  return tests
}
