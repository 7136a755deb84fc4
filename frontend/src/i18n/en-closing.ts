// Closing the organization.
export const closing = {
  title: 'Close organization',
  open: 'Close organization…',
  section_text:
    'Deletes everything in it for good: mail, tickets, customers, users and settings. First an export is made, owners confirm it by mail, and there is time to take it back.',
  export: 'Export everything',
  export_text:
    'All mailboxes as one ZIP, with users, settings and holds, to take along or to keep for yourself.',
  owners_only: 'Only an owner can close the organization.',
  no_mail:
    'This server sends no mail of its own, and closing is confirmed by mail. Ask whoever runs it to set that up.',
  what: 'What is deleted',
  mailboxes: 'Mailboxes',
  users: 'Users',
  tickets: 'Tickets',
  messages: 'Messages',
  attachments: 'Attachments',
  contacts: 'Customers',
  when: 'What happens, and when',
  step_ask: 'You ask',
  step_ask_text:
    'A full export is made. You get a mail with a link to confirm it; nothing else changes yet.',
  step_second_text:
    'A full export is made. You and the other owners get a mail with a link; one of them has to confirm it too. Nothing else changes yet.',
  step_stop: 'Confirmed, and the export is ready',
  step_stop_text:
    'Every mailbox is disconnected and waiting answers are stopped. Tickets can be read, and not answered. Everybody sees the countdown.',
  step_delete: '{n} day later | {n} days later',
  step_delete_text:
    'The keys are destroyed and everything is deleted, your own account too. Until then an owner can take it back.',
  step_backups: 'After that',
  step_backups_text:
    'The last backup of the keys is gone {keys} days later, the last backup of data, in which nothing can be read by then, {data} days later.',
  holds:
    'A legal hold lasts: the organization is deleted only when it ends. | {n} legal holds last: the organization is deleted only when they end.',
  ask: 'Ask to close it',
  type_name: 'Type the name of the organization: {name}',
  name_wrong: 'This is not its name.',
  password: 'Your password',
  password_wrong: 'This is not your password.',
  submit: 'Ask to close {name}',
  asked: 'Asked for. Look into your mail.',
  waits: 'This organization is to be closed',
  waits_text: '{name} asked for it on {when}. It begins once all of this is done:',
  wait: {
    done: 'done',
    open: 'waits',
    export: 'The full export is ready',
    mine: 'Whoever asked has followed the link in their mail',
    second: 'A second owner has followed theirs',
  },
  confirm: 'Confirm',
  confirm_title: 'Confirm that {name} is closed',
  confirm_text:
    'After this every mailbox stops, as soon as the export is ready and everybody who has to has confirmed. It can be taken back until the countdown ends.',
  confirmed: 'Confirmed',
  undo: 'Take it back',
  undone: 'Taken back. Nothing is deleted.',
  counts_down: 'Deleted in {left}',
  counts_down_text: 'Everything in this organization is deleted on {when}.',
  undo_text:
    'If you take it back, mailboxes with a password and folders are read again at once; Google and Microsoft mailboxes ask for a new sign-in.',
  held: 'A legal hold lasts, so it waits. It goes on when the hold ends.',
  deleting: 'The time is over, and everything is being deleted. It cannot come back.',
  banner: {
    label: 'Closing',
    countdown: 'This organization is closed in {left}. Tickets can be read, and not answered.',
    deleting: 'This organization is being deleted.',
    open: 'Details',
  },
  gone_title: 'Statement of deletion',
  gone_missing: 'Not here, or not yet',
  gone_missing_text:
    'The statement is signed once everything is deleted. If you came from the mail about it, try again in an hour.',
}
