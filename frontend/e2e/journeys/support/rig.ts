// The test rig (tests/rig): providers, mail servers, and the world outside that writes to them.
import { execFileSync } from 'node:child_process'
import { createHash, randomBytes, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { createInterface } from 'node:readline'

interface Description {
  ca: string
  control: string
  dovecotConf: string
  google: Realm
  ms: Realm & { common: string }
  plain: { imapHost: string; domain: string }
  ports: { imaps: number; smtps: number; mx: number }
}

interface Realm {
  issuer: string
  imapHost: string
  clientId: string
  clientSecret: string
  domain: string
}

export type Shape = 'google' | 'ms' | 'plain'

export interface Account {
  address: string
  password: string
}

function describe(): Description {
  const path = process.env.RIG_JSON
  if (!path) throw new Error('RIG_JSON is not set; start the rig: eval "$(.ci/rig-env)"')
  return JSON.parse(readFileSync(path, 'utf8')) as Description
}

let described: Description | undefined
/** The rig that runs. */
export const rig = (): Description => (described ??= describe())

/** The SHA-256 of the public key of the rig's CA, as Chromium wants it. */
export function keyOfCa(): string {
  const { publicKey } = new X509Certificate(readFileSync(rig().ca))
  return createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('base64')
}

/** What Loket's configuration says, so that the rig stands in for both vendors. */
export function settings(): Record<string, string> {
  const of = (name: string, values: Record<string, string | number>) =>
    Object.entries(values).map(([key, value]) => [
      `LOKET_PROVIDERS__${name}__${key.toUpperCase()}`,
      String(value),
    ])
  const servers = ({ imapHost }: Realm) => ({
    imap_host: imapHost,
    imap_port: rig().ports.imaps,
    imap_tls: 'implicit',
    smtp_host: '127.0.0.1',
    smtp_port: rig().ports.smtps,
    smtp_tls: 'implicit',
  })
  const common = rig().ms.common.replace(/\/v2\.0$/, '')
  return Object.fromEntries([
    ...of('GOOGLE', {
      client_id: rig().google.clientId,
      client_secret: rig().google.clientSecret,
      issuer: rig().google.issuer,
      authorize_url: `${rig().google.issuer}/o/oauth2/v2/auth`,
      token_url: `${rig().google.issuer}/token`,
      revoke_url: `${rig().google.issuer}/revoke`,
      ...servers(rig().google),
    }),
    ...of('MICROSOFT', {
      client_id: rig().ms.clientId,
      client_secret: rig().ms.clientSecret,
      issuer: rig().ms.issuer.replace(/\/[^/]+\/v2\.0$/, '/{tenantid}/v2.0'),
      authorize_url: `${common}/oauth2/v2.0/authorize`,
      token_url: `${common}/oauth2/v2.0/token`,
      ...servers(rig().ms),
    }),
    ['LOKET_TLS__EXTRA_CA_FILE', rig().ca],
    ['LOKET_SECURITY__ALLOW_PRIVATE_MAIL_HOSTS', 'true'],
  ]) as Record<string, string>
}

/** An account that nobody else has. */
export async function account(shape: Shape): Promise<Account> {
  const made = {
    address: `t-${randomBytes(8).toString('hex')}@${rig()[shape].domain}`,
    password: 'test-pw',
  }
  if (shape !== 'plain') {
    const answer = await fetch(`${rig().control}/add-user/${shape}`, {
      method: 'POST',
      body: JSON.stringify({ email: made.address, password: made.password }),
    })
    if (!answer.ok) throw new Error(`the rig answers ${String(answer.status)}`)
  }
  return made
}

/** What somebody outside writes: handed to the rig's MX, as the world hands in mail. */
export async function write(from: string, to: string, mail: string): Promise<void> {
  const socket = connect(rig().ports.mx, '127.0.0.1')
  const replies = createInterface({ input: socket })[Symbol.asyncIterator]()
  const expect = async (code: string) => {
    for (;;) {
      const { value, done } = await replies.next()
      if (done || !value.startsWith(code)) throw new Error(`the MX says ${String(value)}`)
      if (value[3] !== '-') return
    }
  }
  const say = async (line: string, code: string) => {
    socket.write(`${line}\r\n`)
    await expect(code)
  }
  await expect('220')
  await say('EHLO outside.test', '250')
  await say(`MAIL FROM:<${from}>`, '250')
  await say(`RCPT TO:<${to}>`, '250')
  await say('DATA', '354')
  const body = mail.replace(/\r?\n/g, '\r\n').replace(/^\./gm, '..')
  await say(`${body}\r\n.`, '250')
  await say('QUIT', '221')
  socket.destroy()
}

/** The mails in an account's folder, as Dovecot has them. */
export function mails(address: string, folder = 'INBOX'): string[] {
  const fetched = execFileSync(
    'doveadm',
    [
      '-c',
      rig().dovecotConf,
      '-f',
      'json',
      'fetch',
      '-u',
      address,
      'text',
      'mailbox',
      folder,
      'all',
    ],
    { encoding: 'utf8' },
  )
  // One array for each mailbox that matched.
  return (JSON.parse(fetched) as { text: string }[]).map(({ text }) => text)
}
