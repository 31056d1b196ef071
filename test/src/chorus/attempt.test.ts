import t from 'tap'
import { readRetryAfter } from '../../../src/chorus/answer.ts'
import { classify, type Question } from '../../../src/chorus/attempt.ts'
import { DeadlineError, type ExchangeFacts, OversizeError } from '../../../src/chorus/call.ts'
import { ConnectError, type ConnectReason } from '../../../src/chorus/connect-error.ts'
import type { Proof, UpstreamProblem } from '../../../src/chorus/errors.ts'
import { readText } from '../../../src/chorus/json.ts'

const now = Date.parse('2026-09-01T10:00:00Z')
const question: Question = {
  service: 'factures/soumettre',
  access: 'piste',
  host: 'api.test',
  once: true,
  required: ['identifiantFactureCPP', 'numeroFacture'],
  echo: { member: 'numeroFacture', value: 'FA-1' },
  now,
  scrub: (text) => text
}
type Case = Partial<Omit<ExchangeFacts, 'body'>> & { body?: string | object }
const facts = ({ body = '', ...rest }: Case): ExchangeFacts => ({
  sent: true,
  bodySent: true,
  fresh: true,
  durationMs: 5,
  headers: {},
  ...rest,
  body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))
})
const coded = (code: string, name = 'Error') => Object.assign(new Error('other side closed'), { code, name })
const html = '<html><body>Maintenance</body></html>'
const done = { codeRetour: 0, libelle: 'GCU_MSG_01_000', identifiantFactureCPP: 7, numeroFacture: 'FA-1' }
const refusal = (libelle: string, codeRetour: number | string = 20013) => ({ codeRetour, libelle })

type Row = [string, Case, Proof, UpstreamProblem, boolean?, Partial<Question>?]
const unsent: [ConnectReason, UpstreamProblem][] = [
  ['name-unknown', 'upstream-unavailable'],
  ['unreachable', 'upstream-unavailable'],
  ['closed', 'upstream-unavailable'],
  ['timeout', 'upstream-unavailable'],
  ['server-untrusted', 'tls-handshake-failed'],
  ['tls-protocol', 'tls-handshake-failed'],
  ['certificate-refused', 'client-certificate-rejected'],
  ['certificate-expired', 'client-certificate-expired'],
  ['certificate-swallowed', 'client-certificate-rejected'],
  ['proxy-unreachable', 'proxy-unreachable'],
  ['proxy-refused', 'proxy-unreachable'],
  ['proxy-credentials', 'proxy-authentication-failed']
]
const alert = (name: string): Case => ({ error: coded('UND_ERR_SOCKET'), alert: `ERR_SSL_TLSV13_ALERT_${name}` })

const rows: Row[] = [
  // Nothing left.
  ...unsent.map(
    ([reason, problem]): Row => [
      `no connection: ${reason}`,
      { sent: false, bodySent: false, error: new ConnectError(reason, reason) },
      'not-sent',
      problem,
      true
    ]
  ),
  [
    'deadline before a connection',
    { sent: false, bodySent: false, error: new DeadlineError('late') },
    'not-sent',
    'upstream-timeout'
  ],
  [
    'agent destroyed before a connection',
    { sent: false, bodySent: false, error: coded('UND_ERR_DESTROYED') },
    'not-sent',
    'upstream-unavailable'
  ],

  // It left, and nothing came back.
  ['closed after the whole body', { error: coded('UND_ERR_SOCKET') }, 'unknown', 'upstream-unavailable'],
  ['reset after the whole body', { error: coded('ECONNRESET') }, 'unknown', 'upstream-unavailable'],
  ['silence until the deadline', { error: new DeadlineError('late') }, 'unknown', 'upstream-timeout'],
  [
    'not HTTP',
    { error: Object.assign(new Error('x'), { name: 'HTTPParserError' }) },
    'unknown',
    'upstream-protocol-error'
  ],
  ['headers too large', { error: coded('UND_ERR_HEADERS_OVERFLOW') }, 'unknown', 'upstream-protocol-error'],
  [
    'an abort error that had left',
    { error: coded('UND_ERR_ABORTED', 'AbortError') },
    'unknown',
    'upstream-unavailable'
  ],
  ['reset during the upload', { bodySent: false, error: coded('ECONNRESET') }, 'not-processed', 'upstream-unavailable'],
  [
    'deadline during the upload',
    { bodySent: false, error: new DeadlineError('late') },
    'not-processed',
    'upstream-timeout'
  ],
  [
    'our file was short',
    { bodySent: false, error: Object.assign(new Error('short'), { name: 'SourceError' }) },
    'not-processed',
    'internal'
  ],
  ['alert: certificate required', alert('CERTIFICATE_REQUIRED'), 'not-processed', 'client-certificate-rejected', true],
  ['alert: unknown CA', alert('UNKNOWN_CA'), 'not-processed', 'client-certificate-rejected', true],
  ['alert: expired', alert('CERTIFICATE_EXPIRED'), 'not-processed', 'client-certificate-expired', true],
  [
    'alert on a connection that served before',
    { ...alert('CERTIFICATE_REQUIRED'), fresh: false },
    'unknown',
    'client-certificate-rejected',
    true
  ],
  ['alert about something else', alert('INTERNAL_ERROR'), 'unknown', 'upstream-unavailable'],

  // The edge turned it away.
  [
    '401 of PISTE',
    { status: 401, headers: { 'www-authenticate': 'Bearer realm="PISTE"' } },
    'not-processed',
    'technical-account-rejected',
    true
  ],
  [
    '401 without a realm',
    { status: 401, body: refusal("Impossible d'authentifier", 401) },
    'not-processed',
    'technical-account-rejected',
    true
  ],
  [
    '401 of no API',
    { status: 401, headers: { 'www-authenticate': 'Bearer realm="DefaultRealm"' } },
    'not-processed',
    'api-not-subscribed',
    true
  ],
  ['401 mid-upload', { status: 401, bodySent: false }, 'not-processed', 'technical-account-rejected', true],
  ['403 empty', { status: 403 }, 'not-processed', 'api-not-subscribed', true],
  ['403 {}', { status: 403, body: '{}' }, 'not-processed', 'api-not-subscribed', true],
  ['403 echo', { status: 403, body: { codeLangue: 'fr' } }, 'not-processed', 'technical-account-rejected', true],
  [
    '403 empty, by certificate',
    { status: 403 },
    'not-processed',
    'technical-account-rejected',
    true,
    { access: 'certificate' }
  ],
  ['404', { status: 404, body: html }, 'not-processed', 'api-not-subscribed', true],
  ['405', { status: 405 }, 'not-processed', 'api-not-subscribed', true],
  ['413', { status: 413 }, 'refused', 'deposit-refused'],
  ['413 mid-upload', { status: 413, bodySent: false, error: coded('ECONNRESET') }, 'refused', 'deposit-refused'],
  ['415', { status: 415 }, 'not-processed', 'upstream-protocol-error', true],
  ['429', { status: 429 }, 'not-processed', 'upstream-throttled', true],
  [
    'nginx: no certificate',
    { status: 400, body: '<html>400 No required SSL certificate was sent</html>' },
    'not-processed',
    'client-certificate-rejected',
    true
  ],
  [
    'nginx: bad certificate',
    { status: 400, body: '<html>The SSL certificate error</html>' },
    'not-processed',
    'client-certificate-rejected',
    true
  ],

  // It failed somewhere.
  ['500', { status: 500 }, 'unknown', 'upstream-unavailable'],
  ['500 with the JSON of a success', { status: 500, body: done }, 'unknown', 'upstream-unavailable'],
  ['500 with a business code', { status: 500, body: refusal('x') }, 'unknown', 'upstream-unavailable'],
  ['502 HTML', { status: 502, body: html }, 'unknown', 'upstream-unavailable'],
  ['503 HTML', { status: 503, body: html }, 'unknown', 'upstream-unavailable', true],
  ['503 mid-upload', { status: 503, body: html, bodySent: false }, 'not-processed', 'upstream-unavailable', true],
  ['504', { status: 504, body: html }, 'unknown', 'upstream-timeout'],
  ...[301, 302, 307, 308].map(
    (status): Row => [
      `redirect ${status}`,
      { status, headers: { location: 'https://other.test/' } },
      'unknown',
      'upstream-protocol-error'
    ]
  ),

  // An answer that proves nothing.
  ['200 HTML', { status: 200, body: html }, 'unknown', 'upstream-protocol-error'],
  ['200 empty', { status: 200 }, 'unknown', 'upstream-protocol-error'],
  ['200 {}', { status: 200, body: '{}' }, 'unknown', 'upstream-protocol-error'],
  ['200 []', { status: 200, body: '[]' }, 'unknown', 'upstream-protocol-error'],
  ['200 null', { status: 200, body: 'null' }, 'unknown', 'upstream-protocol-error'],
  [
    '200 cut JSON without an error',
    { status: 200, body: '{"codeRetour":0,"identifiantFac' },
    'unknown',
    'upstream-protocol-error'
  ],
  [
    '200 whole JSON, then a reset',
    { status: 200, body: done, error: coded('UND_ERR_SOCKET') },
    'unknown',
    'upstream-protocol-error'
  ],
  ['200 too large', { status: 200, body: '{', error: new OversizeError('x') }, 'unknown', 'upstream-protocol-error'],
  ['200 and a silent body', { status: 200, error: new DeadlineError('late') }, 'unknown', 'upstream-timeout'],
  [
    '200 without the id',
    { status: 200, body: { ...done, identifiantFactureCPP: null } },
    'unknown',
    'upstream-protocol-error'
  ],
  [
    '200 with an empty id',
    { status: 200, body: { ...done, identifiantFactureCPP: ' ' } },
    'unknown',
    'upstream-protocol-error'
  ],
  [
    '200 without the number',
    { status: 200, body: { ...done, numeroFacture: undefined } },
    'unknown',
    'upstream-protocol-error'
  ],
  [
    '200 for another number',
    { status: 200, body: { ...done, numeroFacture: 'FA-2' } },
    'unknown',
    'upstream-protocol-error'
  ],
  [
    '200 with codeRetour null',
    { status: 200, body: { ...done, codeRetour: null } },
    'unknown',
    'upstream-protocol-error'
  ],
  [
    'success before the request was complete',
    { status: 200, body: done, bodySent: false },
    'unknown',
    'upstream-protocol-error'
  ],
  ['400 with codeRetour 0', { status: 400, body: done }, 'unknown', 'upstream-protocol-error'],
  ['400 JSON without a code', { status: 400, body: { error: 'bad' } }, 'unknown', 'upstream-protocol-error'],
  ['400 HTML', { status: 400, body: html }, 'unknown', 'upstream-protocol-error'],
  ['100,000 brackets', { status: 200, body: '['.repeat(100_000) }, 'unknown', 'upstream-protocol-error'],

  // Chorus Pro said no.
  ['200 with a code', { status: 200, body: refusal('GDP_MSG_11.001 - Statut') }, 'refused', 'deposit-refused'],
  ['400 with a code', { status: 400, body: refusal('x') }, 'refused', 'deposit-refused'],
  ['a code as text', { status: 200, body: refusal('x', '20303') }, 'refused', 'deposit-refused'],
  ['422 with a code', { status: 422, body: refusal('x') }, 'refused', 'deposit-refused'],
  [
    'number mandatory: no duplicate',
    { status: 200, body: refusal('Le numéro de facture est obligatoire') },
    'refused',
    'deposit-refused'
  ],
  [
    'the recipient may not be invoiced',
    { status: 200, body: refusal("Le destinataire n'est pas autorisé à recevoir ce cadre") },
    'refused',
    'deposit-refused'
  ],
  [
    'not authorised, by key',
    { status: 200, body: refusal('GDP_MSG_11.005', 20001) },
    'refused',
    'technical-account-rejected',
    true
  ],
  [
    'not authorised, by wording',
    { status: 400, body: refusal("L'utilisateur n'est pas habilité sur cette structure") },
    'refused',
    'technical-account-rejected',
    true
  ],
  [
    'about a bank account, not ours',
    { status: 200, body: refusal("Le compte bancaire n'est pas rattaché au fournisseur") },
    'refused',
    'deposit-refused'
  ],
  [
    'about a signature, not our account',
    { status: 200, body: refusal("L'authentification de la signature du PDF a échoué") },
    'refused',
    'deposit-refused'
  ],
  [
    '404 by certificate',
    { status: 404 },
    'not-processed',
    'connection-not-configured',
    true,
    { access: 'certificate' }
  ],
  ['code 4', { status: 200, body: refusal('x', 4) }, 'refused', 'technical-account-rejected', true],

  // It has it already.
  ...[
    'Une demande de paiement avec ce numéro de facture a déjà été déposée pour cette structure',
    'GDP_MSG_99.999 - LE NUMERO DE FACTURE A DEJA ETE DEPOSE',
    'Le nume\u0301ro de facture FA-1 est de\u0301ja\u0300 utilise\u0301 par ce fournisseur',
    'Ce numéro de facture existe déjà',
    'Facture en doublon'
  ].map(
    (libelle): Row => [`duplicate: ${libelle}`, { status: 200, body: refusal(libelle) }, 'exists', 'deposit-refused']
  ),
  ['duplicate under 400', { status: 400, body: refusal('numéro de facture déjà déposé') }, 'exists', 'deposit-refused'],
  [
    'the same words in a call that may be repeated',
    { status: 200, body: refusal('numéro de facture déjà déposé') },
    'refused',
    'deposit-refused',
    false,
    { once: false }
  ]
]

for (const [name, given, proof, problem, lane = false, other = {}] of rows) {
  t.test(name.slice(0, 80), (t) => {
    const verdict = classify(facts(given), { ...question, ...other })
    if (verdict.done) throw new Error('taken for a success')
    const { evidence, message } = verdict
    t.match(evidence, { proof, problem, lane, service: 'factures/soumettre' })
    t.equal(evidence.exchange?.httpStatus, given.status)
    t.equal(evidence.foreignAnswer, name === '200 for another number' ? true : undefined)
    t.match(message, /^factures\/soumettre: /)
    t.notMatch(message, /[\r\n]/)
    t.end()
  })
}

t.test('a success needs code 0, the id and our number', (t) => {
  for (const body of [done, { ...done, codeRetour: '0' }, { ...done, identifiantFactureCPP: '12' }]) {
    const verdict = classify(facts({ status: 200, body, headers: { 'x-correlationid': 'Id-00 0' } }), question)
    t.match(verdict, {
      done: true,
      exchange: { service: 'factures/soumettre', httpStatus: 200, returnCode: 0, correlationId: 'Id-00 0' }
    })
  }
  t.match(
    classify(facts({ status: 200, body: `\ufeff${JSON.stringify(done)}` }), question),
    { done: true },
    'with a byte order mark'
  )
  t.match(classify(facts({ status: 200, body: 'ok' }), { ...question, anyBody: true }), { done: true }, 'health-check')
  t.end()
})

t.test('an id beyond 2^53 keeps every digit', (t) => {
  const verdict = classify(
    facts({ status: 200, body: '{"codeRetour":0,"identifiantFactureCPP":90071992547409931,"numeroFacture":"FA-1"}' }),
    question
  )
  t.match(verdict, { done: true, answer: { identifiantFactureCPP: '90071992547409931' } })
  t.end()
})

t.test('texts of others are cut, put on one line and scrubbed', (t) => {
  const libelle = `a\r\nb\u001b[31mc\u2028d<b> SECRET ${'x'.repeat(100_000)}`
  const scrub = (text: string) => text.replaceAll('SECRET', '…')
  const verdict = classify(facts({ status: 400, body: { codeRetour: 1, libelle } }), { ...question, scrub })
  t.notOk(verdict.done)
  const text = verdict.done ? '' : `${verdict.message}${verdict.evidence.exchange?.label}`
  t.match(text, 'a b [31mc d<b> …')
  t.ok(text.length < 2200)
  t.notMatch(text, 'SECRET')
  t.match(readText('a\u0000b\ud800'), 'ab\ufffd', 'what a database would not keep')
  const page = classify(facts({ status: 200, body: `SECRET${'y'.repeat(4085)}SECRET` }), { ...question, scrub })
  const excerpt = page.done ? '' : (page.evidence.excerpt ?? '')
  t.ok(excerpt.length <= 4096)
  t.match(excerpt, /^…y+…$/, 'not even half a secret at the end')
  t.end()
})

t.test('Retry-After in seconds or as a date, between a second and an hour', (t) => {
  const wait = (value: string | string[]) => readRetryAfter({ headers: { 'retry-after': value } }, now)
  t.equal(wait('120'), 120_000)
  t.equal(wait('0'), 1000)
  t.equal(wait('99999999999'), 3_600_000)
  t.equal(wait('Tue, 01 Sep 2026 10:05:00 GMT'), 300_000)
  t.equal(wait('Tue, 01 Sep 2020 10:05:00 GMT'), 1000)
  t.equal(wait(['7', '9']), 7000)
  t.equal(wait('soon'), undefined)
  t.equal(readRetryAfter({ headers: {} }, now), undefined)
  for (const status of [429, 503]) {
    const verdict = classify(facts({ status, headers: { 'retry-after': '30' } }), question)
    t.equal(verdict.done ? undefined : verdict.evidence.retryAfterMs, 30_000)
  }
  t.end()
})
