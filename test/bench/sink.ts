// A Chorus Pro that is as fast as it can be: TLS with a client certificate, canned answers, bodies of files skipped unread.
import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createServer, type TLSSocket } from 'node:tls'
import { buyer, seller } from './payload.ts'

export interface SinkCounts {
  connections: number
  resumed: number
  requests: number
  bytes: number
}

const counts: SinkCounts = { connections: 0, resumed: 0, requests: 0, bytes: 0 }
/** Larger bodies hold a file: their text is of no interest. */
const readUpTo = 32 * 1024
let ids = 1_000_000

const answers: Record<string, (body: string) => string> = {
  'factures/deposer/pdf': () =>
    `"pieceJointeId":${++ids},"codeFournisseur":"${seller}","codeDestinataire":"${buyer}","montantAPayer":1200.00`,
  'transverses/ajouter/fichier': () => `"pieceJointeId":${++ids}`,
  'factures/soumettre': (body) =>
    `"identifiantFactureCPP":${++ids},"numeroFacture":"${wordOf(body, 'numeroFactureSaisi')}","statutFacture":"DEPOSEE",` +
    '"dateDepot":"2026-09-01","empreinteCertificatDepot":"a1b2c3"',
  'structures/rechercher': (body) =>
    `"parametresRetour":{"total":1,"pages":1,"pageCourante":1},"listeStructures":[${structure(wordOf(body, 'identifiantStructure'))}]`,
  'structures/consulter': () =>
    '"informationGenerales":{"idStructureCPP":25784152,"raisonSocialeStructure":"Commune","structurePriveePublique":"PUBLIQUE"},' +
    '"parametres":{"codeServiceDoitEtreRenseigne":false,"numeroEJDoitEtreRenseigne":false,"gestionNumeroEJOuCodeService":false}',
  'structures/rechercher/services': () =>
    '"parametresRetour":{"total":0,"pages":0,"pageCourante":1},"listeServices":[]',
  'transverses/recuperer/structures/actives/fournisseur': () => `"listeStructures":[${structure(seller)}]`,
  'transverses/recuperer/coordbanc/valides': () => '"listeCoordonneeBancaire":[]',
  'factures/consulter/historique': () => '"historiquesDesStatuts":{"histoStatut":[]}'
}

const wordOf = (body: string, member: string) => new RegExp(`"${member}":"([^"]*)"`).exec(body)?.[1] ?? ''
const structure = (siret: string) =>
  `{"idStructureCPP":25784152,"identifiantStructure":"${siret}","typeIdentifiantStructure":"SIRET","designationStructure":"Commune","statut":"ACTIF"}`

function answer(path: string, body: string): string {
  counts.requests++
  const make = answers[path.replace(/^\/service\//, '')]
  const json = make === undefined ? undefined : `{"codeRetour":0,"libelle":"TRA_MSG_00.000",${make(body)}}`
  const status = json === undefined ? '404 Not Found' : '200 OK'
  const text = json ?? '{}'
  return `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(text)}\r\n\r\n${text}`
}

/** The little of HTTP that clients with a Content-Length need; node's own parser would take the cores from the others. */
function serve(socket: TLSSocket): void {
  counts.connections++
  if (socket.isSessionReused()) counts.resumed++
  socket.setNoDelay(true)
  socket.on('error', () => socket.destroy())
  let head: Buffer = Buffer.alloc(0)
  let path = ''
  let left = 0
  let kept: Buffer[] | undefined
  const finish = () => {
    socket.write(answer(path, kept === undefined ? '' : Buffer.concat(kept).toString('utf8')))
    path = ''
  }
  socket.on('data', (data: Buffer) => {
    counts.bytes += data.length
    for (let rest = data; rest.length > 0; ) {
      if (path === '') {
        head = head.length === 0 ? rest : Buffer.concat([head, rest])
        const end = head.indexOf('\r\n\r\n')
        if (end < 0) return
        const text = head.toString('latin1', 0, end)
        path = /^[A-Z]+ (\S+)/.exec(text)?.[1] ?? '/'
        left = Number(/\r\ncontent-length: *(\d+)/i.exec(text)?.[1] ?? 0)
        kept = left <= readUpTo ? [] : undefined
        rest = head.subarray(end + 4)
        head = Buffer.alloc(0)
      }
      const taken = rest.subarray(0, left)
      kept?.push(taken)
      left -= taken.length
      rest = rest.subarray(taken.length)
      if (left === 0) finish()
    }
  })
}

const read = (name: string) => readFileSync(join(process.argv[2] ?? '.', name))
const server = createServer(
  {
    key: read('server.key'),
    cert: read('server.pem'),
    ca: read('ca.pem'),
    requestCert: true,
    rejectUnauthorized: true,
    ALPNProtocols: ['http/1.1']
  },
  serve
)
server.on('tlsClientError', (error) => console.error(`sink: ${error.message}`))
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }))
process.on('message', () => process.send?.({ ...counts }))
process.on('disconnect', () => process.exit())
