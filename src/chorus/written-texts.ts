/** Members that hold what people wrote, or people's names, whatever their value looks like. */
const written =
  /nom|mail|telephone|commentaire|designation|denomination|adresse|raisonsociale|interlocuteur|reference|unite/i
/** Chorus Pro's own words: what a trace is read for. */
const ours = /^(libelle|message|error)/i
/** Ours as well, in place of a file. */
const cut = /^\(\d+ [a-z0-9 ]+\)$/
const member = /"([^"\\]{1,100})"(\s*:\s*)"((?:[^"\\]|\\.)*)("|\\?$)/g

/**
 * JSON, perhaps cut off, with texts that people wrote replaced by their length (reliability brief, M4). Codes, ids, dates
 * and amounts stay: they have no blank in them. What is no JSON, such as the page of a proxy, stays as it is.
 */
export function withoutWrittenTexts(json: string): string {
  return json.replace(member, (whole, name: string, colon: string, value: string) => {
    const free = written.test(name) || (/[\s@\\]/.test(value) && !ours.test(name))
    return value !== '' && free && !cut.test(value) ? `"${name}"${colon}"(${value.length} characters)"` : whole
  })
}
