// Of the words of settings, those that a ticket or the sidebar says too.

export const retention_anonymous = {
  subject: 'Anonymous ticket',
  customer: 'Anonymous',
  removed: 'Everything personal was removed on {when}',
  text: 'What is left is when something was written, and what kind of message it was.',
  kind: { inbound: 'Mail from the customer', outbound: 'Answer', note: 'Note', event: 'Change' },
}

export const deletion_ticket = {
  badge: 'Disconnected',
  deleted_on: 'Disconnected, deleted on {date}',
  until: 'Mailbox disconnected – read only until {date}',
  read_only: 'Mailbox disconnected – read only until its data is deleted',
}

export const mailbox_state = {
  connecting: 'Connecting',
  importing: 'Importing',
  active: 'Active',
  needs_reauthorization: 'Sign-in needed',
  paused: 'Paused',
  error: 'Problem',
  disconnected: 'Disconnected',
}
