import type { SavedReply } from '../api/types'

const reply = (
  index: number,
  scope: SavedReply['scope'],
  name: string,
  text: string,
  subject_id: string | null = null,
): SavedReply => ({
  id: `0192f000-0000-7000-8000-00000000000${index}`,
  scope,
  subject_id,
  name,
  text,
  html: null,
  can_change: true,
  version: 1,
  updated_at: '2026-11-20T09:00:00Z',
})

export const savedReplies = (mailbox: string, team: string): SavedReply[] => [
  reply(
    1,
    'organization',
    'Retourlabel',
    'Dag {{customer.first_name|daar}},\n\nIn de bijlage vindt u een retourlabel. Plak het op de doos en breng die naar een afhaalpunt.\n\nMet vriendelijke groet,\n{{agent.first_name}}',
  ),
  reply(
    2,
    'organization',
    'Opening hours',
    'Hi {{customer.first_name|there}},\n\nWe are open from Monday to Friday, 9:00 to 17:30.\n\nKind regards,\n{{agent.first_name}}',
  ),
  reply(
    3,
    'mailbox',
    'Levertijd',
    'Uw bestelling gaat binnen twee werkdagen de deur uit. Ticket {{ticket.number}}.',
    mailbox,
  ),
  reply(4, 'personal', 'Bedankt', 'Graag gedaan, {{customer.first_name|en tot ziens}}!'),
  reply(5, 'team', 'Reparatie', 'We vragen de werkplaats om een prijs en komen bij u terug.', team),
]
