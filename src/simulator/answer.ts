/** What is said to a request, before it becomes bytes. A body is JSON unless it is text; undefined is no body. */
export interface Answer {
  status: number
  headers?: Record<string, string>
  body?: unknown
}

/** How an answer leaves, or does not. */
export interface Ending {
  how: 'send' | 'drop' | 'reset' | 'hang' | 'cut'
  answer: Answer
  /** Bytes of the body that are still sent, with `cut`. */
  at?: number
  framing?: 'length' | 'chunked' | 'close'
  /** A second answer follows the first. */
  extra?: boolean
}

export const page = (title: string): string =>
  `<!DOCTYPE html>\n<html lang="fr"><head><title>${title}</title></head><body><h1>${title}</h1></body></html>\n`

export const htmlAnswer = (status: number, title: string): Answer => ({
  status,
  headers: { 'content-type': 'text/html;charset=UTF-8' },
  body: page(title)
})

/** Bearer or technical account refused; the body is not recorded (authentication.md 2.4). */
export const unauthorized = (realm = 'PISTE'): Answer => ({
  status: 401,
  headers: { 'www-authenticate': `Bearer realm="${realm}"` }
})
