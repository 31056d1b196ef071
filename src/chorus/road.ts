import type { ChorusSettings } from './settings.ts'

/** The way to the first byte of HTTP, in its order. */
export const roadHops = [
  'dns',
  'proxy',
  'proxy-authentication',
  'connect',
  'connection',
  'tls',
  'server-certificate',
  'client-certificate'
] as const
export type RoadHop = (typeof roadHops)[number]

export interface Finding {
  hop: RoadHop
  state: 'green' | 'red' | 'skipped'
  detail: string
  /** Red because somebody in between opens the TLS connection. */
  intercepted?: true
}

/** Ends the walk at this hop. */
export class Stop extends Error {
  readonly hop: RoadHop
  readonly intercepted: boolean
  constructor(hop: RoadHop, message: string, intercepted = false) {
    super(message)
    this.hop = hop
    this.intercepted = intercepted
  }
}

export interface Walk {
  settings: ChorusSettings
  target: { hostname: string; port: number; tls: boolean }
  signal: AbortSignal
  green: (hop: RoadHop, detail: string) => void
  skip: (hop: RoadHop, detail: string) => void
}
