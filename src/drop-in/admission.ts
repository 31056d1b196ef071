import { type CalledAddress, readAddress } from '../chorus/address.ts'
import type { Kind } from '../chorus/catalogue/entry.ts'
import { concernsInvoices, findEntry, isListed, kindOf } from '../chorus/catalogue.ts'
import { type Asker, accountForReading, type Connected, type Connections } from '../connections/connections.ts'
import { ProblemError } from '../problem.ts'

/** Who calls, as far as the door needs to know. */
export interface DropInCaller extends Asker {
  id: string
  sellers: readonly string[]
  /** Absent: every operation. */
  operations?: readonly string[]
}

export interface Admitted extends CalledAddress {
  kind: Kind
  way: Connected
  /** Where the resource of ours is that does the same. */
  alternate?: string
}

/** Whether the caller may make this call at all, and over which account. Throws ProblemError. */
export function admit(
  connections: Pick<Connections, 'allowed'>,
  caller: DropInCaller,
  { method, path }: { method: string; path: string }
): Admitted {
  const address = readAddress(path)
  if (address === undefined) {
    throw new ProblemError('not-found', {
      detail: 'An operation is called as /cpro/{domain}/v1/{operation} or /service/{domain}/{operation}.'
    })
  }
  const { operation } = address
  const { operations } = caller
  if (operations !== undefined && !isListed(operation, operations)) {
    throw new ProblemError('insufficient-scope', { detail: `This key may not call ${operation} as it is.` })
  }
  // What one seller may see cannot be cut out of an answer that passes as it is.
  if (caller.sellers.length > 0 && (operations === undefined || concernsInvoices(operation))) {
    const detail = `This key is limited to sellers, and ${operation} may show or change invoices of others. Use the resources under /v1.`
    throw new ProblemError('seller-not-allowed', { detail })
  }
  const resource = findEntry(operation)?.resource
  return {
    ...address,
    kind: kindOf(operation, method),
    way: wayFor(connections, caller, address),
    ...(resource !== undefined && { alternate: resource.replace(/^[A-Z]+ /, '').replace(/\/\{.*$/, '') })
  }
}

/** A client that was written for the qualification platform never reaches production, whatever its key may do. */
function wayFor(connections: Pick<Connections, 'allowed'>, caller: DropInCaller, address: CalledAddress): Connected {
  const [first, ...others] = connections.allowed(caller)
  if (address.qualification && first.connection.environment === 'production') {
    const detail = 'The address says /service-qualif, and this key’s connection is production: use /service.'
    throw new ProblemError('connection-not-configured', { detail, owner: 'caller' })
  }
  return accountForReading([first, ...others])
}
