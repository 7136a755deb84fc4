// Tickets made by hand, one for each thing that a conversation can show.
import { contactId } from './people'
import type { Delivery, Ticket } from '../api/types'
import { iso, mailboxRef, message, MAILBOXES, ref, ticket, type Db } from './db'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const SENT: Delivery = {
  state: 'sent',
  attempts: 1,
  error: null,
  next_attempt_at: null,
  code: null,
  undo_until: null,
  bounced: [],
  can_cancel: false,
}

export function curated(db: Db): Ticket[] {
  const { random, html } = db
  const make = (fields: Parameters<typeof message>[1]) => message(random, fields)
  const us = { name: 'Veldkeuken', address: MAILBOXES[0]?.[1] ?? '' }
  const marieke = { name: 'Marieke van Dijk', address: 'marieke.vandijk@example.nl' }
  const thomas = { name: 'Thomas Keller', address: 'thomas.keller@beispiel.example' }
  const oliver = { name: 'Oliver Grant', address: 'o.grant@northmill.example' }
  const file = (name: string, content_type: string, size: number) => ({
    id: random.uuid(),
    name,
    content_type,
    size,
    inline: false,
  })

  const parcel = [
    make({
      kind: 'inbound',
      at: iso(3 * DAY),
      from: marieke,
      to: [us],
      cc: [{ name: 'Henk van Dijk', address: 'henk.vandijk@example.nl' }],
      text: 'Goedemiddag,\n\nIk heb vorige week een braadpan besteld (bestelling VK-20481), maar hij is er nog niet. Volgens https://track.example.nl/3SVK20481 ligt hij al drie dagen in het sorteercentrum in Zwolle.\n\nKunt u nagaan waar hij is?\n\nMet vriendelijke groet,\nMarieke van Dijk',
      attachments: [
        file('bestelbevestiging.pdf', 'application/pdf', 84_233),
        file('track-and-trace.png', 'image/png', 312_480),
        file('order.csv', 'text/csv', 52),
      ],
    }),
    make({
      kind: 'outbound',
      at: iso(3 * DAY - 40_000),
      from: us,
      to: [{ name: null, address: marieke.address }],
      auto: true,
      text: 'Bedankt voor uw bericht. We hebben het ontvangen en antwoorden zo snel mogelijk. Het nummer is 4312.',
      delivery: { ...SENT },
    }),
    make({
      kind: 'event',
      at: iso(3 * DAY - HOUR),
      event: {
        kind: 'ticket_updated',
        actor: ref(0),
        data: { assignee: ref(0).id, assignee_before: null } as never,
        names: {},
      },
    }),
    make({
      kind: 'outbound',
      at: iso(2 * DAY + 3 * HOUR),
      author: ref(0),
      from: us,
      to: [marieke],
      cc: [{ name: 'Henk van Dijk', address: 'henk.vandijk@example.nl' }],
      text: 'Beste Marieke,\n\nWe hebben een zoekopdracht uitgezet bij de vervoerder. Is het pakket er vrijdag niet, dan sturen we een nieuwe pan.\n\nMet vriendelijke groet,\nSanne de Vries',
      delivery: { ...SENT },
    }),
    make({
      kind: 'note',
      at: iso(2 * DAY),
      author: ref(1),
      text: 'Gebeld met de vervoerder: het pakket is in Zwolle beschadigd geraakt. Vrijdag sowieso een nieuwe sturen, ligt klaar op plank 4. @Sanne de Vries, stuur jij hem? @Aylin Yıldız weet ervan.',
    }),
    make({
      kind: 'inbound',
      at: iso(14 * MINUTE),
      from: marieke,
      to: [us],
      text: 'Goedemiddag,\n\nDank voor het snelle antwoord. Vrijdag is er iemand thuis tussen 9 en 12 uur.',
      quoted_text: 'Beste Marieke, …',
      has_html: true,
    }),
  ]
  html.set(parcel[5]?.id ?? '', 'plain')

  const broken = [
    make({
      kind: 'inbound',
      at: iso(26 * HOUR),
      from: thomas,
      to: [us],
      text: 'Guten Tag,\n\nleider ist der Deckel des Schmortopfs beim Transport zerbrochen. Fotos habe ich angehängt.\n\nViele Grüße\nThomas Keller',
      attachments: [
        file('deckel-1.jpg', 'image/jpeg', 1_840_233),
        file('deckel-2.jpg', 'image/jpeg', 2_012_990),
      ],
    }),
    make({
      kind: 'outbound',
      at: iso(25 * HOUR),
      author: ref(1),
      from: us,
      to: [thomas],
      text: 'Guten Tag,\n\ndas tut uns leid. Ein neuer Deckel geht heute noch an Sie heraus.\n\nViele Grüße\nJoris Bakker',
      delivery: {
        state: 'failed',
        attempts: 3,
        error:
          '550 5.1.1 <thomas.keller@beispiel.example>: Recipient address rejected: User unknown',
        next_attempt_at: null,
        code: 'refused',
        undo_until: null,
        bounced: [],
        can_cancel: true,
      },
    }),
    make({
      kind: 'inbound',
      at: iso(52 * MINUTE),
      from: thomas,
      to: [us],
      text: 'Guten Tag Frau de Vries, der neue Deckel ist da und passt.',
      quoted_text: 'Guten Tag, das tut uns leid.',
      has_html: true,
    }),
  ]
  html.set(broken[2]?.id ?? '', 'outlook')

  const wholesale = [
    make({
      kind: 'inbound',
      at: iso(3 * HOUR),
      from: oliver,
      to: [{ name: null, address: MAILBOXES[1]?.[1] ?? '' }],
      text: 'Order form for spring. Dear Veldkeuken, please find below what our chef put together.',
      has_html: true,
      has_remote_images: true,
      attachments: [
        file(
          'Order form spring (final) v3.xlsx',
          'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
          48_200,
        ),
      ],
    }),
    make({
      kind: 'outbound',
      at: iso(2 * HOUR),
      author: ref(0),
      from: { name: 'Veldkeuken Wholesale', address: MAILBOXES[1]?.[1] ?? '' },
      to: [oliver],
      text: 'Hello Oliver,\n\nThank you. I will have the quotation ready tomorrow morning.\n\nBest,\nSanne',
      delivery: {
        state: 'needs_confirmation',
        attempts: 0,
        error: null,
        next_attempt_at: null,
        code: 'late',
        undo_until: null,
        bounced: [],
        can_cancel: true,
      },
    }),
  ]
  html.set(wholesale[0]?.id ?? '', 'styled')

  return [
    ticket({
      number: 2_004,
      subject: 'Pakket nog niet ontvangen: braadpan VK-20481',
      customer: marieke,
      messages: parcel,
      assignee: ref(0),
      unread: true,
      waiting_since: iso(14 * MINUTE),
      version: 7,
      contact: {
        id: contactId(marieke.address),
        name: marieke.name,
        identities: [
          { kind: 'email', value: marieke.address },
          { kind: 'email', value: 'marieke@vandijk-tuinen.example' },
        ],
        marks: ['objection'],
        rectified_at: iso(20 * DAY),
      },
      related: [{ number: 1_988, subject: 'Vraag over de braadpan', reason: 'same_customer' }],
      reply_defaults: {
        to: [marieke],
        cc: [{ name: 'Henk van Dijk', address: 'henk.vandijk@example.nl' }],
        others: [],
        bcc_warning: false,
      },
    }),
    ticket({
      number: 2_003,
      subject: 'Lieferung beschädigt',
      customer: thomas,
      messages: broken,
      assignee: ref(1),
      unread: true,
      waiting_since: iso(52 * MINUTE),
      version: 4,
    }),
    ticket({
      number: 2_002,
      subject: 'Uw mailbox is bijna vol: bevestig direct uw gegevens',
      customer: { name: 'Sanne de Vries', address: 'support@mailbox-quota.example' },
      unread: true,
      waiting_since: iso(2 * HOUR),
      messages: [
        make({
          kind: 'inbound',
          at: iso(2 * HOUR),
          from: { name: 'Sanne de Vries', address: 'support@mailbox-quota.example' },
          to: [us],
          other_from: [{ name: 'Veldkeuken', address: 'klantenservice@veldkeuken.example' }],
          flags: ['two_from', 'auth_failed', 'look_alike'],
          text: 'Geachte gebruiker,\n\nUw mailbox is voor 99% vol. Bevestig binnen 24 uur uw gegevens via http://mailbox-quota.example/login, anders wordt uw account gesloten.\n\nDe beheerder',
        }),
      ],
    }),
    ticket({
      number: 2_001,
      subject: 'Order form for spring: 60 pieces',
      customer: oliver,
      messages: wholesale,
      mailbox: mailboxRef(1),
      assignee: ref(0),
      waiting_since: iso(3 * HOUR),
    }),
    ticket({
      number: 2_000,
      subject: 'Undelivered Mail Returned to Sender',
      customer: { name: 'Mail Delivery System', address: 'mailer-daemon@mx.example.nl' },
      messages: [
        make({
          kind: 'inbound',
          at: iso(4 * HOUR),
          from: { name: 'Mail Delivery System', address: 'mailer-daemon@mx.example.nl' },
          to: [us],
          auto: true,
          bounce: {
            recipients: [
              {
                address: 'k.vogel@beispiel.example',
                status: '4.2.2',
                action: 'delayed',
                diagnostic: '452 4.2.2 The email account that you tried to reach is over quota',
              },
            ],
          },
          text: 'This is the mail system at host mx.example.nl.\n\nI’m sorry to have to inform you that your message could not be delivered to one or more recipients.',
        }),
      ],
    }),
    ticket({
      number: 1_999,
      subject: 'Can I still change my delivery address?',
      customer: { name: 'Emma Whitfield', address: 'emma.whitfield@example.co.uk' },
      waiting_since: iso(4.5 * HOUR),
      draft: {
        text: 'Hi Emma,\n\nYou were just in time',
        html: '<p>Hi Emma,</p><p>You were just in time</p>',
        to: [{ name: 'Emma Whitfield', address: 'emma.whitfield@example.co.uk' }],
        cc: [],
        bcc: [],
        attachments: [],
        subject: null,
        forwarded: null,
        without_signature: false,
        updated_at: iso(MINUTE),
      },
      messages: [
        make({
          kind: 'inbound',
          at: iso(4.5 * HOUR),
          from: { name: 'Emma Whitfield', address: 'emma.whitfield@example.co.uk' },
          to: [us],
          text: 'Hi there,\n\nI ordered two knives yesterday and only just noticed that I used my old address. Could you send them to 14 Alder Lane instead?\n\nThanks,\nEmma',
        }),
      ],
    }),
  ]
}

/** A mail that names its ticket by nothing but a subject, and came as a Bcc. */
export function withRelated(db: Db): void {
  const henk = { name: 'Henk van Dijk', address: 'henk.vandijk@example.nl' }
  db.tickets.set(
    1_998,
    ticket({
      number: 1_998,
      subject: 'Pakket nog niet ontvangen: braadpan VK-20481',
      customer: henk,
      waiting_since: iso(5 * HOUR),
      related: [
        {
          number: 2_004,
          subject: 'Pakket nog niet ontvangen: braadpan VK-20481',
          reason: 'linked',
        },
      ],
      messages: [
        message(db.random, {
          kind: 'inbound',
          at: iso(5 * HOUR),
          from: henk,
          flags: ['possibly_related', 'bcc_only'],
          text: 'Goedemiddag,\n\nMijn vrouw heeft u over de braadpan geschreven. Hij mag ook bij de buren op nummer 16 worden bezorgd.\n\nHenk van Dijk',
        }),
      ],
    }),
  )
}
