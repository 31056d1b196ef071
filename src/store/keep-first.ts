import { failpoint } from '../failpoint.ts'
import type { DocumentStore } from './document-store.ts'
import type { Store } from './store.ts'

/** Documents are durable before the row that names them (reliability brief, 2.2 case 3). */
export function keepFirst(accept: Store['accept'], { keep }: Pick<DocumentStore, 'keep'>): Store['accept'] {
  return async (input, documents = []) => {
    if (documents.length > 0) await keep(documents)
    failpoint('accept')
    return accept(input)
  }
}
