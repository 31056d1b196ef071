import type { UpstreamProblem } from '../chorus/errors.ts'

export interface Advice {
  en: string
  fr: string
}

/** What usually stands behind a problem, and what to do about it. */
export const adviceOn: Record<UpstreamProblem | 'dns' | 'tcp' | 'no-supplier', Advice> = {
  dns: {
    en: 'This machine cannot resolve the name. Behind a proxy, set CHORUS_PRO_PROXY_URL; else ask for the name to be resolved.',
    fr: 'Ce poste ne résout pas ce nom. Derrière un proxy, renseignez CHORUS_PRO_PROXY_URL ; sinon, faites ouvrir la résolution.'
  },
  tcp: {
    en: 'No connection: a firewall, or a missing proxy. Have this host and port opened, or set CHORUS_PRO_PROXY_URL.',
    fr: 'Pas de connexion : pare-feu ou proxy manquant. Faites ouvrir cet hôte et ce port, ou renseignez CHORUS_PRO_PROXY_URL.'
  },
  'no-supplier': {
    en: 'The technical account is linked to no active structure: link it on the Chorus Pro portal and give it rights on the space.',
    fr: 'Le compte technique n’est rattaché à aucune structure active : rattachez-le sur le portail et habilitez-le sur l’espace.'
  },
  'technical-account-rejected': {
    en: 'Check CHORUS_PRO_LOGIN: the technical account with its suffix (TECH_1_...@cpro.fr), not a portal login, of this environment. The password expires: make a new one on the portal. A new account works after some 30 minutes.',
    fr: 'Vérifiez CHORUS_PRO_LOGIN : le compte technique avec son suffixe (TECH_1_...@cpro.fr), pas l’identifiant du portail, du bon environnement. Le mot de passe expire : régénérez-le sur le portail. Un compte neuf sert après 30 minutes environ.'
  },
  'token-refused': {
    en: 'Check PISTE_CLIENT_ID and PISTE_CLIENT_SECRET: sandbox credentials do not work in production, nor the reverse. PISTE also refuses good ones now and then: try again.',
    fr: 'Vérifiez PISTE_CLIENT_ID et PISTE_CLIENT_SECRET : ceux du bac à sable ne valent pas en production, ni l’inverse. PISTE en refuse parfois de bons : réessayez.'
  },
  'api-not-subscribed': {
    en: 'In PISTE, accept the terms of Factures, Structures, Transverses and Utilisateurs on the line of this environment, tick them in the application and save. On the Chorus Pro portal, declare the API connection.',
    fr: 'Dans PISTE, acceptez les conditions de Factures, Structures, Transverses et Utilisateurs sur la ligne de cet environnement, cochez-les dans l’application et enregistrez. Sur le portail Chorus Pro, déclarez le raccordement API.'
  },
  'client-certificate-rejected': {
    en: 'Declare the certificate on the Chorus Pro portal, and export the file with its whole chain: see certificate inspect. A proxy that inspects TLS cannot pass it: have this host exempted.',
    fr: 'Déclarez le certificat sur le portail Chorus Pro et exportez le fichier avec toute sa chaîne : voir certificate inspect. Un proxy qui inspecte TLS ne peut le transmettre : faites exempter cet hôte.'
  },
  'client-certificate-expired': {
    en: 'Order a new certificate, declare it on the Chorus Pro portal and replace the file.',
    fr: 'Commandez un nouveau certificat, déclarez-le sur le portail Chorus Pro et remplacez le fichier.'
  },
  'connection-not-configured': {
    en: 'Set what is missing, as named above; .env.example explains each.',
    fr: 'Renseignez ce qui manque, nommé ci-dessus ; .env.example l’explique.'
  },
  'proxy-unreachable': {
    en: 'Check host and port of CHORUS_PRO_PROXY_URL, and that the proxy lets this machine through to this host and port.',
    fr: 'Vérifiez l’hôte et le port de CHORUS_PRO_PROXY_URL, et que le proxy laisse passer ce poste vers cet hôte et ce port.'
  },
  'proxy-authentication-failed': {
    en: 'Check user and password in CHORUS_PRO_PROXY_URL, special characters percent-encoded. A proxy with NTLM or Kerberos alone needs a relay such as cntlm.',
    fr: 'Vérifiez l’utilisateur et le mot de passe dans CHORUS_PRO_PROXY_URL, caractères spéciaux encodés (%40). Un proxy NTLM ou Kerberos seul demande un relais comme cntlm.'
  },
  'tls-handshake-failed': {
    en: 'This machine does not trust who answers. Name the authority of Chorus Pro, or of your inspecting proxy, in CHORUS_PRO_CA_FILE.',
    fr: 'Ce poste ne fait pas confiance au serveur. Indiquez l’autorité de Chorus Pro, ou de votre proxy d’inspection, dans CHORUS_PRO_CA_FILE.'
  },
  'upstream-protocol-error': {
    en: 'The answer is not that of Chorus Pro: check CHORUS_PRO_API_URL, and what the proxy answers in its place.',
    fr: 'La réponse n’est pas celle de Chorus Pro : vérifiez CHORUS_PRO_API_URL, et ce que le proxy répond à sa place.'
  },
  'upstream-unavailable': {
    en: 'Chorus Pro is down or under maintenance: wait; the gateway keeps invoices and sends them later.',
    fr: 'Chorus Pro est indisponible ou en maintenance : patientez ; la passerelle garde les factures et les envoie plus tard.'
  },
  'upstream-throttled': {
    en: 'The quota of the PISTE application is used up: wait, or ask for a larger one.',
    fr: 'Le quota de l’application PISTE est atteint : patientez, ou demandez-en un plus grand.'
  },
  'upstream-timeout': {
    en: 'No answer in time: try again; if it stays so, look at the proxy and at the state of Chorus Pro.',
    fr: 'Pas de réponse à temps : réessayez ; si cela dure, voyez le proxy et l’état de Chorus Pro.'
  },
  'deposit-refused': {
    en: 'Chorus Pro answers and refuses this call; its words are above. Often a right of the technical account.',
    fr: 'Chorus Pro répond et refuse cet appel ; ses mots sont ci-dessus. Souvent une habilitation du compte technique.'
  },
  internal: {
    en: 'A fault of the gateway: please report it with the line above.',
    fr: 'Une faute de la passerelle : merci de la signaler avec la ligne ci-dessus.'
  }
}
