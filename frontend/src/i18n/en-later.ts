// What the desk says at times only: fetched with the office's words.
export const list = {
  empty_no_mailbox: 'No mailbox yet',
  empty_no_mailbox_text:
    'Connect the mailbox that your customers write to. Their mail then appears here.',
  empty_no_mailbox_member: 'Your administrator has not connected a mailbox for you yet.',
  connect: 'Connect a mailbox',
  empty_import: 'Your mail is on its way',
  empty_import_text: 'Loket is reading {address}. Tickets appear here as they come in.',
  import_progress: '{read} of {total} read',
  import_read: '{read} read',
  to_import: 'See how far it is',
  empty_filter: 'Nothing matches',
  empty_filter_text: 'No ticket in this list is like that.',
  empty_find_text: 'There is no ticket with this number or from this address that you may see.',
  clear_filter: 'Show everything',
  empty_open: 'All done',
  empty_open_text: 'Nobody is waiting for an answer.',
  empty_mine: 'You are done',
  empty_mine_text: 'Nobody is waiting for an answer from you.',
  empty_unassigned: 'Somebody has each of them',
  empty_unassigned_text: 'No open ticket is without an assignee.',
  empty_mentioned: 'Nobody has mentioned you',
  empty_mentioned_text: 'Tickets with a note that mentions you appear here.',
  empty_drafts: 'No drafts',
  empty_drafts_text: 'Tickets on which you have begun to write appear here.',
  empty_snoozed: 'Nothing is snoozed',
  empty_snoozed_text: 'Snoozed tickets wait here until their time has come.',
  empty_saved: 'Nothing here now',
  empty_saved_text: 'No ticket fits this view at the moment.',
  empty_all: 'No tickets yet',
  empty_all_text: 'Each conversation with a customer will appear here.',
  empty_view: 'Nothing here',
  empty_view_text: 'Tickets with this status will appear here.',
  to_view: '{name} ({n})',
  gone: 'This view is not there',
  gone_text: 'It was removed, or it is no longer shared with you.',
}

export const filter = {
  status: 'Status',
  any_status: 'As in this view',
  customer: 'Customer',
  customer_hint: 'E-mail address',
  no_customer: 'No customer has this address.',
}

export const ticket = {
  others: 'Other tickets',
  no_others: 'This is their only one.',
  all_of_customer: 'All tickets of this customer',
}
