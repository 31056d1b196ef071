import type { Advice } from '../../schemas/ways-out.ts'
import type { UpstreamProblem } from '../chorus/errors.ts'
import type { RoadHop } from '../chorus/road.ts'

/** What usually stands behind a step that fails before a byte of HTTP is sent, and what to do about it. */
export const adviceOnRoad: Record<RoadHop | 'intercepted' | 'swallowed', Advice> = {
  dns: {
    en: 'This machine cannot resolve the name. Behind a proxy, set CHORUS_PRO_PROXY_URL; else ask for the name to be resolved.',
    fr: 'Ce poste ne résout pas ce nom. Derrière un proxy, renseignez CHORUS_PRO_PROXY_URL ; sinon, faites ouvrir la résolution.'
  },
  connection: {
    en: 'No connection: a firewall, or a missing proxy. Have this host and port opened, or set CHORUS_PRO_PROXY_URL.',
    fr: 'Pas de connexion : pare-feu ou proxy manquant. Faites ouvrir cet hôte et ce port, ou renseignez CHORUS_PRO_PROXY_URL.'
  },
  proxy: {
    en: 'Check host and port of the proxy (CHORUS_PRO_PROXY_URL, or proxyUrl of the connection), and that it runs and lets this machine in.',
    fr: 'Vérifiez l’hôte et le port du proxy (CHORUS_PRO_PROXY_URL, ou proxyUrl du raccordement), qu’il tourne et accepte ce poste.'
  },
  'proxy-authentication': {
    en: 'Check user and password in the URL of the proxy, special characters percent-encoded (%40). A proxy with NTLM or Kerberos alone needs an exemption, or a relay such as cntlm.',
    fr: 'Vérifiez l’utilisateur et le mot de passe dans l’URL du proxy, caractères spéciaux encodés (%40). Un proxy NTLM ou Kerberos seul demande une exemption, ou un relais comme cntlm.'
  },
  connect: {
    en: 'The proxy does not open the tunnel: have it allow CONNECT to the host and port named above; 5443 is none of the ports that proxies usually allow.',
    fr: 'Le proxy n’ouvre pas le tunnel : faites autoriser CONNECT vers l’hôte et le port ci-dessus ; 5443 n’est pas des ports habituellement permis.'
  },
  tls: {
    en: 'What answers does not speak the TLS that is needed (1.2 or newer): check the address, and what a proxy or firewall puts in its place.',
    fr: 'Ce qui répond ne parle pas le TLS attendu (1.2 ou plus) : vérifiez l’adresse, et ce qu’un proxy ou pare-feu met à la place.'
  },
  'server-certificate': {
    en: 'The server is not who it should be, or its certificate has ended: check the address and the clock of this machine; do not go on otherwise.',
    fr: 'Le serveur n’est pas celui attendu, ou son certificat est échu : vérifiez l’adresse et l’horloge de ce poste ; n’allez pas plus loin sinon.'
  },
  'client-certificate': {
    en: 'Look at the file with certificate inspect: renew the certificate when it has ended; correct CHORUS_PRO_CERTIFICATE_PASSPHRASE when the file does not open; export it with its whole chain. If all that is well, declare it on the Chorus Pro portal.',
    fr: 'Examinez le fichier avec certificate inspect : renouvelez le certificat s’il est échu ; corrigez CHORUS_PRO_CERTIFICATE_PASSPHRASE si le fichier ne s’ouvre pas ; exportez-le avec toute sa chaîne. Si tout est bon, déclarez-le sur le portail Chorus Pro.'
  },
  intercepted: {
    en: 'Have this host exempted from TLS inspection. Otherwise, if the authority above is your company’s, or a public one that this machine lacks, name its certificate in CHORUS_PRO_CA_FILE: with PISTE this is enough; a client certificate could not pass such a proxy.',
    fr: 'Faites exempter cet hôte de l’inspection TLS. Sinon, si l’autorité ci-dessus est celle de votre société, ou une autorité publique que ce poste ignore, indiquez son certificat dans CHORUS_PRO_CA_FILE : avec PISTE cela suffit ; un certificat client ne passerait pas un tel proxy.'
  },
  swallowed: {
    en: 'A proxy that inspects TLS cannot pass a client certificate, whatever is trusted: have this host exempted from inspection, or change to the access mode piste.',
    fr: 'Un proxy qui inspecte TLS ne peut transmettre un certificat client, quelle que soit la confiance : faites exempter cet hôte de l’inspection, ou passez au mode d’accès piste.'
  }
}

/** What usually stands behind a call that fails: the known mistakes of authentication.md, section 4. */
export const adviceOn: Record<UpstreamProblem | 'no-supplier' | 'no-bank-account', Advice> = {
  'no-bank-account': {
    en: 'On the portal, look at the bank accounts of the structure: correct the label or id in bankAccounts of the configuration.',
    fr: 'Sur le portail, consultez les coordonnées bancaires de la structure : corrigez le libellé ou l’id dans bankAccounts de la configuration.'
  },
  'no-supplier': {
    en: 'The technical account is linked to no active structure: link it on the Chorus Pro portal and give it rights on the space.',
    fr: 'Le compte technique n’est rattaché à aucune structure active : rattachez-le sur le portail et habilitez-le sur l’espace.'
  },
  'technical-account-rejected': {
    en: 'Check the login: the technical account with its suffix (TECH_1_...@cpro.fr), not a portal login, of this environment. The password expires: make a new one on the portal. A new account works after some 30 minutes. An application of type UTILISATEUR_APPLICATION_INTERNE must send no account (accountHeader: false).',
    fr: 'Vérifiez l’identifiant : le compte technique avec son suffixe (TECH_1_...@cpro.fr), pas celui du portail, du bon environnement. Le mot de passe expire : régénérez-le sur le portail. Un compte neuf sert après 30 minutes environ. Une application UTILISATEUR_APPLICATION_INTERNE n’envoie aucun compte (accountHeader: false).'
  },
  'token-refused': {
    en: 'Check PISTE_CLIENT_ID and PISTE_CLIENT_SECRET: sandbox credentials do not work in production, nor the reverse. PISTE also refuses good ones now and then: try again.',
    fr: 'Vérifiez PISTE_CLIENT_ID et PISTE_CLIENT_SECRET : ceux du bac à sable ne valent pas en production, ni l’inverse. PISTE en refuse parfois de bons : réessayez.'
  },
  'api-not-subscribed': {
    en: 'In PISTE, accept the terms of Factures, Structures, Transverses and Utilisateurs on the line of this environment, tick them in the application and save. On the Chorus Pro portal, declare the API connection. Production needs all of it once more.',
    fr: 'Dans PISTE, acceptez les conditions de Factures, Structures, Transverses et Utilisateurs sur la ligne de cet environnement, cochez-les dans l’application et enregistrez. Sur le portail Chorus Pro, déclarez le raccordement API. En production, tout est à refaire.'
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
    en: 'Set or correct what is named above; README.md and .env.example explain each setting.',
    fr: 'Renseignez ou corrigez ce qui est nommé ci-dessus ; README.md et .env.example expliquent chaque réglage.'
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
