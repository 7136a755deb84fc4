// What stays of a message that was removed at the request of a person.
export const erased = {
  kind: {
    inbound: 'A message was here.',
    outbound: 'An answer was here.',
  },
  when: 'Removed at the request of a person on {when}.',
}
