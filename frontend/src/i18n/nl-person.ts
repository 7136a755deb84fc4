import type { Messages } from '.'

export const person: Messages['person'] = {
  title: 'Waar deze persoon om vroeg',
  marks: {
    restriction: 'Alleen wie is aangewezen kan dit lezen. Doe er verder niets mee.',
    objection: 'Beantwoord wat ze vragen. Stuur ze verder niets.',
    consent_withdrawal: 'Ze trokken een toestemming in. Stuur ze niets wat daarop berustte.',
  },
  rectified: 'Naam of adres op hun verzoek verbeterd op {when}.',
  quote_hidden:
    'Wat dit bericht aanhaalt, is verborgen: iemand van wie de gegevens beperkt zijn, schreef in dit ticket.',
}
