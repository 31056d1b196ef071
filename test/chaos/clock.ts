// Loaded before a gateway, into each of its threads: its wall clock is wrong by what the file says, in milliseconds.
import { readFileSync } from 'node:fs'

const file = process.env['CHAOS_CLOCK'] ?? ''
const Real = Date
let wrongBy = 0
let looked = Number.NEGATIVE_INFINITY

function now(): number {
  if (performance.now() - looked > 20) {
    looked = performance.now()
    try {
      wrongBy = Number(readFileSync(file, 'utf8'))
    } catch {
      wrongBy = 0
    }
  }
  return Real.now() + wrongBy
}

if (file !== '') {
  globalThis.Date = new Proxy(Real, {
    construct: (target, args, type) => Reflect.construct(target, args.length === 0 ? [now()] : args, type) as Date,
    get: (target, member) => (member === 'now' ? now : Reflect.get(target, member))
  })
}
