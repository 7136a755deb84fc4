import { http, HttpResponse } from 'msw'
import type { Mailbox, MailboxChange, MailboxRequest, ProviderChange } from '../api/types'
import { iso } from './db'
import { authed, emit, problem } from './world'
import { USERS } from './people'

const V1 = '*/api/v1'
const missing = () => problem(404, 'not-found', 'There is nothing here, or it is not for you.')

export const mailboxHandlers = [
  http.get(
    `${V1}/users`,
    authed(() => HttpResponse.json({ items: USERS, next_cursor: null })),
  ),
  http.get(
    `${V1}/mailboxes`,
    authed(({ db }) => HttpResponse.json({ items: db.mailboxes, next_cursor: null })),
  ),
  http.post(
    `${V1}/mailboxes`,
    authed(async ({ db, request }) => {
      const given = (await request.json()) as MailboxRequest
      if (db.mailboxes.some(({ address }) => address === given.address))
        return problem(409, 'mailbox-exists', 'This mailbox is already connected.')
      const mailbox: Mailbox = {
        id: db.random.uuid(),
        address: given.address,
        display_name: given.display_name,
        provider: given.provider,
        state: 'importing',
        error: null,
        last_sync_at: null,
        language: 'en',
        signature: '',
        import: { mode: given.import?.mode ?? 'now', since: null, read: 0, total: null },
        counts: { imported: 0, skipped: 0, quarantined: 0 },
        members: db.session
          ? [{ id: db.session.membership.id, name: db.session.account.name }]
          : [],
      }
      db.mailboxes.push(mailbox)
      return HttpResponse.json(mailbox, { status: 201 })
    }),
  ),
  http.post(
    `${V1}/mailboxes/test`,
    authed(async ({ request }) => {
      const given = (await request.json()) as MailboxRequest
      const good = given.provider === 'maildir' || given.password === 'right'
      const steps =
        given.provider === 'maildir'
          ? [
              { name: 'read', ok: true, message: '128 messages in new and cur.' },
              { name: 'deliver', ok: true, message: '' },
            ]
          : [
              {
                name: 'connect',
                ok: true,
                message: `${given.imap?.host ?? ''} answers on port ${given.imap?.port ?? ''}, with a valid certificate.`,
              },
              {
                name: 'imap_login',
                ok: good,
                message: good
                  ? ''
                  : 'The server refused the user name or password: “[AUTHENTICATIONFAILED] Invalid credentials”.',
              },
              ...(good ? [{ name: 'smtp_login', ok: true, message: '' }] : []),
            ]
      return HttpResponse.json({ ok: good, steps })
    }),
  ),
  http.post(
    `${V1}/mailboxes/connect`,
    authed(async ({ db, request }) => {
      const { provider } = (await request.json()) as { provider: 'google' | 'microsoft' }
      return db.providers[provider].configured
        ? HttpResponse.json({ authorize_url: `/oauth/callback?provider=${provider}` })
        : problem(409, 'provider-not-configured', 'Fill in the client id first.')
    }),
  ),
  http.get(
    '*/oauth/callback',
    authed(
      ({ db }) =>
        new HttpResponse(null, {
          status: 303,
          headers: { location: `/settings/mailboxes?connected=${db.mailboxes[0]?.id ?? ''}` },
        }),
    ),
  ),
  http.patch(
    `${V1}/mailboxes/:id`,
    authed(async ({ db, params, request }) => {
      const mailbox = db.mailboxes.find(({ id }) => id === params.id)
      if (!mailbox) return missing()
      const { password: _, ...change } = (await request.json()) as MailboxChange
      Object.assign(mailbox, change)
      emit(db, 'mailbox', { mailbox_id: mailbox.id, kind: 'mailbox_changed' })
      return HttpResponse.json(mailbox)
    }),
  ),
  http.put(
    `${V1}/mailboxes/:id/members`,
    authed(async ({ db, params, request }) => {
      const mailbox = db.mailboxes.find(({ id }) => id === params.id)
      if (!mailbox) return missing()
      const { membership_ids: chosen } = (await request.json()) as { membership_ids: string[] }
      mailbox.members = USERS.filter(({ id }) => chosen.includes(id)).map(({ id, name }) => ({
        id,
        name,
      }))
      return HttpResponse.json(mailbox)
    }),
  ),
  http.post(
    `${V1}/mailboxes/:id/sync`,
    authed(({ db, params }) => {
      const mailbox = db.mailboxes.find(({ id }) => id === params.id)
      if (!mailbox) return missing()
      mailbox.last_sync_at = iso(0)
      emit(db, 'mailbox', { mailbox_id: mailbox.id, kind: 'mailbox_changed' })
      return new HttpResponse(null, { status: 202 })
    }),
  ),
  http.get(
    `${V1}/providers/:provider`,
    authed(({ db, params }) =>
      HttpResponse.json(db.providers[params.provider === 'google' ? 'google' : 'microsoft']),
    ),
  ),
  http.put(
    `${V1}/providers/:provider`,
    authed(async ({ db, params, request }) => {
      const name = params.provider === 'google' ? 'google' : 'microsoft'
      const { client_id, tenant } = (await request.json()) as ProviderChange
      Object.assign(db.providers[name], {
        client_id,
        tenant: tenant ?? null,
        configured: true,
        source: 'admin',
      })
      return HttpResponse.json(db.providers[name])
    }),
  ),
  http.get(
    `${V1}/quarantine`,
    authed(({ db }) => HttpResponse.json({ items: db.quarantine, next_cursor: null })),
  ),
  http.get(
    `${V1}/quarantine/:id/original`,
    authed(
      () =>
        new HttpResponse('From: somebody\r\n\r\n', {
          headers: { 'content-type': 'message/rfc822', 'content-disposition': 'attachment' },
        }),
    ),
  ),
  http.post(
    `${V1}/quarantine/:id/retry`,
    authed(({ db, params }) => {
      db.quarantine = db.quarantine.filter(({ id }) => id !== params.id)
      return new HttpResponse(null, { status: 202 })
    }),
  ),
]
