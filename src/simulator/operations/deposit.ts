import { isGzip } from '../archive.ts'
import { flag, text } from '../fields.ts'
import { type DecodedFile, decodeBase64 } from '../files.ts'
import { parisDay } from '../paris.ts'
import { readPdfText } from '../pdf-text.ts'
import { attachmentExtensions, syntaxes } from '../reference.ts'
import { EdgeRefusal, Refusal } from '../refusal.ts'
import { type Call, gcuDone } from '../world.ts'

/** The documents say Mo; one client counts 1024 x 1024 (behaviour.md 9). Sizes are those of the decoded file. */
const mega = 1_048_576

/** Decodes the file and notes it in the ledger. Lines in the base64 are refused (behaviour.md 8); the code is ours. */
function receive(call: Call, member: string, unreadable: Refusal): DecodedFile {
  if (call.file === undefined || call.file.length === 0)
    throw new Refusal(unreadable.codeRetour, `Le champ ${member} est obligatoire.`)
  const decoded = decodeBase64(call.file)
  if (decoded === undefined) throw unreadable
  call.arrival.digest = decoded.digest
  return decoded
}

// GDP_MSG_01.001 and .002 come from one adapter's table (errors.md 3.1): weak, but nothing better is known.
const badFile = (): Refusal => new Refusal(20001, "GDP_MSG_01.001 - Le fichier n'est pas valide.")
const badFormat = (): Refusal => new Refusal(20002, "GDP_MSG_01.002 - Le format n'est pas valide.")

/** No limit of nomFichier has a known answer; 200 characters are documented (behaviour.md 9). */
function checkFileName(call: Call): string {
  const name = text(call.fields, 'nomFichier')
  if (name === undefined || name.length > 200)
    throw new Refusal(20001, 'Le nom du fichier est absent ou dépasse 200 caractères.')
  return name
}

/**
 * What could not be read is null in the answer recorded in the certificate mode. Through PISTE it is left out, as
 * absent values are there (directory.md 6): a client of that time cannot bear the null.
 */
const withoutBlanks = (read: object): object =>
  Object.fromEntries(Object.entries(read).filter(([, value]) => value !== null))

export function depositPdf(call: Call): object {
  const { world, fields } = call
  const name = checkFileName(call)
  const format = text(fields, 'formatDepot') ?? 'PDF_NON_SIGNE'
  if (!['PDF_NON_SIGNE', 'PDF_SIGNE_PADES', 'PDF_SIGNE_XADES'].includes(format)) throw badFormat()
  const decoded = receive(call, 'fichierFacture', badFile())
  if (decoded.bytes.length > 10 * mega) throw new EdgeRefusal(413)
  if (!decoded.bytes.subarray(0, 1024).includes('%PDF-')) throw badFile()
  const file = world.files.add({ name, extension: 'PDF', mime: 'application/pdf', owner: call.account.login, decoded })
  call.arrival.accepted = true
  const read = { ...readPdfText(decoded.bytes, world.directory), ...world.settings().extraction }
  return { ...gcuDone, ...(call.mode === 'piste' ? withoutBlanks(read) : read), pieceJointeId: file.id }
}

export function addFile(call: Call): object {
  const { world, fields } = call
  // The code of these refusals is unknown, except 20003 (errors.md 3.1); a long name was refused with HTTP 400.
  const refuse = (reason: string): Refusal => new Refusal(20001, reason)
  const name = text(fields, 'pieceJointeNom')
  if (name === undefined || name.length > 50)
    throw refuse('Le nom de la pièce jointe est absent ou dépasse 50 caractères.')
  const extension = text(fields, 'pieceJointeExtension')?.toUpperCase() ?? ''
  if (!attachmentExtensions.has(extension)) throw refuse("L'extension de la pièce jointe n'est pas autorisée.")
  const mime = text(fields, 'pieceJointeTypeMime')
  if (mime === undefined || mime.length > 255) throw refuse('Le type MIME de la pièce jointe est absent ou trop long.')
  const decoded = receive(call, 'pieceJointeFichier', refuse("Le contenu de la pièce jointe n'est pas lisible."))
  if (decoded.bytes.length > 10 * mega) throw new Refusal(20003, 'La taille de la pièce jointe dépasse 10 Mo.')
  const file = world.files.add({ name, extension, mime, owner: call.account.login, decoded })
  // It belongs to the account from now on.
  world.shelf.keep({ file, designation: name, type: 'DIVERS', owner: call.account.login })
  call.arrival.accepted = true
  return { ...gcuDone, pieceJointeId: file.id }
}

export function depositFlow(call: Call): object {
  const { world, fields, arrival } = call
  const name = checkFileName(call)
  const syntax = text(fields, 'syntaxeFlux')
  if (syntax === undefined || !syntaxes.some((known) => known.code === syntax)) throw badFormat()
  flag(fields, 'avecSignature')
  const { bytes, digest } = receive(call, 'fichierFlux', badFile())
  // 10 MB a file, 30 MB a compressed archive.
  if (bytes.length > (isGzip(bytes) ? 30 : 10) * mega) throw new Refusal(20001, 'GDP_MSG_11.022')
  const main = bytes.subarray(0, 1024).includes('%PDF-')
    ? world.files.add({
        name,
        extension: 'PDF',
        mime: 'application/pdf',
        owner: call.account.login,
        decoded: { bytes, digest }
      })
    : undefined
  const flow = world.flows.deposit({ bytes, digest, syntax, account: call.account, arrival: arrival.seq, main })
  arrival.accepted = true
  arrival.flowNumber = flow.number
  return { ...gcuDone, numeroFluxDepot: flow.number, dateDepot: parisDay(world.clock.now()), syntaxeFlux: syntax }
}
