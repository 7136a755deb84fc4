// Saved replies: the list in settings and the picker in the composer.
export const saved = {
  title: 'Saved replies',
  intro:
    'Texts that you write often. Put one into an answer with M, or with / at the beginning of a line.',
  new: 'New saved reply',
  edit: 'Change saved reply',
  find: 'Find a saved reply',
  none: 'No saved replies yet',
  none_text: 'Keep a text that you write often, for yourself or for everybody who answers.',
  none_found: 'No saved reply has these words',
  manage: 'Manage saved replies',
  insert: 'Insert a saved reply',
  more: 'Show more',
  name: 'Name',
  name_hint: 'By this you find it. Customers do not see it.',
  for: 'For',
  of_mailbox: 'Everybody in {name}',
  text: 'Text',
  text_placeholder: 'Write the text…',
  variables: 'Fill in:',
  fallback_hint:
    "Words for when something is not known follow a bar: {'{{customer.first_name|there}}'}.",
  remove: 'Remove',
  remove_ask: 'Remove “{name}”?',
  remove_text: 'Answers that were sent with it stay as they are.',
  removed: 'Saved reply removed',
  scope: {
    personal: 'Only me',
    team: 'Team',
    mailbox: 'Mailbox',
    organization: 'Everybody',
  },
}
