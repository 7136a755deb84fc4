// Exports: a mailbox, or the whole organization, as one ZIP.
export const exports_ = {
  section: 'Export',
  section_text:
    'Everything in this mailbox as one ZIP: tickets, the original messages with their files, notes and customers, to read and for programs.',
  make: 'Export…',
  list: 'Exports of {name}',
  title: 'Export {name}',
  title_text: 'All of its mail leaves Loket at once. Only you can download what is made.',
  holds: 'The ZIP holds every ticket, message, file, note and customer of this mailbox.',
  holds_all:
    'The ZIP holds every ticket, message, file and customer, and users, settings and holds.',
  lasts: 'It is sealed until you download it, can be downloaded for 7 days, and is destroyed then.',
  logged: 'The audit log says that you made it, and each time you download it.',
  password: 'Your password',
  password_wrong: 'This is not your password.',
  not_member: 'Only who belongs to this mailbox can export it. Add yourself to its members first.',
  submit: 'Make the export',
  ordered: 'The export is being made',
  waits: 'Waiting to begin…',
  progress: '{done} of {total} tickets',
  progress_label: 'How far the export is',
  made_by: '{when}, by {name}',
  until: 'until {when}',
  downloads: 'not downloaded yet | downloaded once | downloaded {n} times',
  download: 'Download',
  remove: 'Remove the export of {when}',
  error: {
    failed: 'It could not be made. The server’s log says why.',
    lost: 'It was lost when the server was restored. Make it again.',
  },
}
