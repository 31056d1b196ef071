/** The rights that a caller may have. `operator` is given only when it is asked for. */
export const callerScopes = [
  'invoices:submit',
  'invoices:read',
  'received:read',
  'received:process',
  'directory:read',
  'events:read',
  'webhooks:manage',
  'chorus:raw'
] as const
export const everyScope = [...callerScopes, 'operator'] as const
export type Scope = (typeof everyScope)[number]
