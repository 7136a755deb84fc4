// What the person behind a ticket wants of their data.
export const person = {
  title: 'What this person asked for',
  marks: {
    restriction: 'Only people who were named can read this. Do nothing else with it.',
    objection: 'Answer what they ask. Send them nothing else.',
    consent_withdrawal: 'They took back a consent. Send them nothing that relied on it.',
  },
  rectified: 'Name or address corrected on {when}, at their request.',
  quote_hidden:
    'What this message quotes is hidden: somebody whose data is restricted wrote in this ticket.',
}
