// Wat een ticket zegt en niet nodig is om het te laten zien.
import type { Messages } from '.'

export const joined: Messages['joined'] = {
  into: 'Samengevoegd met #{number}',
  text: 'Het gesprek gaat daar verder.',
}

export const follower: Messages['follower'] = {
  title: 'Volgers',
  none: 'Niemand volgt dit',
  add: 'Volger toevoegen',
  everybody: 'Iedereen die dit kan lezen volgt het al',
  remove: '{name} als volger weghalen',
}

export const elsewhere: Messages['elsewhere'] = {
  title: 'Op een ander apparaat hebt u iets anders geschreven',
  text: 'Hier wordt niets bewaard tot u kiest welke tekst blijft.',
  empty: 'Daar staat niets.',
  mine: 'Houden wat hier staat',
  theirs: 'De andere overnemen',
}
