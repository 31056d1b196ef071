const mediaTypes: Readonly<Record<string, string>> = {
  pdf: 'application/pdf',
  xml: 'application/xml',
  csv: 'text/csv',
  txt: 'text/plain',
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  tif: 'image/tiff',
  tiff: 'image/tiff',
  gif: 'image/gif',
  zip: 'application/zip',
  odt: 'application/vnd.oasis.opendocument.text',
  ods: 'application/vnd.oasis.opendocument.spreadsheet',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
}

/** What transverses/ajouter/fichier wants to know of a file beside its content. */
export function attachmentMembers(name: string) {
  const extension = /\.([A-Za-z0-9]+)$/.exec(name)?.[1] ?? ''
  return {
    pieceJointeNom: name,
    pieceJointeTypeMime: mediaTypes[extension.toLowerCase()] ?? 'application/octet-stream',
    pieceJointeExtension: extension.toUpperCase()
  }
}
