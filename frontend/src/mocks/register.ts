import type { IncidentAccess, IncidentPackage, Register } from '../api/types'
import { iso, MAILBOXES, type Db } from './db'
import { on } from './typed'
import { problem } from './world'

const HOUR = 3_600_000
const [MAILBOX, , MAILBOX_NAME] = MAILBOXES[0] ?? ['', '', '']

const host = (name: string, uses: Register['hosts'][number]['uses']) => ({
  host: name,
  uses,
  country: null,
  safeguard: null,
  contract: null,
  changed_at: null,
})

const registers = new WeakMap<Db, Register>()

function register(db: Db): Register {
  let made = registers.get(db)
  if (!made) {
    made = {
      organization: db.session?.organization.name ?? '',
      made_at: iso(0),
      activities: [
        {
          purpose: 'answer_customers',
          data: ['contact_details', 'correspondence', 'attachments', 'delivery_records'],
          people: ['customers', 'mentioned', 'users'],
        },
        { purpose: 'let_users_in', data: ['user_details', 'sign_in_data'], people: ['users'] },
        { purpose: 'accountability', data: ['access_log'], people: ['users'] },
        { purpose: 'continuity', data: ['sealed_copies'], people: ['customers', 'users'] },
      ],
      retention: db.mailboxes.map(({ id, display_name: mailbox }, index) => ({
        mailbox_id: id,
        mailbox,
        months: 18,
        then: index ? 'anonymize' : 'delete',
        spam_days: 30,
        trash_days: 30,
        quarantine_days: 90,
        waits: index > 0,
      })),
      delivery_months: 13,
      undo_days: 14,
      keyring_backup_days: 7,
      data_backup_days: 30,
      measures: [
        'sealed_at_rest',
        'keyring_in_own_file',
        'root_key_apart',
        'keys_destroyed_first',
        'encrypted_connections',
        'read_by_members_only',
        'reads_logged',
        'remote_images_off',
        'private_hosts_refused',
      ],
      hosts: [
        host('accounts.google.com', ['mailbox_sign_in']),
        {
          ...host('imap.gmail.com', ['read_mail']),
          country: 'Ireland',
          safeguard: 'Within the EEA',
          contract: 'Google Workspace DPA',
          changed_at: iso(24 * HOUR),
        },
        host('smtp.gmail.com', ['send_mail', 'own_mail']),
      ],
      unnamed_hosts: ['remote_images', 'connection_test'],
      uses_google: true,
      uses_microsoft: false,
      disclosures: [
        {
          id: '0192d000-0000-7000-8000-000000000001',
          date: '2026-02-10',
          authority: 'Politie Amsterdam',
          legal_basis: 'Vordering ex art. 126nd Sv',
          what: 'The messages of ticket 1984.',
          decided_by: 'Sanne de Vries',
          recorded_by: 'Sanne de Vries',
          recorded_at: iso(48 * HOUR),
        },
      ],
    }
    registers.set(db, made)
  }
  return made
}

function incident(db: Db, from: string, to: string, aware: string | null): IncidentPackage {
  const member = db.users[1] ?? db.users[0]
  const who = { kind: 'member' as const, id: member?.id ?? null, name: member?.name ?? null }
  const access = (how: IncidentAccess['how'], count: number): IncidentAccess => ({
    who,
    how,
    count,
    first_at: from,
    last_at: to,
  })
  const aware_at = aware ?? iso(0)
  return {
    schema: 'loket.incident/1',
    organization_id: '0192c000-0000-7000-8000-000000000001',
    organization: db.session?.organization.name ?? '',
    made_at: iso(0),
    from,
    to,
    user_id: null,
    mailbox_id: null,
    aware_at,
    notify_by: new Date(Date.parse(aware_at) + 72 * HOUR).toISOString(),
    log: { unbroken: true, broken_at: null, entries: 18_422, in_window: 61, unreadable: 0 },
    complete: true,
    counts: {
      mailboxes: 1,
      tickets: 2,
      people: 2,
      addresses: 3,
      lists: 4,
      reads: 5,
      downloads: 1,
      originals: 1,
      exports: 0,
    },
    mailboxes: [{ id: MAILBOX, name: MAILBOX_NAME, tickets: 2, others: [access('read', 1)] }],
    tickets: [
      {
        id: '0192e000-0000-7000-8000-000000000001',
        number: 2004,
        mailbox_id: MAILBOX,
        contact_id: '0192f000-0000-7000-8000-000000000001',
        addresses: 2,
        accesses: [access('read', 4), access('downloaded', 1)],
      },
      {
        id: '0192e000-0000-7000-8000-000000000002',
        number: null,
        mailbox_id: MAILBOX,
        contact_id: null,
        addresses: 1,
        accesses: [access('original', 1)],
      },
    ],
    people: [
      {
        contact_id: '0192f000-0000-7000-8000-000000000001',
        addresses: 2,
        tickets: [2004],
      },
    ],
    lists: [access('listed', 4)],
    acts: [{ action: 'session.sign_in', who, count: 2, first_at: from, last_at: to }],
  }
}

export const registerHandlers = [
  on('get', '/api/v1/register', ({ ok, db }) => ok(register(db))),
  on('put', '/api/v1/register/hosts/{host}', async ({ ok, body, db, params }) => {
    const made = register(db)
    const found = made.hosts.find(({ host: name }) => name === params.host)
    if (!found) return problem(404, 'not-found', 'There is nothing here, or it is not for you.')
    const { country, safeguard, contract } = await body()
    Object.assign(found, {
      country: country || null,
      safeguard: safeguard || null,
      contract: contract || null,
      changed_at: iso(0),
    })
    return ok(made)
  }),
  on('post', '/api/v1/register/disclosures', async ({ ok, body, db }) => {
    const made = register(db)
    const told = await body()
    if (!told.what.trim())
      return problem(422, 'invalid', 'what', [{ field: 'what', message: 'Say what.' }])
    made.disclosures.unshift({
      ...told,
      id: db.random.uuid(),
      recorded_by: db.session?.account.name ?? null,
      recorded_at: iso(0),
    })
    return ok(made, { status: 201 })
  }),
  on('get', '/api/v1/incidents/package', ({ ok, db, url }) => {
    const asked = (name: string) => url.searchParams.get(name)
    return ok(incident(db, asked('from') ?? iso(HOUR), asked('to') ?? iso(0), asked('aware_at')))
  }),
]
