// Van de woorden van de instellingen die, die ook bij een ticket of in de zijbalk staan.
import type { Messages } from '.'

export const retention_anonymous: Messages['retention']['anonymous'] = {
  subject: 'Anoniem ticket',
  customer: 'Anoniem',
  removed: 'Alle persoonsgegevens zijn verwijderd op {when}',
  text: 'Over is alleen wanneer er iets werd geschreven, en wat voor bericht het was.',
  kind: {
    inbound: 'Mail van de klant',
    outbound: 'Antwoord',
    note: 'Notitie',
    event: 'Wijziging',
  },
}

export const deletion_ticket: Messages['deletion']['ticket'] = {
  badge: 'Ontkoppeld',
  deleted_on: 'Ontkoppeld, verwijderd op {date}',
  until: 'Mailbox ontkoppeld – alleen lezen, tot {date}',
  read_only: 'Mailbox ontkoppeld – alleen lezen, tot de gegevens worden verwijderd',
}

export const mailbox_state: Messages['mailbox']['state'] = {
  connecting: 'Verbinden',
  importing: 'Importeren',
  active: 'Actief',
  needs_reauthorization: 'Aanmelden nodig',
  paused: 'Gepauzeerd',
  error: 'Probleem',
  disconnected: 'Ontkoppeld',
}
