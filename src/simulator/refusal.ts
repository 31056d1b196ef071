/** A refusal by a service: `codeRetour` and `libelle` (errors.md 1). The HTTP status follows the settings. */
export class Refusal extends Error {
  readonly codeRetour: number
  readonly libelle: string
  constructor(codeRetour: number, libelle: string) {
    super(libelle)
    this.codeRetour = codeRetour
    this.libelle = libelle
  }
}

/** A search that found nothing: an error code under HTTP 200, not an empty list (errors.md 3.4). */
export class NoResult extends Refusal {}

/** A refusal before any service: no `codeRetour` (errors.md 3.1, "any"). */
export class EdgeRefusal extends Error {
  readonly status: number
  readonly headers: Record<string, string>
  readonly body: unknown
  constructor(status: number, headers: Record<string, string> = {}, body?: unknown) {
    super(`HTTP ${status}`)
    this.status = status
    this.headers = headers
    this.body = body
  }
}

export const nothingFound = (): NoResult => new NoResult(20000, 'TRA_MSG_00.015')
