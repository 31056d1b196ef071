const plain = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').replaceAll('’', "'").toLowerCase()

/** Its code is in no source; AIFE published the wording (reliability brief, 1.3). Taken wide: a search decides. */
export function isDuplicate(label: string): boolean {
  const text = plain(label)
  const already =
    /deja (ete )?(depose|utilise|exist|enregistre|present|attribue|connu)|existe deja|doublon|deja une? /.test(text)
  return already && /numero|facture|demande de paiement|doublon/.test(text)
}

/** Rights of our account, not the content of the invoice: everything else sent by it will fail alike. Key GDP_MSG_11.005, code 4 and the wording: errors.md, section 3.3. */
export function isAboutAccount(code: number, label: string): boolean {
  const text = plain(label)
  return (
    code === 4 ||
    code === 401 ||
    /gdp_msg_11[._]005\b/.test(text) ||
    /\b(utilisateur|compte|vous)\b(?! banc).*(authentifi|autoris|habilit|\bdroits?\b|rattach)/.test(text) ||
    /authentifi.*\b(utilisateur|compte)\b(?! banc)/.test(text)
  )
}
