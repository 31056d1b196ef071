import type { Structure } from './directory.ts'
import type { DecodedFile, Files, StoredFile } from './files.ts'
import type { Id } from './json.ts'

/** A file kept with a structure or with an account, for later use. */
export interface Kept {
  /** Of the link between the file and its owner. */
  linkId: Id
  file: StoredFile
  designation: string
  type: string
  structure?: Structure | undefined
  /** Login of the account. */
  owner?: string | undefined
}

export function createShelf({ files, nextId }: { files: Files; nextId: () => Id }) {
  let kept: Kept[] = []
  return {
    keep(facts: Omit<Kept, 'linkId'>): Kept {
      const one = { linkId: nextId(), ...facts }
      kept.push(one)
      return one
    },
    /** A small text of ours, so that there is something to list and to download. */
    fill(designation: string, type: string, owner: Pick<Kept, 'structure' | 'owner'>) {
      const bytes = Buffer.from(`${designation}\n`)
      const decoded: DecodedFile = { bytes, digest: '' }
      const name = `${designation}.txt`
      const file = files.add({ name, extension: 'txt', mime: 'text/plain', owner: owner.owner ?? '', decoded })
      this.keep({ file, designation, type, ...owner })
    },
    ofStructure: (structure: Structure): Kept[] => kept.filter((one) => one.structure === structure),
    ofAccount: (login: string): Kept[] => kept.filter((one) => one.owner === login),
    find: (linkId: Id): Kept | undefined => kept.find((one) => one.linkId === linkId),
    remove(gone: Kept) {
      kept = kept.filter((one) => one !== gone)
    },
    clear() {
      kept = []
    }
  }
}

export type Shelf = ReturnType<typeof createShelf>
