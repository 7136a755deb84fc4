// What a ticket says that is not needed to show it.
export const joined = {
  into: 'Merged into #{number}',
  text: 'The conversation goes on there.',
}

export const follower = {
  title: 'Followers',
  none: 'Nobody follows this',
  add: 'Add a follower',
  everybody: 'All who can read this follow it already',
  remove: 'Remove {name} as a follower',
}

export const elsewhere = {
  title: 'You have written something else on another device',
  text: 'Nothing is saved here until you choose which one to keep.',
  empty: 'It is empty there.',
  mine: 'Keep what is here',
  theirs: 'Take the other one',
}
