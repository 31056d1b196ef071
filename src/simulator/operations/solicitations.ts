import { flag, id, part, text } from '../fields.ts'
import { cutPageOrNothing, pageWish } from '../pages.ts'
import { parisInstant } from '../paris.ts'
import { type Call, type Operations, traDone } from '../world.ts'

/** Categories of support requests (transverses.json). No source shows a value: codes and labels are invented. */

const labels = [
  'Connexion',
  'Compte utilisateur',
  'Structure et services',
  'Dépôt de factures',
  'Suivi des factures',
  'Factures de travaux',
  'Engagements',
  'Raccordement EDI',
  'Raccordement API',
  'Annuaire',
  'Autre demande'
]
const categories = labels.map((label, index) => ({
  codeCategorie: `CAT_${String(index + 1).padStart(2, '0')}`,
  libelleCategorie: label,
  idTechniqueCategorie: 100 + index
}))
/** Two for each category; the second of the last one is not in use any more. */
const subCategories = categories.flatMap((category, at) =>
  ['Question', 'Incident'].map((label, index) => ({
    category,
    code: `${category.codeCategorie}_${index + 1}`,
    libelle: `${label} : ${category.libelleCategorie}`,
    estActif: !(at === categories.length - 1 && index === 1)
  }))
)

const contains = (value: string, wanted: string | undefined): boolean =>
  wanted === undefined || value.toUpperCase().includes(wanted.toUpperCase())

const pager = ({ fields, world }: Call) =>
  pageWish(part(fields, 'pagination'), { column: 'Code', descending: false }, world.settings().pageSizeCap)

function searchCategories(call: Call): object {
  const { fields } = call
  const code = text(fields, 'codeCategorie')
  // All of them are in use.
  const found = categories.filter(
    (one) =>
      (code === undefined || one.codeCategorie === code) &&
      contains(one.libelleCategorie, text(fields, 'libelleCategorie')) &&
      flag(fields, 'estActif') !== false
  )
  const wish = pager(call)
  const { rows, counters } = cutPageOrNothing(wish.descending ? found.reverse() : found, wish)
  return { ...traDone, listeCategories: rows, parametresRetour: counters }
}

/** One row for each sub-category; both of its members are lists, as the shape says. */
function searchSubCategories(call: Call): object {
  const { fields } = call
  const code = text(fields, 'code')
  const active = flag(fields, 'estActif')
  const category = id(fields, 'idTechniqueCategorie')
  const found = subCategories.filter(
    (one) =>
      (code === undefined || one.code === code) &&
      contains(one.libelle, text(fields, 'libelle')) &&
      (active === undefined || one.estActif === active) &&
      (category === undefined || BigInt(one.category.idTechniqueCategorie) === category)
  )
  const wish = pager(call)
  const { rows, counters } = cutPageOrNothing(wish.descending ? found.reverse() : found, wish)
  const made = parisInstant(Date.UTC(2024, 0, 15, 9))
  const listeSousCategories = rows.map(({ category: of, ...own }) => ({
    categorie: [of],
    ssCategorie: [
      { ...own, idTechniqueCategorie: of.idTechniqueCategorie, dateCreation: made, dateDerniereModification: made }
    ]
  }))
  return { ...traDone, listeSousCategories, parametresRetour: counters }
}

export const solicitations: Operations = {
  'rechercher/categorieSollicitation': searchCategories,
  'rechercher/sousCategorieSollicitation': searchSubCategories
}
