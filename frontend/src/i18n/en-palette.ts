// What the palette says besides, once it is there.
export const palette = {
  contacts: 'Contacts',
  found: 'In mail',
  theme: 'Theme: {theme}',
  language: 'Language: {language}',
  /** By which settings are found besides their names. */
  words: {
    photo: 'picture avatar',
    language: 'Dutch English taal',
    theme: 'dark light appearance colours mode',
    keys: 'shortcuts keyboard hotkeys density',
    notices: 'notifications alerts sound e-mail browser',
    sessions: 'sessions devices browsers sign out',
    connect: 'add link account IMAP Gmail Outlook',
    acknowledgement: 'auto reply autoresponder confirmation',
    retention: 'retention delete old tickets anonymize',
  },
}
