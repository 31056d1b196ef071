import type { Structure } from '../directory.ts'
import { type Fields, flag, id, number, text, values } from '../fields.ts'
import { currentStatus, type Invoice } from '../invoice.ts'
import type { Id } from '../json.ts'
import { parisBound, parisDay } from '../paris.ts'
import { ttcOf } from './invoice-row.ts'

export type Test = (invoice: Invoice) => boolean

/** Collects what a search asks for. A date that cannot be read filters nothing out: what upstream does is unknown. */
export function createFilter(fields: Fields) {
  const tests: Test[] = []
  return {
    passes: (invoice: Invoice): boolean => tests.every((test) => test(invoice)),
    add: (test: Test): number => tests.push(test),
    same(name: string, read: (invoice: Invoice) => string | undefined) {
      const wanted = text(fields, name)
      if (wanted !== undefined) tests.push((invoice) => read(invoice) === wanted)
    },
    flag(name: string, read: (invoice: Invoice) => boolean) {
      const wanted = flag(fields, name)
      if (wanted !== undefined) tests.push((invoice) => read(invoice) === wanted)
    },
    id(name: string, read: (invoice: Invoice) => Id | undefined) {
      const wanted = id(fields, name)
      if (wanted !== undefined) tests.push((invoice) => read(invoice) === wanted)
    },
    days(name: string, read: (invoice: Invoice) => string) {
      const from = text(fields, `${name}Du`)?.slice(0, 10)
      const to = text(fields, `${name}Au`)?.slice(0, 10)
      if (from !== undefined) tests.push((invoice) => read(invoice) >= from)
      if (to !== undefined) tests.push((invoice) => read(invoice) <= to)
    },
    range(name: string, read: (invoice: Invoice) => number | undefined) {
      const least = number(fields, `${name}Min`)
      const most = number(fields, `${name}Max`)
      // A known client writes 0 for bounds it does not want.
      if ((least ?? 0) === 0 && most === 0) return
      if (least !== undefined) tests.push((invoice) => (read(invoice) ?? Number.NaN) >= least)
      if (most !== undefined) tests.push((invoice) => (read(invoice) ?? Number.NaN) <= most)
    },
    among(name: string, read: (invoice: Invoice) => string | undefined) {
      const wanted = values(fields, name).map(String)
      if (wanted.length > 0) tests.push((invoice) => wanted.includes(read(invoice) ?? ''))
    }
  }
}

export type Filter = ReturnType<typeof createFilter>

/** What every search of invoices takes. The spelling of the amount to pay differs from one to the other (behaviour.md 17). */
export function commonFilter(fields: Fields, payable: 'montantApayer' | 'montantAPayer' = 'montantApayer'): Filter {
  const filter = createFilter(fields)
  filter.days('periodeDateDepot', (invoice) => parisDay(invoice.deposited))
  filter.days('periodeDateFacture', (invoice) => invoice.issued)
  filter.range('montantHT', (invoice) => invoice.totals.ht)
  filter.range('montantTTC', ttcOf)
  filter.range(payable, (invoice) => invoice.totals.payable)
  filter.same('cadreFacturation', (invoice) => invoice.framework)
  filter.same('numeroMarche', (invoice) => invoice.references.contract)
  filter.same('numeroBonCommande', (invoice) => invoice.references.commitment)
  filter.among('statutCourant', (invoice) => currentStatus(invoice).status)
  const from = parisBound(text(fields, 'periodeDateHeureEtatCourantDu') ?? '')
  const to = parisBound(text(fields, 'periodeDateHeureEtatCourantAu') ?? '', true)
  if (from !== undefined) filter.add((invoice) => currentStatus(invoice).at >= from)
  if (to !== undefined) filter.add((invoice) => currentStatus(invoice).at <= to)
  filter.id('idStructureValideur', (invoice) => invoice.validator?.id)
  return filter
}

/** The structure itself, or any other of its company where the search asks for the SIREN. */
export const matches = (found: Structure | undefined, wanted: Structure | undefined, wholeSiren: boolean): boolean =>
  found !== undefined &&
  wanted !== undefined &&
  (found === wanted || (wholeSiren && found.identifier.slice(0, 9) === wanted.identifier.slice(0, 9)))
