/**
 * What an operation does, as far as a repeat is concerned. `create` and `change` must not happen twice; an `upload` is
 * harmless until the id of its file is used.
 */
export type Kind = 'read' | 'download' | 'upload' | 'change' | 'create'

export interface Entry {
  /** Domain and path in the words of PISTE, without version: `factures/soumettre`. `{name}` stands for one part. */
  operation: string
  /** As Chorus Pro calls it. */
  name: string
  /** POST when absent, as nearly everywhere. */
  method?: 'GET' | 'PATCH'
  kind: Kind
  /**
   * `deduced`: the address follows from the one of the certificate mode and was not seen. `deprecated`: to be replaced.
   * `legacy`: only seen in the certificate mode. `removed`: left behind when the services moved to PISTE.
   */
  state?: 'deduced' | 'deprecated' | 'legacy' | 'removed' | 'unconfirmed'
  /** The route of ours that does the same, e.g. `GET /v1/commitments`. */
  resource?: string
  /** Public sources and clients in which it was seen. */
  confirmedBy: string[]
}

export interface NameOnly {
  domain: string
  name: string
  state: 'named' | 'legacy' | 'removed'
  confirmedBy: string[]
}
