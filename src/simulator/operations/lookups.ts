import {
  attachmentTypes,
  countries,
  currencies,
  depositModes,
  exemptionReasons,
  flowFormats,
  invoiceStates,
  requestTypes,
  validatorRefusals,
  vatRates,
  worksStates,
  worksTypes
} from '../code-lists.ts'
import { required, text } from '../fields.ts'
import { onePage } from '../pages.ts'
import {
  alsoFromMadeAvailable,
  frameworks,
  identifierTypes,
  invoiceFrameworks,
  paymentModes,
  recipientMoves,
  syntaxes
} from '../reference.ts'
import { type Call, gcuDone, type Operations, traDone } from '../world.ts'

/** FR or EN, also in lower case; absent or unsupported is French. */
const language = (call: Call): 'fr' | 'en' => (text(call.fields, 'codeLangue')?.toLowerCase() === 'en' ? 'en' : 'fr')

const rows = (values: readonly string[], member: string) => values.map((value) => ({ [member]: value }))

/** Only FACTURE is known in full; the others are deduced (reference-data.json cadresFacturation). */
function frameworksOf(type: string | undefined): readonly string[] {
  if (type === 'FACTURE') return invoiceFrameworks
  if (type === 'MEMOIRE_JUSTICE') return ['A3_MEMOIRE_JUSTICE']
  if (type === 'DEMANDE_REMBOURSEMENT') return ['A21_DEMANDE_REMBOURSEMENT_TIC']
  const others = new Set([...invoiceFrameworks, 'A3_MEMOIRE_JUSTICE', 'A21_DEMANDE_REMBOURSEMENT_TIC'])
  return type === 'FACTURE_TRAVAUX' ? frameworks.filter((code) => !others.has(code)) : frameworks
}

function statesFrom(status: string): readonly string[] {
  // Published as it stands for MISE_A_DISPOSITION, without the status that traiter/recue also takes.
  return (recipientMoves[status] ?? []).filter(
    (next) => status !== 'MISE_A_DISPOSITION' || next !== alsoFromMadeAvailable
  )
}

/** The lists of codes, under `recuperer/` of transverses. */
export const lookups: Operations = {
  'recuperer/tauxtva': () => ({ ...traDone, listeTauxTva: vatRates }),
  'recuperer/devises': (call) => ({
    ...traDone,
    listeDevises: currencies.map((entry) => ({ codeDevise: entry.code, libelleDevise: entry[language(call)] }))
  }),
  'recuperer/pays': (call) => ({ ...traDone, listePays: countries(language(call)) }),
  'recuperer/motifs/exonerationtva': () => ({
    ...traDone,
    listeMotifsExonerationTva: exemptionReasons,
    ...onePage(exemptionReasons)
  }),
  'recuperer/modereglements': () => ({ ...gcuDone, listeModePaiement: rows(paymentModes, 'modePaiement') }),
  'recuperer/modedepot': () => ({
    ...traDone,
    listeModeDepot: rows(depositModes, 'modeDepot'),
    ...onePage(depositModes)
  }),
  'recuperer/cadrefacturation': ({ fields }) => ({
    ...traDone,
    listeCadreFacturation: rows(frameworksOf(required(fields, 'typeDemandePaiement')), 'codeCadreFacturation')
  }),
  'recuperer/typedp': () => ({ ...gcuDone, listeTypeDemandePaiement: rows(requestTypes, 'typeDemandePaiement') }),
  'recuperer/etat/typedp': ({ fields }) => ({
    ...traDone,
    listeEtatDemandePaiement: rows(
      required(fields, 'typeDemandePaiement') === 'FACTURE' ? invoiceStates : worksStates,
      'etatDemandePaiement'
    )
  }),
  'recuperer/etats/traitement': ({ fields }) => ({
    ...traDone,
    listeStatutsPossiblesPourTraitement: rows(
      statesFrom(required(fields, 'statutCourant')),
      'statutPossiblePourTraitement'
    )
  }),
  'recuperer/typefacturetravaux': () => ({
    ...traDone,
    listeTypeFactureTravaux: rows(worksTypes, 'typeFactureTravaux')
  }),
  'recuperer/typeidentifiant/structure': () => ({
    ...traDone,
    listeTypeIdentifiant: rows(identifierTypes, 'typeIdentifiantStructure')
  }),
  'recuperer/motifs/refus/Facture/AValider': () => ({
    ...traDone,
    listeMotifRefusFactureAValider: validatorRefusals
  }),
  'recuperer/formatflux': () => ({
    ...traDone,
    listeFormatFlux: rows(flowFormats, 'formatFlux'),
    ...onePage(flowFormats)
  }),
  'recuperer/syntaxeflux': ({ fields }) => {
    const format = text(fields, 'formatFlux')
    const found = syntaxes.filter((syntax) => format === undefined || syntax.format === format)
    return {
      ...traDone,
      listeSyntaxeFlux: rows(
        found.map((syntax) => syntax.code),
        'syntaxeFlux'
      )
    }
  },
  'recuperer/typespj': ({ fields }) => {
    // An unknown kind of object is apparently ignored: the old example asks for "20" and gets several kinds.
    const kind = text(fields, 'typeObjet')
    const known = attachmentTypes.some((entry) => entry.object === kind)
    return {
      ...traDone,
      listeTypePieceJointe: attachmentTypes
        .filter((entry) => !known || entry.object === kind)
        .map((entry) => ({
          codeTypePieceJointe: entry.code,
          idTypePieceJointe: entry.id,
          libelleTypePieceJointe: entry.label,
          typeObjet: entry.object
        }))
    }
  }
}
