// Wat het palet nog meer zegt, zodra het er is.
import type { OfficeWords } from '.'

export const palette: OfficeWords['palette'] = {
  contacts: 'Contacten',
  found: 'In mail',
  theme: 'Thema: {theme}',
  language: 'Taal: {language}',
  words: {
    photo: 'foto afbeelding avatar profielfoto',
    language: 'Nederlands Engels language',
    theme: 'donker licht weergave kleuren dark',
    keys: 'sneltoetsen toetsenbord',
    notices: 'notificaties waarschuwingen geluid e-mail browser',
    sessions: 'sessies apparaten browsers uitloggen afmelden',
    connect: 'toevoegen koppelen account IMAP Gmail Outlook',
    acknowledgement: 'automatisch antwoord ontvangstbevestiging',
    retention: 'bewaartermijn verwijderen oude tickets anonimiseren',
  },
}
