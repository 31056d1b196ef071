import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import t from 'tap'
import { type Answered, type Body, type Client, pdf, start, token } from './client.ts'
import { cii, facturX, readablePdf, tar } from './documents.ts'

// The published examples are sent through PISTE; the answer must be of the kind that each one shows.

const shared = join(import.meta.dirname, '../../../../shared')
const folders = ['chorus-pro/examples', 'chorus-pro/examples-directory'].map((name) => join(shared, name))

interface Example {
  name: string
  method: string
  path: string
  body: unknown
  status: number
  answer: unknown
}

function read(file: string): Example {
  const raw = JSON.parse(readFileSync(file, 'utf8')) as Body
  const { request, response } = raw
  const name = basename(file, '.json')
  if (raw.path !== undefined)
    return { name, method: raw.method, path: raw.path, body: request, status: raw.httpStatus, answer: response }
  return {
    name,
    method: request.method,
    path: request.path,
    body: request.body,
    status: response.status,
    answer: response.body
  }
}

/** Date styles of behaviour.md 10; any other text is just text. */
function kindOf(value: unknown): string {
  if (value === null || value === undefined) return 'nothing'
  if (Array.isArray(value)) return 'list'
  if (typeof value !== 'string') return typeof value
  if (/^\d{4}-\d\d-\d\d$/.test(value)) return 'day'
  if (/^\d{4}-\d\d-\d\d \d\d:\d\d$/.test(value)) return 'minute'
  return /^\d{4}-\d\d-\d\dT/.test(value) ? 'instant' : 'text'
}

/** Members without a value are left out here, and the two styles of dateTraitement are both published. */
const mayDiffer =
  /(?:complementAdresse\d|telephone|[fF]ax|dateTraitement|dateFin\w*|etatCourant\w*|codeServiceExecutant)$/

/** Where the answer lacks a member of the example, or has something of another kind there. */
function differences(found: unknown, shown: unknown, trail = ''): string[] {
  const [kind, wanted] = [kindOf(found), kindOf(shown)]
  if (mayDiffer.test(trail)) return []
  if (wanted === 'nothing' || (kind === 'nothing' && found === null)) return []
  if (kind !== wanted) return [`${trail}: ${kind} instead of ${wanted}`]
  if (Array.isArray(found) && Array.isArray(shown))
    return found.length === 0 || shown.length === 0 ? [] : differences(found[0], shown[0], `${trail}.0`)
  if (typeof shown !== 'object' || shown === null) return []
  return Object.entries(shown).flatMap(([name, value]) => differences((found as Body)[name], value, `${trail}.${name}`))
}

/** The invented ids of the examples become ids that exist here, in the state that the example speaks of. */
async function world(client: Client) {
  const { simulator, call, submit, upload } = client
  const states: Record<string, string> = {
    completer: 'SUSPENDUE',
    recycler: 'A_RECYCLER',
    'traiter-rejet': 'REJETEE',
    'completer-not-suspended': 'MISE_A_DISPOSITION'
  }
  let serial = 0
  const invoice = async (status: string): Promise<number> => {
    const number = `EX-${++serial}`
    const seller = (await call('structures/rechercher', { structure: { identifiantStructure: '99900010200015' } })).body
    const { idStructureCPP } = seller.listeStructures[0]
    const accounts = (await call('transverses/recuperer/coordbanc/valides', { idStructure: idStructureCPP })).body
    const { identifiantFactureCPP } = (
      await submit(number, {
        fournisseur: {
          idFournisseur: idStructureCPP,
          codeCoordonneesBancairesFournisseur: accounts.listeCoordonneeBancaire[0].idCoordonneeBancaire
        },
        references: {
          deviseFacture: 'EUR',
          typeFacture: 'FACTURE',
          typeTva: 'TVA_SUR_DEBIT',
          modePaiement: 'VIREMENT',
          numeroBonCommande: 'EJ-778899'
        },
        ligneTva: [{ ligneTvaTauxManuel: 20, ligneTvaMontantBaseHtParTaux: 100, ligneTvaMontantTvaParTaux: 20 }],
        lignePoste: [
          {
            lignePosteNumero: 1,
            lignePosteReference: 'R1',
            lignePosteDenomination: 'Conseil',
            lignePosteQuantite: 1,
            lignePosteUnite: 'jour',
            lignePosteMontantUnitaireHT: 100,
            lignePosteTauxTvaManuel: 20
          }
        ]
      })
    ).body
    simulator.control.setStatus(number, status)
    return identifiantFactureCPP
  }
  const attachment = async (): Promise<number> =>
    (
      await call('transverses/ajouter/fichier', {
        pieceJointeFichier: pdf.toString('base64'),
        pieceJointeNom: 'bon.pdf',
        pieceJointeTypeMime: 'application/pdf',
        pieceJointeExtension: 'PDF'
      })
    ).body.pieceJointeId
  const flow = async (kind: string): Promise<string> => {
    const good = cii({ number: `EX-F-${++serial}` })
    const file = {
      rejected: facturX(cii({ number: `EX-F-${++serial}`, buyer: '00000000000000' })),
      'technical-reject': Buffer.from('<kein/>'),
      partial: gzipSync(tar({ 'a.xml': good, 'b.xml': cii({ number: `EX-F-${++serial}`, buyer: '00000000000000' }) }))
    }[kind]
    const syntax = ['CR', 'partial'].includes(kind) ? 'IN_DP_E1_CII_16B' : 'IN_DP_E2_CII_FACTURX'
    const body = {
      fichierFlux: (file ?? (kind === 'CR' ? Buffer.from(good) : facturX(good))).toString('base64'),
      nomFichier: 'f.pdf',
      syntaxeFlux: syntax
    }
    const { numeroFluxDepot } = (await call('factures/deposer/flux', body)).body
    if (kind === 'pending') await simulator.control.advance(2_000)
    else if (kind !== 'not-found') await simulator.control.advance(60_000)
    return numeroFluxDepot as string
  }
  return async ({ name, body }: Example): Promise<string> => {
    let text = JSON.stringify(body ?? {})
    if (name === 'rechercher-fournisseur-paged') {
      for (let one = 0; one < 11; one++) await invoice('SUSPENDUE')
      // It was published with the dates of its day.
      text = text.replace(/"2026-08-01"/, '"2020-01-01"').replace(/"2026-09-30T/, '"2099-09-30T')
    }
    // The same body as the one that finds some: asked in a role that has none.
    if (name.endsWith('aucun-resultat')) text = text.replace('"MOA"', '"VALIDATEUR"')
    if (name === 'consulter-historique') {
      const idFacture = await invoice('MISE_A_DISPOSITION')
      await call('factures/telecharger/groupe', { format: 'PDF', listeFacture: [{ idFacture }] })
      text = text.replaceAll('8400801', String(idFacture))
    }
    if (text.includes('8400801'))
      text = text.replaceAll('8400801', String(await invoice(states[name] ?? 'MISE_A_DISPOSITION')))
    if (text.includes('8400802')) text = text.replaceAll('8400802', String(await invoice('MISE_A_DISPOSITION')))
    if (text.includes('10400512')) text = text.replaceAll('10400512', String(await upload()))
    if (text.includes('10400520')) text = text.replaceAll('10400520', String(await attachment()))
    if (/CPP00111\d+/.test(text)) {
      const kind = /^consulterCR(?:Detaille-(.+))?$/.exec(name)
      text = text.replaceAll(/CPP00111\d+/g, await flow(kind === null ? 'accepted' : (kind[1] ?? 'CR')))
    }
    // The file of that example holds no text that could have been read.
    if (name === 'deposer-pdf')
      text = text.replace(/"fichierFacture":"[^"]+"/, `"fichierFacture":"${readablePdf.toString('base64')}"`)
    const big = Buffer.concat([pdf, Buffer.alloc(10 * 1_048_576)])
    return text.replace(/<base64 of more than 10 MB>|<too large>/, () => big.toString('base64'))
  }
}

t.test('the published examples get the kind of answer they show', async (t) => {
  if (!folders.every((folder) => existsSync(folder))) {
    t.comment(`skipped: ${folders.join(' and ')} are not there`)
    return
  }
  const client = await start(t, { sampleInvoices: true, speed: 0.001 })
  const { simulator, send, account } = client
  const prepare = await world(client)
  const bearer = await token(client)
  const origin = new URL(simulator.pisteUrl).origin
  for (const example of folders.flatMap((folder) => readdirSync(folder).map((file) => read(join(folder, file))))) {
    const { name, method, path, status } = example
    // Needs an answer of 120 MB: held to the limit in another test.
    if (name === 'telecharger-groupe-413') continue
    let answer: Answered
    if (path.startsWith('/api/oauth/token')) {
      const { clientId, clientSecret } = simulator
      const form =
        name === 'token-ok'
          ? { client_id: clientId, client_secret: clientSecret }
          : { client_id: 'x', client_secret: 'y' }
      answer = await send(simulator.tokenUrl, {
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'openid', ...form }).toString()
      })
    } else {
      simulator.control.configure({ internalApplication: name === 'api-403-echo' })
      const technical = name === 'api-403-echo' ? {} : { 'cpro-account': name === 'api-401' ? 'eDp5' : account() }
      answer = await send(`${origin}${path}`, {
        method,
        headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json;charset=utf-8', ...technical },
        ...(method === 'GET' ? {} : { body: await prepare(example) })
      })
    }
    const shown = example.answer as { codeRetour?: number; libelle?: string } | null
    const refused = shown?.codeRetour !== undefined && shown.codeRetour !== 0
    // 200 or 400: which one goes with a refusal is not recorded (errors.md 1).
    if (refused) t.ok([200, 400].includes(answer.status), `${name}: ${answer.status}`)
    else t.equal(answer.status, status, `${name}: ${answer.text.slice(0, 200)}`)
    if (shown === null) {
      t.equal(answer.text, '', name)
      continue
    }
    // Two of the refusals bear a number that their authors invented.
    if (refused && !['api-400-functional', 'soumettre-status-not-allowed'].includes(name))
      t.equal(answer.body.codeRetour, shown.codeRetour, name)
    else if (refused) t.not(answer.body.codeRetour, 0, name)
    else t.equal(answer.body.codeRetour, shown.codeRetour, name)
    t.strictSame(differences(answer.body, shown), [], `${name}: members`)
  }
})

t.test('bodies that clients were seen to send are understood', async (t) => {
  const folder = join(shared, 'samples/json')
  if (!existsSync(folder)) {
    t.comment(`skipped: ${folder} is not there`)
    return
  }
  const { call, structure } = await start(t)
  const request = (name: string): Body => JSON.parse(readFileSync(join(folder, `${name}.request.json`), 'utf8')) as Body
  const accepted = request('soumettre_saisie-api_accepted')
  accepted.destinataire.codeDestinataire = '12345678200051'
  accepted.fournisseur = { idFournisseur: await structure('99900010200015') }
  t.match((await call('factures/soumettre', accepted)).body, { codeRetour: 0, numeroFacture: /^\d{20}$/ })
  const placeholders = await call('factures/soumettre', request('soumettre_all-fields_placeholders'))
  t.match(placeholders, { status: 400, body: { codeRetour: 20011 } }, 'no such supplier')
  t.match((await call('structures/rechercher', request('structures-rechercher'))).body, {
    codeRetour: 0,
    listeStructures: []
  })
  for (const file of readdirSync(folder).filter(
    (name) => name.startsWith('go-choruspro_') || name.startsWith('pastell_recuperer')
  )) {
    const [, operation = ''] = /_(.+)\.response\.json$/.exec(file) ?? []
    const sample = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Body
    // Lists of codes need no body: their answers are compared as a whole.
    if (!operation.startsWith('transverses.recuperer.') || operation.includes('coordbanc')) continue
    const body = { typeDemandePaiement: 'FACTURE' }
    const answer = await call(operation.replaceAll('.', '/'), body)
    t.strictSame(differences(answer.body, sample), [], operation)
  }
})
