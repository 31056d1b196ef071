import { Agent, request } from 'undici'
import { createSimulator, type SimulatorOptions } from '../../../src/simulator/simulator.ts'

// Answers are read as the French say, without types.
// oxlint-disable-next-line typescript/no-explicit-any -- a test says by its assertions what it expects
export type Body = Record<string, any>

export interface Answered {
  status: number
  headers: Record<string, string | string[] | undefined>
  text: string
  body: Body
}

/** An integrator's client of the certificate mode, as small as can be. */
export async function start(t: { teardown: (fn: () => unknown) => void }, options: SimulatorOptions = {}) {
  const simulator = await createSimulator(options)
  const agent = new Agent({
    connect: { ca: simulator.ca, cert: simulator.clientCertificate, key: simulator.clientKey }
  })
  t.teardown(async () => {
    await agent.destroy()
    await simulator.close()
  })
  const send = async (
    url: string,
    init: { method?: string; headers?: Record<string, string>; body?: string | Buffer },
    dispatcher = agent
  ): Promise<Answered> => {
    const response = await request(url, {
      method: (init.method ?? 'POST') as 'POST',
      headers: init.headers ?? {},
      body: init.body ?? null,
      dispatcher
    })
    const text = await response.body.text()
    let body: Body = {}
    try {
      body = JSON.parse(text) as Body
    } catch {}
    return { status: response.statusCode, headers: response.headers, text, body }
  }
  const account = (login = simulator.login, password = simulator.password): string =>
    Buffer.from(`${login}:${password}`).toString('base64')
  const call = (operation: string, body: unknown = {}, login?: string): Promise<Answered> =>
    send(`${simulator.certificateUrl}/${operation}`, {
      headers: { authorization: `Basic ${account(login)}`, 'content-type': 'application/json' },
      body: JSON.stringify(body)
    })
  const structure = async (siret: string): Promise<number> =>
    (await call('structures/rechercher', { structure: { identifiantStructure: siret } })).body.listeStructures[0]
      .idStructureCPP
  const upload = async (name = 'facture.pdf'): Promise<number> =>
    (
      await call('factures/deposer/pdf', {
        fichierFacture: pdf.toString('base64'),
        nomFichier: name,
        formatDepot: 'PDF_NON_SIGNE'
      })
    ).body.pieceJointeId
  /** A good invoice; what is given replaces whole members. */
  const draft = async (number: string, change: Body = {}): Promise<Body> => ({
    modeDepot: 'DEPOT_PDF_API',
    numeroFactureSaisi: number,
    dateFacture: '2026-09-01',
    destinataire: { codeDestinataire: '12345678200051' },
    fournisseur: { idFournisseur: await structure('99900010200015') },
    cadreDeFacturation: { codeCadreFacturation: 'A1_FACTURE_FOURNISSEUR' },
    references: { deviseFacture: 'EUR', typeFacture: 'FACTURE', typeTva: 'TVA_SUR_DEBIT', modePaiement: 'VIREMENT' },
    montantTotal: { montantHtTotal: 100, montantTVA: 20, montantTtcTotal: 120, montantAPayer: 120 },
    pieceJointePrincipale: [
      { pieceJointePrincipaleDesignation: 'facture.pdf', pieceJointePrincipaleId: await upload() }
    ],
    ...change
  })
  const submit = async (number: string, change: Body = {}): Promise<Answered> =>
    call('factures/soumettre', await draft(number, change))
  return { simulator, agent, send, account, call, structure, upload, draft, submit }
}

export type Client = Awaited<ReturnType<typeof start>>

export const pdf = Buffer.from('%PDF-1.4\n% exemple\n%%EOF\n')

export async function token(client: Client): Promise<string> {
  const { clientId, clientSecret, tokenUrl } = client.simulator
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: clientSecret,
    scope: 'openid'
  })
  const answer = await client.send(tokenUrl, {
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: form.toString()
  })
  return answer.body.access_token as string
}
