import { execFileSync } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createSecureContext } from 'node:tls'
import t from 'tap'
import { IdentityError, readIdentity } from '../../../src/chorus/identity.ts'
import { hasOpenssl, issue, makePki, pkcs12 } from './fixtures.ts'

const { root, middle, client } = makePki()
const passphrase = 'p12-marker-phrase'

t.test('a PKCS#12 file gives key and chain, whatever their order and their ciphers', (t) => {
  for (const algorithm of ['aes256', '3des'] as const) {
    const identity = readIdentity({ pkcs12: pkcs12(client, [root, middle], passphrase, algorithm), passphrase })
    t.match(identity.subject, 'CN=ERP Client')
    t.match(identity.issuer, 'CN=Test Intermediate')
    t.equal(identity.siren, '356000000')
    t.equal(identity.chain, [client, middle, root].map((one) => one.cert.replaceAll('\r', '')).join(''))
    t.ok(identity.notAfter > new Date())
    t.equal(identity.hasIssuer, true)
    t.doesNotThrow(() => createSecureContext({ key: identity.key, cert: identity.chain }))
  }
  t.end()
})

t.test('a PEM pair works too, with an encrypted key', (t) => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  t.ok(publicKey)
  const key = privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase }).toString()
  t.throws(() => readIdentity({ cert: client.cert, key, passphrase }), /does not belong/)
  t.throws(() => readIdentity({ cert: client.cert, key, passphrase: 'other' }), /cannot be read/)
  t.throws(() => readIdentity({ cert: 'nothing', key }), /no PEM certificate/)
  const identity = readIdentity({ cert: root.cert + middle.cert + client.cert, key: client.key })
  t.match(identity.subject, 'CN=ERP Client')
  t.equal(readIdentity({ cert: client.cert, key: client.key }).hasIssuer, false)
  t.end()
})

t.test('what cannot be used is named, without the passphrase', (t) => {
  const good = pkcs12(client, [middle], passphrase)
  const cases: [string, Buffer, string | undefined, RegExp][] = [
    ['wrong passphrase', good, 'wrong', /does not open with this passphrase.*CHORUS_PRO_CERTIFICATE_PASSPHRASE/],
    ['no passphrase', good, undefined, /needs a passphrase/],
    ['PEM', Buffer.from(client.cert + client.key), passphrase, /is PEM.*CHORUS_PRO_CERTIFICATE_KEY_FILE/],
    ['garbage', Buffer.from('not a certificate at all'), passphrase, /not PKCS#12, or it is damaged/],
    ['cut', good.subarray(0, 300), passphrase, /not PKCS#12, or it is damaged/],
    ['empty', Buffer.alloc(0), passphrase, /not PKCS#12, or it is damaged/]
  ]
  for (const [name, file, phrase, expected] of cases) {
    try {
      readIdentity({ pkcs12: file, ...(phrase !== undefined && { passphrase: phrase }) })
      t.fail(name)
    } catch (error) {
      t.ok(error instanceof IdentityError, name)
      t.match((error as Error).message, expected, name)
      t.notMatch(`${(error as Error).message}${(error as Error).stack}`, passphrase, name)
    }
  }
  t.end()
})

t.test('an expired certificate is read all the same: its date is for later', (t) => {
  const old = issue('Old Client', { by: middle, days: [-30, -2] })
  const identity = readIdentity({ pkcs12: pkcs12(old, [], passphrase), passphrase })
  t.ok(identity.notAfter < new Date())
  t.end()
})

const skip = hasOpenssl() ? false : 'openssl is not on this machine'
t.test('files as openssl writes them', { skip }, (t) => {
  const folder = t.testdir({
    'client.pem': client.cert,
    'client.key': client.key,
    'chain.pem': middle.cert + root.cert
  })
  const at = (name: string) => join(folder, name)
  const openssl = (...args: string[]) =>
    execFileSync('openssl', args, { cwd: folder, stdio: ['ignore', 'pipe', 'ignore'] })
  const exported = (name: string, phrase: string, ...args: string[]) => {
    const files = ['-inkey', 'client.key', '-in', 'client.pem', '-certfile', 'chain.pem']
    openssl('pkcs12', '-export', ...files, '-passout', `pass:${phrase}`, '-out', name, ...args)
    return readFileSync(at(name))
  }
  t.match(readIdentity({ pkcs12: exported('modern.p12', passphrase), passphrase }).subject, 'ERP Client', 'AES')
  t.match(
    readIdentity({ pkcs12: exported('legacy.p12', passphrase, '-legacy'), passphrase }).subject,
    'ERP Client',
    'RC2-40'
  )
  t.match(
    readIdentity({ pkcs12: exported('nomac.p12', passphrase, '-nomac'), passphrase }).subject,
    'ERP Client',
    'no MAC'
  )
  t.match(readIdentity({ pkcs12: exported('empty.p12', '') }).subject, 'ERP Client', 'empty passphrase')
  for (const phrase of ['clé-à-molette', 'пароль']) {
    const legacy = exported('accents-old.p12', phrase, '-legacy')
    t.match(
      readIdentity({ pkcs12: exported('accents.p12', phrase), passphrase: phrase }).subject,
      'ERP Client',
      `${phrase}, AES`
    )
    t.match(readIdentity({ pkcs12: legacy, passphrase: phrase }).subject, 'ERP Client', `${phrase}, old`)
    t.throws(() => readIdentity({ pkcs12: legacy, passphrase: `${phrase}x` }), /does not open/)
  }
  t.throws(() => readIdentity({ pkcs12: exported('nokey.p12', passphrase, '-nokeys'), passphrase }), /no private key/)
  openssl(
    'pkcs12',
    '-export',
    '-inkey',
    'client.key',
    '-in',
    'client.pem',
    '-nocerts',
    '-passout',
    `pass:${passphrase}`,
    '-out',
    'nocert.p12'
  )
  t.throws(() => readIdentity({ pkcs12: readFileSync(at('nocert.p12')), passphrase }), /no certificate/)

  openssl('ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', 'ec.key')
  openssl(
    'req',
    '-x509',
    '-key',
    'ec.key',
    '-subj',
    '/CN=EC Client/organizationIdentifier=SI:FR-123456789',
    '-days',
    '9',
    '-out',
    'ec.pem'
  )
  writeFileSync(at('none'), '')
  for (const legacy of [[], ['-legacy']]) {
    openssl(
      'pkcs12',
      '-export',
      '-inkey',
      'ec.key',
      '-in',
      'ec.pem',
      '-passout',
      `pass:${passphrase}`,
      '-out',
      'ec.p12',
      ...legacy
    )
    const identity = readIdentity({ pkcs12: readFileSync(at('ec.p12')), passphrase })
    t.match(identity.subject, 'CN=EC Client')
    t.equal(identity.siren, '123456789')
    t.equal(identity.hasIssuer, true)
    t.doesNotThrow(() => createSecureContext({ key: identity.key, cert: identity.chain }))
  }
  t.end()
})
