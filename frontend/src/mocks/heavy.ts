// What a mailbox may bring on a bad day: a thread without end, a mail of 5 MB, files by the hundred,
// names in every script, tags by the thousand.
import type { Message } from '../api/types'
import { iso, MAILBOXES, mailboxRef, message, ref, ticket, type Db } from './db'

const MINUTE = 60_000
const HEAVY = { thread: 3001, mail: 3002, files: 3003, scripts: 3004, text: 3005 }

export function withHeavy(db: Db): void {
  const us = { name: 'Veldkeuken', address: MAILBOXES[0]?.[1] ?? '' }
  const jo = { name: 'Jo Vermeer', address: 'jo@example.nl' }
  const make = (fields: Parameters<typeof message>[1]) => message(db.random, fields)
  const others = [...db.tickets]
  db.ownSessions.push(
    ...Array.from({ length: 60 }, (_, index) => ({
      id: db.random.uuid(),
      browser: 'chrome' as const,
      system: index === 57 ? ('ipad' as const) : ('windows' as const),
      signed_in_at: iso((index + 41) * 24 * 60 * MINUTE),
      last_used_at: iso((index + 7) * 24 * 60 * MINUTE),
      current: false,
    })),
  )
  db.tickets.clear()
  const add = (number: number, subject: string, customer: typeof jo, messages: Message[]) =>
    db.tickets.set(
      number,
      ticket({ number, subject, customer, messages, mailbox: mailboxRef(0), unread: false }),
    )

  add(
    HEAVY.thread,
    'A thread of two thousand',
    jo,
    Array.from({ length: 2_000 }, (_, index) => {
      const mail = make({
        kind: index % 50 === 49 ? 'note' : index % 2 ? 'outbound' : 'inbound',
        at: iso((2_000 - index) * MINUTE),
        author: index % 2 ? ref(0) : null,
        from: index % 2 ? us : jo,
        to: [index % 2 ? jo : us],
        text: `Message ${index + 1} of this thread.\n${'And one more line.\n'.repeat(index % 9)}`,
        has_html: index % 10 === 0,
      })
      if (mail.has_html) db.html.set(mail.id, 'plain')
      return mail
    }),
  )
  const large = make({ kind: 'inbound', at: iso(MINUTE), from: jo, to: [us], has_html: true })
  db.html.set(large.id, 'large')
  // HTML beyond 4 MB comes as text (`Limits::html_bytes`).
  const line = 'Something that somebody pasted from a spreadsheet, line by line.\n'
  const text = make({
    kind: 'inbound',
    at: iso(2 * MINUTE),
    from: jo,
    to: [us],
    text: `${line.repeat(5_000_000 / line.length)}The end of it`,
  })
  add(HEAVY.text, 'A text of 5 MB', jo, [text])
  add(HEAVY.mail, 'A mail of 4 MB', jo, [large])
  add(HEAVY.files, 'A hundred files', jo, [
    make({
      kind: 'inbound',
      at: iso(MINUTE),
      from: jo,
      to: [us],
      text: 'All of them.',
      attachments: Array.from({ length: 100 }, (_, index) => ({
        id: db.random.uuid(),
        name: `file-${String(index + 1).padStart(3, '0')}.pdf`,
        content_type: 'application/pdf',
        size: 1_000 + index,
        inline: false,
      })),
    }),
  ])
  const rami = { name: 'رامي (شركة الشرق) 🌍', address: 'rami@sharq.example' }
  add(HEAVY.scripts, 'طلب رقم 123 (عاجل) 👩‍👩‍👧', rami, [
    make({
      kind: 'inbound',
      at: iso(MINUTE),
      from: rami,
      to: [us],
      cc: [
        // An override that would turn what follows it around, if it were let.
        { name: 'Dana \u202Egnp.exe', address: 'dana@example.nl' },
        { name: 'שרה לוי', address: 'sara@example.nl' },
      ],
      text: 'مرحبا، أين طلبي؟',
    }),
  ])
  for (const [number, other] of others) db.tickets.set(number, other)
  db.tags = Array.from({ length: 10_000 }, (_, index) => ({
    id: db.random.uuid(),
    name: `topic ${String(index + 1).padStart(5, '0')}`,
    color: 'blue' as const,
    version: 1,
  }))
}
