import { http, HttpResponse } from 'msw'
import type { Mailbox, MailboxTest } from '../api/types'
import { iso } from './db'
import { consented } from './leaving'
import { on } from './typed'
import { authed, emit, overtaken, problem } from './world'

/** As the server words it. */
const subject = (language: string): string =>
  language === 'nl'
    ? 'We hebben uw bericht ontvangen (nummer {{ticket.number}})'
    : 'We have received your message (number {{ticket.number}})'

const missing = () => problem(404, 'not-found', 'There is nothing here, or it is not for you.')

export const mailboxHandlers = [
  on('get', '/api/v1/mailboxes', ({ ok, db }) => ok({ items: db.mailboxes, next_cursor: null })),
  on('post', '/api/v1/mailboxes', async ({ ok, body, db }) => {
    const given = await body()
    if (db.mailboxes.some(({ address }) => address === given.address))
      return problem(409, 'already-linked', 'This mailbox is already connected.')
    const mailbox: Mailbox = {
      id: db.random.uuid(),
      address: given.address,
      display_name: given.display_name,
      provider: given.provider,
      state: 'importing',
      state_at: iso(0),
      kept_at: null,
      error: null,
      access_ends: null,
      last_sync_at: null,
      language: 'en',
      signature: '',
      acknowledgement: { enabled: false, text: '', subject: subject('en') },
      import: {
        mode: given.import?.mode ?? 'now',
        since: null,
        read: 0,
        total: null,
        waits_until: null,
      },
      counts: { imported: 0, skipped: 0, quarantined: 0, skipped_why: [] },
      comparisons: [],
      members: db.session ? [{ id: db.session.membership.id, name: db.session.account.name }] : [],
      version: 1,
    }
    db.mailboxes.push(mailbox)
    return ok(mailbox, { status: 201 })
  }),
  on('post', '/api/v1/mailboxes/test', async ({ ok, body }) => {
    const given = await body()
    const good = given.provider === 'maildir' || given.password === 'right'
    const host = given.imap?.host ?? ''
    const step = (
      name: string,
      code: MailboxTest['steps'][number]['code'],
      values: Record<string, string> = {},
    ) => ({ name, ok: true, code, values, message: code })
    const steps =
      given.provider === 'maildir'
        ? [step('read', 'folder_found', { count: '128' }), step('deliver', 'delivers_to_folder')]
        : good
          ? [
              step('imap_login', 'signed_in_for_reading'),
              step('imap_folders', 'inbox_found', { count: '12480' }),
              step('smtp_login', 'signed_in_for_sending'),
            ]
          : [
              {
                ...step('imap_login', 'sign_in_refused', {
                  host,
                  said: '[AUTHENTICATIONFAILED] Invalid credentials',
                }),
                ok: false,
              },
            ]
    return ok({ ok: good, steps })
  }),
  on('post', '/api/v1/mailboxes/connect', async ({ ok, body, db }) => {
    const { provider, mailbox_id } = await body()
    return db.providers[provider].configured || mailbox_id
      ? ok({ authorize_url: `/oauth/callback?provider=${provider}&mailbox=${mailbox_id ?? ''}` })
      : problem(409, 'provider-not-configured', 'Fill in the client id first.')
  }),
  http.get(
    '*/oauth/callback',
    authed(({ db, url }) => {
      const id = url.searchParams.get('mailbox') ?? ''
      consented(db, id)
      return new HttpResponse(null, {
        status: 303,
        headers: { location: `/settings/mailboxes?connected=${id || (db.mailboxes[0]?.id ?? '')}` },
      })
    }),
  ),
  on('patch', '/api/v1/mailboxes/{id}', async ({ ok, body, db, params, request }) => {
    const mailbox = db.mailboxes.find(({ id }) => id === params.id)
    if (!mailbox) return missing()
    const late = overtaken(request, mailbox)
    if (late) return late
    const { password: _, acknowledgement, ...change } = await body()
    if (acknowledgement?.enabled && !acknowledgement.text.trim())
      return problem(422, 'invalid', 'acknowledgement.text', [
        { field: 'acknowledgement.text', message: 'Write what it says.' },
      ])
    Object.assign(mailbox, change, { version: mailbox.version + 1 })
    if (acknowledgement)
      mailbox.acknowledgement = { ...acknowledgement, subject: subject(mailbox.language) }
    emit(db, 'mailbox', { mailbox_id: mailbox.id, kind: 'mailbox_changed' })
    return ok(mailbox)
  }),
  on('put', '/api/v1/mailboxes/{id}/members', async ({ ok, body, db, params, request }) => {
    const mailbox = db.mailboxes.find(({ id }) => id === params.id)
    if (!mailbox) return missing()
    const late = overtaken(request, mailbox)
    if (late) return late
    const { membership_ids: chosen } = await body()
    mailbox.members = db.users
      .filter(({ id }) => chosen.includes(id))
      .map(({ id, name }) => ({
        id,
        name,
      }))
    mailbox.version += 1
    return ok(mailbox)
  }),
  on('post', '/api/v1/mailboxes/{id}/sync', ({ db, params }) => {
    const mailbox = db.mailboxes.find(({ id }) => id === params.id)
    if (!mailbox) return missing()
    mailbox.last_sync_at = iso(0)
    emit(db, 'mailbox', { mailbox_id: mailbox.id, kind: 'mailbox_changed' })
    return new HttpResponse(null, { status: 202 })
  }),
  on('get', '/api/v1/providers/{provider}', ({ ok, db, params }) =>
    ok(db.providers[params.provider === 'google' ? 'google' : 'microsoft']),
  ),
  on('put', '/api/v1/providers/{provider}', async ({ ok, body, db, params }) => {
    const name = params.provider === 'google' ? 'google' : 'microsoft'
    const { client_id, tenant, secret_ends } = await body()
    Object.assign(db.providers[name], {
      client_id,
      tenant: tenant ?? null,
      secret_ends: secret_ends ?? null,
      configured: true,
      source: 'admin',
    })
    return ok(db.providers[name])
  }),
  on('get', '/api/v1/quarantine', ({ ok, db, url }) => {
    const asked = (name: string) => url.searchParams.get(name)
    const fits = db.quarantine.filter(
      ({ mailbox, reason, at }) =>
        [null, mailbox.id].includes(asked('mailbox')) &&
        [null, reason].includes(asked('reason')) &&
        at >= (asked('from') ?? '') &&
        at < (asked('to') ?? '9'),
    )
    const first = Number(asked('cursor') ?? 0)
    const next = first + 100
    return ok({
      items: fits.slice(first, next),
      next_cursor: next < fits.length ? String(next) : null,
    })
  }),
  on(
    'get',
    '/api/v1/quarantine/{id}/original',
    () =>
      new HttpResponse('From: somebody\r\n\r\n', {
        headers: { 'content-type': 'message/rfc822', 'content-disposition': 'attachment' },
      }),
  ),
  on('post', '/api/v1/quarantine/{id}/retry', ({ db, params }) => {
    db.quarantine = db.quarantine.filter(({ id }) => id !== params.id)
    return new HttpResponse(null, { status: 202 })
  }),
]
