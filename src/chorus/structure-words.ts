/** Our words for the codes around structures, both ways; what has no word is `other` beside its raw code. */

export interface Coded {
  code: string
  raw: string
}

const vocabulary = (words: Readonly<Record<string, string>>) => ({
  name: (raw: string | undefined): Coded => ({
    code: raw !== undefined && Object.hasOwn(words, raw) ? (words[raw] ?? 'other') : 'other',
    raw: raw ?? ''
  }),
  /** Chorus Pro's code of our word. */
  rawOf: (code: string | undefined): string | undefined => Object.keys(words).find((raw) => words[raw] === code)
})

const identifierTypes = vocabulary({
  SIRET: 'siret',
  UE_HORS_FRANCE: 'eu_vat',
  HORS_UE: 'non_eu',
  RIDET: 'ridet',
  TAHITI: 'tahiti',
  AUTRE: 'other',
  PARTICULIER: 'individual'
})
export const nameIdentifierType = identifierTypes.name
export const rawIdentifierType = identifierTypes.rawOf

/** COMMANDE in every source, A_TRAITER in the qualification data set (reference-data.json). */
const commitmentStates = vocabulary({ COMMANDE: 'ordered', A_TRAITER: 'to_process' })
export const nameCommitmentState = commitmentStates.name
export const rawCommitmentState = commitmentStates.rawOf

/** Documented for one operation, expected in the others (utilisateurs.json); ACTIF and ACTIVE are seen as well. */
const attachmentStates = vocabulary({
  EN_COURS_DE_VALIDATION: 'pending',
  REFUSEE: 'refused',
  VALIDEE: 'active',
  ACTIF: 'active',
  ACTIVE: 'active',
  DESACTIVEE: 'disabled',
  SUPPRIMEE: 'deleted'
})
export const nameAttachmentState = attachmentStates.name
