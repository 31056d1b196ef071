import type { NameOnly } from './entry.ts'

/** Operations of which the name is known and no address. */
export const nameOnly: NameOnly[] = [
  {
    domain: 'facturesTravaux',
    name: 'soumettreFactureTravaux',
    state: 'named',
    confirmedBy: ['AIFE annex', 'CPP-2017']
  },
  { domain: 'facturesTravaux', name: 'corrigerValideurFactureTravaux', state: 'named', confirmedBy: ['CPP-2017'] },
  { domain: 'facturesTravaux', name: 'prendreEnCompteFactureTravaux', state: 'named', confirmedBy: ['CPP-2017'] },
  {
    domain: 'facturesTravaux',
    name: 'recupererMotifsRefusFactureTravaux',
    state: 'named',
    confirmedBy: ['AIFE community']
  },
  { domain: 'structures', name: 'modifierStructure', state: 'removed', confirmedBy: ['AIFE annex'] },
  { domain: 'structures', name: 'modifierServiceStructure', state: 'removed', confirmedBy: ['AIFE annex'] },
  { domain: 'structures', name: 'ajouterEspace', state: 'removed', confirmedBy: ['AIFE annex'] },
  { domain: 'structures', name: 'supprimerEspace', state: 'removed', confirmedBy: ['AIFE annex'] },
  { domain: 'transverses', name: 'recupererTypeStructure', state: 'named', confirmedBy: ['piste-gouv-fr'] },
  { domain: 'transverses', name: 'recupererUnites', state: 'legacy', confirmedBy: ['CPP-2017'] },
  { domain: 'transverses', name: 'recupererFournisseursPourValideur', state: 'legacy', confirmedBy: ['CPP-2017'] },
  { domain: 'transverses', name: 'recupererValideursPourFournisseur', state: 'legacy', confirmedBy: ['CPP-2017'] },
  { domain: 'utilisateurs', name: 'consulterCompteUtilisateur', state: 'removed', confirmedBy: ['AIFE annex'] },
  {
    domain: 'utilisateurs',
    name: 'activerOuDesactiverRattachementsDunUtilisateurAUneStructure',
    state: 'removed',
    confirmedBy: ['AIFE annex']
  },
  {
    domain: 'utilisateurs',
    name: 'demanderAbonnementsMonCompteUtilisateur',
    state: 'removed',
    confirmedBy: ['AIFE annex']
  },
  {
    domain: 'utilisateurs',
    name: 'recupererAbonnementsMonCompteUtilisateur',
    state: 'removed',
    confirmedBy: ['AIFE annex']
  },
  {
    domain: 'utilisateurs',
    name: 'supprimerAbonnementMonCompteUtilisateur',
    state: 'removed',
    confirmedBy: ['AIFE annex']
  },
  {
    domain: 'utilisateurs',
    name: 'rechercherDemandesAbonnementEnAttenteParGestionnaire',
    state: 'removed',
    confirmedBy: ['AIFE annex']
  },
  {
    domain: 'utilisateurs',
    name: 'rechercherDemandesRattachEnAttenteParGestionnaire',
    state: 'removed',
    confirmedBy: ['AIFE annex']
  },
  {
    domain: 'utilisateurs',
    name: 'refuserDemandeAbonnementParGestionnaire',
    state: 'removed',
    confirmedBy: ['AIFE annex']
  },
  { domain: 'utilisateurs', name: 'refuserRattachementUtilisateur', state: 'removed', confirmedBy: ['AIFE annex'] },
  {
    domain: 'utilisateurs',
    name: 'rechercherUtilisateursGeresParGestionnaire',
    state: 'removed',
    confirmedBy: ['AIFE annex']
  },
  { domain: 'utilisateurs', name: 'rechercherUtilisateursValides', state: 'removed', confirmedBy: ['AIFE annex'] },
  {
    domain: 'utilisateurs',
    name: 'recupererServicesPourDemandeRattachEnAttente',
    state: 'removed',
    confirmedBy: ['AIFE annex']
  },
  { domain: 'utilisateurs', name: 'recupererStatutsUtilisateur', state: 'removed', confirmedBy: ['AIFE annex'] },
  {
    domain: 'utilisateurs',
    name: 'recupererStructuresGereesParGestionnaire',
    state: 'removed',
    confirmedBy: ['AIFE annex']
  },
  { domain: 'utilisateurs', name: 'remplacerGestionnairePrincipal', state: 'removed', confirmedBy: ['AIFE annex'] },
  { domain: 'utilisateurs', name: 'consulterMonCompteUtilisateur', state: 'legacy', confirmedBy: ['CPP-2017'] },
  { domain: 'utilisateurs', name: 'modifierMonCompteUtilisateur', state: 'legacy', confirmedBy: ['CPP-2017'] },
  { domain: 'utilisateurs', name: 'desactiverMonCompteUtilisateur', state: 'legacy', confirmedBy: ['CPP-2017'] },
  { domain: 'utilisateurs', name: 'reactiverMonCompteUtilisateur', state: 'legacy', confirmedBy: ['CPP-2017'] },
  {
    domain: 'utilisateurs',
    name: 'saisirGeneralitesInscriptionUtilisateur',
    state: 'legacy',
    confirmedBy: ['CPP-2017']
  },
  { domain: 'organisations', name: 'creerService', state: 'named', confirmedBy: ['piste-gouv-fr'] }
]
